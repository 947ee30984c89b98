"""`compute`: numbers worked out by hand, each student's own, with a worked solution of these numbers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from grader.checks import Case, Check, Draw, Message, SolvedCase, message, part
from grader.checks.case import Array
from grader.checks.diagnosis.slips import Slip
from grader.checks.numeric import relative_error
from grader.errors import ExerciseError
from grader.exercises.kinds.slips import names_in, run, slips, value
from grader.exercises.literal import literal
from grader.exercises.model import Exercise, Misconception
from grader.exercises.source import Source

ATTEMPTS = 200
SMALL = 0.01  # an entry below it, relative to the largest, is nearly 0
HIDDEN = 0.2  # error in an entry that the tolerance may hide: whole numbers are told apart


@dataclass(frozen=True)
class Step:
    """One number or array of the worked solution: its name, how one gets it, its value.

    how: Python that gives the value: an expression, which statements may precede, separated by semicolons. It
    may use the problem's `names`, earlier steps, and `grader.exercises.kinds.slips.FUNCTIONS`.
    """

    name: str
    how: str
    value: npt.NDArray[Any]


@dataclass(frozen=True)
class Worked:
    """A problem with its solution.

    given: TeX name → what the student is given, a formula or an array. wrong: misconception → what it makes of
    some of the numbers. names: what the steps' formulas call what is given; without them nothing is said about
    slips in these formulas.
    """

    given: Mapping[str, Any]
    steps: Sequence[Step]
    wrong: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    names: Mapping[str, Any] = field(default_factory=dict)

    def flaw(self, tolerance: float) -> str:
        """Why this problem tells too little; empty if it is good."""
        for step in self.steps:
            size = np.abs(step.value)
            if not size.max() * tolerance < HIDDEN:
                return f"{step.name} is too large"
            if size.min() < SMALL * max(1.0, float(size.max())):
                return f"{step.name} is 0 or nearly"
            if self.names and (flaw := self._flaw_of(step, tolerance)):
                return flaw
        for one, other in combinations(self.steps, 2):
            same = np.shape(one.value) == np.shape(other.value)
            if same and relative_error(one.value, other.value) < 10 * tolerance:
                return f"{one.name} and {other.name} are equal"
        right = {step.name: step.value for step in self.steps}
        for id, values in self.wrong.items():
            if any(relative_error(v, right[n]) < 2 * tolerance for n, v in values.items()):
                return f"the misconception {id} gives the right numbers"
        return ""

    def known(self, but: str = "") -> dict[str, Any]:
        """What formulas may use: what is given, and the numbers of all steps, one apart."""
        values = {s.name: np.asarray(s.value) for s in self.steps if s.name != but}
        return {n: v if callable(v) else np.asarray(v) for n, v in self.names.items()} | values

    def _flaw_of(self, step: Step, tolerance: float) -> str:
        try:
            worked = value(step.how, self.known(step.name))
        except Exception as error:
            return (
                f"the formula of {step.name}, {step.how!r}, fails: {type(error).__name__}: {error}"
            )
        right = (
            np.shape(step.value) == worked.shape and relative_error(worked, step.value) < tolerance
        )
        return "" if right else f"the formula of {step.name}, {step.how!r}, gives another value"


@dataclass
class Compute(Exercise):
    """A function without arguments in which the student writes numbers down.

    problem: makes a problem of random numbers. worked: that of this variant. tolerance: relative to the
    largest entry.
    """

    kind = "compute"
    problem: Callable[[Draw], Worked] | None = None
    worked: Worked = field(default_factory=lambda: Worked({}, ()))
    tolerance: float = 2e-3

    def vary(self, draw: Draw) -> Self:
        """The same question with other numbers; problems that tell too little are drawn again."""
        flaw = ""
        for _ in range(ATTEMPTS):
            worked = self.problem(draw) if self.problem else self.worked
            flaw = worked.flaw(self.tolerance)
            if not flaw:
                return self._with(worked)
        raise ExerciseError(
            f"{self.unit}: of {ATTEMPTS} draws of `{self.id}` none is fit to be asked; the last one: {flaw}. "
            "Draw its numbers from another range."
        )

    def _with(self, worked: Worked) -> Self:
        text = self._text(worked, {})
        wrong = [
            Misconception(id, text, self._text(worked, values), tuple(values))
            for id, values in worked.wrong.items()
        ]
        region = (f"{worked.steps[0].name} =", f"{worked.steps[-1].name} =")
        source = Source(self.name, text, "dlkit.functions", edited=True)
        return replace(self, worked=worked, source=source, region=region, misconceptions=wrong)

    def _text(self, worked: Worked, instead: Mapping[str, Any]) -> str:
        """The function with the right numbers and their formulas, or with other numbers in place of some."""
        names = ", ".join(step.name for step in worked.steps)
        lines = [f"def {self.name}():", f'    """Numbers worked out by hand: {names}."""']
        lines += [
            f"    {s.name} = {_number(instead[s.name])}"
            if s.name in instead
            else f"    {s.name} = {_number(s.value)}  # {s.how}"
            for s in worked.steps
        ]
        return "\n".join([*lines, f"    return {names}"])

    @property
    def pool(self) -> int | None:
        """There are more than students."""
        return None

    def summary(self) -> str:
        """What is given."""
        return "; ".join(
            f"{name} = {value if isinstance(value, str) else _number(value)}"
            for name, value in self.worked.given.items()
        )

    def slips(self, label: str, own: Mapping[str, Array]) -> Iterator[Slip]:
        """The right formula on the student's own numbers; then those with one slip, on right and own ones."""
        places = {step.name: place for place, step in enumerate(self.worked.steps)}
        if label not in places or not self.worked.names:
            return
        step, right = self.worked.steps[places[label]], self.worked.known(label)
        earlier = {n: v for n, v in own.items() if places[n] < places[label]}
        used = [n for n in earlier if n in names_in(step.how)]
        if used:
            yield Slip("", value(step.how, right | earlier), used)
        yield from (
            Slip(name, v)
            for name, v in right.items()
            if np.shape(v) == np.shape(step.value) and not callable(v)
        )
        for text, code in slips(step.how, right):
            for names in (right, right | earlier) if used else (right,):
                if (result := run(code, names)) is not None:
                    yield Slip(text, result)

    def known_check(self, name: str) -> Check:
        """The check of one of the numbers."""
        names = [step.name for step in self.worked.steps]
        if name not in names:
            raise ExerciseError(f"{name!r} is no check. Use {', '.join(names)}.")
        return part(name)

    def solved(self, case: Case, draw: Draw) -> SolvedCase:
        """The numbers of the worked solution."""
        expected = {step.name: np.asarray(step.value) for step in self.worked.steps}
        return SolvedCase({}, {}, np.zeros(()), expected, self.tolerance)

    def public_cell(self) -> str:
        """Whether the numbers have the right shapes."""
        shapes = [f'    "{s.name}": {np.shape(s.value)},' for s in self.worked.steps]
        lines = [
            f'public_shapes("{self.id}", {{',
            *shapes,
            "})",
            f'check("{self.id}", {self.name})',
        ]
        return "\n".join(lines)

    def given(self) -> list[Message]:
        """The numbers, as formulas."""
        rows = [f"{name} = {_tex(value)}" for name, value in self.worked.given.items()]
        body = "$$\n\\begin{gathered}\n" + " \\\\\n".join(rows) + "\n\\end{gathered}\n$$"
        return [message("Given:"), Message(body)]


def _number(value: Any) -> str:
    return " ".join(literal(value, digits=6).split())


def _tex(value: Any) -> str:
    """A number, vector or matrix in TeX; a formula as it stands."""
    if isinstance(value, str):
        return value
    array = np.asarray(value)
    if array.ndim == 0:
        return f"{array:g}"
    rows = [" & ".join(f"{number:g}" for number in row) for row in np.atleast_2d(array)]
    return "\\begin{pmatrix} " + " \\\\ ".join(rows) + " \\end{pmatrix}"
