"""The workspace's tests of a document, found by the conventions of its language. They are read, never run."""

import ast
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from pillion.edits.unit_tests.python_suite import tests_of_module
from pillion.syntax.python_trees import parse_module

# A file's name, its text, and what its names are in the document: `t`, `shop.total` → `total`.
TestFile = tuple[str, str, Mapping[str, str]]
_MOST_FILES = 6


def tests_of(path: Path | None, workspace: Path | None, name: str, language: str) -> Sequence[TestFile]:
    """The files that test a document and use `name` of its top level. Reads the disk."""
    finder = _FINDERS.get(language)
    if finder is None or path is None or workspace is None:
        return ()
    return finder(path, workspace, name)[:_MOST_FILES]


def _python(path: Path, workspace: Path, name: str) -> Sequence[TestFile]:
    modules, files = tests_of_module(path, workspace)
    found: list[TestFile] = []
    for file, text in files:
        names = _names(text, frozenset(modules), name) if name in text else None
        if names is not None:
            found.append((file.name, text, names))
    return found


def _names(text: str, modules: frozenset[str], name: str) -> Mapping[str, str] | None:
    """What a file of tests calls a name of these modules; None if it doesn't import it from there."""
    try:
        tree = parse_module(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                own = alias.asname or alias.name
                if node.module in modules and alias.name == name:
                    found[own] = name
                elif f"{node.module}.{alias.name}" in modules:
                    found[f"{own}.{name}"] = name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in modules:
                    found[f"{alias.asname or alias.name}.{name}"] = name
    return found or None


_FINDERS: Mapping[str, Callable[[Path, Path, str], Sequence[TestFile]]] = MappingProxyType({"python": _python})
