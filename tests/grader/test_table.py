"""What a terminal shows, and what a file gets."""

import json

import pytest

from grader import table
from grader.checks import Failed, Passed, finding, message
from grader.course import PROJECT, Course
from grader.engine import Result
from grader.engine.plan import Plan
from grader.exercises import load_unit
from grader.resume import CellEntry, Circumstances, Entry

UNIT = load_unit(Course(PROJECT).key("06_backpropagation"))


def entry(level="full", notes=(), **points):
    cells = {
        name.replace("_", "-"): CellEntry(
            p, Passed() if p else Failed(finding("all-zero", label="dx"))
        )
        for name, p in points.items()
    }
    return Entry("stamp", level, cells, Circumstances(notes=tuple(map(message, notes))))


ADA = Result("ada", None, entry(relu_forward=1.0, relu_dx=0.0))
TOM = Result("tom", entry(relu_dx=2.0), entry(relu_dx=2.0), new=False)
BROKEN = Result("zed", None, None, problem=message("There is no file."))


def test_without_a_terminal_there_is_a_line_at_most_a_second_and_one_at_the_end(capsys):
    kinds = {1: "odd", 0: "even"}
    passed = list(table.progress(range(50), 50, "Grading", lambda n: kinds[n % 2]))
    assert passed == list(range(50))
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1].startswith("Grading: 50 of 50, ")
    assert lines[-1].endswith("25 even, 25 odd")
    assert "/s" in lines[-1]


def test_a_line_is_due_each_second(monkeypatch, capsys):
    now = iter(range(1000))
    monkeypatch.setattr(table.time, "monotonic", lambda: next(now) / 8)
    list(table.progress(range(50), 50, "Grading"))
    lines = capsys.readouterr().err.splitlines()
    assert 3 <= len(lines) <= 20
    assert lines[-1].startswith("Grading: 50 of 50")


def test_quiet_says_nothing(capsys):
    assert list(table.progress(range(3), 3, "Grading", quiet=True)) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


def test_kinds_of_results():
    kind = table.kind_of(UNIT)
    everything = {
        e.grade_id(c).replace("-", "_"): c.points for e in UNIT.exercises.values() for c in e.checks
    }
    assert kind(Result("full", None, entry(**everything))) == "full marks"
    assert kind(ADA) == "partial"
    assert kind(Result("none", None, entry(relu_dx=0.0))) == "zero"
    assert kind(TOM) == "unchanged"
    assert kind(BROKEN) == "without marks"


def test_the_class_stands_in_the_order_of_its_names_with_points_and_remarks(capsys):
    table.print_class(UNIT, [TOM, BROKEN, ADA])
    printed = capsys.readouterr().out
    assert printed.index("ada") < printed.index("tom") < printed.index("zed")
    assert "relu-dx: `dx` is 0 everywhere." in printed
    assert "not graded: There is no file." in printed
    assert "without isolation" not in printed


