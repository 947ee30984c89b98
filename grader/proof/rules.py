"""Mutations: the small mistakes, one function for each kind.

Each takes a node of the syntax tree and gives the kind of mistake, the node to be replaced, and its new text.
"""

import ast
import copy
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

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
SIBLINGS = (  # functions that are taken for each other
    ("max", "min"),
    ("argmax", "argmin"),
    ("maximum", "minimum"),
    ("sum", "mean"),
    ("var", "std"),
    ("floor", "ceil"),
    ("repeat", "tile"),
)
SIBLING = {one: other for pair in SIBLINGS for one, other in (pair, pair[::-1])}
Mutation = tuple[str, ast.expr | ast.stmt, str]


def is_self(node: ast.expr) -> bool:
    """Whether it is the object itself, as in `self.x`."""
    return isinstance(node, ast.Name) and node.id == "self"


def statement(node: ast.stmt, arguments: Sequence[str]) -> Iterator[Mutation]:
    """A statement left out; state kept between calls; an argument changed in place; another dtype."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = ast.unparse(node.targets[0]), ast.unparse(node.value)
        yield "dropped", node, "pass"
        if isinstance(node.targets[0], ast.Attribute) and is_self(node.targets[0].value):
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


def assignment(node: ast.stmt) -> Iterator[Mutation]:
    """The last value in place of a sum; an array changed in place, not computed anew; a gradient's dtype."""
    if isinstance(node, ast.AugAssign):
        yield "overwritten", node, f"{ast.unparse(node.target)} = {ast.unparse(node.value)}"
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return
    target, value = node.targets[0], node.value
    if (
        isinstance(value, ast.BinOp)
        and isinstance(target, (ast.Name, ast.Attribute, ast.Subscript))
        and ast.unparse(value.left) == ast.unparse(target)
    ):
        yield "augmented", node, ast.unparse(ast.AugAssign(target, value.op, value.right))
    if isinstance(target, ast.Attribute) and target.attr.startswith("d"):
        single = f"np.asarray({ast.unparse(value)}, dtype=np.float32)"
        yield "single", node, f"{ast.unparse(target)} = {single}"


def loop(node: ast.stmt) -> Iterator[Mutation]:
    """The first or the last round of a loop left out; all but the first; a branch always or never taken."""
    if isinstance(node, ast.For):
        rounds = f"list({ast.unparse(node.iter)})"
        for part in ("[1:]", "[:-1]", "[:1]"):
            yield "rounds", node.iter, rounds + part
    if isinstance(node, ast.If):
        for value in ("True", "False"):
            yield "branch", node.test, value


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


def wrong_attribute(node: ast.expr, stored: Sequence[str]) -> Iterator[Mutation]:
    """Another stored value in place of this one."""
    if isinstance(node, ast.Attribute) and is_self(node.value) and isinstance(node.ctx, ast.Load):
        for name in stored:
            if name != node.attr:
                yield "stored", node, f"self.{name}"


def _choice(node: ast.expr) -> Iterator[Mutation]:
    """One side of a choice whatever the condition; `and` for `or`; a negation forgotten."""
    if isinstance(node, ast.IfExp):
        yield "branch", node, ast.unparse(node.body)
        yield "branch", node, ast.unparse(node.orelse)
    if isinstance(node, ast.BoolOp):
        changed = copy.copy(node)
        changed.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "logic", node, ast.unparse(changed)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert)):
        yield "logic", node, ast.unparse(node.operand)
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Is, ast.IsNot)):
        yield "branch", node, "True"
        yield "branch", node, "False"


def _function(node: ast.expr) -> Iterator[Mutation]:
    """Another function of the same kind, such as the mean for the sum."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    if other := SIBLING.get(node.func.attr):
        changed = copy.copy(node)
        changed.func = ast.Attribute(node.func.value, other, ast.Load())
        yield "function", node, ast.unparse(changed)


def _entries(node: ast.expr) -> Iterator[Mutation]:
    """Two neighbours of a tuple exchanged, such as height and width; an index or end of a slice forgotten."""
    if isinstance(node, (ast.Tuple, ast.List)):
        entries = [ast.unparse(entry) for entry in node.elts]
        brackets = "[]" if isinstance(node, ast.List) else ("", "")
        for i, (one, other) in enumerate(pairwise(entries)):
            if one != other:
                inside = ", ".join([*entries[:i], other, one, *entries[i + 2 :]])
                yield "neighbours", node, inside.join(brackets)
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield "index", node, ast.unparse(node.value)
    if isinstance(node, ast.Slice):
        for end in ("lower", "upper", "step"):
            if getattr(node, end) is not None:
                changed_slice = copy.copy(node)
                setattr(changed_slice, end, None)
                yield "slice", node, ast.unparse(changed_slice)


def wrong_argument(node: ast.expr, arguments: Sequence[str]) -> Iterator[Mutation]:
    """Another argument in place of this one."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in arguments:
        for name in arguments:
            if name != node.id:
                yield "argument", node, name


RULES: tuple[Callable[[ast.expr], Iterator[Mutation]], ...] = (
    _operator,
    _comparison,
    _constant,
    _keyword,
    _transpose,
)
LATER_RULES: tuple[Callable[[ast.expr], Iterator[Mutation]], ...] = (_choice, _function, _entries)
