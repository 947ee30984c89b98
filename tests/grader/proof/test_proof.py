"""The proof holds for every unit, notices what it should, and goes on where it was broken off."""

import json
from importlib import import_module
from multiprocessing import active_children

import pytest

from grader.checks import Case
from grader.course import PROJECT, PUBLIC_SECRET, Course
from grader.exercises import Unit, load_unit
from grader.proof import ExerciseProof, Finding, Item, items, prove, run, write_html, write_json

COURSE = Course(PROJECT)
STRUCTURAL = 20
EXERCISES = [
    pytest.param(name, exercise.id, id=f"{name[:2]}-{exercise.id}")
    for name in COURSE.unit_names()
    for exercise in load_unit(COURSE.key(name)).exercises.values()
    if not exercise.manual
]
VARIED = [
    param
    for param in EXERCISES
    if (e := load_unit(COURSE.key(param.values[0])).exercises[param.values[1]]).pool != 1
    and e.kind != "experiment"  # seconds of training each; `grader prove` tries them
]


@pytest.mark.parametrize(("unit", "exercise"), EXERCISES)
def test_the_base_variant_is_proved(unit, exercise):
    assert Item(COURSE.key(unit), exercise, 0).prove().findings == []


@pytest.mark.parametrize(("unit", "exercise"), VARIED)
def test_twenty_structural_variants_are_proved(unit, exercise):
    for number in range(1, STRUCTURAL + 1):
        item = Item(COURSE.key(unit), exercise, number, with_mutants=number <= 2)
        assert item.prove().findings == []


# --- what it notices


def exercise(points, **gaps):
    unit = Unit("07_test")

    @unit.implement("dlkit.functions.relu", points=points)
    def relu(draw):
        return Case(inputs={"x": draw.nonzero(2, 3)})

    return unit, relu


def rules(unit, relu):
    return {(f.rule, f.detail) for f in prove(unit, relu, PUBLIC_SECRET).findings}


def equivalents(relu):
    relu.equivalent("call-relu-1", "real numbers")
    relu.equivalent("boundary-relu-0", "both sides give 0")


def test_a_proof_that_holds():
    unit, relu = exercise({"value": 1, "unchanged": 1})
    equivalents(relu)
    relu.misconception("step", "0.0, x)", "0.0, 1.0)", fails=["value", "unchanged"])
    proof = prove(unit, relu, PUBLIC_SECRET)
    assert proof.holds
    assert proof.mutants == len(proof.killed) + len(proof.equivalent) == 13


def test_a_mutant_that_survives_is_shown_as_a_diff_beside_the_checks_that_it_passed():
    unit, relu = exercise({"value": 1})
    equivalents(relu)
    (finding,) = prove(unit, relu, PUBLIC_SECRET).findings
    assert finding.rule == "every mutant fails a check"
    assert finding.detail == "in-place-relu-0 passes value"
    assert "-    return np.where(np.real(x) <= 0, 0.0, x)\n+    result = " in finding.diff


def test_equivalents_that_are_killed_or_do_not_exist():
    unit, relu = exercise({"value": 1, "unchanged": 1})
    equivalents(relu)
    relu.equivalent("nothing-relu-0", "no reason")
    relu.equivalent("no-such-0", "no reason")
    assert rules(unit, relu) == {
        ("a mutant listed as equivalent passes every check", "nothing-relu-0 fails value"),
        ("an equivalent mutant exists", "no-such-0"),
    }


def test_an_equivalence_is_stated_for_the_versions_of_the_reference_of_which_it_is_true():
    unit, relu = exercise({"value": 1, "unchanged": 1})
    equivalents(relu)
    relu.equivalent("nothing-relu-0", "no reason", where="a text of another version")
    assert rules(unit, relu) == set()


