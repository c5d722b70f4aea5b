"""Java: names that neither the file, nor its package, nor an import binds."""

import re
from collections.abc import Iterator
from pathlib import Path

from tree_sitter import Node

from pillion.auditors.names.java_names import LANG_TYPES, OBJECT_METHODS, WELL_KNOWN_TYPES
from pillion.auditors.names.suspects import Suspects
from pillion.auditors.trees import walk
from pillion.auditors.workspace import entries, read
from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.scope_tree import Use

_TYPE = re.compile(r"\b(?:class|interface|enum|record)\s+(\w+)")
_OTHER_LANGUAGES = (".kt", ".scala", ".groovy")
_MAX_SIBLINGS = 500


def undefined_in_java(suspects: Suspects) -> Iterator[Use]:
    """In a class with unknown supertypes, only types that everybody knows are certain."""
    package = _package_types(suspects.passage.path)
    imports = [node for node in walk(suspects.scopes.top.node) if node.type == "import_declaration"]
    wild = [text_of(each) for each in imports if text_of(each).rstrip("; ").endswith("*")]
    static_wild = any(re.match(r"import\s+static\b", each) for each in wild)
    type_wild = any(not re.match(r"import\s+static\b", each) for each in wild)
    for use in suspects.uses:
        name = use.name
        if name in LANG_TYPES or name in package or name in _NOT_NAMES:
            continue
        if name in WELL_KNOWN_TYPES and use.kind != "method":
            certain = not type_wild
        elif use.scope.is_open() or static_wild:
            certain = False
        elif use.kind == "type" or (use.kind == "value" and name[:1].isupper() and "_" not in name):
            certain = bool(package) and not type_wild
        else:
            certain = name not in OBJECT_METHODS and not _is_package(use.node)
        if certain:
            yield use


# `var`, `yield` and the like are identifiers to the grammar.
_NOT_NAMES = frozenset({"var", "yield", "record", "sealed", "permits", "when", "length", "_"})


def _is_package(node: Node) -> bool:
    """Whether it is the beginning of a qualified name: a later part is a type."""
    current = node
    while current.parent is not None and current.parent.type == "field_access":
        current = current.parent
        field = current.child_by_field_name("field")
        if field is not None and text_of(field)[:1].isupper():
            return True
    return False


def _package_types(path: Path | None) -> frozenset[str]:
    """The types of the files in the same package: those beside it, and beside it in the tests or the sources. Empty if
    nobody knows."""
    if path is None:
        return frozenset()
    found: set[str] = {"\0"}
    text = str(path.parent)
    for folder in {text, text.replace("/src/test/", "/src/main/"), text.replace("/src/main/", "/src/test/")}:
        names = entries(Path(folder))
        if len(names) > _MAX_SIBLINGS or any(name.endswith(_OTHER_LANGUAGES) for name in names):
            return frozenset()
        for name in names:
            if name.endswith(".java") and Path(folder) / name != path:
                found.add(name.removesuffix(".java"))
                found.update(_TYPE.findall(read(Path(folder) / name)))
    return frozenset(found)
