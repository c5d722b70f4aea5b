"""The documentation of a whole file: where it belongs, and how each language writes it."""

import re
import textwrap
from dataclasses import replace

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.languages import DocStyle
from pillion.syntax.nodes import first_string, text_of
from pillion.syntax.stretch import stretch
from pillion.syntax.target import Target
from pillion.text.replacement import Replacement, newline_of

MODULE = "module"
_WIDTH = 88
_SHOWN_LINES = 200
_FIRST_LINES = re.compile(r"\A\ufeff?(?:#![^\n]*\n)?(?:#[^\n]*coding[:=][^\n]*\n)?")
_COMMENTS = re.compile(r"(?:[ \t]*(?:#|//)(?![!/])[^\n]*\n)+")
_LICENSE = re.compile(r"copyright|license|licence|SPDX|\(c\)|all rights reserved", re.IGNORECASE)
_GO_PACKAGE = re.compile(r"^package[ \t]+(\w+)", re.MULTILINE)


def module_target(parsed: ParsedText, start: int, end: int) -> Target | None:
    """The file as the target, if it can have a documentation of its own and has none, and [start, end) is above its
    first function or class."""
    text = parsed.text
    if not text.strip() or is_documented(parsed) is not False or parsed.symbols.enclosing(start, end) is not None:
        return None
    first = next(parsed.symbols.walk(), None)
    if first is not None and start > parsed.offsets.to_char(parsed.symbols.outermost(first).start_byte):
        return None
    whole = stretch(parsed, 0, len(text), name="the module", kind=MODULE)
    lines = text.splitlines(keepends=True)
    shown = None
    if len(lines) > _SHOWN_LINES:
        shown = stretch(parsed, 0, len("".join(lines[:_SHOWN_LINES])), name="the module", kind=MODULE)
    target = replace(whole, documented=False, inside=shown)
    return Target(0, len(text), target, (target,))


def is_documented(parsed: ParsedText) -> bool | None:
    """Whether the file has a documentation of its own; None if its language has none for files."""
    root = parsed.tree.root_node
    match parsed.language.doc_style:
        case DocStyle.DOCSTRING:
            return first_string(root) is not None
        case DocStyle.SLASHES_3:
            return re.search(r"^[ \t]*(?://!|/\*!)", parsed.text, re.MULTILINE) is not None
        case DocStyle.SLASHES_2:
            package = next((each for each in root.named_children if each.type == "package_clause"), None)
            return None if package is None else _has_comment_above(package, parsed)
        case _:
            return None


def module_replacement(summary: str, parsed: ParsedText) -> Replacement:
    """The insertion that documents the whole file."""
    text, newline = parsed.text, newline_of(parsed.text)
    match parsed.language.doc_style:
        case DocStyle.DOCSTRING:
            at = _below_the_head(text)
            lines = textwrap.wrap(summary, _WIDTH - 6)
            said = [each.replace("\\", "\\\\").replace('"""', "'''") for each in lines]
            said[-1] += " " if said[-1].endswith('"') else ""
            written = newline.join([f'"""{said[0]}', *said[1:]]) + ('"""' if len(said) == 1 else f'{newline}"""')
            before = newline if at and _is_license(text[:at]) else ""
            after = newline if text[at:].startswith(("\n", "\r\n")) else newline * 2
            return Replacement(at, at, f"{before}{written}{after}")
        case DocStyle.SLASHES_2:
            found = _GO_PACKAGE.search(text)
            at, name = (found.start(), found[1]) if found is not None else (0, "")
            opening = f"Package {name}"
            if not re.match(rf"(?:Package|Command)[ \t]+{re.escape(name)}\b", summary):
                summary = f"{opening}: {summary}"
            return Replacement(at, at, "".join(f"// {each}{newline}" for each in textwrap.wrap(summary, _WIDTH - 3)))
        case _:
            at = _below_the_head(text)
            lines = [f"//! {each}{newline}" for each in textwrap.wrap(summary, _WIDTH - 4)]
            before = newline if at and not text[:at].endswith(("\n\n", "\n\r\n")) else ""
            after = "" if text[at:].startswith(("\n", "\r\n")) else newline
            return Replacement(at, at, before + "".join(lines) + after)


def _below_the_head(text: str) -> int:
    """Behind a shebang, an encoding, and a comment about the whole file."""
    found = _FIRST_LINES.match(text)
    at = found.end() if found is not None else 0
    comments = _COMMENTS.match(text, at)
    if comments is None:
        return at
    below = text[comments.end() :]
    stands_alone = not below.strip() or below.startswith(("\n", "\r\n"))
    if not stands_alone and not _is_license(comments[0]):
        return at
    gap = re.match(r"\r?\n", below)
    return comments.end() + (gap.end() if gap is not None else 0)


def _is_license(head: str) -> bool:
    return _LICENSE.search(head) is not None and not head.endswith(("\n\n", "\n\r\n"))


def _has_comment_above(node: Node, parsed: ParsedText) -> bool:
    above = node.prev_sibling
    if above is None or above.type not in parsed.language.comments:
        return False
    return node.start_point.row - above.end_point.row <= 1 and not text_of(above).startswith("//go:")
