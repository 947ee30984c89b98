"""Odd and hostile notebooks: each is read for what it holds, or refused in one sentence."""

import json
import os
import socket
from datetime import datetime

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from grader import submission
from grader.errors import SubmissionError
from grader.submission import Cell, Notebook, find, load, read_timestamp

REMEDY = "Open it in Jupyter and save it."


@pytest.fixture
def path(tmp_path):
    return tmp_path / "layers.ipynb"


def notebook(*cells, **fields):
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **fields}


def code(source, **fields):
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], **fields}


def loaded(path, document):
    path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return load(path)


def refusal(path):
    with pytest.raises(SubmissionError) as caught:
        load(path)
    return str(caught.value)


# --- what is kept


def test_jupyters_own_file(path):
    answer = new_code_cell(
        "x = 1\ny = 2", metadata={"nbgrader": {"grade_id": "affine", "solution": True}}
    )
    answer.outputs = [new_output("stream", text="99/99 points")]
    text = new_markdown_cell("Because ![](attachment:a.png)")
    text.attachments = {"a.png": {"image/png": "iVBORw0KGgo="}}
    nbformat.write(new_notebook(cells=[answer, text], metadata={"unit": "06"}), path)
    assert load(path) == Notebook(
        cells=(
            Cell("code", "x = 1\ny = 2", "affine"),
            Cell(
                "markdown",
                "Because ![](attachment:a.png)",
                None,
                {"a.png": {"image/png": "iVBORw0KGgo="}},
            ),
        ),
        metadata={"unit": "06"},
    )


@given(st.lists(st.tuples(st.sampled_from(["code", "markdown", "raw"]), st.text())))
def test_every_source_that_jupyter_can_save_is_kept(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("any") / "any.ipynb"
    document = loaded(
        path, notebook(*({"cell_type": kind, "source": text} for kind, text in cells))
    )
    assert [(cell.type, cell.source) for cell in document.cells] == cells


def test_a_list_of_lines_is_one_source(path):
    assert loaded(path, notebook(code(["a\n", "b"]))).cells[0].source == "a\nb"


def test_older_files_have_no_cell_ids_and_colab_has_no_metadata(path):
    assert loaded(path, {"nbformat": 4, "cells": [code("a")]}).cells == (Cell("code", "a"),)


def test_a_notebook_of_format_3_is_read(path):
    cells = [
        {"cell_type": "heading", "level": 1, "source": "Layers"},
        {"cell_type": "code", "input": ["a = 1\n", "b"], "metadata": {"nbgrader": {"grade_id": "x"}}},
        {"cell_type": "markdown", "source": "text"},
    ]  # fmt: skip
    old = {"nbformat": 3, "worksheets": [{"cells": cells[:2]}, {"cells": cells[2:]}]}
    expected = (Cell("markdown", "Layers"), Cell("code", "a = 1\nb", "x"), Cell("markdown", "text"))
    assert loaded(path, old).cells == expected


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_what_windows_calls_unicode_is_read(path, encoding):
    path.write_text(json.dumps(notebook(code("a = '花'")), ensure_ascii=False), encoding=encoding)
    assert load(path).cells == (Cell("code", "a = '花'"),)
    script = path.with_suffix(".py")
    script.write_text("a = '花'\n", encoding=encoding)
    assert load(script).cells[0].source == "a = '花'\n"


def test_a_byte_order_mark_is_skipped(path):
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(notebook(code("a"))).encode())
    assert load(path).cells == (Cell("code", "a"),)


def test_half_a_surrogate_pair_becomes_a_replacement_character(path):
    assert loaded(path, notebook(code("a = '\ud83d'"))).cells[0].source == "a = '\ufffd'"


@pytest.mark.parametrize(
    "metadata",
    [None, [], {"nbgrader": None}, {"nbgrader": []}, {"nbgrader": {"grade_id": ["affine"]}}],
)
def test_odd_metadata_is_no_grade_id(path, metadata):
    assert loaded(path, notebook(code("a", metadata=metadata))).cells[0].grade_id is None


@pytest.mark.parametrize(
    "attachments",
    [
        None,
        [1],
        {"a": "b"},
        {"a.svg": {"image/svg+xml": "PHN2Zz4="}},
        {"a.html": {"text/html": "PHNjcmlwdD4="}},
        {"a.png": {"image/png": '"><script>'}},
        {"a.png": {"image/png": ["aGk="]}},
    ],
)
def test_only_pictures_are_kept_of_attachments(path, attachments):
    assert loaded(path, notebook(code("a", attachments=attachments))).cells[0].attachments == {}


