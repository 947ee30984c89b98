"""Numbers: the truth about a gradient, and when two arrays agree.

What a backward pass has to return is what the *reference's* backward pass returns, once it has proved to be
the derivative of its forward pass: along random directions v of each array the slope g · v must agree with a
central difference. Where a single one of K like entries is wrong by a share ε, the two differ by about
ε |g| / √K, and rounding by 1e-9.

Source: Griewank and Walther, Evaluating Derivatives (2008), chapter 3, on directional derivatives.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.checks.case import Array, Case, Draw, SolvedCase
from grader.checks.program import Program, Ref
from grader.checks.student import LocalStudent

CENTRAL_STEP = 1e-5
DIRECTIONS = 4
TOLERANCE = 1e-8  # relative; a right result agrees to about 1e-15, a numerical derivative to 1e-9
EXACT = 1e-11  # a backward pass in closed form agrees better than this, a numerical one does not


def relative_error(got: Array, want: Array) -> float:
    """Largest |got - want| over the entries, relative to the largest |got| or |want|; inf for NaN.

    The scale is that of the whole array, so that an entry that is 0 by cancellation does not count as wrong.

    >>> relative_error(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    0.5
    >>> relative_error(np.array([True, False]), np.array([True, True]))
    1.0
    """
    if want.size == 0 or np.array_equal(got, want):  # most right answers are, and this is quick
        return 0.0
    if want.dtype == np.bool_:
        got = got + 0  # truth values have no difference
    with np.errstate(all="ignore"):
        difference = float(np.abs(got - want).max())
        scale = max(float(np.abs(want).max()), float(np.abs(got).max()), 1e-300)
        error = difference / scale
    return error if math.isfinite(error) else math.inf


def forward_program(name: str, case: Case | SolvedCase) -> tuple[Program, dict[str, Ref], Ref]:
    """The program ``name(*init).forward(*inputs)``, the arrays that it holds by name, and its result."""
    program = Program()
    held = {label: program.hold(a) for label, a in {**case.init, **case.inputs}.items()}
    layer = program.call(name, *(held[label] for label in case.init))
    out = layer.call("forward", *(held[label] for label in case.inputs))
    return program, held, out.read()


def solve(name: str, reference: type, case: Case, draw: Draw, wrt: Sequence[str]) -> SolvedCase:
    """What is right for a case: the reference's output, and its gradients with respect to the names in wrt.

    Raises ValueError where the reference's backward pass is no derivative of its forward pass.
    """
    student = LocalStudent({name: reference})
    program, _, result = forward_program(name, case)
    out = student.run(program)[result]
    dout = draw.nonzero(*out.shape) if case.dout is None else case.dout
    gradients = _by_backward(reference, case, dout, wrt) if wrt else {}
    for variable in () if case.at_kink else wrt:
        _require_derivative(reference, case, dout, variable, gradients[f"d{variable}"])
    return SolvedCase(case.init, case.inputs, dout, {"out": out, **gradients}, case.tolerance)


def _by_backward(
    reference: type, case: Case, dout: Array, wrt: Sequence[str]
) -> Mapping[str, Array]:
    layer, _ = _forward(reference, {**case.init, **case.inputs}, case)
    returned = layer.backward(dout.copy())
    gradients = returned if isinstance(returned, tuple) else (returned,)
    by_input = dict(zip(case.inputs, gradients, strict=False))
    return {f"d{v}": by_input[v] if v in by_input else getattr(layer, f"d{v}") for v in wrt}


def _require_derivative(
    reference: type, case: Case, dout: Array, variable: str, gradient: Array
) -> None:
    """Raise ValueError unless the gradient agrees with central differences along random directions."""
    arrays = {**case.init, **case.inputs}
    rng = np.random.default_rng(0)
    if gradient.shape != arrays[variable].shape:
        raise ValueError(
            f"backward gives d{variable} of shape {gradient.shape}, and {variable} has {arrays[variable].shape}"
        )
    for _ in range(DIRECTIONS):
        direction = rng.choice([-1.0, 1.0], gradient.shape)
        moved = [
            _forward(reference, {**arrays, variable: arrays[variable] + step * direction}, case)[1]
            for step in (CENTRAL_STEP, -CENTRAL_STEP)
        ]
        slope = float(np.sum(dout * (moved[0] - moved[1]))) / (2 * CENTRAL_STEP)
        claimed = float(np.sum(gradient * direction))
        if not abs(slope - claimed) <= 1e-6 * max(float(np.linalg.norm(gradient)), abs(slope)):
            raise ValueError(
                f"d{variable} of the reference's backward is no derivative of its forward: along a direction "
                f"of +1 and -1 it says {claimed:.6g}, and a central difference {slope:.6g}"
            )


def _forward(reference: type, arrays: Mapping[str, Array], case: Case) -> tuple[Any, Array]:
    """A new layer and its output; what it is given are copies."""
    copies = {n: a.copy() if isinstance(a, np.ndarray) else a for n, a in arrays.items()}
    layer = reference(*(copies[name] for name in case.init))
    return layer, layer.forward(*(copies[name] for name in case.inputs))
