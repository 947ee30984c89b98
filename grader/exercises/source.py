"""Source text of the reference: cut, never unparsed, so that what a student sees is what stands in dlkit."""

import ast
import builtins
import importlib
import inspect
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.errors import ExerciseError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class Source:
    """A class of dlkit as text. path: dotted path. text: its lines, as they stand in the file."""

    path: str
    text: str
    module: str

    @staticmethod
    @cache
    def of(path: str) -> "Source":
        """Find a class by its dotted path, wherever it is defined."""
        target = _resolve(path)
        if not inspect.isclass(target):
            raise ExerciseError(f"{path} is {type(target).__name__}, not a class.")
        module = sys.modules[target.__module__]
        lines = _lines(module)
        for node in ast.parse("\n".join(lines)).body:
            if isinstance(node, ast.ClassDef) and node.name == target.__name__:
                text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
                return Source(path, text, module.__name__)
        raise ExerciseError(f"{path}: no class of that name at the top level of {module.__name__}.")

    def load(self) -> Any:
        """The class itself."""
        return _resolve(self.path)

    def require(self, methods: Sequence[str]) -> None:
        """Raise ExerciseError unless the class defines these methods."""
        defined = [node.name for node in self._methods()]
        for method in methods:
            if method not in defined:
                raise ExerciseError(
                    f"{self.path} defines no method `{method}`; it has {', '.join(defined)}."
                )

    def with_markers(self, methods: Sequence[str], text: str | None = None) -> str:
        """The class with nbgrader's solution markers around the bodies of these methods.

        Signature and docstring stay outside the markers: they are the student's stub. text: an edited
        version of the source, for instance with a misconception in it; the source itself by default.
        """
        return self._edit(methods, lambda body: [BEGIN, *body, END], text)

    def with_bodies(self, methods: Sequence[str], body: str, text: str | None = None) -> str:
        """The class, or an edited version of it, with another body in each of these methods."""
        return self._edit(methods, lambda _: body.split("\n"), text)

    def _edit(
        self,
        methods: Sequence[str],
        change: Callable[[list[str]], list[str]],
        text: str | None = None,
    ) -> str:
        """Replace the lines of the methods' bodies, docstrings left alone; lines are handed over dedented."""
        lines = (self.text if text is None else text).split("\n")
        for node in reversed(self._methods(text)):
            if node.name in methods:
                body = [s for s in node.body if not _is_docstring(s)]
                place = slice(body[0].lineno - 1, body[-1].end_lineno)
                indent = " " * body[0].col_offset
                changed = change([line.removeprefix(indent) for line in lines[place]])
                lines[place] = [indent + line if line else "" for line in changed]
        return "\n".join(lines)

    def imports(self) -> list[str]:
        """Import lines for the names that the class takes from its module."""
        defined = {a.arg for a in ast.walk(self._tree()) if isinstance(a, ast.arg)}
        loaded = {
            node.id
            for node in ast.walk(self._tree())
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }
        assigned = {
            node.id
            for node in ast.walk(self._tree())
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        wanted = loaded - defined - assigned - set(dir(builtins))
        return sorted(_import_line(self.module, name) for name in wanted)

    def _tree(self, text: str | None = None) -> ast.Module:
        return ast.parse(self.text if text is None else text)

    def _methods(self, text: str | None = None) -> list[ast.FunctionDef]:
        return [
            node
            for cls in self._tree(text).body
            if isinstance(cls, ast.ClassDef)
            for node in cls.body
            if isinstance(node, ast.FunctionDef)
        ]


def merge_imports(lines: Iterable[str], without: Iterable[str]) -> list[str]:
    """Import lines, one per module, sorted; names in `without` are left out."""
    plain: set[str] = set()
    names: dict[str, set[str]] = {}
    for line in lines:
        if line.startswith("from "):
            module, _, name = line.removeprefix("from ").partition(" import ")
            names.setdefault(module, set()).add(name)
        else:
            plain.add(line)
    out = set(without)
    groups = [
        f"from {module} import {', '.join(sorted(kept))}"
        for module, found in sorted(names.items())
        if (kept := found - out)
    ]
    return [*sorted(plain), *groups]


def _import_line(module: str, name: str) -> str:
    """How a module got a global name: its own import of it, or an import from the module itself."""
    for node in ast.parse("\n".join(_lines(sys.modules[module]))).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    shown = alias.name + (f" as {alias.asname}" if alias.asname else "")
                    start = f"from {node.module} " if isinstance(node, ast.ImportFrom) else ""
                    return f"{start}import {shown}"
    return f"from {module} import {name}"


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@cache
def _lines(module: ModuleType) -> list[str]:
    return Path(inspect.getfile(module)).read_text(encoding="utf-8").split("\n")


def _resolve(path: str) -> Any:
    module, _, name = path.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError):
        raise ExerciseError(
            f"There is no {path!r}. Name a class of dlkit by its path, as in dlkit.layers.Affine."
        ) from None
