"""Drawing the graph of a computation, for Graphviz or as plain text."""

import json
from typing import Any

import numpy as np

from dlkit.autograd.engine import Variable


def to_dot(y: Variable) -> str:
    """Graph of y in the language of Graphviz: variables are ellipses, functions boxes.

    Paste it into any Graphviz viewer, or run ``dot -Tsvg``.

    >>> x = Variable([1.0, 2.0], name="x")
    >>> print(to_dot((x * x).sum()))
    digraph {
      rankdir=LR
      v1 [label="x (2,)"]
      v2 [label="(2,)"]
      f2 [label="Multiply", shape=box]
      v1 -> f2
      v1 -> f2
      f2 -> v2
      v3 [label="()"]
      f3 [label="Sum", shape=box]
      v2 -> f3
      f3 -> v3
    }
    """
    lines = ["digraph {", "rankdir=LR"]
    number = {x: i for i, x in enumerate(history(y), start=1)}
    for x, i in number.items():
        lines.append(f"v{i} [label={quoted(f'{x.name} {x.shape}'.strip())}]")
        if x.creator is not None:
            lines.append(f"f{i} [label={quoted(type(x.creator).__name__)}, shape=box]")
            for j, operand in enumerate(x.creator.inputs):
                if isinstance(operand, Variable):
                    lines.append(f"v{number[operand]} -> f{i}")
                else:
                    lines.append(f"c{i}_{j} [label={quoted(constant(operand))}, shape=plain]")
                    lines.append(f"c{i}_{j} -> f{i}")
            lines.append(f"f{i} -> v{i}")
    return "\n  ".join(lines) + "\n}"


def to_text(y: Variable) -> str:
    """Graph of y as a list of steps, each with the shape of its result.

    >>> x = Variable([1.0, 2.0], name="x")
    >>> print(to_text((x * 3).sum()))
    x  (2,)
    v2 = Multiply(x, 3)  (2,)
    v3 = Sum(v2)  ()
    """
    names: dict[Variable, str] = {}
    lines = []
    for i, x in enumerate(history(y), start=1):
        names[x] = x.name or f"v{i}"
        step = ""
        if x.creator is not None:
            operands = x.creator.inputs
            inputs = [names[o] if isinstance(o, Variable) else constant(o) for o in operands]
            step = f" = {type(x.creator).__name__}({', '.join(inputs)})"
        lines.append(f"{names[x]}{step}  {x.shape}")
    return "\n".join(lines)


def history(y: Variable) -> list[Variable]:
    """All variables that y was computed from, and y, each after those it depends on."""
    found = {y: None}  # a dictionary for its order
    waiting = [y]
    while waiting:
        creator = waiting.pop().creator
        for x in creator.inputs if creator is not None else ():
            if isinstance(x, Variable) and x not in found:
                found[x] = None
                waiting.append(x)
    return sorted(found, key=lambda x: x.generation)


def constant(value: Any) -> str:
    """A constant as it is drawn: a number by its value, an array by its shape."""
    return f"{value:.4g}" if np.ndim(value) == 0 else f"array {np.shape(value)}"


def quoted(text: str) -> str:
    """Text between quotation marks, with those inside escaped."""
    return json.dumps(text, ensure_ascii=False)
