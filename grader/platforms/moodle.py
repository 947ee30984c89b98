"""Moodle's offline grading worksheet: who a participant is, when a file was handed in, and the way back.

Moodle writes the headings in the language of whoever downloads them, and its importer knows them in no other
(`mod/assign/gradingtable.php`, `mod/assign/feedback/offline/importgradeslib.php`). So a worksheet is filled
and not made: its headings, columns, rows and times stay as they are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from grader.errors import SubmissionError
from grader.platforms.sheet import Sheet

#: Headings by column, in English and Japanese as the versions since 2.4 have them.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "participant": ("Identifier", "ID", "参加者ID", "識別子"),
    "name": ("Full name", "氏名", "フルネーム", "姓名"),
    "number": ("ID number", "IDナンバー", "ID番号", "学籍番号"),
    "email": ("Email address", "メールアドレス", "Eメールアドレス"),
    "grade": ("Grade", "評点", "評定", "成績"),
    "maximum": ("Maximum Grade", "Maximum grade", "最大評点", "最大評定"),
    "changeable": ("Grade can be changed", "評点変更可", "評点を変更できる"),
    "submitted": ("Last modified (submission)", "最終更新日時 (提出)", "最終更新 (提出)"),
    "graded": (
        "Last modified (grade)",
        "最終更新日時 (評定)",
        "最終更新 (評定)",
        "最終更新日時 (評点)",
    ),
    "comment": ("Feedback comments", "フィードバックコメント"),
}
_NEEDED = ("participant", "grade")
AGAIN = (
    "Take the file as Moodle gives it, not as a spreadsheet saves it: Assignment, Submissions (or View all "
    "submissions), Download grading worksheet."
)
_NO = {"no", "いいえ", "不可", "false", "0"}
_NEVER = {"", "-"}

_JAPANESE = re.compile(
    r"(\d{4})年\s*(\d{1,2})月\s*(\d{1,2})日.*?(午前|午後|AM|PM)?\s*(\d{1,2}):(\d{2})", re.IGNORECASE
)
_MONTHS = [
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip
_ENGLISH = re.compile(
    r"(?:\w+,\s*)?(?:(?P<day>\d{1,2})\s+(?P<month>[A-Za-z]+)|(?P<month2>[A-Za-z]+)\s+(?P<day2>\d{1,2}))"
    r",?\s+(?P<year>\d{4}),?\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})\s*(?P<half>[AP]M)?",
    re.IGNORECASE,
)
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class Row:
    """A participant. place: the row of the sheet. submitted: when, in the time zone that was given, or None."""

    place: int
    participant: str
    name: str
    email: str
    number: str
    submitted: datetime | None


class Worksheet:
    """A grading worksheet as it was downloaded."""

    def __init__(self, path: Path, zone: tzinfo) -> None:
        self.path = path
        self._zone = zone
        self._sheet = Sheet(path, "A grading worksheet", AGAIN)
        header = self._sheet.header
        self._column = {
            key: header.index(name)
            for key, names in HEADINGS.items()
            for name in names
            if name in header
        }
        if missing := [key for key in _NEEDED if key not in self._column]:
            wanted = "; ".join(" or ".join(HEADINGS[key]) for key in missing)
            raise SubmissionError(
                f"{path}, line 1: a worksheet has a column {wanted}; there is {', '.join(header) or 'none'}. "
                f"Download it in English or Japanese. {AGAIN}"
            )

    def rows(self) -> list[Row]:
        """The participants, in the order of the file. SubmissionError names the line that breaks a rule."""
        found: dict[str, Row] = {}
        for number in range(1, len(self._sheet)):
            line, cells = self._sheet.line(number), self._sheet.row(number)
            if not any(cells):
                continue
            match = re.search(r"(\d+)\s*$", self._cell(cells, "participant"))
            if not match:
                raise SubmissionError(
                    f"{self.path}, line {line}: the identifier ends in a number, as in 'Participant 123456'; "
                    f"got {self._cell(cells, 'participant')!r}. Download the worksheet again."
                )
            if match[1] in found:
                raise SubmissionError(
                    f"{self.path}, line {line}: participant {match[1]} stands in line "
                    f"{self._sheet.line(found[match[1]].place)} already. Download the worksheet again."
                )
            found[match[1]] = Row(
                number,
                match[1],
                self._cell(cells, "name"),
                self._cell(cells, "email"),
                self._cell(cells, "number"),
                self._time(line, self._cell(cells, "submitted")),
            )
        return list(found.values())

    def maximum(self, row: Row) -> float | None:
        """The maximum grade in a row; None where the worksheet does not say it."""
        try:
            return float(self._cell(self._sheet.row(row.place), "maximum").replace(",", "."))
        except ValueError:
            return None

    def is_locked(self, row: Row) -> bool:
        """Whether Moodle says that the grade cannot be changed."""
        return self._cell(self._sheet.row(row.place), "changeable").casefold() in _NO

    def fill(self, row: Row, grade: str, comment: str) -> None:
        """Set grade and comment of a row; the comment only where the worksheet has a column for it."""
        for key, text in (("grade", grade), ("comment", comment)):
            if key in self._column:
                self._sheet.fill(row.place, self._column[key], text)

    def text(self) -> bytes:
        """The file with what was filled in; every other byte as it came."""
        return self._sheet.content()

    def _cell(self, cells: list[str], key: str) -> str:
        place = self._column.get(key, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    def _time(self, line: int, text: str) -> datetime | None:
        if text in _NEVER:
            return None
        found = read_time(text)
        if found is None:
            raise SubmissionError(
                f"{self.path}, line {line}: a time reads like 'Monday, 3 May 2027, 11:59 PM' or "
                f"'2027年 05月 3日(月) 23:59'; got {text!r}. Download the worksheet in English or Japanese."
            )
        return found.replace(tzinfo=self._zone)


def read_time(text: str) -> datetime | None:
    """A time as Moodle writes it in English or Japanese, without its zone; None where it is none.

    >>> read_time("Monday, 3 May 2027, 11:59 PM")
    datetime.datetime(2027, 5, 3, 23, 59)
    >>> read_time("2027年 05月 3日(月) 23:59")
    datetime.datetime(2027, 5, 3, 23, 59)
    """
    try:
        if match := _JAPANESE.search(text):
            year, month, day, half, hour, minute = match.groups()
            return datetime(int(year), int(month), int(day), _hour(hour, half), int(minute))
        if match := _ENGLISH.search(text):
            name = (match["month"] or match["month2"]).casefold()
            numbers = [n for n, month in enumerate(_MONTHS, 1) if month.startswith(name)]
            if len(name) < 3 or len(numbers) != 1:
                return None
            day = match["day"] or match["day2"]
            hour = _hour(match["hour"], match["half"])
            return datetime(int(match["year"]), numbers[0], int(day), hour, int(match["minute"]))
        if match := _ISO.search(text):
            return datetime(*map(int, match.groups()))  # type: ignore[arg-type]
    except ValueError:  # the 31st of February
        pass
    return None


def _hour(hour: str, half: str | None) -> int:
    """Hour of the day, of 12 with its half or of 24."""
    number = int(hour)
    if half is None:
        return number
    return number % 12 + (12 if half.casefold() in ("pm", "午後") else 0)
