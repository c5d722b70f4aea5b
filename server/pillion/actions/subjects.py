"""What an action that writes a new file is about: a comment, a type, or only the file that is open."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pillion.syntax.document import ParsedText
    from pillion.syntax.target import Target

TYPES = frozenset({"class", "struct", "interface", "trait", "enum", "record", "union"})
_LONGEST_WORDS = 50
_WORD = re.compile(r"\w")
_ASKS_FOR_A_FILE = re.compile(
    r"\b(?:creat\w*|add|write|make|generate|extract|move|split|new)\b.{0,60}?(?:\b(?:file|module|script|component|page)\b"
    r"|[\w/-]+\.(?:py|[jt]sx?|go|rs|java|[ch](?:pp)?|md|json|toml|ya?ml|html|css|sh|sql)\b)",
    re.IGNORECASE,
)


def comment_or_file_at(parsed: "ParsedText", start: int, end: int) -> "Target":
    """The comment that is all of [start, end), or the TODO there; else the whole file."""
    from pillion.syntax.stretch import stretch
    from pillion.syntax.target import COMMENT, Target
    from pillion.syntax.todos import todo_at

    todo = todo_at(parsed, start, end)
    ends = (todo.start, todo.end) if todo is not None else _commented(parsed, start, end)
    if ends is None:
        return _file(parsed, start, end, "a new file")
    comment = stretch(parsed, *ends, name="", kind=COMMENT)
    said = Target.of(comment).said
    short = said if len(said) <= _LONGEST_WORDS else f"{said[: _LONGEST_WORDS - 1].rstrip()}…"
    return Target.of(stretch(parsed, *ends, name=f"a file: “{short}”", kind=COMMENT))


def type_or_file_at(parsed: "ParsedText", start: int, end: int) -> "Target":
    """The class, or another type, around [start, end); else the whole file."""
    from pillion.syntax.target import Target

    around = parsed.symbols.enclosing(start, end)
    if around is None or around.kind not in TYPES:
        return _file(parsed, start, end, "it")
    return Target(start, end, around, (around,))


def workspace_at(parsed: "ParsedText", start: int, end: int) -> "Target":
    """The whole file, wherever [start, end) is, in the place of its workspace."""
    return _file(parsed, start, end, "the workspace")


def _file(parsed: "ParsedText", start: int, end: int, name: str) -> "Target":
    from pillion.syntax.stretch import stretch
    from pillion.syntax.target import Target

    whole = stretch(parsed, 0, len(parsed.text), name=name, kind="file")
    return Target(start, end, whole, (whole,))


def _commented(parsed: "ParsedText", start: int, end: int) -> tuple[int, int] | None:
    """The selection without white space at its ends, if it is nothing but comments."""
    selected = parsed.text[start:end]
    if _WORD.search(selected) is None:
        return None
    start += len(selected) - len(selected.lstrip())
    end -= len(selected) - len(selected.rstrip())
    at = start
    while at < end:
        byte = parsed.offsets.to_byte(at)
        node = parsed.tree.root_node.descendant_for_byte_range(byte, byte)
        while node is not None and node.type not in parsed.language.comments:
            node = node.parent
        if node is None:
            return None
        at = max(at + 1, parsed.offsets.to_char(node.end_byte))
        at += len(parsed.text[at:end]) - len(parsed.text[at:end].lstrip())
    return start, end


def asks_for_a_file(words: str) -> bool:
    """Whether words ask for a new file, and not only for something new in the code that is there."""
    return _ASKS_FOR_A_FILE.search(words) is not None
