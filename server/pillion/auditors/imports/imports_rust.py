"""Rust: compares the roots of `use` with Cargo.toml, the crate's own modules and the standard crates."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tree_sitter import Node

from pillion.auditors.imports.missing_import import Missing
from pillion.auditors.passage_findings import mentions
from pillion.auditors.trees import Tree, walk
from pillion.auditors.workspace import exists, folders_above, read_toml
from pillion.syntax.nodes import text_of

_STANDARD = frozenset({"std", "core", "alloc", "proc_macro", "test", "crate", "self", "super", "Self"})
_DEPENDENCIES = ("dependencies", "dev-dependencies", "build-dependencies")
_DECLARED = re.compile(r"\b(?:mod|enum|crate|as)\s+(\w+)")


def missing_crates(tree: Tree) -> Iterator[Missing]:
    """Roots of `use` that are no crate, no dependency and no module of the crate's own."""
    passage = tree.passage
    folders = folders_above(passage)
    manifests = [table for folder in folders if (table := read_toml(folder / "Cargo.toml"))]
    known = {name for table in manifests for name in _names(table)} | _STANDARD
    known.update(_DECLARED.findall(passage.text), _DECLARED.findall(passage.before))
    for node, root in _roots(tree.root):
        # A name that an earlier `use` brought in may be a root too; types begin with a capital letter.
        if root in known or root[:1].isupper() or mentions(passage.before, root) or _brought_in(tree, root):
            continue
        places = [*folders, *(folder / "src" for folder in folders)]
        if any(exists(place / f"{root}.rs") or exists(place / root) for place in places):
            continue
        yield Missing.package(node, root, "The crate", "Cargo.toml or the standard crates" if manifests else "")


def crate_names(folders: list[Path]) -> set[str]:
    """The crates that the manifests of these folders name, and the standard ones."""
    manifests = [table for folder in folders if (table := read_toml(folder / "Cargo.toml"))]
    return {name for table in manifests for name in _names(table)} | _STANDARD


def _names(table: dict[str, Any]) -> Iterator[str]:
    """The crates that a manifest names, its own included, in the spelling of code."""
    places = [table, table.get("workspace"), *_tables(table.get("target"))]
    for place in places:
        for key in _DEPENDENCIES:
            listed = place.get(key) if isinstance(place, dict) else None
            if isinstance(listed, dict):
                yield from (name.replace("-", "_") for name in listed)
    for key in ("package", "lib"):
        own = table.get(key)
        if isinstance(own, dict) and isinstance(own.get("name"), str):
            yield own["name"].replace("-", "_")


def _tables(value: object) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else []


def _roots(root: Node) -> Iterator[tuple[Node, str]]:
    for node in walk(root):
        argument = node.child_by_field_name("argument") if node.type == "use_declaration" else None
        if argument is not None:
            yield from _first_segments(argument)


def _first_segments(argument: Node) -> Iterator[tuple[Node, str]]:
    stack = [argument]
    while stack:
        node = stack.pop()
        if node.type == "use_list":
            stack.extend(reversed(node.named_children))
        elif node.type in {"identifier", "crate", "self", "super"}:
            yield node, text_of(node)
        elif node.type in {"scoped_identifier", "scoped_use_list", "use_as_clause", "use_wildcard"}:
            first = node.child_by_field_name("path") or next(iter(node.named_children), None)
            if first is not None:
                stack.append(first)


def _brought_in(tree: Tree, root: str) -> bool:
    """Whether another `use` of the unit ends in this name."""
    return re.search(rf"(?:::|[{{,]\s*){re.escape(root)}\s*[;,}}]", tree.passage.text) is not None
