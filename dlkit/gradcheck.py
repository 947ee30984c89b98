r"""Numerical derivatives, and the check of a layer's `backward` against them.

Two ways to differentiate a function f that takes an array and returns a number:

- central difference :math:`(f(x + h) - f(x - h)) / 2h`: about 10 digits in float64;
- complex step :math:`\mathrm{Im} f(x + ih) / h`: all digits, since nothing is subtracted. f must accept
  complex input and be analytic there; `abs`, a comparison of complex numbers, or a buffer of floats
  lose the imaginary part.

Either is taken entry by entry, or along a direction, which costs one evaluation (or two) for a
whole array and still notices an error in any entry, though it cannot say in which.

Sources: Squire and Trapp, Using Complex Variables to Estimate Derivatives of Real Functions (1998);
Goodfellow, Bengio and Courville, Deep Learning (2016), section 11.5.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from dlkit.errors import expect
from dlkit.typing import Array

__all__ = [
    "GradientCheck",
    "GradientReport",
    "check_gradient",
    "check_layer",
    "complex_step_gradient",
    "directional_derivative",
    "numerical_diff",
    "numerical_gradient",
]

Method: TypeAlias = Literal["complex", "central"]
TOLERANCE = {"complex": 1e-10, "central": 1e-6}


def numerical_diff(f: Callable[[float], float], x: float, h: float = 1e-4) -> float:
    """Derivative of f, a function of one number, at x, by the central difference with step h.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 11.5.

    >>> round(numerical_diff(lambda x: x**3, 2.0), 6)
    12.0
    """
    return (f(x + h) - f(x - h)) / (2.0 * h)


def numerical_gradient(f: Callable[[Array], Any], x: npt.ArrayLike, h: float = 1e-5) -> Array:
    """Gradient of f at x by central differences, float64, in the shape of x; x is not changed.

    >>> numerical_gradient(lambda x: (x**2).sum(), np.array([3.0, 4.0])).round(6)
    array([6., 8.])
    """
    x = np.array(x, dtype=np.float64)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        value = x[i]
        x[i] = value + h
        above = f(x)
        x[i] = value - h
        below = f(x)
        x[i] = value
        gradient[i] = (above - below) / (2.0 * h)
    return gradient


def complex_step_gradient(f: Callable[[Array], Any], x: npt.ArrayLike, h: float = 1e-20) -> Array:
    """Gradient of f at x by complex steps, float64, in the shape of x; x is not changed.

    >>> complex_step_gradient(lambda x: (x**2).sum(), np.array([3.0, 4.0]))
    array([6., 8.])
    """
    x = np.array(x, dtype=np.complex128)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        value = x[i]
        x[i] = value + h * 1j
        gradient[i] = f(x).imag / h
        x[i] = value
    return gradient


def directional_derivative(
    f: Callable[[Array], Any], x: npt.ArrayLike, v: npt.ArrayLike, method: Method = "complex"
) -> float:
    r"""Derivative of f at x along v, that is :math:`\sum_i v_i\, \partial f / \partial x_i`.

    >>> round(directional_derivative(lambda x: (x**2).sum(), [3.0, 4.0], v=[1.0, 1.0]), 9)
    14.0
    """
    x, v = np.asarray(x, dtype=np.float64), np.asarray(v, dtype=np.float64)
    expect(x.shape == v.shape, "A direction v needs the shape of x", x=x, v=v)
    if method == "complex":
        return float(f(x + 1e-20j * v).imag / 1e-20)
    return float((f(x + 1e-5 * v) - f(x - 1e-5 * v)) / 2e-5)


@dataclass(frozen=True)
class GradientCheck:
    """What came out for one gradient.

    error: largest difference of an entry from the numerical derivative, as a fraction of the
    largest entry of both (see `check_gradient` for its lower bound). index, analytic, numerical:
    that entry, what `backward` gave and what it should be. remark: how the two are related.
    """

    name: str
    method: Method
    error: float
    tolerance: float
    index: tuple[int, ...] = ()
    analytic: float = 0.0
    numerical: float = 0.0
    remark: str = ""

    @property
    def passed(self) -> bool:
        """Whether the error is within the tolerance; an error of NaN is not."""
        return self.error <= self.tolerance

    def __str__(self) -> str:
        verdict = "is right" if self.passed else "is wrong"
        text = f"{self.name} {verdict}: error {self.error:.1e}, tolerance {self.tolerance:.0e}"
        if not self.passed and self.index:
            values = f"{self.analytic:.6g} instead of {self.numerical:.6g}"
            text += f"; worst at {list(self.index)}: {values}"
        return f"{text} ({self.method}). {self.remark}".rstrip()


@dataclass(frozen=True)
class GradientReport:
    """The checks of all gradients of a layer: those of its inputs, then those of its parameters."""

    checks: tuple[GradientCheck, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    @property
    def worst(self) -> GradientCheck:
        """The check with the largest error; NaN counts as larger than any number."""
        return max(self.checks, key=lambda check: (np.isnan(check.error), check.error))

    def __str__(self) -> str:
        return "\n".join(map(str, self.checks))


def check_gradient(
    f: Callable[[Array], Any],
    x: npt.ArrayLike,
    gradient: npt.ArrayLike,
    *,
    name: str = "gradient",
    method: Method = "complex",
    tolerance: float | None = None,
    scale: float = 0.0,
    rng: np.random.Generator | None = None,
) -> GradientCheck:
    """Compare a gradient of f at x with the numerical one, entry by entry.

    tolerance: by default 1e-10 for complex steps, 1e-6 for central differences. scale: lower bound of
    what the error is a fraction of, for a gradient that may vanish up to rounding. rng: if given, one
    random direction is tried first, and the entries only where it shows a difference.

    >>> print(check_gradient(lambda x: (x**2).sum(), x=[3.0, 4.0], gradient=[-6.0, -8.0]))
    gradient is wrong: error 2.0e+00, tolerance 1e-10; worst at [1]: -8 instead of 8 (complex). \
