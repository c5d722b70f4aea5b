"""Finds the import of Python's standard library that an undefined name needs, and whether that is certain."""

import ast
import importlib
import importlib.util
import sys
import sysconfig
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cache
from inspect import iscoroutinefunction
from pathlib import Path
from types import ModuleType

from pillion.auditors.names.names_python import parsed, undefined_places
from pillion.auditors.names.standard_names import ALSO_NOUNS, ALSO_WORDS, CERTAIN_NAMES, NOT_LOOKED_INTO, POSSIBLE_NAMES
from pillion.syntax.python_import import Import

_ASYNC = "asyncio"
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The possible meanings of a name that nothing defines, each with all the imports that it needs."""

    name: str
    ways: tuple[tuple[Import, ...], ...]
    certain: bool


def certain_imports(text: str, before: str) -> list[Import]:
    """The imports that `text` certainly needs and `before` didn't need."""
    places = undefined_places(text)
    if not places:
        return []
    old = undefined_places(before)
    wanted = [_wanted(text, name, at) for name, at in places.items() if name not in old]
    return sorted({each for one in wanted if one.certain for each in one.ways[0]})


def statements_for(text: str) -> dict[str, tuple[str, ...]]:
    """The names that are undefined in `text`, each with the statements of which any one would define it."""
    found: dict[str, tuple[str, ...]] = {}
    for name, places in undefined_places(text).items():
        ways = _wanted(text, name, places).ways
        found[name] = tuple(way[0].statement for way in ways if len(way) == 1)
    return found


def _wanted(text: str, name: str, places: Sequence[tuple[int, int]]) -> Wanted:
    uses = _uses(text, name, places)
    if not uses:
        return Wanted(name, (), certain=False)
    ways = [way] if (way := _as_module(name, uses)) else []
    having = (*CERTAIN_NAMES.get(name, ()), *POSSIBLE_NAMES.get(name, ()))
    modules = [each for each in having if all(_fits(each, name, use) for use in uses)]
    own = _imported_from(text)
    if len(modules) > 1:
        modules = _likeliest_first(name, modules, uses, own | _imported_whole(text))
    chosen = [each for each in modules if each in own]
    # If several modules have the name, the one from which the file takes other names.
    ways += [(Import(each, name),) for each in (chosen if len(chosen) == 1 else modules)]
    known = name in CERTAIN_NAMES or (bool(way) and name not in ALSO_NOUNS) or len(chosen) == 1
    return Wanted(name, tuple(ways), certain=known and len(ways) == 1)


@dataclass(frozen=True, slots=True)
class _Use:
    """How a name is used at one place: called, as a decorator, or for one of its attributes."""

    called: bool
    attributes: tuple[str, ...]
    in_async: bool


def _likeliest_first(name: str, modules: Sequence[str], uses: Iterable[_Use], imported: Set[str]) -> list[str]:
    """The modules that have the name; those that the file imports come first. An `async` function means asyncio's
    name; other code doesn't, unless the file imports asyncio and there is nothing to await."""
    if any(use.in_async for use in uses):
        return sorted(modules, key=lambda each: (each != _ASYNC, each not in imported))
    awaits = iscoroutinefunction(getattr(_standard_module(_ASYNC), name, None))
    meant = [each for each in modules if each != _ASYNC or (_ASYNC in imported and not awaits)]
    return sorted(meant, key=lambda each: each not in imported)


def _uses(text: str, name: str, places: Iterable[tuple[int, int]]) -> list[_Use]:
    tree = parsed(text)
    if tree is None:
        return []
    wanted = set(places)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    return [
        _use(node, parents)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == name and (node.lineno, node.col_offset) in wanted
    ]


def _use(node: ast.expr, parents: dict[ast.AST, ast.AST]) -> _Use:
    attributes: list[str] = []
    parent = parents.get(node)
    called = (isinstance(parent, ast.Call) and parent.func is node) or node in getattr(parent, "decorator_list", ())
    while isinstance(parent, ast.Attribute):
        attributes.append(parent.attr)
        parent = parents.get(parent)
    while parent is not None and not isinstance(parent, _SCOPES):
        parent = parents.get(parent)
    return _Use(called, tuple(attributes), isinstance(parent, ast.AsyncFunctionDef))


def _fits(module: str, name: str, use: _Use) -> bool:
    """Whether the use may mean the module's name. A name that begins with a small letter may be a forgotten variable,
    but hardly if it is called or used as a decorator."""
    if use.attributes:
        meant = getattr(_inner_module(module), name, None)
        return meant is not None and (name[0].isupper() or hasattr(meant, use.attributes[0]))
    return use.called or name[0].isupper() or (name in CERTAIN_NAMES and name not in ALSO_WORDS)


def _as_module(name: str, uses: Iterable[_Use]) -> tuple[Import, ...]:
    """The imports with which each use finds its attribute in the module `name`; nothing if one use doesn't."""
    found: set[Import] = set()
    for use in uses:
        module = _leading_to(name, use.attributes)
        if module is None:
            return ()
        found.add(Import(module))
    inner = {each.module for each in found if each.module != name}
    return tuple(sorted(each for each in found if each.module != name or not inner))


def _leading_to(name: str, attributes: Sequence[str]) -> str | None:
    """The module to import for `name.attributes`: `name` itself, or a module inside it."""
    module, path = _standard_module(name), name
    for attribute in attributes if module is not None else ():
        inner = f"{path}.{attribute}"
        found = getattr(module, attribute, None)
        if found is not None and getattr(found, "__name__", "") != inner:
            return path
        submodule = _submodule(module, inner)
        if submodule is None:
            return path if found is not None else None
        module, path = submodule, inner
    return path if path != name else None


@cache
def _standard_module(name: str) -> ModuleType | None:
    """A module of this Python's library; never a module of the same name from elsewhere."""
    if name not in sys.stdlib_module_names or name.startswith("_") or name in NOT_LOOKED_INTO:
        return None
    spec = importlib.util.find_spec(name)
    if spec is None or not (spec.origin in {"built-in", "frozen"} or _is_of_the_library(spec.origin)):
        return None
    return _imported(name)


@cache
def _inner_module(name: str) -> ModuleType | None:
    """The same for a dotted name."""
    first, *parts = name.split(".")
    module, path = _standard_module(first), first
    for part in parts:
        path = f"{path}.{part}"
        module = _submodule(module, path)
    return module


def _submodule(package: ModuleType | None, name: str) -> ModuleType | None:
    if package is None or not hasattr(package, "__path__"):
        return None
    spec = importlib.util.find_spec(name)
    return _imported(name) if spec is not None and _is_of_the_library(spec.origin) else None


def _imported(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except Exception:  # a library that was built without it, or for another system
        return None


def _is_of_the_library(origin: str | None) -> bool:
    folders = {Path(sysconfig.get_path(each)).resolve() for each in ("stdlib", "platstdlib")}
    file = Path(origin or "").resolve()
    return any(file.is_relative_to(each) for each in folders) and "site-packages" not in file.parts


def _imported_from(text: str) -> set[str]:
    """The modules from which the file imports names."""
    tree = parsed(text)
    return (
        {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module} if tree else set()
    )


def _imported_whole(text: str) -> set[str]:
    """The modules that the file imports under their own name."""
    tree = parsed(text)
    nodes = ast.walk(tree) if tree else ()
    return {each.name for node in nodes if isinstance(node, ast.Import) for each in node.names if each.asname is None}
