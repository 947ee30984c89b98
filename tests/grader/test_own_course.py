"""A whole term in a folder of one's own, by the commands of the guide in the book."""

import csv
import json
import re
import shlex
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course import PROJECT, Course
from grader.exercises import load_unit
from grader.gradebook import score_table

UNIT = "02_perceptron"
GUIDES = {language: PROJECT / "book" / language / "own_course.md" for language in ("en", "ja")}
ROSTER = """\
id,first_name,last_name,email,lms_user_id,language
s001,花子,山田,hana@example.jp,,ja
s002,Ada,King,ada@example.org,,en
s003,Ida,Idle,ida@example.org,,en
"""
WORKSHEET = """\
ID,氏名,メールアドレス,評点,最大評点,評点変更可,"最終更新日時 (提出)",フィードバックコメント
参加者11,山田 花子,hana@example.jp,,100.00,Yes,"2027年 05月 18日(火) 10:00",
参加者12,Ada King,ada@example.org,,100.00,Yes,"2027年 05月 17日(月) 10:00",
参加者13,Ida Idle,ida@example.org,,100.00,Yes,-,
"""


def fences(path, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", path.read_text("utf-8"), re.M | re.S)


def commands(path):
    return [line for block in fences(path, "sh") for line in block.splitlines()]


def test_both_guides_give_the_same_commands_and_settings():
    for language in ("sh", "toml", "python"):
        assert fences(GUIDES["en"], language) == fences(GUIDES["ja"], language) != []


def answered(path):
    """A student's own notebook with two right answers in it."""
    document = json.loads(path.read_text("utf-8"))
    exercises = load_unit(Course(PROJECT).key(UNIT)).exercises
    for cell in document["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in ("neuron", "and-gate"):
            cell["source"] = exercises[name].source.text
    return json.dumps(document)


@pytest.fixture(scope="module")
def term(tmp_path_factory):
    """The course after all commands but the last two, which remove a student; and what they printed."""
    folder = tmp_path_factory.mktemp("term")
    (folder / "Grades-02.csv").write_text(WORKSHEET, encoding="utf-8-sig")
    said = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("GRADER_SECRET", raising=False)
        for line in commands(GUIDES["en"]):
            program, *arguments = shlex.split(line)
            assert program == "grader"
            if arguments[:2] == ["collect", "02"] and not (folder / "02-submissions.zip").exists():
                with zipfile.ZipFile(folder / "02-submissions.zip", "w") as archive:
                    for number, id, name in ((11, "s001", "山田 花子"), (12, "s002", "Ada King")):
                        text = answered(Path("_build/bundles", id, UNIT, f"{UNIT}.ipynb"))
                        archive.writestr(
                            f"{name}_{number}_assignsubmission_file_/{UNIT}.ipynb", text
                        )
            result = CliRunner().invoke(main, arguments)
            said[line] = result.output
            assert result.exit_code == 0, (line, result.output, result.exception)
            if arguments[:2] == ["export", "moodle"]:
                exported = Path("_build/export", f"{UNIT}-moodle.csv")
                (folder / "uploaded.csv").write_bytes(exported.read_bytes())
            if arguments[0] == "init" and "--from" not in arguments:
                patch.chdir(folder / arguments[1])
                Path("students.csv").write_text(ROSTER, encoding="utf-8")
                settings = Path("course.toml").read_text("utf-8")
                block = re.compile(r"\[units\.02_perceptron\]\n(?:[^\[\n].*\n)*")
                late = "penalty_per_day = 0.0"
                assert block.search(settings)
                assert late in settings
                settings = block.sub(lambda _: fences(GUIDES["en"], "toml")[0] + "\n", settings)
                Path("course.toml").write_text(
                    settings.replace(late, "penalty_per_day = 0.5"), "utf-8"
                )
    return folder, said


def test_the_platform_gets_marks_that_come_of_all_decisions(term):
    folder, said = term
    filled = (folder / "uploaded.csv").read_text("utf-8-sig")
    before, after = (list(csv.reader(text.splitlines())) for text in (WORKSHEET, filled))
    assert (after[0], after[3]) == (before[0], before[3])
    assert float(after[1][3]) > 0
    assert "遅れによる減点: -" in after[1][7]  # the student's language
    assert "late" not in after[2][7]
    assert "s003" in next(text for line, text in said.items() if line.startswith("grader collect"))
    assert "s003: no submission was graded" in next(
        text for line, text in said.items() if line.startswith("grader export moodle")
    )


def test_decisions_are_in_force_and_in_the_journal(term):
    _, said = term
    assert "extend" in said["grader log"]
    assert "s001: and-gate-value gets 1 points" in said["grader log"]
    assert "is void" in said["grader log"]
    shown = said["grader marks --student s001"]
    assert "late" not in shown  # the extension took the penalty away
    assert "weight 2" in shown


def test_next_year_begins_without_students(term):
    folder, _ = term
    course = Course(folder / "deep-learning-2028")
    assert course.students() == {}
    assert "due = 2028-05-15T23:59:00" in (course.root / "course.toml").read_text("utf-8")


def test_who_asked_for_it_is_gone_and_the_others_are_not(term):
    folder, said = term
    course = Course(folder / "deep-learning-2027")
    assert "submitted/s002" in said["grader purge s002"]
    assert list(course.students()) == ["s001", "s003"]
    assert set(score_table(course, UNIT).scores) == {"s001"}
    person = re.compile(rb"s002|Ada King|King,|ada@example")
    paths = [path for path in course.root.rglob("*") if "packages" not in path.parts]
    assert [path for path in paths if person.search(bytes(path.relative_to(course.root)))] == []
    assert [p for p in paths if p.is_file() and person.search(p.read_bytes())] == []
