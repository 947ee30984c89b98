"""Fill `submitted/` from a platform's download: first say what is there, then write.

Nothing is guessed: a file whose owner or unit is in doubt is listed, with what to do, and left out. What a
student had handed in before is kept: `.grader/attempts/<unit>/<student>/<number>` holds every earlier one.
"""

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from grader.attempts import others, put_aside, require_graded
from grader.course import PROJECT, Course, Student
from grader.errors import SubmissionError
from grader.platforms.claims import ANYBODY, Claim, Roster, contradicts, read_claim
from grader.platforms.files import File, read_files
from grader.platforms.moodle import Worksheet
from grader.settings import read_settings
from grader.submission import UnreadableSubmission, load

SUFFIXES = (".ipynb", ".py")
# What browsers and platforms append to a notebook's name.
_DISGUISED = (".ipynb.txt", ".ipynb.json", ".ipynb.html")


@dataclass(frozen=True)
class Match:
    """A file, its student and when it was handed in. state: new, newer (an earlier one is there) or same."""

    student: str
    file: File
    submitted: datetime | None
    late: bool
    state: str


@dataclass
class Collection:
    """What a download holds for one unit. Each problem is a file with a sentence."""

    unit: str
    matched: list[Match] = field(default_factory=list)
    unmatched: list[tuple[File, str]] = field(default_factory=list)
    duplicates: list[tuple[File, str]] = field(default_factory=list)
    wrong_unit: list[tuple[File, str]] = field(default_factory=list)
    ignored: list[tuple[File, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Candidate:
    student: str
    file: File
    claim: Claim
    unit: str | None
    submitted: datetime | None


def collect(
    course: Course,
    unit: str,
    source: Path,
    platform: str,
    *,
    roster: Mapping[str, Student] | None = None,
    worksheet: Worksheet | None = None,
    take: Iterable[str] = (),
) -> Collection:
    """What a download holds for a unit; nothing is written.

    roster: who may be in it; that of the course unless another one is given. take: paths within the download
    that were chosen among several of one student.
    """
    students = course.students() if roster is None else roster
    if not students:
        raise SubmissionError(
            f"Files are matched with the roster, and {course.root / 'students.csv'} names nobody. Write it: "
            "id,first_name,last_name,email,lms_user_id,language."
        )
    result = Collection(unit)
    candidates = _Sorter(course, result, platform, students, worksheet).sort(read_files(source))
    taken = set(take)
    for student, several in candidates.items():
        _choose(course, result, student, several, taken)
    if unknown := taken - {str(each.file) for several in candidates.values() for each in several}:
        raise SubmissionError(
            f"--take names a file of the download, as the list shows it; {min(unknown)!r} is none that a "
            "student could have handed in for this unit."
        )
    result.missing = [id for id in students if id not in candidates]
    return result


class _Sorter:
    """Puts each file where it belongs: with a student, or into a list with the reason."""

    def __init__(
        self,
        course: Course,
        result: Collection,
        platform: str,
        students: Mapping[str, Student],
        worksheet: Worksheet | None,
    ) -> None:
        self._result, self._platform = result, platform
        self._roster = Roster(students)
        self._rows = {row.participant: row for row in worksheet.rows()} if worksheet else None
        self._units = _cells_of_units(course)
        self._number: dict[str, str] = {}  # of each student, so that two participants are never one

    def sort(self, files: Iterable[File]) -> dict[str, list[_Candidate]]:
        """The files that could be the unit's, by student."""
        candidates: dict[str, list[_Candidate]] = {}
        for file in files:
            if file.problem:
                self._result.ignored.append((file, file.problem))
            elif (claim := read_claim(self._platform, file.path)) is None:
                why = f"is not named as {self._platform} names a file"
                self._result.unmatched.append((file, why))
            elif not _is_notebook(file.name):
                who = self._student(claim)[0]
                why = "neither a notebook nor a Python file" + (f", from {who}" if who else "")
                self._result.ignored.append((file, why))
            elif candidate := self._candidate(file, claim):
                candidates.setdefault(candidate.student, []).append(candidate)
        return candidates

    def _candidate(self, file: File, claim: Claim) -> _Candidate | None:
        student, why = self._student(claim)
        if student is None:
            self._result.unmatched.append((file, why))
            return None
        number = claim.participant or student
        if self._number.setdefault(student, number) != number:
            why = f"two participants would be {student}: {self._number[student]} as well"
            self._result.unmatched.append((file, why))
            return None
        unit = _unit_of(file, self._units)
        if unit not in (None, self._result.unit):
            self._result.wrong_unit.append((file, f"{student} handed in {unit}"))
            return None
        row = (self._rows or {}).get(claim.participant)
        return _Candidate(student, file, claim, unit, row.submitted if row else None)

    def _student(self, claim: Claim) -> tuple[str | None, str]:
        """The student, or why there is none."""
        roster = self._roster
        if claim.participant and self._rows is not None:
            row = self._rows.get(claim.participant)
            if row is None:
                return None, f"the worksheet has no participant {claim.participant}"
            if claim.name not in ANYBODY and row.name and contradicts(claim.name, row.name):
                return None, (
                    f"{claim.name!r} is not the name of participant {claim.participant} in the worksheet: is "
                    "it a group's, or the worksheet of another assignment?"
                )
            who = row.email or row.number or row.name or "this participant without a name"
            return roster.by_row(row), f"nobody on the roster is {who}"
        if claim.hidden:
            return None, (
                "Canvas hides who it is while grading is anonymous: turn that off, and download again"
            )
        if claim.label:
            return roster.by_label(claim.label), f"{claim.label!r} is no id of the roster"
        if claim.user:
            return roster.by_user(claim.user), f"nobody on the roster has lms_user_id {claim.user}"
        return roster.by_name(claim.name), (
            f"no single student of the roster is called {claim.name!r}; Moodle's grading worksheet would "
            "say who it is (--worksheet)"
        )


def apply(course: Course, collection: Collection) -> int:
    """Write the matched files into `submitted/`, each folder whole or not at all; how many were written."""
    written = 0
    new = [match for match in collection.matched if match.state != "same"]
    require_graded(course, collection.unit, [each.student for each in new if each.state == "newer"])
    for match in new:
        folder = course.submitted(match.student, collection.unit)
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".collect-", dir=folder.parent))
        draft.chmod(0o755)
        name = collection.unit + _suffix(match.file)
        (draft / name).write_bytes(match.file.content)
        if match.submitted:
            (draft / "timestamp.txt").write_text(_stamp(match.submitted), encoding="utf-8")
        if folder.exists():
            put_aside(course, collection.unit, match.student)
        draft.rename(folder)
        written += 1
    return written


