"""A platform's table, filled cell by cell: every byte that nobody fills stays as it came.

A CSV file that is read and written again comes back with other quotes and other ends of lines. Here a cell
keeps its text as it stands in the file, quotes included, and only a cell that is set is written anew.
"""

import csv
import io
import re
from pathlib import Path

from grader.errors import SubmissionError

MARK = b"\xef\xbb\xbf"
# A cell, and what ends it: a comma, an end of line, or the end of the file.
_CELL = re.compile(r'("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|\n|\r|\Z)')
_END = re.compile(r"\r\n|\n|\r")


class Sheet:
    """The cells of a CSV file in UTF-8, separated by commas. what: its name in errors; again: how to get it."""

    def __init__(self, path: Path, what: str, again: str) -> None:
        self.path = path
        raw = path.read_bytes()
        self._mark = MARK if raw.startswith(MARK) else b""
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise SubmissionError(
                f"{what} is a CSV file in UTF-8; {path} is not ({error}). Has a spreadsheet saved it? {again}"
            ) from None
        first = text.partition("\n")[0].strip()
        if "," not in first and re.search("[;\t]", first):
            raise SubmissionError(
                f"{path}, line 1: the columns are separated by commas; got {first!r}. A spreadsheet has saved "
                f"it otherwise. {again}"
            )
        self._raw: list[list[str]] = [[]]
        self._ends: list[str] = []
        self._lines = [1]  # in which each row begins
        place, line = 0, 1
        while place < len(text):
            match = _CELL.match(text, place)
            if match is None:
                raise SubmissionError(
                    f"{path}, line {line}: not a CSV file, a quotation mark is out of place. {again}"
                )
            self._raw[-1].append(match[1])
            place, line = match.end(), line + len(_END.findall(match[0]))
            if match[2] != ",":
                self._ends.append(match[2])
                self._raw.append([])
                self._lines.append(line)
            elif place == len(text):  # an empty cell ends the file
                self._raw[-1].append("")
        if self._raw[-1]:
            self._ends.append("")
        else:
            del self._raw[-1]
        self.header = [name.strip() for name in self.row(0)] if self._raw else []

    def __len__(self) -> int:
        return len(self._raw)

    def row(self, number: int) -> list[str]:
        """The texts of a row's cells; the heading is row 0."""
        return [_text(cell) for cell in self._raw[number]]

    def line(self, number: int) -> int:
        """The line of the file in which a row begins, counted from 1."""
        return self._lines[number]

    def fill(self, number: int, column: int, text: str) -> None:
        """Set one cell."""
        cells = self._raw[number]
        cells += [""] * (column + 1 - len(cells))
        if _text(cells[column]) != text:
            out = io.StringIO(newline="")
            csv.writer(out, lineterminator="").writerow([text])
            cells[column] = "" if text == "" else out.getvalue()

    def content(self) -> bytes:
        """The file with what was set."""
        lines = [",".join(cells) + end for cells, end in zip(self._raw, self._ends, strict=True)]
        return self._mark + "".join(lines).encode()


def _text(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell
