"""Go: packages of the standard library that a text uses but doesn't import."""

from pathlib import Path

from pillion.auditors.calls.aliases import names_by_import
from pillion.auditors.imports.go_packages import STANDARD_PACKAGES
from pillion.auditors.names.names_go import package_names
from pillion.auditors.trees import walk
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of

_NAMES = frozenset({"identifier", "package_identifier"})


def certain_packages(after: ParsedText, before: ParsedText, draft: str, path: Path | None) -> list[str]:
    """The packages that `after` needs but doesn't import, and that `before` didn't need. A package counts only if no
    other has its name, or the draft says which it means. A name that a file beside it may declare is no package."""
    old = _used(before)
    unknown = [name for name in _used(after) if name not in old]
    if not unknown:
        return []
    beside = package_names(path) or set()
    found: list[str] = []
    for name in unknown:
        having = [each for each in sorted(STANDARD_PACKAGES) if each.rpartition("/")[2] == name]
        said = [each for each in having if f'"{each}"' in draft]
        meant = said if len(said) == 1 else having
        if len(meant) == 1 and name not in beside:
            found.append(meant[0])
    return sorted(found)


def _used(parsed: ParsedText) -> list[str]:
    """The names that occur only before a dot and an exported name, and that no import brings in."""
    known = set(names_by_import("go", parsed.text))
    used: dict[str, bool] = {}
    for node in walk(parsed.tree.root_node):
        if node.type in {"selector_expression", "qualified_type"}:
            operand = node.child_by_field_name("operand") or node.child_by_field_name("package")
            field = node.child_by_field_name("field") or node.child_by_field_name("name")
            if operand is not None and field is not None and operand.type in _NAMES:
                name = text_of(operand)
                used[name] = used.get(name, True) and text_of(field)[:1].isupper()
        elif node.type == "identifier":
            parent = node.parent
            before_dot = parent is not None and parent.type == "selector_expression"
            if not (before_dot and parent is not None and parent.child_by_field_name("operand") == node):
                known.add(text_of(node))
    return [name for name, exported in used.items() if exported and name not in known]
