"""A dlkit without answers: an allow-list, cut out of the source text.

Present are the objects of earlier units and what these need. The public objects of this unit and of later
ones become names that raise. Nothing else is there: no comment, constant or helper that only an answer needs.
"""

import ast
from collections.abc import Iterable, Mapping

from grader.bundles.modules import DEFINES, Module, bound, imported, used
from grader.bundles.owners import Ownership, number

Wanted = set[tuple[str, str]]  # (module, name)
STUB = "from dlkit._withheld import Withheld"


def strip(
    modules: Mapping[str, Module],
    ownership: Ownership,
    unit: str,
    needed: Iterable[tuple[str, str]],
) -> dict[str, str]:
    """Text of the modules of a unit's dlkit, by place.

    needed: module and name of what the unit's notebook imports, helpers and types included.
    """
    kept = _reach(modules, ownership, unit, needed)
    texts = {}
    for module in modules.values():
        if not ownership.knows(module.name):
            continue
        texts[module.place] = (
            _package(module, modules, kept, ownership, unit)
            if module.is_package()
            else _module(module, kept, ownership, unit)
        )
    return texts


def _reach(
    modules: Mapping[str, Module],
    ownership: Ownership,
    unit: str,
    needed: Iterable[tuple[str, str]],
) -> Wanted:
    """What is present: the allow-list, and what each of its objects needs that is not withheld itself."""
    wait = [
        (module.name, name)
        for module in modules.values()
        if not module.is_package()
        for name, node in module.bindings.items()
        if isinstance(node, DEFINES) and not name.startswith("_")
        and ownership.is_present(f"{module.name}.{name}", unit)
    ]  # fmt: skip
    wait += needed
    kept: Wanted = set()
    while wait:
        where, name = wait.pop()
        module = modules.get(where)
        if module is None or name not in module.bindings or (where, name) in kept:
            continue
        node = module.bindings[name]
        if is_withheld(module, name, ownership, unit):
            continue
        kept.add((where, name))
        if source := imported(node, name):
            wait.append(source)
        else:
            wait += [(where, other) for other in used(node)]
            wait += [(where, other) for other in bound(node)]
    return kept


def is_withheld(module: Module, name: str, ownership: Ownership, unit: str) -> bool:
    """Whether a name of a module is an answer of this unit or of a later one: a public function or class."""
    node = module.bindings[name]
    public = isinstance(node, DEFINES) and not name.startswith("_")
    return public and not ownership.is_present(f"{module.name}.{name}", unit)


def _module(module: Module, kept: Wanted, ownership: Ownership, unit: str) -> str:
    """The text of a module: what is kept, in its order, and a stub for each name that is withheld."""
    parts: list[str] = []
    imports: list[str] = []
    stubs = []
    for node in module.statements:
        names = [name for name in bound(node) if (module.name, name) in kept]
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            if names:
                (parts if parts else imports).append(_import(node, names))
        elif names == ["__all__"]:
            continue
        elif names:
            parts.append(f"\n{module.source(node)}")
        elif isinstance(node, DEFINES) and not node.name.startswith("_"):
            stubs.append(_stub(f"{module.name}.{node.name}", ownership, unit))
    if stubs:
        imports.append(STUB)
    head = [module.docstring] if parts else []
    return _text(head, imports, parts, stubs, _all(module, _public(module)))


def _public(module: Module) -> set[str]:
    return {node.name for node in module.statements if isinstance(node, DEFINES)}


def _package(
    module: Module, modules: Mapping[str, Module], kept: Wanted, ownership: Ownership, unit: str
) -> str:
    """The text of a package's `__init__`: its imports of what is there, and `__all__`."""
    imports, parts = [], []
    there: set[str] = set()
    for node in module.statements:
        if isinstance(node, ast.ImportFrom):
            names = [
                name
                for name in bound(node)
                if (source := imported(node, name)) and _exists(source, modules, kept, ownership)
            ]
            there |= set(names)
            if names:
                imports.append(_import(node, names))
        elif "__version__" in bound(node):
            version = ast.literal_eval(node.value) if isinstance(node, ast.Assign) else ""
            parts.append(f'__version__ = "{version}+u{number(unit)}"')
    return _text([module.docstring], imports, parts, [], _all(module, there))


def _exists(
    source: tuple[str, str], modules: Mapping[str, Module], kept: Wanted, ownership: Ownership
) -> bool:
    """Whether a name is in the package, be it as a stub."""
    where, name = source
    module = modules.get(where)
    if module is None or ownership.owner(f"{where}.{name}") is None:
        return False
    return source in kept or isinstance(module.bindings.get(name), DEFINES)


def _import(node: ast.Import | ast.ImportFrom, names: Iterable[str]) -> str:
    """An import statement of some of its names."""
    wanted = set(names)
    aliases = [
        alias for alias in node.names if (alias.asname or alias.name.partition(".")[0]) in wanted
    ]
    if isinstance(node, ast.Import):
        return ast.unparse(ast.Import(aliases))
    return ast.unparse(ast.ImportFrom(node.module, aliases, node.level))


def _stub(path: str, ownership: Ownership, unit: str) -> str:
    name = path.rpartition(".")[2]
    asked_here = path in ownership.asked.get(unit, ())
    owner = unit if asked_here else _owner_name(path, ownership)
    return f'{name} = Withheld("{path}", "{owner}", asked_here={asked_here})'


def _owner_name(path: str, ownership: Ownership) -> str:
    """The unit that owns a path, by its whole name where a key asks for it, else by its number."""
    owner = ownership.owner(path)
    named = [unit for unit, paths in ownership.asked.items() if path in paths]
    return next((unit for unit in named if number(unit) == owner), str(owner))


def _all(module: Module, there: set[str]) -> list[str]:
    node = module.bindings.get("__all__")
    if not isinstance(node, ast.Assign):
        return []
    names = [name for name in ast.literal_eval(node.value) if name in there]
    return [f"__all__ = {names!r}"]


def _text(*groups: list[str]) -> str:
    return "\n\n".join("\n".join(group) for group in groups if group) + "\n"
