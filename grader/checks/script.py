"""Scripts: short programs that use a submission's class, and what is to be seen on the way.

Not every class has a `forward` and a `backward`. An optimizer keeps velocities, a recurrent layer its state, a
normalization its running means. A script constructs such a class, calls its methods in turn and looks at what
they return or leave behind:

    params = {"W": W}
    optimizer = Momentum(lr=0.5, momentum=0.5)
    optimizer.update(params, {"W": g})
    see("first-step", W)

`see(check, value, ...)` is what a check judges: the same script is run with the reference, and there the values
have to be the same. Where they need not be, since chance decides, a property is seen instead
(`grader.checks.properties`): ``see("scaled", kept_or_zero(y, x, 0.5))``.

A script is Python in small: assignments and expressions of names, attributes, calls, numbers, texts,
operators, entries ``params["W"]`` and displays of tuples, lists and dictionaries. ``for _ in range(n):``
repeats steps; `default_rng(seed)` makes a generator. All of it becomes one `Program`, which runs where the
submission lives.
"""

import ast
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.case import Case, SolvedCase
from grader.checks.program import Found, Program, Ref
from grader.checks.properties import PROPERTIES
from grader.checks.student import Value

SEE, GENERATOR = "see", "default_rng"
OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.Pow: "pow",
    ast.MatMult: "matmul",
}


@dataclass(frozen=True)
class Seen:
    """What a script shows to a check: a value, under the text that computes it, or a property of some values.

    labels: the text of the value, or of each argument of the property. values: how they are read, by `found`.
    """

    check: str
    labels: Sequence[str]
    values: Sequence[Any]
    property: str = ""

    def found(self, found: Found) -> list[Value]:
        """The values, of what the program read. Raises what ended the program before it got there."""
        return [_looked_up(value, found) for value in self.values]


