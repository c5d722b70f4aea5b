"""Go: names that neither the file, nor its package, nor an import binds."""

import re
from collections.abc import Iterator
from pathlib import Path

from pillion.auditors.imports.go_packages import STANDARD_PACKAGES
from pillion.auditors.names.suspects import Suspects
from pillion.auditors.trees import walk
from pillion.auditors.workspace import entries, read
from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.scope_tree import Use
from pillion.syntax.scopes.scopes_go import import_names

_BUILT_IN = frozenset(
    [
        "append",
        "cap",
        "clear",
        "close",
        "complex",
        "copy",
        "delete",
        "imag",
        "len",
        "make",
        "max",
        "min",
        "new",
        "panic",
        "print",
        "println",
        "real",
        "recover",
        "any",
        "bool",
        "byte",
        "comparable",
        "complex64",
        "complex128",
        "error",
        "float32",
        "float64",
        "int",
        "int8",
        "int16",
        "int32",
        "int64",
        "rune",
        "string",
        "uint",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "uintptr",
        "nil",
        "true",
        "false",
        "iota",
        "_",
        "C",
    ]
)
_DECLARED = re.compile(r"^(?:func[ \t]+|type[ \t]+|var[ \t]+|const[ \t]+|\t)([\w, \t]+)", re.MULTILINE)
_MAX_SIBLINGS = 200


def undefined_in_go(suspects: Suspects) -> Iterator[Use]:
    """Without the package's other files nobody knows, unless the name is a package of the standard library."""
    if suspects.scopes.top.open:
        return
    siblings = package_names(suspects.passage.path)
    unsure = _has_unclear_import(suspects)
    for use in suspects.uses:
        if use.name in _BUILT_IN or (siblings is not None and use.name in siblings):
            continue
        if use.kind == "package" and unsure:
            continue  # it may be the name of a package whose path doesn't say it
        is_standard = use.kind == "package" and any(each.rpartition("/")[2] == use.name for each in STANDARD_PACKAGES)
        if siblings is not None or is_standard:
            yield use


def _has_unclear_import(suspects: Suspects) -> bool:
    """Whether some import seems unused: Go allows none, so it must bind another name than its path says."""
    used = {use.name for use in suspects.scopes.uses if use.kind in {"package", "value"}}
    for node in walk(suspects.scopes.top.node):
        if node.type != "import_spec":
            continue
        path = node.child_by_field_name("path")
        standard = path is not None and text_of(path).strip('"`') in STANDARD_PACKAGES
        if not standard and node.child_by_field_name("name") is None and not import_names(node) & used:
            return True
    return False


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
        if name == path.name:
            continue  # the document as it is now counts, not as it was saved
        for match in _DECLARED.finditer(text):
            found.update(re.findall(r"\w+", match[1]))
    return found