def _is_notebook(name: str) -> bool:
    return name.lower().endswith((*SUFFIXES, *_DISGUISED))


def _cells_of_units(course: Course) -> dict[str, set[str]]:
    """The ids of the cells that each unit's notebook was handed out with.

    Of units that the course does not teach, too: a student may hand in any of them.
    """
    found = {}
    for unit in course.unit_names():
        paths = (each.student_notebook(unit) for each in (course, Course(PROJECT)))
        if path := next((path for path in paths if path.is_file()), None):
            found[unit] = {cell.grade_id for cell in load(path).cells if cell.grade_id}
    return found


def _unit_of(file: File, units: Mapping[str, set[str]]) -> str | None:
    """The unit most of whose cells a notebook has; None where no cell tells.

    A file that cannot be read is collected all the same: grading tells its student what is wrong with it.
    """
    with tempfile.TemporaryDirectory() as folder:  # the strict loader reads files
        path = Path(folder, f"notebook{_suffix(file)}")
        path.write_bytes(file.content)
        try:
            ids = {cell.grade_id for cell in load(path).cells if cell.grade_id}
        except UnreadableSubmission:
            return None
    shared = {unit: len(ids & cells) for unit, cells in units.items()}
    best = max(shared, key=lambda unit: shared[unit], default=None)
    return best if best and shared[best] else None


def _suffix(file: File) -> str:
    return ".py" if file.name.lower().endswith(".py") else ".ipynb"


def _choose(
    course: Course, result: Collection, student: str, several: list[_Candidate], taken: set[str]
) -> None:
    """Which of a student's files counts: the only one, the one that was taken, or none."""
    sure = [c for c in several if c.unit] or several
    result.ignored += [(c.file, "another file of this student is this unit's notebook")
                       for c in several if c not in sure]  # fmt: skip
    if chosen := [c for c in sure if str(c.file) in taken]:
        result.ignored += [(c.file, "another one was taken") for c in sure if c not in chosen]
        sure = chosen
    if len({c.file.content for c in sure}) > 1:
        result.duplicates += [(c.file, f"one of {len(sure)} files of {student}: choose by --take")
                              for c in sure]  # fmt: skip
        return
    one = sure[0]
    result.ignored += [(c.file, f"the same as {one.file}") for c in sure[1:]]
    result.matched.append(
        Match(student, one.file, one.submitted, one.claim.late, _state(course, result.unit, one))
    )


def _state(course: Course, unit: str, candidate: _Candidate) -> str:
    folder = course.submitted(candidate.student, unit)
    if not folder.exists():
        return "new"
    known = [folder]
    if read_settings(course).attempts == "best":  # the one that counts need not be the last
        known += others(course, unit, candidate.student)
    return "same" if any(_is_in(each, candidate) for each in known) else "newer"


def _is_in(folder: Path, candidate: _Candidate) -> bool:
    """Whether a folder holds the file, handed in at that time."""
    there = [path for path in folder.iterdir() if path.suffix in SUFFIXES and path.is_file()]
    same = len(there) == 1 and there[0].read_bytes() == candidate.file.content
    if same and candidate.submitted:  # the worksheet may have come later than the file
        stamp = folder / "timestamp.txt"
        same = stamp.is_file() and stamp.read_text(encoding="utf-8") == _stamp(candidate.submitted)
    return same


def _stamp(time: datetime) -> str:
    """A time as nbgrader writes it beside a submission."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC\n")
