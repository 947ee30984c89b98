"""Numbers: the truth about a gradient, and when two arrays agree.

The gradient that a backward pass has to return is differentiated from the *reference's* forward pass. By
the complex step, Im f(x + ih) / h, there is no subtraction and hence no rounding error; it needs a forward
pass that is analytic in its input. Whether it is, central differences decide: where the two disagree, the
central difference is taken.

Source: Martins, Sturdza and Alonso, The complex-step derivative approximation (2003).
"""

from collections.abc import Mapping, Sequence

import numpy as np

from grader.checks.case import Array, Case, Draw, SolvedCase
from grader.checks.program import Program, Ref
from grader.checks.student import LocalStudent

COMPLEX_STEP = 1e-20
CENTRAL_STEP = 1e-5
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
    if want.size == 0:
        return 0.0
    with np.errstate(all="ignore"):
        difference = np.abs(got + 0 - want)  # + 0: truth values have no difference
        scale = max(float(np.abs(want).max()), float(np.abs(got).max()), 1e-300)
        error = float(difference.max()) / scale
    return error if np.isfinite(error) else float("inf")


def forward_program(name: str, case: Case | SolvedCase) -> tuple[Program, dict[str, Ref], Ref]:
    """The program ``name(*init).forward(*inputs)``, the arrays that it holds by name, and its result."""
    program = Program()
    held = {label: program.hold(a) for label, a in {**case.init, **case.inputs}.items()}
    layer = program.call(name, *(held[label] for label in case.init))
    out = layer.call("forward", *(held[label] for label in case.inputs))
    return program, held, out.read()


def derivative(student: LocalStudent, name: str, case: Case, variable: str) -> Array:
    """Jacobian of the output with respect to that array, one row per entry, shape (K, M)."""
    program, held, _ = forward_program(name, case)
    entries = np.arange({**case.init, **case.inputs}[variable].size)

    def moved(step: complex) -> Array:
        return student.sweep(program, held[variable], entries, step)

    h = CENTRAL_STEP
    central: Array = (moved(h) - moved(-h)) / (2 * h)
    try:
        stepped = moved(1j * COMPLEX_STEP)
    except Exception:  # a forward pass that rejects complex input
        return central
    exact = np.imag(stepped) / COMPLEX_STEP
    return exact if relative_error(exact, central) < 1e-6 else central


def solve(name: str, reference: type, case: Case, draw: Draw, wrt: Sequence[str]) -> SolvedCase:
    """What is right for a case: the reference's output, and its gradients with respect to the names in wrt."""
    student = LocalStudent({name: reference})
    program, _, result = forward_program(name, case)
    out = student.run(program)[result]
    dout = draw.nonzero(*out.shape) if case.dout is None else case.dout
    arrays = {**case.init, **case.inputs}
    expected = {"out": out}
    if case.at_kink:
        expected |= _by_backward(reference, case, dout, wrt)
    else:
        for variable in wrt:
            jacobian = derivative(student, name, case, variable)
            expected[f"d{variable}"] = (jacobian @ dout.reshape(-1)).reshape(arrays[variable].shape)
    return SolvedCase(case.init, case.inputs, dout, expected, case.tolerance)


def _by_backward(
    reference: type, case: Case, dout: Array, wrt: Sequence[str]
) -> Mapping[str, Array]:
    layer = reference(*case.init.values())
    layer.forward(*case.inputs.values())
    returned = layer.backward(dout)
    gradients = returned if isinstance(returned, tuple) else (returned,)
    by_input = dict(zip(case.inputs, gradients, strict=False))
    return {f"d{v}": by_input[v] if v in by_input else getattr(layer, f"d{v}") for v in wrt}
