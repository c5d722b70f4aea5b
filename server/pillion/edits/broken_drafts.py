"""Refuses drafts that can't be parsed, and names the fault in the draft itself.

The syntax tree of broken code has only a part of the symbol, and sometimes this part is sound by itself. It must not
become the edit, and the fault must not be searched in the document with this part in it.
"""

import re
from textwrap import dedent

from tree_sitter import Node

from pillion.errors import DraftRejectedError
from pillion.syntax.check import first_error, unreadable_python
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import DocStyle
from pillion.syntax.nodes import body_of, text_of
from pillion.syntax.symbols import Symbol
from pillion.text.reply_blocks import breaks_off

_OPENING = frozenset({"{", "${", "#{"})
_LINE = re.compile(r"\b(?<=line )\d+")


def refuse_broken(drafted: ParsedText, node: Node, symbol: Symbol, document: ParsedText, *, wrapped: bool) -> None:
    """Checks that the symbol at `node` is the whole drafted symbol; other text in the answer may be anything.
    `wrapped`: the last line isn't the model's, but closes the code that was put around the draft.

    Raises:
        DraftRejectedError: it is only a part, since the draft can't be parsed. Lines are the document's.
    """
    if first_error(document) is not None:  # which may be of another version of its language, and so is the draft
        return
    if document.language.id == "python":
        _refuse_broken_python(drafted, node, symbol, document)
    elif drafted.tree.root_node.has_error and (row := _closed_too_often(drafted.tree.root_node)) is not None:
        # The intended end of the symbol is after the end that the parser found.
        lines = drafted.text.rstrip().split("\n")
        own = "\n".join(lines[: len(lines) - wrapped]).rstrip()
        line = min(row, own.count("\n")) + 1
        by = _line_of(symbol, document) - node.start_point.row
        place = _moved(f"line {line}: there is a '}}' too many", by)
        raise DraftRejectedError(f"it would break the file's syntax ({place})", code="parses")


def refuse_unfinished(reply: str, node: Node, symbol: Symbol, document: ParsedText) -> None:
    """Checks a draft whose block has no end: where no brace closes a body, code that breaks off at a line's end looks
    like shorter code. `node` is the drafted symbol.

    Raises:
        DraftRejectedError: the symbol's last statement isn't in it.
    """
    if document.language.doc_style is not DocStyle.DOCSTRING or symbol.is_stub or not breaks_off(reply):
        return
    users = document.symbols.same_in(document.symbols, symbol)
    body = body_of(users) if users is not None else None
    statements = body.named_children if body is not None else []
    if statements and "".join(text_of(statements[-1]).split()) not in "".join(text_of(node).split()):
        reason = f"the answer breaks off: its block has no end, and the last statement of “{symbol.name}” is gone"
        raise DraftRejectedError(reason, code="length")


def _closed_too_often(root: Node) -> int | None:
    """The row of the first brace that closes nothing, or None."""
    depth, stack = 0, [root]
    while stack:
        node = stack.pop()
        if node.child_count:
            stack.extend(reversed(node.children))
        elif node.type in _OPENING:
            depth += 1
        elif node.type == "}":
            depth -= 1
            if depth < 0:
                return node.start_point.row
    return None


def _refuse_broken_python(drafted: ParsedText, node: Node, symbol: Symbol, document: ParsedText) -> None:
    lines = drafted.text.split("\n")[node.start_point.row :]
    inside = "if 1:\n" if _depth(lines[0]) else ""  # a method by itself; a string's lines in it can't be moved
    faults = []
    for text in _attempts(lines, node.end_point.row - node.start_point.row):
        fault = unreadable_python(inside + text)
        if fault is None:
            return
        faults.append(fault)
    line, reason = max(faults, key=lambda each: each[0])  # the shortest of those that got furthest
    place = _moved(f"line {line}: {reason}", _line_of(symbol, document) - bool(inside))
    raise DraftRejectedError(f"it would break the file's syntax ({place})", code="parses")


def fault_of(code: str, symbol: Symbol, document: ParsedText) -> str | None:
    """What is wrong with code in which the symbol wasn't found, or None. Lines are the document's, if it names the
    symbol."""
    text = dedent(code)
    fault = (
        _reading_fault(text)
        if document.language.id == "python"
        else first_error(ParsedText.of(document.language, text))
    )
    named = re.search(rf"(?<!\w){re.escape(symbol.name)}(?!\w)", text)
    if fault is None or named is None:
        return fault
    return _moved(fault, _line_of(symbol, document) - text.count("\n", 0, named.start()))


def _reading_fault(text: str) -> str | None:
    """Statements alone are no fault (`return` outside a function): only the symbol is missing."""
    fault = unreadable_python(text)
    return None if fault is None else f"line {fault[0]}: {fault[1]}"


def _line_of(symbol: Symbol, document: ParsedText) -> int:
    return document.text.count("\n", 0, symbol.name_start)


def _moved(fault: str, by: int) -> str:
    return _LINE.sub(lambda match: str(max(int(match[0]) + by, 1)), fault)


def _attempts(lines: list[str], own_end: int) -> list[str]:
    """The texts that may be the whole symbol, shortest first: from its definition to a line that is no deeper, or to
    the end.

    A line that is no deeper may also be a part of the symbol: a string's line, or the end of a long header.
    """
    column = _depth(lines[0])
    ends = [
        row for row in range(1, len(lines)) if row > own_end and lines[row].strip() and _depth(lines[row]) <= column
    ]
    return ["\n".join(lines[:end]) for end in (*ends, len(lines))]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