@pytest.mark.parametrize(("columns", "all_of_them"), [(80, False), (128, True), (200, True)])
def test_no_mark_is_cut_off_in_a_narrow_terminal(columns, all_of_them, monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")  # counts as a terminal
    monkeypatch.setenv("COLUMNS", str(columns))
    odd = Result("ada", None, entry(relu_forward=10.25, relu_dx=2.5))
    table.print_class(UNIT, [odd])
    printed = capsys.readouterr().out
    assert printed.count("12.75") == 1 + all_of_them  # the total, and the exercise
    assert ("/2.5" in printed) == all_of_them
    assert ("need a terminal of" in printed) == (not all_of_them)


def test_a_result_without_isolation_is_marked(capsys):
    table.print_class(UNIT, [Result("eve", None, entry(level="none", relu_dx=2.0))])
    assert "Graded without isolation" in capsys.readouterr().out


def test_markup_of_a_submission_is_text(capsys):
    table.print_class(UNIT, [Result("[red]x", None, entry(notes=("[bold]y[/bold] [/]",)))])
    printed = capsys.readouterr().out
    assert "[red]x" in printed
    assert "[bold]y[/bold]" in printed


def test_changes_name_the_check_the_points_and_the_reason():
    changed = Result(
        "tom", entry(relu_forward=1.0, relu_dx=2.0), entry(relu_forward=1.0, relu_dx=0.0)
    )
    assert list(table.changes(changed)) == [("relu-dx", "2", "0", "`dx` is 0 everywhere.")]
    better = Result("tom", entry(relu_dx=0.0), entry(relu_dx=2.0))
    assert list(table.changes(better)) == [("relu-dx", "0", "2", "right now")]
    dearer = Result("tom", entry(relu_dx=2.0), entry(relu_dx=3.0))
    assert list(table.changes(dearer)) == [("relu-dx", "2", "3", "the key gives it other points")]
    new = Result("tom", entry(relu_dx=2.0), entry(relu_dx=2.0, relu_kink=1.0))
    assert list(table.changes(new)) == [("relu-kink", "-", "1", "the key did not have this check")]
    gone = Result("tom", entry(relu_dx=2.0, relu_kink=1.0), entry(relu_dx=2.0))
    assert list(table.changes(gone)) == [
        ("relu-kink", "1", "-", "the key does not have this check any more")
    ]
    assert list(table.changes(TOM)) == []
    assert [row[0:3] for row in table.changes(ADA)] == [
        ("relu-forward", "-", "1"), ("relu-dx", "-", "0")
    ]  # fmt: skip


def test_a_change_that_a_persons_mark_hides_says_so(capsys):
    lowered = Result("tom", entry(relu_dx=2.0), entry(relu_dx=0.0))
    table.print_changes([lowered], {"tom": {"relu-dx": 1.5}, "ada": {"relu-dx": 1.0}})
    assert "no change: 1.5 by hand stay. `dx` is 0 everywhere." in capsys.readouterr().out
    table.print_changes([lowered], {"tom": {"relu-forward": 1.0}})
    assert "by hand" not in capsys.readouterr().out


def test_points_by_hand_above_what_the_key_gives_are_said(capsys):
    table.print_too_much(UNIT, {"[b]x": {"relu-dx": 2.5, "relu-forward": 1.0}, "tom": {"gone": 9}})
    assert capsys.readouterr().out == (
        "[b]x: relu-dx has 2.5 points by hand, and the key gives 2. They stay: change them in formgrader "
        "or by grader override.\n"
    )


def test_no_change_is_said(capsys):
    table.print_changes([TOM])
    assert capsys.readouterr().out == "No mark would change.\n"


def test_the_plan_says_who_and_why(capsys):
    table.print_plan(
        [Plan("ada", "en", "", None, "not graded yet"), Plan("tom", "en", "", None, "")]
    )
    printed = capsys.readouterr().out
    assert "not graded yet" in printed
    assert "nothing changed" in printed


def test_json_holds_points_reasons_and_isolation():
    document = json.loads(json.dumps(table.as_json(UNIT, [TOM, ADA, BROKEN])))
    assert [s["student"] for s in document["submissions"]] == ["ada", "tom", "zed"]
    ada, _, zed = document["submissions"]
    assert ada["points"] == 1.0
    assert ada["isolation"] == "full"
    assert ada["cells"]["relu-dx"] == {"points": 0.0, "reason": "`dx` is 0 everywhere."}
    assert (zed["graded"], zed["points"]) == (False, None)


@pytest.mark.parametrize(
    ("result", "remark"),
    [
        (ADA, "relu-dx: `dx` is 0 everywhere."),
        (Result("a", None, entry(notes=("Stopped.",), relu_dx=0.0)), "Stopped."),
        (Result("a", None, None, broken="Traceback\nKeyError: 1"),
         "not graded, the grader broke: KeyError: 1"),
        (Result("a", None, entry(relu_dx=2.0)), ""),
    ],
)  # fmt: skip
def test_the_remark_is_the_most_telling_thing(result, remark):
    assert result.remark == remark
