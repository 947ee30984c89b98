"""The modules of dlkit as text, taken apart: which statement binds which name, and which names it needs."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Definition = ast.FunctionDef | ast.ClassDef
DEFINES = (ast.FunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Module:
    """A module: its dotted name, its place in the package, its text."""

    name: str
    place: str
    text: str

    @cached_property
    def statements(self) -> list[ast.stmt]:
        """Its statements, without the docstring."""
        body = ast.parse(self.text).body
        return body[1:] if self.docstring else body

    @cached_property
    def docstring(self) -> str:
        """Its docstring with the quotes, as it stands in the file; empty if there is none."""
        first = ast.parse(self.text).body[:1]
        if first and isinstance(first[0], ast.Expr) and isinstance(first[0].value, ast.Constant):
            return ast.get_source_segment(self.text, first[0]) or ""
        return ""

    @cached_property
    def bindings(self) -> dict[str, ast.stmt]:
        """The top-level statement that binds each name."""
        return {name: node for node in self.statements for name in bound(node)}

    def source(self, node: ast.stmt) -> str:
        """The lines of a statement, decorators included, comments behind it too."""
        decorators = node.decorator_list if isinstance(node, DEFINES) else []
        first = min([node.lineno, *(part.lineno for part in decorators)])
        return "\n".join(self.text.split("\n")[first - 1 : node.end_lineno])

    def is_package(self) -> bool:
        """Whether it is the `__init__` of a package."""
        return self.place.endswith("/__init__.py")


def read_package(root: Path, name: str) -> dict[str, Module]:
    """All modules of the package `name` below root, by dotted name."""
    found = {}
    for path in sorted((root / name).rglob("*.py")):
        place = path.relative_to(root)
        parts = place.with_suffix("").parts
        dotted = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[dotted] = Module(dotted, place.as_posix(), path.read_text(encoding="utf-8"))
    return found


def bound(node: ast.stmt) -> Iterator[str]:
    """The names that a top-level statement binds."""
    match node:
        case ast.FunctionDef() | ast.ClassDef():
            yield node.name
        case ast.Assign(targets=targets):
            for target in targets:
                yield from (n.id for n in ast.walk(target) if isinstance(n, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.Import(names=names):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in names)
        case ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name for alias in names)


def used(node: ast.AST) -> set[str]:
    """The names that a statement looks up, wherever in it."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def imported(node: ast.stmt, name: str) -> tuple[str, str] | None:
    """Module and name of what an import statement binds `name` to; None for a module as a whole."""
    if isinstance(node, ast.ImportFrom) and node.module:
        for alias in node.names:
            if (alias.asname or alias.name) == name:
                return node.module, alias.name
    return None
