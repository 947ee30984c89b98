"""Functions that a check hands to a submission: named forms with coefficients.

An exercise such as numerical differentiation asks for a function of a function. Its argument must be
callable where the submission lives, and nothing but arrays crosses the wall; so a form is sent by name,
and made there from this table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

#: Form by name: coefficients c and argument x of one shape → value. What it computes is its documentation.
FORMS: dict[str, Callable[[Array, Array], Any]] = {
    "sum(c * x**2)": lambda c, x: (c * x**2).sum(),
    "sum(sin(c * x))": lambda c, x: np.sin(c * x).sum(),
    "sum(exp(c * x))": lambda c, x: np.exp(c * x).sum(),
    "log(sum(exp(c + x)))": lambda c, x: np.log(np.exp(c + x).sum()),
    "c * x": lambda c, x: c * x,
    "sin(c * x)": lambda c, x: np.sin(c * x),
}


@dataclass(frozen=True)
class Form:
    """A function f(x), one of `FORMS` with its coefficients filled in; x has their shape.

    >>> Form("sum(c * x**2)", np.array([1.0, 2.0]))(np.array([3.0, 1.0]))
    11.0
    """

    name: str
    c: Array

    def __call__(self, x: Any) -> Any:
        """Value at x. ValueError where x has not the shape of the coefficients."""
        x = np.asarray(x)
        if x.shape != self.c.shape:
            raise ValueError(
                f"f takes an array of shape {self.c.shape}, the whole x at once; got shape {x.shape}."
            )
        value = FORMS[self.name](self.c, x)
        return value if np.ndim(value) or np.iscomplexobj(value) else float(value)


def form(name: str, c: Any) -> Form:
    """The form of that name; c: its coefficients, a number or nested lists of numbers."""
    return Form(name, np.asarray(c, dtype=float))
