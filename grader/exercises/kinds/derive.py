"""`derive`: a formula as a NumPy expression, compared with the truth at random points."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from grader.checks import Case, Draw, Message, SolvedCase, message
from grader.checks.numeric import EXACT, relative_error
from grader.errors import ExerciseError
from grader.exercises.kinds.implement import Implement
from grader.exercises.model import Misconception
from grader.exercises.source import Source

COMPLEX_STEP = 1e-20  # Im f(x + ih) / h has no rounding error, where f is analytic


@dataclass(frozen=True)
class Formula:
    """One of the problems: what is given, in TeX, and the truth as an expression of the arguments.

    of: the function whose derivative the truth is, an expression of one argument, where it is one; it is
    differentiated numerically when the key is loaded. wrong: misconception → expression.
    """

    tex: str
    truth: str
    wrong: dict[str, str]
    of: str = ""


@dataclass
class Derive(Implement):
    """A function of given arguments whose body is the formula that the student derives."""

    kind = "derive"
    problems: Sequence[Formula] = field(default_factory=tuple)
    arguments: tuple[str, ...] = ()
    stub_says: str = ""  # its docstring
    formula: Formula = field(default_factory=lambda: Formula("", "", {}))

    @property
    def owns(self) -> str | None:
        """Nothing of dlkit is asked for."""
        return None

    def with_problem(self, formula: Formula) -> Self:
        """The exercise with this problem."""
        answer, text = f"return {formula.truth}", self._text(formula)
        source = Source(self.name, text, "dlkit.functions", edited=True)
        all_fail = tuple(check.name for check in self.checks)
        wrong = [
            Misconception(id, answer, f"return {expression}", all_fail)
            for id, expression in formula.wrong.items()
        ]
        changed = replace(self, source=source, misconceptions=wrong, formula=formula)
        changed._verify()
        return changed

    def _text(self, formula: Formula) -> str:
        """The function with the truth of a problem as its body."""
        head = f'def {self.name}({", ".join(self.arguments)}):\n    """{self.stub_says}"""'
        return f"{head}\n    return {formula.truth}"

    def texts(self) -> list[str]:
        """The truth of each problem, as text."""
        return [self._text(formula) for formula in self.problems]

    def _verify(self) -> None:
        """The truth is the derivative, at points on both sides of 0."""
        if not self.formula.of:
            return
        name = self.arguments[0]
        x = np.array([-1.5, -0.4, 0.3, 1.1])
        text = f"def f({name}):\n    return {self.formula.of}"
        f = Source("f", text, "dlkit.functions", edited=True).load()
        exact = np.imag(f(x + 1j * COMPLEX_STEP)) / COMPLEX_STEP
        if relative_error(np.asarray(self.source.load()(x)), exact) > 1e-10:
            raise ExerciseError(
                f"{self.unit}: the truth of `{self.id}` is the derivative; that of {self.formula.of} is not "
                f"{self.formula.truth}. Derive it again."
            )

    def solved(self, case: Case, draw: Draw) -> SolvedCase:
        """What is right, closer than a difference quotient comes: that is no formula."""
        return super().solved(replace(case, tolerance=case.tolerance or EXACT), draw)

    def given(self) -> list[Message]:
        """The formula that the student starts from."""
        return [message("Given:"), Message(f"$$\n{self.formula.tex}\n$$")]

    @property
    def pool(self) -> int | None:
        """As many as problems."""
        return len(self.problems)

    def summary(self) -> str:
        """The problem, in TeX."""
        return self.formula.tex

    def vary(self, draw: Draw) -> Self:
        """One of the problems."""
        return self.with_problem(draw.one_of(self.problems))
