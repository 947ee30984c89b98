"""Slips of whoever works numbers out by hand: the formula of a step with one thing done wrongly.

Nothing here knows an exercise. A formula is Python, as a key writes it, and each slip is one change of its
tree: a sign, a factor or a term that is lost, a transpose, another quantity, a bracket, a count.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np

from grader.checks.case import Array

#: What a formula may call.
FUNCTIONS: dict[str, Any] = {
    **{name: getattr(np, name) for name in ("exp", "log", "tanh", "sqrt", "abs", "sin", "cos")},
    **{name: getattr(np, name) for name in ("sum", "mean", "outer", "maximum", "concatenate")},
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "pad": np.pad,
    "array": np.array,
    "len": len,
    "range": range,
}
EXCHANGED = {
    "tanh": "sigmoid",
    "sigmoid": "tanh",
    "sum": "mean",
    "mean": "sum",
    "sin": "cos",
    "cos": "sin",
}
INDICES = range(4)
RESULT = "result of the formula"  # no name that a formula could use


def value(formula: str, names: Mapping[str, Any]) -> Array:
    """What a formula gives: statements, and an expression at the end."""
    return _run(_compiled(ast.parse(formula)), names)


def names_in(formula: str) -> set[str]:
    """The names that stand in a formula."""
    return {node.id for node in ast.walk(ast.parse(formula)) if isinstance(node, ast.Name)}


def slips(formula: str, names: Mapping[str, Any]) -> Iterator[tuple[str, CodeType]]:
    """How the statement with the slip reads, and the formula with it as code."""
    shapes = tuple(sorted((n, np.shape(v)) for n, v in names.items() if not callable(v)))
    return iter(_slips(formula, shapes))


def run(code: CodeType, names: Mapping[str, Any]) -> Array | None:
    """What a formula with a slip gives; None where it cannot be worked out."""
    try:
        return _run(code, names)
    except Exception:  # shapes that do not fit, a root of a list, whatever a slip leads to
        return None


def _run(code: CodeType, names: Mapping[str, Any]) -> Array:
    space = {"__builtins__": {}, **FUNCTIONS, **names}
    exec(code, space)  # noqa: S102  (a formula of the key, with names that the key gives)
    return np.asarray(space[RESULT], dtype=float)


def _compiled(tree: ast.Module) -> CodeType:
    *before, last = tree.body
    if not isinstance(last, ast.Expr):
        raise ValueError(f"a formula ends with an expression, not with {ast.unparse(last)!r}")
    result = ast.Assign([ast.Name(RESULT, ast.Store())], last.value)
    whole = ast.Module([*before, result], [])
    return compile(ast.fix_missing_locations(whole), "<formula>", "exec")


@lru_cache(maxsize=256)
def _slips(
    formula: str, shapes: tuple[tuple[str, tuple[int, ...]], ...]
) -> tuple[tuple[str, CodeType], ...]:
    tree, known, made = ast.parse(formula), dict(shapes), {}
    for place, statement in enumerate(tree.body):
        assert isinstance(statement, ast.Assign | ast.Expr)  # noqa: S101  (a formula has no others)
        for expression in (
            *_variants(statement.value, known),
            *_throughout(statement.value, known),
        ):
            wrong = type(statement)(**{**vars(statement), "value": expression})
            text = _text(wrong)
            if text not in made:
                body = [*tree.body[:place], wrong, *tree.body[place + 1 :]]
                made[text] = _compiled(ast.Module(body, []))
    return tuple(made.items())


def _text(statement: ast.stmt) -> str:
    """A statement as a student reads it: a function is written as in mathematics."""
    match statement:
        case ast.Assign(targets=[ast.Name(name)], value=ast.Lambda(args=args, body=body)):
            return f"{name}({ast.unparse(args)}) = {ast.unparse(body)}"
    return ast.unparse(ast.fix_missing_locations(statement))


Shapes = Mapping[str, tuple[int, ...]]


def _variants(node: ast.expr, shapes: Shapes) -> Iterator[ast.expr]:
    """The expression with one slip, here or further down."""
    yield from _here(node, shapes)
    for field, content in ast.iter_fields(node):
        if isinstance(content, ast.expr) and field != "func":
            for other in _variants(content, shapes):
                yield _with(node, field, other)
        for place, item in enumerate(content if isinstance(content, list) else ()):
            if isinstance(item, ast.expr):
                for other in _variants(item, shapes):
                    yield _with(node, field, [*content[:place], other, *content[place + 1 :]])


def _with(node: ast.expr, field: str, content: object) -> ast.expr:
    return type(node)(**{**vars(node), field: content})


def _here(node: ast.expr, shapes: Shapes) -> Iterator[ast.expr]:
    match node:
        case ast.BinOp():
            yield from (node.left, node.right, *_met_otherwise(node), *_without_bracket(node))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield operand
        case ast.Call(func=ast.Name(), args=[_]):
            yield from _of_function(node)
        case ast.Call(func=ast.Name(), args=[one, other]):
            yield _with(node, "args", [other, one])
        case ast.Attribute(value=matrix, attr="T"):
            yield matrix
        case ast.Subscript(value=array, slice=ast.Constant(value=int(index))):
            yield from (ast.Subscript(array, ast.Constant(n), ast.Load()) for n in _but(index))
        case ast.Constant(value=int(number)) if number > 1:
            yield from (ast.Constant(n) for n in (1, number - 1, number + 1))
        case ast.Name(id=name) if name in shapes:
            yield from _of_name(node, shapes)


def _of_function(node: ast.Call) -> Iterator[ast.expr]:
    """A function that is left out, or exchanged, or has another sign or side of its argument."""
    name, argument = _called(node), node.args[0]
    yield argument
    yield _with(node, "args", [ast.UnaryOp(ast.USub(), argument)])
    if name in EXCHANGED:
        yield _with(node, "func", ast.Name(EXCHANGED[name], ast.Load()))
    if name == "log":
        yield _with(node, "args", [ast.BinOp(ast.Constant(1), ast.Sub(), argument)])


def _of_name(node: ast.Name, shapes: Shapes) -> Iterator[ast.expr]:
    """Another quantity of the same shape; its square; its entries from the last to the first."""
    yield from (ast.Name(n, ast.Load()) for n in _alike(node.id, shapes))
    yield ast.BinOp(node, ast.Pow(), ast.Constant(2))
    if len(shapes[node.id]) == 1:
        yield ast.parse(f"{node.id}[::-1]", mode="eval").body


def _met_otherwise(node: ast.BinOp) -> Iterator[ast.expr]:
    """Two operands with another operation between them, or the other way round."""
    a, b, one = node.left, node.right, ast.Constant(1)
    match node.op:
        case ast.Add():
            yield ast.BinOp(a, ast.Sub(), b)
        case ast.Sub():
            yield from (ast.BinOp(a, ast.Add(), b), ast.BinOp(b, ast.Sub(), a))
        case ast.Mult():
            yield from (ast.BinOp(a, ast.Add(), b), ast.BinOp(a, ast.Div(), b))
        case ast.Div():
            yield from (ast.BinOp(a, ast.Mult(), b), ast.BinOp(b, ast.Div(), a))
            yield from (ast.BinOp(one, ast.Div(), b), ast.BinOp(one, ast.Sub(), node))
        case ast.Pow():
            yield ast.BinOp(a, ast.Mult(), b)
        case ast.MatMult():
            yield from (ast.BinOp(a, ast.Mult(), b), ast.BinOp(b, ast.MatMult(), a))
            yield ast.BinOp(_turned(a), ast.MatMult(), b)
            yield ast.BinOp(a, ast.MatMult(), _turned(b))


def _without_bracket(node: ast.BinOp) -> Iterator[ast.expr]:
    """A product or quotient with a sum, of which only the next term is multiplied."""
    a, b = node.left, node.right
    if not isinstance(node.op, ast.Mult | ast.Div | ast.MatMult):
        return
    if isinstance(a, ast.BinOp) and isinstance(a.op, ast.Add | ast.Sub):
        yield ast.BinOp(a.left, a.op, ast.BinOp(a.right, node.op, b))
    if isinstance(b, ast.BinOp) and isinstance(b.op, ast.Add | ast.Sub):
        yield ast.BinOp(ast.BinOp(a, node.op, b.left), b.op, b.right)


def _turned(matrix: ast.expr) -> ast.expr:
    return ast.Attribute(matrix, "T", ast.Load())


def _alike(name: str, shapes: Shapes) -> list[str]:
    """Other quantities of the same shape."""
    return [n for n, shape in shapes.items() if shape == shapes[name] and n != name]


def _but(index: int) -> list[int]:
    """Other indices."""
    return [n for n in INDICES if n != index]


def _throughout(expression: ast.expr, shapes: Shapes) -> Iterator[ast.expr]:
    """The same quantity or index exchanged, or a function left out, wherever it stands in an expression."""
    names = {n.id for n in ast.walk(expression) if isinstance(n, ast.Name)} & shapes.keys()
    for name in sorted(names):
        for other in _alike(name, shapes):
            yield _Exchange({name: other}, {}).visit(_copied(expression))
    for function in sorted({_called(n) for n in ast.walk(expression)} - {""}):
        yield _LeaveOut(function).visit(_copied(expression))
    found = (n.slice for n in ast.walk(expression) if isinstance(n, ast.Subscript))
    indices = {n.value for n in found if isinstance(n, ast.Constant) and type(n.value) is int}
    for index in sorted(indices):
        for n in _but(index):
            yield _Exchange({}, {index: n}).visit(_copied(expression))


def _called(node: ast.AST) -> str:
    """The name of a function of one argument, where one is called."""
    match node:
        case ast.Call(func=ast.Name(name), args=[_]):
            return name
    return ""


def _copied(expression: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(expression), mode="eval").body


class _LeaveOut(ast.NodeTransformer):
    """A function of one argument by its argument, everywhere."""

    def __init__(self, function: str) -> None:
        self._function = function

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A call."""
        self.generic_visit(node)
        return node.args[0] if _called(node) == self._function else node


class _Exchange(ast.NodeTransformer):
    """Names and indices by others, everywhere."""

    def __init__(self, names: Mapping[str, str], indices: Mapping[int, int]) -> None:
        self._names = names
        self._indices = indices

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """A quantity."""
        return ast.Name(self._names.get(node.id, node.id), node.ctx)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """An index."""
        self.generic_visit(node)
        match node.slice:
            case ast.Constant(value=int(index)) if index in self._indices:
                return ast.Subscript(node.value, ast.Constant(self._indices[index]), node.ctx)
        return node
