"""Finds called functions that nothing else in the document, or beside it, mentions.

Scopes aren't followed. A name counts as known if it occurs anywhere except as the callee of a call: as a parameter, a
variable, an import, a type, a value. This misses some undefined names, but accuses hardly any wrongly.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from tree_sitter import Node

from pillion.auditors.auditor import Passage
from pillion.auditors.names.global_names import GLOBAL_NAMES
from pillion.auditors.passage_findings import Rule, mentions
from pillion.auditors.trees import JAVASCRIPT, MAX_DOCUMENT_CHARACTERS, Tree, walk
from pillion.auditors.workspace import entries, read
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage
from pillion.syntax.nodes import text_of

_CALLS = {"call_expression": "function", "new_expression": "constructor"}
_NAMES = frozenset(
    {
        *("identifier", "type_identifier", "package_identifier", "field_identifier", "shorthand_field_identifier"),
        *("shorthand_property_identifier", "shorthand_property_identifier_pattern", "statement_identifier"),
    }
)
# If a text contains one of these, names may come from anywhere.
_MAGIC: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        **dict.fromkeys(
            sorted(JAVASCRIPT), re.compile(r"\bwith\s*\(|\beval\(|/[*/]\s*globals?\b|importScripts|@ts-nocheck")
        ),
        "go": re.compile(r"^[ \t]*(?:import[ \t]+)?\.[ \t]+\"|import \"C\"", re.MULTILINE),
        "rust": re.compile(r"::\s*\*|\binclude!|\bmacro_rules!|#\[macro_use\]|[{,]\s*\*\s*[,}]"),
    }
)
# Scripts share names with the page's other scripts; modules don't.
_MODULE = re.compile(r"^[ \t]*(?:import|export)\b|\brequire\(|\bmodule\.exports\b", re.MULTILINE)
_GO_DECLARED = re.compile(r"^(?:func[ \t]+|type[ \t]+|var[ \t]+|const[ \t]+|\t)([\w, \t]+)", re.MULTILINE)
_MAX_SIBLINGS = 200


def undefined_calls(passage: Passage, source: str) -> Iterator[Finding[InPassage]]:
    """Called names of the new part that nothing defines."""
    language_id = passage.language.id
    if _MAGIC[language_id].search(passage.text) is not None:
        return
    if language_id in JAVASCRIPT and _MODULE.search(passage.text) is None:
        return
    tree = Tree.of(passage, MAX_DOCUMENT_CHARACTERS)
    if tree is None:
        return
    called, known = _read(tree.root)
    known |= GLOBAL_NAMES[language_id]
    unknown = {name: node for name, node in called.items() if name not in known}
    if unknown and language_id == "go":
        siblings = package_names(passage.path)
        unknown = {} if siblings is None else {name: node for name, node in unknown.items() if name not in siblings}
    for name, node in unknown.items():
        if not mentions(passage.before, name):
            message = f"“{name}” is called, but nothing here defines or imports it: define it or correct the name."
            said = tree.finding(Rule(source, "name", "warning"), node, message)
            if said is not None:
                yield said


def _read(root: Node) -> tuple[dict[str, Node], set[str]]:
    """The names that are called, with their first place, and the names that occur anywhere else."""
    called: dict[str, Node] = {}
    known: set[str] = set()
    callees: set[int] = set()
    for node in walk(root):
        field = _CALLS.get(node.type)
        callee = node.child_by_field_name(field) if field is not None else None
        if callee is not None and callee.type == "identifier":
            callees.add(callee.id)
            if not node.has_error:
                called.setdefault(text_of(callee), callee)
        elif (node.type in _NAMES and node.id not in callees) or (
            node.type == "property_identifier" and node.parent is not None and _is_global(node.parent)
        ):
            known.add(text_of(node))
    return called, known


def _is_global(member: Node) -> bool:
    """Whether this is `window.f` or the like: assigning to it defines a global name."""
    target = member.child_by_field_name("object")
    return target is not None and text_of(target) in {"window", "globalThis", "global", "self"}


def package_names(path: Path | None) -> set[str] | None:
    """The names that the Go files beside this one declare, perhaps with too many; None if some file can't be read."""
    if path is None:
        return None
    names = [name for name in entries(path.parent) if name.endswith(".go")]
    if not names or len(names) > _MAX_SIBLINGS:
        return None
    found: set[str] = set()
    for name in names:
        text = read(path.parent / name)
        if not text:
            return None
        for match in _GO_DECLARED.finditer(text):
            found.update(re.findall(r"\w+", match[1]))
    return found
