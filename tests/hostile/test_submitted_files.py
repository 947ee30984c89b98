"""Notebooks that are no notebooks: links, pipes, devices, bombs. `test_submission.py` has the wording."""

import gzip
import json
import os
import zipfile

import pytest

from grader.submission import UnreadableSubmission, load
from tests.hostile.attack import MARK


def link(path, hidden):
    path.symlink_to(hidden)


def nest(path, depth=100_000):
    path.write_text('{"nbformat": 4, "cells": ' + "[" * depth + "]" * depth + "}")


def archive(path, hidden):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("x.ipynb", bytes(50 << 20))


ODD = {
    "a link to a hidden file": link,
    "a link to nothing": lambda path, hidden: path.symlink_to("/nowhere"),
    "a link to itself": lambda path, hidden: path.symlink_to(path),
    "a link to a device": lambda path, hidden: path.symlink_to("/dev/zero"),
    "a pipe": lambda path, hidden: os.mkfifo(path),
    "a folder": lambda path, hidden: path.mkdir(),
    "a sparse terabyte": lambda path, hidden: path.touch() or os.truncate(path, 1 << 40),
    "a deep nest": lambda path, hidden: nest(path),
    "a hundred thousand cells": lambda path, hidden: path.write_text(
        json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": ""}] * 100_000})
    ),
    "millions of values": lambda path, hidden: path.write_text('{"x": [' + "0," * 3_000_000 + "0]}"),
    "a zip bomb": archive,
    "a compressed file": lambda path, hidden: path.write_bytes(gzip.compress(bytes(10 << 20))),
    "a pickle": lambda path, hidden: path.write_bytes(b"\x80\x04cos\nsystem\n(S'true'\ntR."),
    "no text": lambda path, hidden: path.write_bytes(bytes(range(256))),
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
def test_it_is_refused_in_one_sentence(kind, folder, hidden):
    path = folder / "x.ipynb"
    ODD[kind](path, hidden)
    with pytest.raises(UnreadableSubmission) as refused:
        load(path)
    assert MARK not in str(refused.value)
    assert len(str(refused.value)) < 300


def test_read_naively_the_link_gives_the_hidden_file_away(folder, hidden):
    path = folder / "x.ipynb"
    link(path, hidden)
    assert path.read_text() == MARK


def test_naively_parsed_the_nest_breaks_the_parser(folder):
    path = folder / "x.ipynb"
    nest(path)
    with pytest.raises(RecursionError):
        json.loads(path.read_text())
