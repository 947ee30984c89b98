"""Source text of the reference: cut, never unparsed, so that what a student sees is what stands in dlkit."""

import ast
import builtins
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np

from grader.errors import ExerciseError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
#: Packages whose classes any script may build.
PARTS = ("dlkit.layers", "dlkit.optim")
#: Beginnings of the first and last line of a part of a body.
Region: TypeAlias = tuple[str, str]
_DEFINITION = (ast.ClassDef, ast.FunctionDef)


@dataclass(frozen=True)
class Source:
    """A class or function of dlkit as text, or one that a key writes out.

    path: dotted path. text: its lines, as they stand in the file. module: where its names come from.
    """

    path: str
    text: str
    module: str
    edited: bool = False  # the text is not what stands in dlkit

    @staticmethod
    @cache
    def of(path: str) -> "Source":
        """Find a class or function by its dotted path, wherever it is defined."""
        target = _resolve(path)
        if not (inspect.isclass(target) or inspect.isfunction(target)):
            raise ExerciseError(f"{path} is {type(target).__name__}, not a class or function.")
        module = sys.modules[target.__module__]
        lines = _lines(module)
        for node in ast.parse("\n".join(lines)).body:
            if isinstance(node, _DEFINITION) and node.name == target.__name__:
                first = min([node.lineno, *(part.lineno for part in node.decorator_list)])
                text = "\n".join(lines[first - 1 : node.end_lineno])
                if (
                    inspect.isclass(target)
                    and isinstance(node, ast.ClassDef)
                    and not _has_methods(node)
                ):
                    return _inherited(path, target, node)
                return Source(path, text, module.__name__)
        raise ExerciseError(
            f"{path}: no definition of that name at the top level of {module.__name__}."
        )

    @cached_property
    def is_class(self) -> bool:
        """Whether it is a class, no function."""
        return any(isinstance(node, ast.ClassDef) for node in self._tree().body)

    @property
    def name(self) -> str:
        """Name of the class or function."""
        return self.path.rpartition(".")[2]

    def load(self) -> Any:
        """The class or function itself."""
        return self.names()[self.name] if self.edited else _resolve(self.path)

    def names(self, text: str | None = None) -> dict[str, Any]:
        """Run the text, or an edited version of it; its names, those of its module, layers, optimizers."""
        names = {"np": np, **_parts(), **vars(importlib.import_module(self.module))}
        text = self.text if text is None else text
        exec(compile(text, f"<{self.name}>", "exec"), names)  # noqa: S102  (our own text)
        return names

    def replaced(self, old: str, new: str) -> "Source":
        """The source with `old` replaced by `new`. ExerciseError where `old` does not stand in it."""
        if old not in self.text:
            raise ExerciseError(
                f"{self.path} does not contain {old!r}. Copy it from the source as it stands."
            )
        return replace(self, text=self.text.replace(old, new), edited=True)

    def require(self, methods: Sequence[str]) -> None:
        """Raise ExerciseError unless these methods are defined, each with a body to take away."""
        defined = {node.name: node for node in self._methods()}
        lines = self.text.split("\n")
        for method in methods:
            if method not in defined:
                raise ExerciseError(
                    f"{self.path} defines no method `{method}`; it has {', '.join(defined)}."
                )
            body = _statements(defined[method])
            if not body or lines[body[0].lineno - 1][: body[0].col_offset].strip():
                raise ExerciseError(
                    f"{self.path}.{method} needs a body on lines of its own: they are what students write."
                )

    def with_markers(
        self, methods: Sequence[str], text: str | None = None, region: "Region | None" = None
    ) -> str:
        """The class with nbgrader's solution markers around the bodies of these methods.

        Signature and docstring stay outside the markers: they are the student's stub. text: an edited
        version of the source, for instance with a misconception in it; the source itself by default.
        region: first and last line of the part of the body that is taken away, where not all of it is.
        """
        return self._edit(
            methods, lambda body, indent: [indent + BEGIN, *body, indent + END], text, region
        )

    def with_bodies(
        self,
        methods: Sequence[str],
        body: str,
        text: str | None = None,
        region: "Region | None" = None,
    ) -> str:
        """The class, or an edited version of it, with another body in each of these methods."""
        new = body.split("\n")
        return self._edit(
            methods, lambda _, indent: [indent + line if line else "" for line in new], text, region
        )

    def student_lines(self, methods: Sequence[str], region: "Region | None" = None) -> set[int]:
        """Numbers of the lines that a student has to write, from 1."""
        lines = self.text.split("\n")
        return {
            number + 1
            for node in self._methods()
            if node.name in methods
            for number in range(*self._place(node, lines, region).indices(len(lines)))
        }

    def _place(self, node: ast.FunctionDef, lines: Sequence[str], region: "Region | None") -> slice:
        """The lines of a body, or of a region of it."""
        place = _body_lines(node, lines)
        if region is None:
            return place
        numbers = range(*place.indices(len(lines)))
        first, last = (
            next((n for n in numbers if lines[n].strip().startswith(edge)), None) for edge in region
        )
        if first is None or last is None or last < first:
            raise ExerciseError(
                f"A region is named by the beginnings of its first and last line; {self.path} has no "
                f"{region[0]!r} followed by {region[1]!r}."
            )
        return slice(first, last + 1)

    def _edit(
        self,
        methods: Sequence[str],
        change: Callable[[list[str], str], list[str]],
        text: str | None,
        region: "Region | None",
    ) -> str:
        """Replace the lines of the methods' bodies, docstrings left alone. change: lines, indent → lines."""
        lines = (self.text if text is None else text).split("\n")
        for node in reversed(self._methods(text)):
            if node.name in methods:
                place = self._place(node, lines, region)
                indent = lines[place][0][: -len(lines[place][0].lstrip())]
                lines[place] = change(lines[place], indent)
        return "\n".join(lines)

    def imports(self, besides: Iterable[str] = ()) -> list[str]:
        """Import lines for the names that the text takes from its module, and for others, `PARTS` included."""
        nodes = list(ast.walk(self._tree()))
        defined = {node.arg for node in nodes if isinstance(node, ast.arg)}
        defined |= {
            inner.name
            for method in self._methods()
            for inner in ast.walk(method)
            if isinstance(inner, ast.FunctionDef) and inner is not method
        }
        loaded = {
            node.id
            for node in nodes
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }
        assigned = {
            node.id
            for node in nodes
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        wanted = (loaded - defined - assigned - set(dir(builtins))) | set(besides)
        return sorted(_import_line(self.module, name) for name in wanted)

    def _tree(self, text: str | None = None) -> ast.Module:
        return ast.parse(self.text if text is None else text)

    def _methods(self, text: str | None = None) -> list[ast.FunctionDef]:
        return [
            node
            for top in self._tree(text).body
            for node in (top.body if isinstance(top, ast.ClassDef) else [top])
            if isinstance(node, ast.FunctionDef)
        ]


def _has_methods(node: ast.ClassDef) -> bool:
    return any(isinstance(part, ast.FunctionDef) for part in node.body)


def _inherited(path: str, target: type, node: ast.ClassDef) -> Source:
    """The text of the base class for a class that only sets attributes: its name, its example, its settings."""
    base = target.__bases__[0]
    source = Source.of(f"{base.__module__}.{base.__name__}")
    said = ast.get_docstring(_class(source.text), clean=False) or ""
    own = ast.get_docstring(node, clean=False) or ""
    example = said.partition(">>>")[0] + ">>>" + own.partition(">>>")[2]
    text = re.sub(rf"^class {base.__name__}\b", f"class {target.__name__}", source.text)
    before, _, after = text.partition(said)
    settings = [ast.unparse(part) for part in node.body if isinstance(part, ast.Assign)]
    for setting in settings:
        after = re.sub(rf"^    {setting.partition(' ')[0]}\b.*\n", "", after, flags=re.MULTILINE)
    lines = "".join(f"\n    {setting}" for setting in settings)
    closed = after.replace('"""\n', f'"""\n{lines}\n', 1)
    return Source(path, before + example + closed, source.module, edited=True)


def _class(text: str) -> ast.ClassDef:
    return next(node for node in ast.parse(text).body if isinstance(node, ast.ClassDef))


def merge_imports(lines: Iterable[str], without: Iterable[str]) -> list[str]:
    """Import lines, one per module, sorted; names in `without` are left out.

    A name that a package hands on comes from the package alone, not from the module inside it as well.
    """
    plain: set[str] = set()
    names: dict[str, set[str]] = {}
    for line in lines:
        if line.startswith("from "):
            module, _, name = line.removeprefix("from ").partition(" import ")
            names.setdefault(module, set()).add(name)
        else:
            plain.add(line)
    out = set(without)
    groups = []
    for module, found in sorted(names.items()):
        if kept := found - out:
            groups.append(f"from {module} import {', '.join(sorted(kept))}")
            out |= kept
    return [*sorted(plain), *groups]


def _import_line(module: str, name: str) -> str:
    """How a module got a global name: its own import of it, or an import from the module itself."""
    if name == "np":
        return "import numpy as np"
    for node in ast.parse("\n".join(_lines(sys.modules[module]))).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    shown = alias.name + (f" as {alias.asname}" if alias.asname else "")
                    start = f"from {node.module} " if isinstance(node, ast.ImportFrom) else ""
                    return f"{start}import {shown}"
    if hasattr(sys.modules[module], name):
        return f"from {module} import {name}"
    homes = (home for home in PARTS if name in importlib.import_module(home).__all__)
    return f"from {next(homes, module)} import {name}"


def _parts() -> dict[str, Any]:
    """All layers and optimizers by name: what a script may build, such as the body of a residual block."""
    homes = map(importlib.import_module, PARTS)
    return {name: getattr(home, name) for home in homes for name in home.__all__}


def _statements(method: ast.FunctionDef) -> list[ast.stmt]:
    """The statements of a method, without its docstring."""
    return method.body[1:] if ast.get_docstring(method, clean=False) is not None else method.body


def _body_lines(method: ast.FunctionDef, lines: Sequence[str]) -> slice:
    """Where the body stands: its statements with the comments before and after them, no docstring."""
    body = _statements(method)
    start, stop = body[0].lineno - 1, body[-1].end_lineno or body[-1].lineno
    while lines[start - 1].strip().startswith("#") or not lines[start - 1].strip():
        start -= 1
    while not lines[start].strip():
        start += 1
    comment = " " * body[0].col_offset + "#"
    while stop < len(lines) and lines[stop].startswith(comment):
        stop += 1
    return slice(start, stop)


@cache
def _lines(module: ModuleType) -> list[str]:
    return Path(inspect.getfile(module)).read_text(encoding="utf-8").split("\n")


def _resolve(path: str) -> Any:
    module, _, name = path.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError):
        raise ExerciseError(
            f"There is no {path!r}. Name a class or function of dlkit by its path, as in dlkit.layers.Affine."
        ) from None