# --- what is refused


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ("", "layers.ipynb is empty. Save the notebook in Jupyter"),
        (" \n", "layers.ipynb is empty."),
        ("PK\3\4 and bytes", "layers.ipynb is a zip archive. Unpack it and use the notebook"),
        ("<!DOCTYPE html>", "layers.ipynb is a PDF file or a web page. Use the notebook"),
        ("%PDF-1.7", "layers.ipynb is a PDF file or a web page."),
        ("print(1)", f"layers.ipynb is not a notebook. {REMEDY}"),
        ("[]", f"layers.ipynb is not a notebook. {REMEDY}"),
        ('{"cells": [', f"layers.ipynb is not a notebook. {REMEDY}"),
        ("[" * 100_000 + "]" * 100_000, f"layers.ipynb is not a notebook. {REMEDY}"),
        ('{"a": ' * 100_000 + "1" + "}" * 100_000, f"layers.ipynb is not a notebook. {REMEDY}"),
        ('{"nbformat": ' + "4" * 10_000 + "}", f"layers.ipynb is not a notebook. {REMEDY}"),
        (
            "{}",
            "layers.ipynb must have notebook format 3 or 4; it has null. Open it in a current Jupyter and",
        ),
        ({"nbformat": 3}, f"layers.ipynb has no list of cells. {REMEDY}"),
        ({"nbformat": 3, "worksheets": 7}, "layers.ipynb has no list of cells."),
        ({"nbformat": 3, "worksheets": [{"cells": []}, 7]}, "layers.ipynb has no list of cells."),
        ({"nbformat": 3, "worksheets": [{"cells": [7]}]}, "Cell 1 of layers.ipynb must be a code"),
        (
            notebook(nbformat=5),
            "layers.ipynb must have notebook format 3 or 4; it has 5. Open it in",
        ),
        (
            notebook(nbformat="4"),
            'layers.ipynb must have notebook format 3 or 4; it has "4". Open it in',
        ),
        (
            notebook(nbformat=True),
            "layers.ipynb must have notebook format 3 or 4; it has true. Open it in",
        ),
        (notebook(nbformat=[[0] * 99]), "it has [[0, 0, 0, 0, 0, 0, …. Open it in"),
        ({"nbformat": 4}, f"layers.ipynb has no list of cells. {REMEDY}"),
        (notebook(cells={}), f"layers.ipynb has no list of cells. {REMEDY}"),
        (
            notebook(code("a"), "b"),
            "Cell 2 of layers.ipynb must be a code, Markdown or raw cell. Write it anew.",
        ),
        (
            notebook({"cell_type": "heading", "source": "a"}),
            "Cell 1 of layers.ipynb must be a code, Markdown or",
        ),
        (
            notebook(code(7)),
            "Cell 1 of layers.ipynb must have a text as its source. Write it anew.",
        ),
        (notebook(code(["a", 7])), "Cell 1 of layers.ipynb must have a text as its source."),
        (notebook({"cell_type": "code"}), "Cell 1 of layers.ipynb must have a text as its source."),
        (
            notebook({"cell_type": ["code"], "source": "a"}),
            "Cell 1 of layers.ipynb must be a code, Markdown",
        ),
    ],
)
def test_a_malformed_notebook_is_refused_in_one_sentence(path, document, error):
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    assert error in refusal(path)


def test_another_encoding_is_refused(path):
    path.write_text(
        '{"nbformat": 4, "cells": [{"cell_type": "raw", "source": "花"}]}', encoding="cp932"
    )
    assert refusal(path) == f"layers.ipynb is not a notebook. {REMEDY}"


@pytest.mark.parametrize(
    "document", ["{", "[]", "{}", '{"nbformat": 4}', '{"nbformat": 4, "cells": [1]}']
)
def test_a_name_of_a_file_brings_nothing_into_a_sentence(tmp_path, document):
    """The only notebook of a folder may have any name that a file can have."""
    (tmp_path / os.fsdecode(b"x\n\x1b]0;title\x07`<b>\xff.ipynb")).write_text(document)
    said = refusal(find(tmp_path, "layers")[0])
    assert said.isprintable()
    assert "`" not in said


