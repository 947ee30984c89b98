"""One notebook for all students, with a pool of variants: for platforms that hand everybody the same file."""

import json
from collections.abc import Iterator
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from grader.bundles.contents import package_files
from grader.bundles.notebook import ASK, KEEP, bundle, code_cell, package_cell
from grader.checks.own_notebook import packed
from grader.course import LANGUAGES, Course
from grader.errors import CourseError
from grader.exercises import load_unit
from grader.exercises import notebook as nb
from grader.exercises.generate import Product
from grader.exercises.variants import drawn_for_member
from grader.settings import FILE, read_settings

HOW = {
    "en": "# Get your own notebook\n\nRun the first cell. Write your student id between the quotes of the last "
    "cell, and run that. It writes a notebook into this folder: open it, solve it, and hand that one in.",
    "ja": "# 自分のノートブックを受け取る\n\n最初のセルを実行する。最後のセルの引用符の間に学籍番号を書いて、"
    "実行する。このフォルダに自分のノートブックができるので、それを開いて解き、提出する。",
}
PICK = (
    'from grader.checks.own_notebook import own_notebook\nown_notebook({}, student_id, """\n{}""")'
)
WIDTH = 110


def pool_bundles(course: Course, unit_name: str, into: Path) -> Iterator[Product]:
    """The notebook in each language. CourseError where course.toml does not say how large the pool is."""
    size = read_settings(course).pool(unit_name)
    if not size:
        raise CourseError(
            f"{course.root / FILE} says how many variants a pool has; {unit_name} has none. Before "
            f"anything is handed out, add: [units.{unit_name}] pool = 12"
        )
    unit, secret = load_unit(course.key(unit_name)), course.secret()
    files = package_files(course, unit_name)
    members = [unit.variant(secret, drawn_for_member(number)) for number in range(size)]
    for language in LANGUAGES:
        notebooks = []
        for own in members:
            whole = bundle(course, own, files, language)
            notebooks.append(nb.write(NotebookNode({**whole, "cells": whole.cells[1:]})))
        first = package_cell(unit, files, language)
        text = packed(json.dumps(first), notebooks)
        lines = "\n".join(text[i : i + WIDTH] for i in range(0, len(text), WIDTH))
        source = f"{ASK.format(json.dumps(''))}\n{PICK.format(json.dumps(unit_name), lines)}"
        how = NotebookNode(cell_type="markdown", id="how", metadata={}, source=HOW[language])
        cells = [first, how, code_cell("pick", source, KEEP)]
        folder = into if language == "en" else into / language
        path = folder / unit_name / f"{unit_name}_pool.ipynb"
        yield Product(path, nb.write(NotebookNode({**whole, "cells": cells})))
