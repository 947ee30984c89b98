"""Downloads as the platforms make them; names and numbers are made up."""

import io
import json
import zipfile

import pytest

from grader.course import Course

ROSTER = """\
id,first_name,last_name,email,lms_user_id,language
s01,Ada,King,ada@example.org,17,en
s02,花子,山田,hanako@example.jp,18,ja
s03,Ida,Idle,ida@example.org,19,en
s04,Ken,Sato,ken1@example.org,20,ja
s05,Ken,Sato,ken2@example.org,21,ja
"""
UNIT = "06_backpropagation"


def notebook(*ids, text="pass"):
    """A notebook with cells of these grade ids."""
    cells = [
        {"cell_type": "code", "source": text, "metadata": {"nbgrader": {"grade_id": id}},
         "outputs": [], "execution_count": None}
        for id in ids
    ]  # fmt: skip
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    return json.dumps(document).encode()


RIGHT = notebook("affine", "multiply", text="right")
OTHER_UNIT = notebook("sigmoid", "relu", text="of unit 03")


def zipped(files, encoding="utf-8"):
    """A zip with these files, their names in that encoding; without the flag of UTF-8 where it is another."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            if encoding == "utf-8":
                archive.writestr(name, content)
            else:  # zipfile writes cp437 for names of its characters and no flag: the bytes pass through
                archive.writestr(EncodedName(name, encoding), content)
    return out.getvalue()


class EncodedName(zipfile.ZipInfo):
    """An entry whose name is written in another encoding, without the flag of UTF-8."""

    def __init__(self, name, encoding):
        super().__init__("x")
        self._bytes = name.encode(encoding)

    def _encodeFilenameFlags(self):  # noqa: N802  (zipfile's own name)
        return self._bytes, self.flag_bits & ~0x800


@pytest.fixture
def course(tmp_path):
    """A course with a roster of five, two of them with one name; its units are the project's."""
    root = tmp_path / "course"
    root.mkdir()
    (root / "nbgrader_config.py").write_text("")
    (root / "students.csv").write_text(ROSTER, encoding="utf-8")
    for unit, content in ((UNIT, RIGHT), ("03_networks", OTHER_UNIT)):
        path = root / "assignments" / unit / f"{unit}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    return Course(root)


@pytest.fixture
def download(tmp_path):
    """Write a zip of files; returns its path."""

    def write(files, name="download.zip", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(zipped(files, encoding))
        return path

    return write
