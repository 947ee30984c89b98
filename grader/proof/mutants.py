"""Mutants: the reference with one small mistake in it, made on its source text.

A hidden test proves its worth by failing on them. Each mutation is an edit of one stretch of the source,
found through the syntax tree, so that a mutant reads like something that a student could have written.

Source of the method: DeMillo, Lipton and Sayward, Hints on Test Data Selection (1978).
"""

import ast
import copy
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass

OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.Div),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
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


Mutation = tuple[str, ast.expr | ast.stmt, str]


def _mutations(method: ast.FunctionDef) -> Iterator[Mutation]:
    """Kind, node and new text of every mutation of a method."""
    # What has a default is a number here, which cannot change in place.
    required = len(method.args.args) - len(method.args.defaults)
    arguments = [a.arg for a in method.args.args[:required] if a.arg != "self"]
    stored = sorted(
        {n.attr for n in ast.walk(method) if isinstance(n, ast.Attribute) and _is_self(n.value)}
    )
    for statement in method.body:
        if _is_docstring(statement) or _is_ignored(statement):
            continue
        yield from _statement(statement, arguments)
        for node in ast.walk(statement):
            if isinstance(node, ast.expr):
                for rule in RULES:
                    yield from rule(node)
                yield from _wrong_attribute(node, stored)
    if not any(isinstance(node, ast.Return) for node in ast.walk(method)):
        last = method.body[-1]
        for name in arguments:
            yield "in-place", last, f"{ast.unparse(last)}; {name} *= 2"


def _statement(node: ast.stmt, arguments: Sequence[str]) -> Iterator[Mutation]:
    """A statement left out; state kept between calls; an argument changed in place; another dtype."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = ast.unparse(node.targets[0]), ast.unparse(node.value)
        yield "dropped", node, "pass"
        if isinstance(node.targets[0], ast.Attribute) and _is_self(node.targets[0].value):
            name = node.targets[0].attr
            yield "kept", node, f'{target} = getattr(self, "{name}", {value})'
            yield "added-up", node, f'{target} = getattr(self, "{name}", 0) + {value}'
            yield "local", node, f"{name} = {value}"
    if isinstance(node, ast.AugAssign):
        yield "dropped", node, "pass"
        computed = ast.BinOp(node.target, node.op, node.value)
        yield "rebound", node, f"{ast.unparse(node.target)} = {ast.unparse(computed)}"
        for operator in OPERATORS.get(type(node.op), ()):
            yield "operator", node, ast.unparse(ast.AugAssign(node.target, operator(), node.value))
    if isinstance(node, ast.Return) and node.value is not None:
        value = ast.unparse(node.value)
        yield "nothing", node, "return None"
        yield "single", node, f"return np.asarray({value}, dtype=np.float32)"
        for name in arguments:
            yield "in-place", node, f"result = {value}; {name} *= 2; return result"


def _operator(node: ast.expr) -> Iterator[Mutation]:
    """Another operator; one of two terms dropped; factors of a matrix product exchanged or transposed."""
    if not isinstance(node, ast.BinOp):
        return
    left, right = ast.unparse(node.left), ast.unparse(node.right)
    for operator in OPERATORS.get(type(node.op), ()):
        changed = copy.copy(node)
        changed.op = operator()
        yield "operator", node, ast.unparse(changed)
    yield "term", node, left
    yield "term", node, right
    if isinstance(node.op, (ast.MatMult, ast.Sub, ast.Div)):
        yield "exchanged", node, ast.unparse(ast.BinOp(node.right, node.op, node.left))
    if isinstance(node.op, ast.MatMult):
        yield "transposed", node, f"({left} @ {right}).T"


def _comparison(node: ast.expr) -> Iterator[Mutation]:
    """Another boundary or direction of a comparison."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for operator in COMPARISONS.get(type(node.ops[0]), ()):
            changed = copy.copy(node)
            changed.ops = [operator()]
            yield "boundary", node, ast.unparse(changed)


def _constant(node: ast.expr) -> Iterator[Mutation]:
    """Another number: one more, and one less."""
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, (int, float))
        and not isinstance(node.value, bool)
    ):
        yield "constant", node, repr(node.value + 1)
        yield "constant", node, repr(node.value - 1)


def _keyword(node: ast.expr) -> Iterator[Mutation]:
    """A keyword argument left out, such as axis=0; two arguments exchanged; a call left out."""
    if not isinstance(node, ast.Call):
        return
    for index in range(len(node.keywords)):
        changed = copy.copy(node)
        changed.keywords = [k for i, k in enumerate(node.keywords) if i != index]
        yield "keyword", node, ast.unparse(changed)
    for i in range(len(node.args) - 1):
        changed = copy.copy(node)
        changed.args = [*node.args[:i], node.args[i + 1], node.args[i], *node.args[i + 2 :]]
        yield "arguments", node, ast.unparse(changed)
    inner = node.args[0] if node.args else node.func
    if isinstance(inner, ast.Attribute) and not node.args:
        inner = inner.value
    yield "call", node, ast.unparse(inner)


def _transpose(node: ast.expr) -> Iterator[Mutation]:
    """A transpose forgotten; an attribute's sign or a unary minus lost."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield "transpose", node, ast.unparse(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "sign", node, ast.unparse(node.operand)


def _wrong_attribute(node: ast.expr, stored: Sequence[str]) -> Iterator[Mutation]:
    """Another stored value in place of this one."""
    if isinstance(node, ast.Attribute) and _is_self(node.value) and isinstance(node.ctx, ast.Load):
        for name in stored:
            if name != node.attr:
                yield "stored", node, f"self.{name}"


RULES: tuple[Callable[[ast.expr], Iterator[Mutation]], ...] = (
    _operator,
    _comparison,
    _constant,
    _keyword,
    _transpose,
)


def _replace(text: str, node: ast.expr | ast.stmt, new: str) -> str | None:
    """The text with a node replaced, in brackets where that keeps its meaning; None if it does not parse."""
    lines = text.split("\n")
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    start, end = node.col_offset, node.end_col_offset or 0
    wrapped = f"({new})" if isinstance(node, ast.expr) else new
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


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_ignored(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id.startswith(IGNORED_CALLS)
    )
