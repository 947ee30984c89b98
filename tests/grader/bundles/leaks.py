"""What must not be in anything that a student gets, and a search for it."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import numpy as np

from grader.bundles.contents import ownership
from grader.bundles.modules import DEFINES, read_package
from grader.course import PROJECT

SHORTEST = 16  # characters without blanks: what is shorter can stand anywhere by right


def bare(text: str) -> str:
    """Text without blanks and line breaks, so that no layout hides it."""
    return re.sub(r"\s+", "", text)


@cache
def statements(text: str) -> frozenset[str]:
    """The simple statements of functions, as they are written and as Python would write them."""
    found = set()
    for function in ast.walk(ast.parse(text)):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Expr)):
                if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                    continue  # a docstring
                found |= {bare(ast.unparse(node)), bare(ast.get_source_segment(text, node) or "")}
    return frozenset(each for each in found if len(each) >= SHORTEST)


@cache
def answers(course, unit) -> set[str]:
    """Statements of what this and later units ask for, but those that stand elsewhere by right."""
    owners = ownership(course)
    secret: set[str] = set()
    public: set[str] = set()
    for path in (PROJECT / "grader" / "checks").rglob("*.py"):  # the judge travels by right
        public |= statements(path.read_text("utf-8"))
    for module in read_package(PROJECT, "dlkit").values():
        if module.name.startswith("dlkit.examples"):  # programs that use what units ask for
            continue
        for name, node in module.bindings.items():
            if isinstance(node, DEFINES):
                path = f"{module.name}.{name}"
                open_ = name.startswith("_") or owners.is_present(path, unit.name)
                (public if open_ else secret).update(statements(module.source(node)))
    for exercise in unit.exercises.values():
        secret |= statements(exercise.source.text)
        public |= statements(exercise.stub) | statements(exercise.read_only_cell())
    return secret - public


def hidden_numbers(unit, secret: bytes) -> set[str]:
    """Numbers that hidden cases are drawn from, to nine digits."""
    found = set()
    for exercise in unit.exercises.values():
        for check in exercise.checks:
            for case in exercise.hidden_cases(check, secret, unit.version):
                for array in [*case.init.values(), *case.inputs.values()]:
                    if isinstance(array, np.ndarray) and array.dtype.kind == "f":
                        found |= {f"{abs(x):.9f}" for x in array.flat if x * 64 % 1}
    return found


def strings(value) -> Iterator[str]:
    """Every string in a JSON document: keys, texts, metadata, outputs."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (*strings(key), *strings(item))
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def leaked(texts, forbidden: set[str]) -> set[str]:
    """Which of the forbidden texts stand somewhere."""
    whole = "\n".join(bare(text) for text in texts)
    return {each for each in forbidden if each in whole}


def numbers_in(texts) -> set[str]:
    """All decimal numbers, to nine digits, where there are so many."""
    found = re.findall(r"\d+\.\d{9,}", "\n".join(texts))
    return {f"{float(number):.9f}" for number in found}


def python_texts(files) -> Iterator[str]:
    """Each file as it is and, if it is Python, as Python would write it."""
    for place, data in files.items():
        text = data.decode("utf-8", "replace")
        yield text
        if place.endswith(".py"):
            yield ast.unparse(ast.parse(text))
