"""The loss while a submission trains, on the data of the notebook: what a picture of an experiment shows.

The course's loss layer is watched while the submission trains once more, where it lives. What comes back is
drawn and nothing else: no mark depends on it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.case import Array, SolvedCase
from grader.checks.program import Program
from grader.checks.student import Stopped, Student, StudentError

MOST = 200  # losses that are kept, evenly spread
LARGEST = 1e300  # of a loss, in magnitude
LOSS = "SoftmaxWithLoss"
#: Puts `losses_of` among the names of a submission.
WATCH = "from grader.checks.curve import losses_of as _losses_of"


@dataclass(frozen=True)
class Curve:
    """The losses of a training, evenly spread over its steps. count: how many steps there were."""

    losses: tuple[float, ...]
    count: int


def losses_of(train: Callable[..., Any], loss: Any, *data: Any) -> tuple[Array, int]:
    """Train; return what `loss.forward` gave meanwhile, shape (at most 200,), and how often it was called."""
    seen: list[float] = []
    forward = loss.forward

    def watched(*args: Any, **kwargs: Any) -> Any:
        value = forward(*args, **kwargs)
        seen.append(float(value))
        return value

    loss.forward = watched
    try:
        train(*data)
    finally:
        loss.forward = forward
    steps = np.linspace(0, len(seen) - 1, min(len(seen), MOST)).round().astype(int)
    return np.array(seen)[steps], len(seen)


def curve(student: Student, name: str, case: SolvedCase) -> Curve | None:
    """The losses of an experiment's training; None where there are none, or something raises.

    The submission needs the name `_losses_of`, see `WATCH`. Raises Stopped if it was killed.
    """
    program = Program()
    loss = program.get(LOSS)
    read = program.call("_losses_of", program.get(name), loss, *case.inputs.values()).value()
    try:
        match student.run(program)[read]:
            case (np.ndarray() as losses, np.ndarray(dtype=np.dtype(kind="i"), shape=()) as count):
                return _curve(losses, int(count))
    except Stopped:
        raise
    except StudentError:
        pass  # what it raised is the diagnosis already
    return None


def _curve(losses: Array, count: int) -> Curve | None:
    """The losses that are numbers, and not too large to be drawn."""
    if losses.dtype.kind != "f":
        return None
    drawn = losses[np.abs(losses) < LARGEST].ravel()[:MOST]  # neither NaN nor infinite
    return Curve(tuple(drawn.tolist()), count) if 2 <= len(drawn) <= count else None
