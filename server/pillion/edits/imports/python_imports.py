"""Places a new Python import: into a statement of its module, else among similar imports, else at the top."""

import re
import sys
from collections.abc import Iterable, Sequence

from tree_sitter import Node

from pillion.edits.imports.import_places import import_place, line_end, top_level_imports
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.syntax.python_import import Import
from pillion.text.replacement import Replacement, newline_of

_LONGEST_LINE = 100
# The number of line ends: one line stays blank.
_TO_DOCSTRING = 2
_FUTURE = "future_import_statement"


def with_imports(document: ParsedText, imports: Iterable[Import]) -> tuple[Replacement, ...]:
    """The insertions that add these imports to `document`, which has none of them yet."""
    wanted = sorted(set(imports))
    changes: list[Replacement] = []
    alone: list[Import] = []
    for module in dict.fromkeys(each.module for each in wanted):
        names = [each.name for each in wanted if each.module == module and each.name]
        alone += [each for each in wanted if each.module == module and not each.name]
        joined = extended(document, module, names) if names else None
        if joined is not None:
            changes.append(joined)
        else:
            alone += [Import(module, ", ".join(names))] if names else []
    return (*changes, *_statements(document, alone))


def extended(document: ParsedText, module: str, names: Sequence[str]) -> Replacement | None:
    """Adds names to a statement that imports from the module already; None if no statement has room."""
    for node in top_level_imports(document):
        source = node.child_by_field_name("module_name")
        listed = node.children_by_field_name("name")
        if node.type != "import_from_statement" or source is None or text_of(source) != module or not listed:
            continue
        text = text_of(node)
        if "#" in text or "\\" in text or ("\n" not in text and len(text) + len(", ".join(names)) > _LONGEST_LINE):
            continue
        start = document.offsets.to_char(listed[0].start_byte)
        end = document.offsets.to_char(listed[-1].end_byte)
        before = document.text[start:end]
        old = [text_of(each) for each in listed]
        between = f",{_first_gap(before, old) or ' '}"
        new = sorted({*old, *names}, key=_name_order) if old == sorted(old, key=_name_order) else [*old, *names]
        return Replacement(start, end, between.join(new))
    return None


def _first_gap(before: str, names: Sequence[str]) -> str:
    """The text between the first comma and the second name."""
    behind = before[len(names[0]) :].lstrip(",")
    return behind[: len(behind) - len(behind.lstrip())]


def _name_order(name: str) -> tuple[bool, bool, str]:
    """Constants, classes, functions, as most tools sort them."""
    return (not name.isupper(), not name[:1].isupper(), name)


def _statements(document: ParsedText, imports: Sequence[Import]) -> tuple[Replacement, ...]:
    """New statements, in the order of those around them."""
    if not imports:
        return ()
    newline = newline_of(document.text)
    own = [node for node in top_level_imports(document) if node.type != _FUTURE]
    standard = [node for node in own if _module_of(node).partition(".")[0] in sys.stdlib_module_names]
    ordered = [_order_of(node) for node in standard]
    in_order = sorted(imports, key=_order)
    if not standard:
        lines = newline.join(each.statement for each in in_order)
        if own:
            at = document.offsets.to_char(own[0].start_byte)
            return (Replacement(at, at, f"{lines}{newline}{newline}"),)
        at, after_import = import_place(document)
        gap = newline * 2
        if not after_import and (below := _below_docstring(document, at)) is not None:
            return (Replacement(below[0], below[0], f"{lines}{below[1]}"),)
        return (Replacement(at, at, f"{gap}{lines}" if after_import else f"{lines}{gap}{one_more_line(document, at)}"),)
    changes: dict[int, list[str]] = {}
    for each in in_order:
        place = standard[-1]
        if ordered == sorted(ordered):
            place = max((n for n in standard if _order_of(n) <= _order(each)), key=_order_of, default=standard[0])
        behind = ordered != sorted(ordered) or _order_of(place) <= _order(each)
        at = line_end(document, place) if behind else document.offsets.to_char(place.start_byte)
        line = f"{newline}{each.statement}" if behind else f"{each.statement}{newline}"
        changes.setdefault(at, []).append(line)
    return tuple(Replacement(at, at, "".join(lines)) for at, lines in changes.items())


def _below_docstring(document: ParsedText, at: int) -> tuple[int, str] | None:
    """The place of an import with one blank line above it, and the text that has to follow; None if the text above
    `at` is no further away than that."""
    newline = newline_of(document.text)
    above = len(document.text[:at].rstrip())
    gap = document.text.count("\n", above, at)
    if not above or gap <= _TO_DOCSTRING:
        return None
    wanted = _TO_DOCSTRING + bool(one_more_line(document, at))
    return above + _TO_DOCSTRING * len(newline), newline * max(1, wanted - (gap - _TO_DOCSTRING))


def one_more_line(document: ParsedText, at: int) -> str:
    """One more blank line if a function or class follows."""
    following = document.text[at:]
    return newline_of(document.text) if re.match(r"(?:async )?def |class |@", following) else ""


def _module_of(node: Node) -> str:
    source = node.child_by_field_name("module_name") or node.child_by_field_name("name")
    if source is not None and source.type == "aliased_import":
        source = source.child_by_field_name("name")
    return text_of(source) if source is not None else ""


def _order(each: Import) -> tuple[bool, str]:
    return (bool(each.name), each.module)


def _order_of(node: Node) -> tuple[bool, str]:
    return (node.type == "import_from_statement", _module_of(node))