def test_too_many_cells(path):
    path.write_text(json.dumps(notebook(*[code("")] * 100_000)))
    assert refusal(path) == (
        "layers.ipynb has 100000 cells and may have 2000. Delete the ones you do not need."
    )


def test_a_huge_file_is_not_read_whole(path):
    with path.open("wb") as file:
        file.truncate(2**40)  # a hole: it takes no room on the disk
    error = "layers.ipynb is larger than 16 MB. Clear its outputs and save it."
    assert refusal(path) == error


def test_millions_of_values_are_refused_before_they_are_parsed(path, monkeypatch):
    path.write_text('{"nbformat": 4, "cells": [' + "[]," * 2_100_000 + "[]]}")
    parsed = []
    monkeypatch.setattr(submission.json, "loads", parsed.append)
    error = "layers.ipynb holds too many values. Clear its outputs and save it."
    assert refusal(path) == error
    assert not parsed


def test_a_missing_notebook(path):
    assert refusal(path) == (
        "There is no layers.ipynb. Keep the name of the notebook that you were given."
    )


@pytest.mark.parametrize("kind", ["file", "link", "link to nowhere", "link to itself"])
def test_what_is_no_folder_is_no_submission(kind, tmp_path):
    """A link could lead to the work of somebody else."""
    (tmp_path / "theirs").mkdir()
    folder = tmp_path / "06_backpropagation"
    if kind == "file":
        folder.write_text("{}")
    else:
        where = {"link": "theirs", "link to nowhere": "nowhere", "link to itself": folder.name}
        folder.symlink_to(tmp_path / where[kind])
    with pytest.raises(SubmissionError, match="A submission is a folder, not a file"):
        find(folder, folder.name)


def test_a_link_is_not_followed(path, tmp_path):
    target = tmp_path / "other.ipynb"
    target.write_text(json.dumps(notebook(code("of somebody else"))))
    path.symlink_to(target)
    assert refusal(path).startswith("layers.ipynb cannot be read (")
    assert refusal(path).endswith("). Use the file itself, not a link to it.")


def test_a_fifo_is_not_waited_for(path):
    os.mkfifo(path)
    assert refusal(path) == (
        "layers.ipynb is not a regular file. Use the notebook as Jupyter saves it."
    )


def test_a_folder(path):
    path.mkdir()
    assert refusal(path).startswith("layers.ipynb is not a regular file.")


def test_a_socket(path, monkeypatch):
    monkeypatch.chdir(path.parent)  # the name of a socket may have 100 characters
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path.name)
        assert refusal(path).startswith("layers.ipynb cannot be read (")


def test_a_device(path):
    with pytest.raises(SubmissionError, match=r"zero is not a regular file\."):
        load(type(path)("/dev/zero"))


# --- timestamp


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2027-04-30 12:00:00 UTC", datetime(2027, 4, 30, 12)),
        ("2027-04-30 12:00:00.25 UTC\n", datetime(2027, 4, 30, 12, 0, 0, 250_000)),
        ("2027-04-30 21:00:00 Asia/Tokyo", datetime(2027, 4, 30, 12)),
        ("2027-04-30T21:00:00+09:00", datetime(2027, 4, 30, 12)),
    ],
)
def test_timestamp_is_in_utc(tmp_path, text, time):
    (tmp_path / "timestamp.txt").write_text(text)
    assert read_timestamp(tmp_path) == time


def test_no_timestamp(tmp_path):
    assert read_timestamp(tmp_path) is None


@pytest.mark.parametrize(
    "content", [b"", b"yesterday", b"\xff\xfe", b"9" * 99, b"1 2 3 4", b"0000-01-01"]
)
def test_a_bad_timestamp_is_refused(tmp_path, content):
    (tmp_path / "timestamp.txt").write_bytes(content)
    with pytest.raises(
        SubmissionError, match=r"timestamp\.txt does not hold a date and time, such as 2027-"
    ):
        read_timestamp(tmp_path)


def test_a_timestamp_that_is_no_small_file_is_refused(tmp_path):
    path = tmp_path / "timestamp.txt"
    path.symlink_to(tmp_path / "missing")
    with pytest.raises(SubmissionError, match=r"timestamp\.txt cannot be read"):
        read_timestamp(tmp_path)
    path.unlink()
    path.write_bytes(b"2" * 10_000)
    with pytest.raises(SubmissionError, match=r"timestamp\.txt is larger than"):
        read_timestamp(tmp_path)