It has the wrong sign.
    """
    tolerance = TOLERANCE[method] if tolerance is None else tolerance
    x, g = np.asarray(x), np.asarray(gradient)
    if g.shape != x.shape:
        remark = f"It has shape {g.shape}; that of its variable is {x.shape}."
        return GradientCheck(name, method, np.inf, tolerance, remark=remark)
    if rng is not None:
        v = rng.standard_normal(x.shape)
        along, n = float((g * v).sum()), directional_derivative(f, x, v, method)
        error = abs(along - n) / (max(float(np.linalg.norm(g)), abs(n), scale) or 1.0)
        if error <= tolerance:
            return GradientCheck(name, method, error, tolerance)
    entries = complex_step_gradient(f, x) if method == "complex" else numerical_gradient(f, x)
    if x.size == 0:
        return GradientCheck(name, method, 0.0, tolerance)
    difference = np.abs(g - entries)
    index = tuple(int(i) for i in np.unravel_index(difference.argmax(), x.shape))
    largest = max(float(np.abs(g).max()), float(np.abs(entries).max()), scale)
    error = float(difference[index]) / (largest or 1.0)
    remark = "" if error <= tolerance else _remark(f, x, g, entries, method)
    values = float(g[index]), float(entries[index])
    return GradientCheck(name, method, error, tolerance, index, *values, remark)


def _remark(f: Callable[[Array], Any], x: Array, g: Array, n: Array, method: Method) -> str:
    """How a wrong gradient g relates to the numerical n, in words; empty where nothing is seen."""

    def same(a: Array, b: Array) -> bool:
        return a.shape == b.shape and np.allclose(a, b, rtol=1e-4, atol=1e-5 * np.abs(b).max())

    if not np.isfinite(g).all():
        return "It holds NaN or infinity."
    if method == "complex" and same(g, numerical_gradient(f, x)):
        return "Central differences agree with it: forward loses the imaginary part of its input."
    if not n.any():
        return "The derivative is 0."
    if not g.any():
        return "It is 0 everywhere."
    factor = float((g * n).sum() / (n * n).sum())
    if same(g, -n):
        return "It has the wrong sign."
    if same(g, factor * n):
        return f"It is {factor:.4g} times the right one."
    if same(g.T, n):
        return "It is the transpose of the right one."
    return ""


def check_layer(
    layer: Any,
    *inputs: Array,
    rng: np.random.Generator,
    method: Method = "complex",
    tolerance: float | None = None,
    every_entry: bool = True,
    **options: Any,
) -> GradientReport:
    r"""Check the gradients that `backward` gives for the inputs and for the parameters of a layer.

    The function differentiated is :math:`\sum d \cdot y` with the output y and random weights d,
    which are what `backward` receives. Inputs of integers (labels, word ids) have no gradient and
    are skipped. All runs are on copies of the layer: its state and its generator stay as they are.

    every_entry: False tries one random direction of each variable first, which is much faster.
    options: passed to `forward`, for example ``training=False``. An error is a fraction of the largest
    entry of its gradient, and at least of 1/1000 of the largest of all gradients, since the gradient of
    a bias before batch normalization, for example, is 0 up to rounding.

    >>> from dlkit.layers import Tanh
    >>> report = check_layer(Tanh(), np.array([0.5, -2.0]), rng=np.random.default_rng(0))
    >>> report.passed, report.worst.name
    (True, 'dx0')
    """
    layer = deepcopy(layer)  # as it is now: rng may be the generator of the layer too
    trial = deepcopy(layer)
    outputs = _as_tuple(trial.forward(*inputs, **options))
    douts = tuple(rng.standard_normal(np.shape(y)) for y in outputs)
    dinputs = _as_tuple(trial.backward(*douts))

    def loss(arguments: tuple[Array, ...], replaced: dict[int, Array]) -> Any:
        copy = deepcopy(layer, replaced)  # arrays with an id in `replaced` are replaced
        ys = _as_tuple(copy.forward(*arguments, **options))
        return sum((d * y).sum() for d, y in zip(douts, ys, strict=True))

    def of_input(i: int) -> Callable[[Array], Any]:
        return lambda x: loss((*inputs[:i], x, *inputs[i + 1 :]), {})

    def of_parameter(w: Array) -> Callable[[Array], Any]:
        return lambda value: loss(inputs, {id(w): value})

    variables = [
        (f"dx{i}", of_input(i), x, dx)
        for i, (x, dx) in enumerate(zip(inputs, dinputs, strict=False))
        if np.issubdtype(np.asarray(x).dtype, np.inexact)
    ]
    variables += [(f"d{k}", of_parameter(w), w, trial.grads[k]) for k, w in layer.params.items()]
    sizes = [float(np.abs(g).max(initial=0.0)) for _, _, _, g in variables]
    scale = 1e-3 * max((size for size in sizes if np.isfinite(size)), default=0.0)
    how: dict[str, Any] = {"method": method, "tolerance": tolerance, "scale": scale}
    how["rng"] = None if every_entry else rng
    checks = (check_gradient(f, x, g, name=name, **how) for name, f, x, g in variables)
    return GradientReport(tuple(checks))


def _as_tuple(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
