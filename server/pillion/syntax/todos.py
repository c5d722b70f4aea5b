"""A TODO as the target of an action: its comment, and the function or class around it."""

import re

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.languages import DocStyle
from pillion.syntax.nodes import text_of
from pillion.syntax.symbols import Symbol

MARK = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b(?:\s?\([^)\n]{0,80}\))?\s?:?[ \t]*")
# Where a comment is a part of something, and not between two statements.
_INSIDE_SOMETHING = re.compile(
    r"argument|parameter|expression|^(?:list|tuple|dictionary|set|array|object|pair|subscript|call)$|initializer|literal"
    r"|enumerator|enum_body|string|import|interpolation|type_"
)
_DOCUMENTS = ("/**", "///", "/*!", "//!")
_DECORATION = re.compile(r"^[\s/*#!]+|[\s*/]+$")
_LONGEST_WORDS = 60
_MOST_LINES = 20
_LONGEST_COMMENT = 4_000


def todo_at(parsed: ParsedText, start: int, end: int) -> Symbol | None:
    """The TODO whose comment contains [start, end), as a symbol without a name. None if there is none, or if its
    function or class contains nothing else: then the function or class is the target."""
    if MARK.search(parsed.text, max(0, start - _LONGEST_COMMENT), end + _LONGEST_COMMENT) is None:
        return None  # nearly always, and at once
    lines = parsed.text.split("\n")
    row, last_row = (parsed.text.count("\n", 0, at) for at in (start, max(start, end - 1)))
    comment = _said_on(parsed, lines, row)
    if comment is None or comment.parent is None or _INSIDE_SOMETHING.search(comment.parent.type) is not None:
        return None
    last = _last_line(parsed, lines, comment)
    begins, ends = parsed.offsets.to_char(comment.start_byte), parsed.offsets.to_char(last.end_byte)
    ends = begins + len(parsed.text[begins:ends].rstrip())
    if parsed.text.count("\n", 0, ends) < last_row:
        return None  # more is selected than the comment
    inside = _around(parsed, lines, comment, begins)
    if _is_documentation(parsed, comment, last) or (inside is not None and inside.is_stub):
        return None
    # After a statement, the white space before the comment belongs to it.
    return _symbol(
        len(parsed.text[:begins].rstrip(" \t")) if not _is_alone(lines, comment) else begins, ends, parsed, inside
    )


def words_of(text: str) -> str:
    """The words of a TODO's comment, on one line."""
    said = MARK.search(text)
    lines = (text[said.end() :] if said is not None else text).splitlines()
    words = " ".join(filter(None, (_DECORATION.sub("", each) for each in lines)))
    return words if len(words) <= _LONGEST_WORDS else f"{words[: _LONGEST_WORDS - 1].rstrip()}…"


def is_todo(text: str) -> bool:
    """Whether a comment begins with a mark such as TODO."""
    return MARK.match(_DECORATION.sub("", text, count=1)) is not None


def _symbol(begins: int, ends: int, parsed: ParsedText, inside: Symbol | None) -> Symbol:
    text = parsed.text[begins:ends]
    words = words_of(text)
    name = f"the TODO “{words}”" if words else "the TODO"
    return Symbol(
        name=name, path=(*(inside.path if inside is not None else ()), name), kind="todo", start=begins, end=ends,
        definition_start=begins, name_start=begins, name_end=ends, header_end=begins, body_start=ends, text=text,
        signature="", parameters=(), returns_value=False, yields=False, raises=(),
        documented=True, docstring=None, is_stub=False, has_todo=True,
        todo=words or "what is to be done here", inside=inside,
    )  # fmt: skip


def _said_on(parsed: ParsedText, lines: list[str], row: int) -> Node | None:
    """The comment with the TODO of a line: it is on the line, or begins on the lines above."""
    column = len(lines[row]) - len(lines[row].lstrip()) if row < len(lines) else 0
    for above in range(row, max(-1, row - _MOST_LINES), -1):
        comment = _comment_on(parsed, lines, above)
        if comment is None or (above < row and _column(parsed, comment) != column and "\n" not in text_of(comment)):
            return None
        if is_todo(text_of(comment)):
            return comment
        if not _is_alone(lines, comment):
            return None
    return None


def _comment_on(parsed: ParsedText, lines: list[str], row: int) -> Node | None:
    """The last comment that covers a part of the line."""
    if row >= len(lines):
        return None
    starts = sum(len(line) + 1 for line in lines[:row])
    byte = parsed.offsets.to_byte(starts + len(lines[row].rstrip()))
    node = parsed.tree.root_node.descendant_for_byte_range(max(0, byte - 1), max(0, byte - 1))
    while node is not None and node.type not in parsed.language.comments:
        node = node.parent
    return node


def _last_line(parsed: ParsedText, lines: list[str], first: Node) -> Node:
    """The last of the comment lines that continue the first: right below it, and without a TODO of their own."""
    last = first
    while _is_alone(lines, first) and not text_of(first).startswith("/*"):
        row = last.start_point.row + 1
        following = _comment_on(parsed, lines, row)
        if following is None or following.start_point.row != row or not _is_alone(lines, following):
            break
        if _column(parsed, following) != _column(parsed, first) or MARK.search(text_of(following)) is not None:
            break
        last = following
    return last


def _is_alone(lines: list[str], comment: Node) -> bool:
    """Whether nothing but white space stands before it."""
    line = lines[comment.start_point.row].encode("utf-8", "surrogatepass")
    return not line[: comment.start_point.column].strip()


def _column(parsed: ParsedText, comment: Node) -> int:
    at = parsed.offsets.to_char(comment.start_byte)
    return at - parsed.text.rfind("\n", 0, at) - 1


def _around(parsed: ParsedText, lines: list[str], comment: Node, begins: int) -> Symbol | None:
    """The function or class that the comment belongs to. Python's grammar puts a comment at a body's end into the next
    block, so there the indentation decides."""
    symbols = parsed.symbols
    if parsed.language.doc_style is not DocStyle.DOCSTRING or not _is_alone(lines, comment):
        return symbols.enclosing(begins, begins + 1)
    column = _column(parsed, comment)
    above = [
        row for row in range(comment.start_point.row) if lines[row].strip() and not lines[row].lstrip().startswith("#")
    ]
    at = sum(len(line) + 1 for line in lines[: above[-1]]) if above else 0
    found = symbols.enclosing(at, at) if above else None
    while (
        found is not None and found.definition_start - parsed.text.rfind("\n", 0, found.definition_start) - 1 >= column
    ):
        outer = symbols.occurrences(found.path[:-1]) if len(found.path) > 1 else []
        containing = [each for each in map(symbols.read, outer) if each.start <= found.start < each.end]
        found = containing[0] if containing else None
    return found


def _is_documentation(parsed: ParsedText, first: Node, last: Node) -> bool:
    """Whether it documents the code below: then no code may be inserted between the two."""
    following = last.next_named_sibling
    return (
        text_of(first).startswith(_DOCUMENTS)
        and following is not None
        and parsed.symbols.enclosing_node(following) is not None
        and following.start_point.row - last.end_point.row <= 1
    )