def test_misconceptions_that_fail_other_checks_or_do_the_same():
    unit, relu = exercise({"value": 1, "unchanged": 1})
    equivalents(relu)
    relu.misconception("half", "0.0, x)", "0.0, x / 2)", fails=["value"])
    relu.misconception("half-again", "0.0, x)", "0.0, 0.5 * x)", fails=["value", "unchanged"])
    assert rules(unit, relu) == {
        (
            "misconception half fails what the key says",
            "fails unchanged, value; the key says value",
        ),
        ("misconceptions differ from each other on some case", "half-again does the same as half"),
    }


def test_what_does_not_end_is_a_finding_and_no_end_of_the_run(monkeypatch):
    monkeypatch.setattr(import_module("grader.proof.run"), "SECONDS", 0.2)
    unit, relu = exercise({"value": 1})
    relu.misconception("endless", "return", "while True: pass\n    return", fails=["value"])
    assert rules(unit, relu) == {
        (
            "what is tried comes to an end",
            "the reference or a misconception needs more than 0.2 s for one check",
        )
    }


def test_code_that_knows_the_visible_answer_is_noticed_where_it_would_pass():
    unit = Unit("07_test")

    @unit.implement("dlkit.functions.relu", points={"value": 1})
    def relu(draw):
        return Case(inputs={"x": draw.nonzero(2, 3) * 0.0})

    assert ("the visible answers earn nothing", "value") in rules(unit, relu)


# --- the campaign


@pytest.fixture
def work():
    return items(COURSE, ["03_networks"], variants=1)[:2]


def test_a_run_goes_on_where_it_was_broken_off(work, tmp_path):
    store = tmp_path / "proof" / "results.jsonl"
    first = list(run(work, store))
    assert [(p.exercise, p.variant, p.findings) for p in sorted(first, key=lambda p: p.variant)] == [
        ("step", 0, []), ("step", 1, []),
    ]  # fmt: skip
    lines = store.read_text().splitlines()
    store.write_text(lines[0] + "\n" + lines[1][:50])  # killed while it wrote
    assert len(list(run(work, store))) == 2
    whole = store.read_text().splitlines()
    assert whole[0] == lines[0]
    assert json.loads(whole[-1])["mark"] == json.loads(lines[1])["mark"]
    assert len(list(run(work, store))) == 2
    assert store.read_text().splitlines() == whole  # nothing was left to be tried


SLOW = """
import multiprocessing
import time
from grader.checks import Case
from grader.exercises import Unit

unit = Unit("07_test")


@unit.implement("dlkit.layers.ReLU", points={"forward": 1})
def relu(draw):
    if multiprocessing.parent_process():  # not where the key is read
        time.sleep(60)
    return Case(inputs={"x": draw.nonzero(2, 3)})
"""


def test_a_run_that_is_broken_off_waits_for_no_item(work, tmp_path):
    key = tmp_path / "07_test" / "key.py"
    key.parent.mkdir()
    key.write_text(SLOW)
    running = run([work[0], Item(key, "relu", 0)], tmp_path / "results.jsonl")
    assert next(running).exercise == "step"
    workers = active_children()
    running.close()
    for worker in workers:  # the process would wait for them at its end
        worker.join(30)
        assert not worker.is_alive()


def test_every_exercise_that_checks_judge_is_tried_on_twenty_variants_and_the_base():
    tried = items(COURSE, ["06_backpropagation"])
    unit = load_unit(COURSE.key("06_backpropagation"))
    assert len(tried) == 21 * sum(not e.manual for e in unit.exercises.values())


def test_the_report_shows_what_survives_and_escapes_it(tmp_path):
    finding = Finding("every mutant fails a check", "m-0 passes value", "-a < b\n+a <= b")
    proofs = [
        ExerciseProof("07_test", "relu", 1, "slope", findings=[finding]),
        ExerciseProof("07_test", "relu"),
    ]
    write_html(proofs, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    assert "07_test/relu, variant 1 (slope)" in page
    assert "<pre>-a &lt; b\n+a &lt;= b</pre>" in page
    write_json(proofs, tmp_path / "proof.json")
    entries = json.loads((tmp_path / "proof.json").read_text())
    assert [entry["variant"] for entry in entries] == [0, 1]
    assert entries[1]["findings"][0]["detail"] == "m-0 passes value"
