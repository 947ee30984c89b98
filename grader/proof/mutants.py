"""Mutants: the reference with one small mistake in it, made on its source text.

A hidden test proves its worth by failing on them. Each mutation is an edit of one stretch of the source,
found through the syntax tree, so that a mutant reads like something that a student could have written.

Source of the method: DeMillo, Lipton and Sayward, Hints on Test Data Selection (1978).
"""

import ast
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from grader.proof.rules import (
    LATER_RULES,
    RULES,
    Mutation,
    assignment,
    is_self,
    loop,
    statement,
    wrong_argument,
    wrong_attribute,
)

IGNORED_CALLS = (
    "expect",
)  # beginnings of names; validation of arguments: nothing that a student has to write


@dataclass(frozen=True)
class Mutant:
    """One mutated source. id: kind, method and number among its like. text: the whole class."""

    id: str
    line: int
    old: str
    new: str
    text: str


def mutants(text: str, methods: Sequence[str], lines: Set[int] | None = None) -> list[Mutant]:
    """All mutants of these functions or methods, each different from the source and from each other.

    lines: numbers of the lines that may change; all of them by default.
    """
    found: dict[str, Mutant] = {}
    tree = ast.parse(text)
    for method in _methods(tree, methods):
        for kind, node, new in _mutations(method):
            if lines is not None and node.lineno not in lines:
                continue
            mutated = _replace(text, node, new)
            if mutated is not None and mutated != text and mutated not in found:
                old = ast.get_source_segment(text, node) or ""
                stem = f"{kind}-{method.name}"
                number = sum(m.id.rpartition("-")[0] == stem for m in found.values())
                id = f"{stem}-{number}"
                found[mutated] = Mutant(id, node.lineno, old, new, mutated)
    return list(found.values())


def _methods(tree: ast.Module, methods: Sequence[str]) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in methods:
            yield node


def _mutations(method: ast.FunctionDef) -> Iterator[Mutation]:
    """Kind, node and new text of every mutation of a method."""
    # What has a default is a number here, which cannot change in place.
    required = len(method.args.args) - len(method.args.defaults)
    arguments = [a.arg for a in method.args.args[:required] if a.arg != "self"]
    stored = sorted(
        {n.attr for n in ast.walk(method) if isinstance(n, ast.Attribute) and is_self(n.value)}
    )
    for top in method.body:
        if _is_docstring(top) or _is_ignored(top):
            continue
        yield from statement(top, arguments)
        for node in ast.walk(top):
            if isinstance(node, ast.expr):
                for rule in RULES:
                    yield from rule(node)
                yield from wrong_attribute(node, stored)
    if not any(isinstance(node, ast.Return) for node in ast.walk(method)):
        last = method.body[-1]
        for name in arguments:
            yield "in-place", last, f"{ast.unparse(last)}; {name} *= 2"
    yield from _inside(method, arguments)


def _inside(method: ast.FunctionDef, arguments: Sequence[str]) -> Iterator[Mutation]:
    """Mutations of statements within loops and branches, and those that need to see the method.

    They come last: the number in a mutant's id counts those before it.
    """
    own = {
        node.id
        for each in ast.walk(method)
        if isinstance(each, ast.Assign)
        for node in each.targets
        if isinstance(node, ast.Name)
    }

    def shared(node: ast.stmt) -> bool:
        """Whether an array is changed that somebody else may have, too."""
        target = node.target if isinstance(node, ast.AugAssign) else None
        return isinstance(target, ast.Name) and target.id not in own

    for top in method.body:
        if _is_docstring(top):
            continue
        same = _interchangeable(top)
        for node in _walk(top):
            if isinstance(node, ast.stmt):
                if node is not top:
                    yield from (m for m in statement(node, ()) if m[0] != "rebound" or shared(node))
                yield from assignment(node)
                yield from loop(node)
            elif isinstance(node, ast.expr) and node not in same:
                for rule in LATER_RULES:
                    yield from rule(node)
                yield from wrong_argument(node, arguments)


def _interchangeable(top: ast.stmt) -> set[ast.AST]:
    """Names of which the shape alone is asked, which others have, too; axes, whose order is all one."""
    found: set[ast.AST] = set()
    for node in ast.walk(top):
        match node:
            case ast.Attribute(value=ast.Name() as name, attr="shape" | "ndim" | "size" | "dtype"):
                found.add(name)
            case ast.Call(
                func=ast.Name(id="len") | ast.Attribute(attr="shape"), args=[ast.Name() as name]
            ):
                found.add(name)
            case ast.keyword(arg="axis", value=ast.Tuple() as axes):
                found.add(axes)
    return found


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all that is in it, besides annotations, and what does nothing but refuse an argument."""
    if isinstance(node, ast.stmt) and _refuses(node):
        return
    yield node
    for name, inner in ast.iter_fields(node):
        for each in inner if isinstance(inner, list) else [inner]:
            if isinstance(each, ast.AST) and name != "annotation":
                yield from _walk(each)


def _refuses(node: ast.stmt) -> bool:
    """Whether a statement refuses arguments, or prepares to: `fits = ...` and `rule = ...` before `expect`."""
    match node:
        case ast.If(body=body):
            return all(isinstance(inner, ast.Raise) for inner in body)
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name in ("fits", "rule", "hint")
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            return name.startswith(("expect", "check_"))
    return False


def _replace(text: str, node: ast.expr | ast.stmt, new: str) -> str | None:
    """The text with a node replaced, in brackets where that keeps its meaning; None if it does not parse."""
    lines = text.split("\n")
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    start, end = node.col_offset, node.end_col_offset or 0
    whole = not isinstance(node, ast.expr) or _is_slice(node)
    wrapped = new if whole else f"({new})"
    # Offsets of the syntax tree count bytes of UTF-8.
    head = lines[first].encode()[:start].decode()
    tail = lines[last].encode()[end:].decode()
    lines[first : last + 1] = [head + wrapped + tail]
    changed = "\n".join(lines)
    try:
        ast.parse(changed)
    except SyntaxError:
        return None
    return changed


def _is_slice(node: ast.expr) -> bool:
    """Whether it may stand between square brackets alone."""
    entries = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(isinstance(entry, ast.Slice) for entry in entries)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_ignored(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id.startswith(IGNORED_CALLS)
    )
