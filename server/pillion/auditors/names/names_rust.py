"""Rust: names that neither the file, nor the prelude, nor Cargo.toml binds."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from pillion.auditors.auditor import Passage
from pillion.auditors.imports.imports_rust import crate_names
from pillion.auditors.names.rust_names import MACROS, PRELUDE, STANDARD_MODULES
from pillion.auditors.names.suspects import Suspects
from pillion.auditors.trees import walk
from pillion.auditors.workspace import exists, folders_above, folders_below, read
from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.scope_tree import Use

_MACRO_SOURCE = re.compile(r"macro_use|macro_rules!|include!")
_DERIVING = frozenset({"struct_item", "enum_item", "union_item", "trait_item", "mod_item", "function_item"})
_MAX_FILES = 200


def undefined_in_rust(suspects: Suspects) -> Iterator[Use]:
    """Macros may come from the crate's other files; names that an attribute makes begin with their item's name."""
    passage = suspects.passage
    if "include!" in passage.text:
        return
    crates: set[str] | None = None
    macros_known: bool | None = None
    stems = [stem for stem in _attributed(suspects.scopes.top.node) if len(stem) > 2]
    for use in suspects.uses:
        name = use.name
        if use.scope.is_open() or name in PRELUDE or any(stem in name for stem in stems):
            continue
        if use.kind == "macro":
            if macros_known is None:
                macros_known = not _crate_has_macros(passage)
            if name not in MACROS and macros_known:
                yield use
        elif use.kind == "path" and not name[:1].isupper():
            crates = _crates(passage) if crates is None else crates
            if name not in crates and (crates or name in STANDARD_MODULES):
                yield use
        elif not (use.kind == "value" and name[:1].isupper() and _in_pattern(use.node)):
            yield use


def _in_pattern(node: Node) -> bool:
    return node.parent is not None and node.parent.type.endswith("_pattern")


def _attributed(root: Node) -> Iterator[str]:
    """The names of items to which an attribute may add others."""
    for node in walk(root):
        making = False
        for child in node.named_children:
            if child.type == "attribute_item":
                making = making or _makes_names(child)
                continue
            name = child.child_by_field_name("name") if making and child.type in _DERIVING else None
            if name is not None:
                yield text_of(name)
            making = False


def _makes_names(attribute: Node) -> bool:
    words = set(re.findall(r"\w+", text_of(attribute)))
    return bool(words - _PLAIN_ATTRIBUTES)


_PLAIN_ATTRIBUTES = frozenset(
    [
        "derive",
        "Debug",
        "Clone",
        "Copy",
        "PartialEq",
        "Eq",
        "Hash",
        "PartialOrd",
        "Ord",
        "Default",
        "Serialize",
        "Deserialize",
        "Error",
        "test",
        "cfg",
        "allow",
        "warn",
        "deny",
        "inline",
        "always",
        "must_use",
        "repr",
        "C",
        "u8",
        "u16",
        "u32",
        "u64",
        "non_exhaustive",
        "doc",
        "deprecated",
        "dead_code",
        "unused",
        "tokio",
        "main",
        "should_panic",
        "ignore",
        "clippy",
        "serde",
        "rename_all",
    ]
)


def _crates(passage: Passage) -> set[str]:
    """The crates and modules that a path may begin with; empty if no manifest tells."""
    folders = folders_above(passage)
    return crate_names(folders) if any(exists(folder / "Cargo.toml") for folder in folders) else set()


def _crate_has_macros(passage: Passage) -> bool:
    """Whether some file of the workspace may define macros for this one."""
    if passage.workspace is None:
        return _MACRO_SOURCE.search(passage.text) is not None
    count = 0
    for folder in folders_below(passage.workspace):
        for path in sorted(folder.glob("*.rs")):
            count += 1
            if count > _MAX_FILES or _MACRO_SOURCE.search(read(path)):
                return True
    return False
