"""Values as Python text, for the cells that show them."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.checks import Form, SolvedCase
from grader.checks.scripted import UNCHANGED

WIDTH = 92


def format_case(exercise: str, case: SolvedCase, layer: bool = True) -> str:
    """A case as a call of public_case with literal arrays; that of a function has inputs alone."""
    lines = [f'public_case("{exercise}",']
    if layer:
        lines += _group("init", case.init)
    lines += _group("inputs", case.inputs)
    if layer:
        lines.append(f"    dout={literal(case.dout, 9)},")
    lines += _group("expected", case.expected)
    if case.tolerance is not None:
        lines.append(f"    tolerance={case.tolerance:g},")
    return "\n".join([*lines, ")"])


def format_script(exercise: str, case: SolvedCase, says: Mapping[str, str]) -> str:
    """A case with a script as a call of public_script; what another script shows is not asked for here."""
    lines = [f'public_script("{exercise}",', *_group("inputs", case.inputs)]
    lines += ['    script="""', *case.script.split("\n"), '""",', "    expected={"]
    for check, values in case.expected.items():
        if check == UNCHANGED or not values:  # names, or properties alone
            lines.append(f'        "{check}": {values!r},'.replace("'", '"'))
        else:
            lines += [
                f'        "{check}": [',
                *(f"            {_nested(v, 12)}," for v in values),
                "        ],",
            ]
    lines += [
        "    },",
        "    says={",
        *(f"        {_quoted(n)}: {_quoted(t)}," for n, t in says.items() if n in case.expected),
        "    },",
    ]
    if case.tolerance is not None:
        lines.append(f"    tolerance={case.tolerance:g},")
    return "\n".join([*lines, ")"])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _nested(value: Any, indent: int) -> str:
    """A value that a script shows: an array, or a tuple or dictionary of values, one a line."""
    inner = indent + 4
    if isinstance(value, (dict, tuple)):
        shown = (
            [f"{_quoted(k)}: {_nested(v, inner + len(k) + 4)}" for k, v in value.items()]
            if isinstance(value, dict)
            else [_nested(item, inner) for item in value]
        )
        start, end = "{}" if isinstance(value, dict) else "()"
        return "\n".join([start, *(" " * inner + f"{each}," for each in shown), " " * indent + end])
    return repr(value) if value is None or isinstance(value, str) else literal(value, indent)


def _group(name: str, values: Any) -> list[str]:
    if not values:
        return [f"    {name}={{}},"]
    inner = [f'        "{key}": {_value(value, 12 + len(key))},' for key, value in values.items()]
    return [f"    {name}={{", *inner, "    },"]


def _value(value: Any, indent: int) -> str:
    if isinstance(value, Form):
        return f'form("{value.name}", {literal(value.c, indent)})'
    if isinstance(value, (int, float, tuple)):
        return repr(value)
    return literal(value, indent)


def literal(array: Any, indent: int = 0, digits: int = 12) -> str:
    """An array as a nested list; 12 significant digits are more than any check asks for."""
    array = np.asarray(array)
    if array.dtype.kind not in "biu":
        array = array + 0.0  # no negative zeros
    text: str = np.array2string(
        array,
        separator=", ",
        max_line_width=WIDTH - indent,
        threshold=10_000,
        formatter={
            "int_kind": str,
            "bool": str,
            "float_kind": lambda value: _decimal(value, digits),
        },  # type: ignore[arg-type]
    )
    return text.replace("\n", "\n" + " " * indent)


def _decimal(value: float, digits: int) -> str:
    text = f"{value:.{digits}g}"
    return text if any(c in text for c in ".en") else text + "."
