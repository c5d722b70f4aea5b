"""The workspace's tests of a document, found by the conventions of its language. They are read, never run."""

import ast
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from pillion.edits.unit_tests.exports import DEFAULT, exported_as
from pillion.edits.unit_tests.javascript_suite import tests_of_script
from pillion.edits.unit_tests.python_suite import tests_of_module
from pillion.errors import FileError
from pillion.files.bounded_read import KIB, read_text
from pillion.sandbox.slices.javascript_module import JavaScriptModule, language_of
from pillion.syntax.document import ParsedText
from pillion.syntax.python_trees import parse_module

# A file's name, its text, and what its names are in the document: `t`, `shop.total` → `total`.
TestFile = tuple[str, str, Mapping[str, str]]
_MOST_FILES = 6
_LARGEST = 512 * KIB
_ENDINGS = frozenset({".ts", ".tsx", ".js", ".jsx", ".mts", ".mjs", ".cts", ".cjs"})


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


def _script(path: Path, workspace: Path, name: str) -> Sequence[TestFile]:
    exported = _exported(path, name)
    found: list[TestFile] = []
    for file, text in tests_of_script(path, workspace):
        language = language_of(file)
        if language is None or language.id == "javascript":
            language = language_of(path.with_suffix(".ts"))  # TypeScript's grammar reads both
        if language is not None:
            names = _imported(JavaScriptModule.of(text, language, file), file.parent, path, name, exported)
            found += [(file.name, text, names)] if names else []
    return found


def _exported(path: Path, name: str) -> str:
    """The name that other modules know it by. A name that isn't exported yet may be what the tests want."""
    language = language_of(path)
    try:
        text = read_text(path, _LARGEST)
    except FileError:
        return name
    return exported_as(ParsedText.of(language, text)).get(name, name) if language is not None else name


def _imported(module: JavaScriptModule, folder: Path, path: Path, name: str, exported: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for own, imported in module.imports.items():
        if not _leads_to(folder, imported.module, path):
            continue
        if imported.name == exported or (not imported.name and exported == DEFAULT):
            found[own] = name
        elif not imported.name:
            found[f"{own}.{exported}"] = name
    return found


def _leads_to(folder: Path, module: str, path: Path) -> bool:
    """Whether an import of a file in this folder means that file."""
    if not module.startswith("."):
        return False
    meant = os.path.normpath(folder / module)
    ending = os.path.splitext(meant)[1]
    names = {meant, meant.removesuffix(ending) if ending in _ENDINGS else meant}
    wanted = {os.path.normpath(path.with_suffix(""))} | (
        {os.path.normpath(path.parent)} if path.stem == "index" else set()
    )
    return os.path.normpath(path) in names or bool(names & wanted)


_FINDERS: Mapping[str, Callable[[Path, Path, str], Sequence[TestFile]]] = MappingProxyType(
    {"python": _python, "javascript": _script, "typescript": _script, "typescriptreact": _script}
)
