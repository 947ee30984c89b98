"""A course with a small unit of two exercises, and what tests do with it."""

import shutil
from pathlib import Path

import nbformat

from grader.course import CONFIG, PROJECT, PUBLIC_SECRET, Course
from grader.exercises import load_unit
from grader.exercises.generate import products
from grader.exercises.release import register

UNIT = "97_small"
KEY = '''\
"""Answer key of a small unit."""

from grader.checks import Case
from grader.exercises import Unit

unit = Unit("97_small")


@unit.implement("dlkit.layers.Add", points={"forward": 1, "dx": 0.5, "dy": 0.5})
def add(draw):
    n, d = draw.sizes(2)
    return Case(inputs={"x": draw(n, d), "y": draw(n, d)})


@unit.implement("dlkit.layers.ReLU", points={"forward": 1, "dx": 2})
def relu(draw):
    n, d = draw.sizes(2)
    return Case(inputs={"x": draw.nonzero(n, d)})
'''
PAGE = """\
# Small

```{exercise} Addition
:label: ex-97-add

Write `Add`.
```

```{exercise} ReLU
:label: ex-97-relu

Write `ReLU`.
```
"""


class Small:
    """The course, and what tests do with it."""

    def __init__(self, root):
        self.course = Course(Path(root))
        self.unit = load_unit(self.course.key(UNIT))

    def right(self, exercise):
        return self.unit.exercises[exercise].source.text

    def handed_out(self):
        return nbformat.read(self.course.student_notebook(UNIT), as_version=4)

    def hand_in(self, student, notebook=None, file=f"{UNIT}.ipynb", **answers):
        """Write a submission: a notebook, or the one handed out with these answers (right where not given)."""
        if notebook is None:
            notebook = self.handed_out()
            for cell in notebook.cells:
                name = cell.metadata.get("nbgrader", {}).get("grade_id")
                if name in self.unit.exercises:
                    cell.source = answers.get(name, self.right(name))
        path = self.course.submitted(student, UNIT) / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook if isinstance(notebook, str) else nbformat.writes(notebook))
        return path


def make_small(root):
    """Write the course: its notebooks are generated, its cells registered."""
    course = Course(root)
    (root / "solutions" / UNIT).mkdir(parents=True)
    (root / "solutions" / UNIT / "key.py").write_text(KEY)
    for language in ("en", "ja"):
        (root / "book" / language).mkdir(parents=True)
        (root / "book" / language / f"{UNIT}.md").write_text(PAGE)
    shutil.copy(PROJECT / CONFIG, root)
    (root / ".grader").mkdir()
    (root / ".grader" / "secret").touch(mode=0o600)
    (root / ".grader" / "secret").write_bytes(PUBLIC_SECRET)
    for product in products(course, UNIT):
        product.write()
    register(course, UNIT)
    return root