class Script:
    """A case's script as a program. held: the arrays that are handed over, by name. seen: what it shows.

    like: by check, values of the form in which its values are read: a dictionary is taken apart by the keys
    that stand there. only: the check for which it is run; the program ends with the last thing shown to it.
    """

    def __init__(
        self,
        case: Case | SolvedCase,
        like: Mapping[str, Sequence[Any]],
        only: str | None = None,
    ) -> None:
        self.program = Program()
        self.held: dict[str, Ref] = {
            name: self.program.hold(given)
            for name, given in case.inputs.items()
            if isinstance(given, np.ndarray)
        }
        self.seen: list[Seen] = []
        self._names: dict[str, Value] = {**case.inputs, **self.held}
        self._like = {check: iter(values) for check, values in like.items()}
        self._only = only
        statements = ast.parse(case.script).body
        last = [n for n, node in enumerate(statements) if only is None or _shown_to(node) == only]
        for node in statements[: max(last, default=-1) + 1]:
            self._run(node)

    def _run(self, node: ast.stmt) -> None:
        match node:
            case ast.Expr(ast.Call(ast.Name("see"), [ast.Constant(str(check)), *shown])):
                for expression in shown:
                    self._show(check, expression)
            case ast.Expr(expression):
                self._value(expression)
            case ast.Assign([target], expression):
                self._assign(target, self._value(expression))
            case ast.For(ast.Name(), ast.Call(ast.Name("range"), [times]), body, []):
                for inner in int(self._value(times)) * body:
                    self._run(inner)
            case _:
                raise _not_understood(node)

    def _show(self, check: str, node: ast.expr) -> None:
        """Read a value now: later steps may change it in place."""
        name, shown = "", [node]
        match node:
            case ast.Call(ast.Name(called), arguments) if called in PROPERTIES:
                name, shown = called, arguments
        values = [self._value(each) for each in shown]
        if self._only in (None, check):
            like = None if name else next(self._like.get(check, iter(())), None)
            read = [_read(value, like) for value in values]
            self.seen.append(Seen(check, [_text(each) for each in shown], read, name))

    def _assign(self, target: ast.expr, value: Value) -> None:
        match target:
            case ast.Name(name):
                self._names[name] = value
            case ast.Attribute(owner, name):
                self._ref(owner).set(name, value)
            case ast.Tuple(targets):
                for index, each in enumerate(targets):
                    self._assign(
                        each, value[index] if isinstance(value, tuple) else value.item(index)
                    )
            case _:
                raise _not_understood(target)

    def _ref(self, node: ast.expr) -> Ref:
        """The result of a step, not a constant."""
        value = self._value(node)
        return value if isinstance(value, Ref) else self.program.hold(value)

    def _value(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(constant):
                return constant
            case ast.Name(name):
                return self._names[name] if name in self._names else self.program.get(name)
            case ast.Attribute(owner, name):
                return self._ref(owner).get(name)
            case ast.Subscript(container, index):
                return self._ref(container).item(self._value(index))
            case ast.UnaryOp(ast.USub(), operand):
                return self._operate("sub", 0, self._value(operand))
            case ast.BinOp(left, kind, right) if type(kind) in OPERATORS:
                return self._operate(OPERATORS[type(kind)], self._value(left), self._value(right))
        return self._made(node)

    def _made(self, node: ast.expr) -> Value:
        """The value of a call, or of a display of values."""
        match node:
            case ast.Call(ast.Name(name), [seed], []) if name == GENERATOR:
                return self.program.hold(np.random.default_rng(int(self._value(seed))))
            case ast.Call(function, arguments, keywords):
                given = [self._value(each) for each in arguments]
                return self._call(
                    function, given, {str(k.arg): self._value(k.value) for k in keywords}
                )
            case ast.List(items):
                return self.program.hold([self._value(item) for item in items])
            case ast.Tuple(items):
                return tuple(self._value(item) for item in items)
            case ast.Dict(keys, values) if None not in keys:
                pairs = zip(keys, values, strict=True)
                return self.program.hold({self._value(k): self._value(v) for k, v in pairs if k})
        raise _not_understood(node)

    def _call(self, function: ast.expr, args: list[Value], kwargs: dict[str, Value]) -> Ref:
        match function:
            case ast.Name(name) if name not in self._names:
                return self.program.call(name, *args, **kwargs)
            case ast.Attribute(owner, name):
                return self._ref(owner).call(name, *args, **kwargs)
        return self._ref(function)(*args, **kwargs)

    def _operate(self, name: str, left: Value, right: Value) -> Value:
        if isinstance(left, Ref) or isinstance(right, Ref):
            return self.program.operate(name, left, right)
        return getattr(operator, name)(left, right)


def _read(value: Value, like: Any) -> Any:
    """How a value is read: as a whole, or by the keys of a dictionary."""
    if not isinstance(value, Ref):
        return tuple(_read(each, None) for each in value) if isinstance(value, tuple) else value
    if isinstance(like, dict):
        return {key: _read(value.item(key), item) for key, item in like.items()}
    return value.read()


def _looked_up(read: Any, found: Found) -> Value:
    if isinstance(read, dict):
        return {key: _looked_up(item, found) for key, item in read.items()}
    if isinstance(read, tuple):
        return tuple(_looked_up(item, found) for item in read)
    return found[read] if isinstance(read, Ref) else read


def _shown_to(node: ast.stmt) -> str | None:
    match node:
        case ast.Expr(ast.Call(ast.Name("see"), [ast.Constant(str(check)), *_])):
            return check
    return None


def _text(node: ast.expr) -> str:
    return ast.unparse(node).replace("'", '"')


def _not_understood(node: ast.AST) -> ValueError:
    return ValueError(
        f"a script cannot say {ast.unparse(node)!r}; `grader.checks.script` says what it can"
    )


def script_names(script: str) -> set[str]:
    """The names that a script takes from elsewhere: its inputs, the class, and what else it uses."""
    names = [node for node in ast.walk(ast.parse(script)) if isinstance(node, ast.Name)]
    assigned = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return {node.id for node in names} - assigned - {SEE, GENERATOR, "range"} - PROPERTIES.keys()
