"""Nothing that a student gets holds an answer: packages, notebooks, their metadata and outputs."""

import copy
import io
import json
import re
import zipfile
import zlib
from base64 import b64decode

import pytest

from grader.bundles.contents import package_files
from grader.course import PROJECT, PUBLIC_SECRET, Course
from grader.exercises import load_unit
from grader.exercises.notebook import write

from .conftest import UNIT, made
from .leaks import answers, hidden_numbers, leaked, numbers_in, python_texts, statements, strings

COURSE = Course(PROJECT)
UNITS = COURSE.unit_names()


def carried_files(notebook):
    """The package as it travels in the notebook."""
    text = re.search(r'"""\n([A-Za-z0-9+/=\n]+)\n"""', notebook["cells"][0]["source"])[1]
    with zipfile.ZipFile(io.BytesIO(zlib.decompress(b64decode(text)))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def texts_of(notebook):
    document = json.loads(write(notebook))
    return [*strings(document), *python_texts(carried_files(notebook))]


@pytest.mark.parametrize("name", UNITS)
def test_no_answer_and_no_hidden_case_is_in_a_bundle(name):
    unit = load_unit(COURSE.key(name))
    forbidden = answers(COURSE, unit)
    secrets = (PUBLIC_SECRET, COURSE.secret())
    hidden = set().union(*(hidden_numbers(unit, secret) for secret in secrets))
    assert len(hidden) > 200  # else nothing is found because nothing is looked for
    for exercise in unit.exercises.values():
        shown = statements(exercise.stub) | statements(exercise.read_only_cell())
        own = statements(exercise.source.text) - shown
        assert not own or own & forbidden, exercise.name

    for notebook in made(name).values():
        texts = texts_of(notebook)
        assert leaked(texts, forbidden) == set()
        assert not numbers_in(texts) & hidden
        assert leaked(texts, {secret.decode() for secret in secrets}) == set()
        assert not leaked(texts, {"BEGINHIDDENTESTS", "misconception(", "grader.exercises.hidden"})


def test_what_travels_is_the_package_and_nothing_else(notebooks):
    assert carried_files(notebooks["en"]).keys() == package_files(COURSE, UNIT).keys()


@pytest.mark.parametrize("place", ["docstring", "metadata", "output", "package"])
def test_an_answer_would_be_found_wherever_it_were(unit, notebooks, place):
    answer = "return dout  *  self.y * (1.0\n - self.y)"
    notebook = copy.deepcopy(notebooks["en"])
    files = package_files(COURSE, UNIT)
    if place == "metadata":
        notebook.cells[3]["metadata"]["note"] = answer
    elif place == "output":
        notebook.cells[1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": answer}]
    else:
        where = "dlkit/functions.py" if place == "docstring" else "dlkit/layers/affine.py"
        text = (
            f'"""{answer}"""\n' if place == "docstring" else f"def f(self, dout):\n    {answer}\n"
        )
        files[where] = text.encode()
    texts = [*strings(json.loads(json.dumps(notebook))), *python_texts(files)]

    assert leaked(texts, answers(COURSE, unit)) == {"returndout*self.y*(1.0-self.y)"}
