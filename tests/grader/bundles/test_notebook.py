import pytest

from grader.bundles.carried import carrying_cell
from grader.bundles.contents import package_files
from grader.bundles.notebook import bundle
from grader.bundles.package import stripped
from grader.checks.hand_in import summary
from grader.course import PROJECT, Course
from grader.exercises import load_unit
from grader.exercises.notebook import write
from grader.grading import SourceCell, grade, hidden_cases, isolation
from grader.sandbox import Limits

from .conftest import UNIT, code, interpreters, made

COURSE = Course(PROJECT)


def solved(notebook, unit, **others):
    """Code cells with the right answers."""
    right = {exercise.id: exercise.source.text for exercise in unit.exercises.values()}
    return code(notebook, **(right | others))


@pytest.mark.parametrize("python", interpreters())
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Unit: {unit}", "Untouched: {first}", "upload this file: {unit}.ipynb"]),
        ("ja", ["単元: {unit}", "手つかず: {first}", "アップロードします: {unit}.ipynb"]),
    ],
)
@pytest.mark.parametrize("name", COURSE.unit_names())
def test_an_untouched_notebook_runs_alone_and_says_so(name, run, language, expected, python):
    first = next(iter(load_unit(COURSE.key(name)).exercises))

    said = run(code(made(name)[language]), python)

    for text in expected:
        assert text.format(unit=name, first=first) in said


@pytest.mark.parametrize("python", interpreters())
@pytest.mark.parametrize("name", COURSE.unit_names())
def test_a_solved_one_says_so_with_the_name_of_its_student(name, run, python):
    notebook = made(name)["en"]
    last = code(notebook)[-1].replace('student_id = ""', 'student_id = "s123"')
    unit = load_unit(COURSE.key(name))

    said = run(solved(notebook, unit, **{"hand-in": last}), python)

    assert "Student: s123" in said
    assert "All public checks pass" in said
    assert "Untouched" not in said


def test_failing_checks_and_cells_that_did_not_run_are_named(notebooks, unit, run):
    wrong = unit.exercises["affine"].source.text.replace("axis=0", "axis=1")
    cells = solved(notebooks["en"], unit, affine=wrong, **{"relu-public": ""})

    said = run(cells)

    assert "Student: missing" in said
    assert "Not checked: relu." in said
    assert "Failing public checks of affine: db, repeat, unchanged" in said
    assert "All public checks pass" not in said


def test_a_later_object_raises_its_reason(notebooks, run):
    cells = [*code(notebooks["en"]), "from dlkit.layers import LSTM", "LSTM(1, 2, 3)"]

    assert "belongs to unit 12" in run(cells, ok=False)


VERSION = "import dlkit; dlkit_version = dlkit.__version__ + ' ' + dlkit.__file__"


def test_the_package_of_another_unit_is_replaced(notebooks, run, tmp_path):
    old = tmp_path / "old"
    for place, data in package_files(COURSE, UNIT).items():
        (old / place).parent.mkdir(parents=True, exist_ok=True)
        (old / place).write_bytes(data.replace(b"+u06", b"+u05"))

    said = run(["import dlkit.layers, grader", *code(notebooks["en"]), VERSION], path=[old])

    assert "VERSION 0.1.0+u06" in said
    assert str(old) not in said


@pytest.mark.parametrize("where", ["package", "project"])
def test_nothing_happens_where_the_package_or_the_grader_is(notebooks, run, where, tmp_path):
    """As in the sandbox, and in an instructor's kernel when nbgrader grades."""
    folder = stripped(COURSE, UNIT) if where == "package" else tmp_path / "project"
    if where == "project":
        folder.mkdir()
        for name in ("dlkit", "grader"):
            (folder / name).symlink_to(PROJECT / name)

    said = run(["import sys; before = list(sys.path)", code(notebooks["en"])[0], VERSION,
                "assert sys.path == before"], path=[folder])  # fmt: skip

    assert f"{folder}/dlkit/__init__.py" in said


def test_a_solved_bundle_is_graded_to_full_points(notebooks, unit):
    notebook = notebooks["ja"]
    right = {exercise.id: exercise.source.text for exercise in unit.exercises.values()}
    cells = [
        SourceCell(i, cell["id"], right.get(cell["id"], cell["source"]))
        for i, cell in enumerate(notebook.cells)
        if cell["cell_type"] == "code"
    ]

    with isolation(True, stripped(COURSE, UNIT)) as zygote:
        found = grade(unit, hidden_cases(unit, b"a secret of the tests"), cells, zygote, Limits())

    assert sum(found.points(unit).values()) == unit.points
    assert found.errors == {}


def test_the_public_checks_are_loaded_once_for_all_submissions_and_dlkit_is_not():
    asked = "import sys\nprint([name in sys.modules for name in ('grader.checks.public', 'dlkit')])"
    with isolation(True, stripped(COURSE, UNIT)) as zygote, zygote.session() as session:
        (shown,) = session.run_cell(asked).outputs
    assert shown["text"] == "[True, False]\n"


def test_both_languages_have_the_same_cells(notebooks):
    english, japanese = (notebooks[language].cells for language in ("en", "ja"))

    assert [c["id"] for c in english] == [c["id"] for c in japanese]
    different = {
        a["id"]
        for a, b in zip(english, japanese, strict=True)
        if a["source"] != b["source"] and a["cell_type"] == "code"
    }
    assert different == {"package"}  # it says which language the verdicts are in


def test_the_first_cell_is_collapsed_and_both_stay(notebooks):
    first, *_, last = notebooks["en"].cells

    assert first["metadata"]["jupyter"] == {"source_hidden": True}
    assert first["metadata"]["deletable"] is last["metadata"]["deletable"] is False
    assert first["source"].startswith("#@title")


def test_the_same_sources_give_the_same_file(unit):
    files = package_files(COURSE, UNIT)
    turned = dict(reversed(files.items()))

    assert carrying_cell(files, "0.1.0+u06", "en") == carrying_cell(turned, "0.1.0+u06", "en")
    assert write(bundle(COURSE, unit, files, "ja")) == write(bundle(COURSE, unit, turned, "ja"))


def test_what_is_said_is_translated():
    english = [line.render("en") for line in summary(UNIT, "", ["a", "b"], {"a": []})]
    japanese = [line.render("ja") for line in summary(UNIT, "", ["a", "b"], {"a": []})]

    assert not set(english) & set(japanese)
    "".join(japanese).encode("cp932")
