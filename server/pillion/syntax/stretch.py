"""A stretch of a document that is no function or class, as the target of an action: the whole file, or statements."""

from collections.abc import Sequence

from pillion.plurals import counted
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import FILE, SEVERAL, STATEMENTS, Symbol
from pillion.syntax.target import Target, names_together

# The name of a file as a target.
WHOLE_FILE = "the file"


def stretch(
    parsed: ParsedText,
    start: int,
    end: int,
    *,
    name: str,
    kind: str,
    inside: Symbol | None = None,
    parts: Sequence[Symbol] = (),
) -> Symbol:
    """[start, end) of a document as a symbol without a path: it is bound nowhere, and no other text has it too.

    `name` and `kind` are for titles and prompts ("the file", "file").
    """
    return Symbol(
        name=name, path=(), kind=kind, start=start, end=end,
        definition_start=start, name_start=start, name_end=start, header_end=start, body_start=start,
        text=parsed.text[start:end], signature="", parameters=(), returns_value=False, yields=False, raises=(),
        documented=True, docstring=None, is_stub=False, has_todo=False, inside=inside, parts=tuple(parts),
    )  # fmt: skip


def whole_file(parsed: ParsedText) -> Symbol:
    """The whole file."""
    return stretch(parsed, 0, len(parsed.text), name=WHOLE_FILE, kind=FILE)


def several(parsed: ParsedText, parts: Sequence[Symbol], inside: Symbol | None) -> Symbol:
    """From the first of these symbols to the last."""
    name = names_together([each.name for each in parts])
    return stretch(parsed, parts[0].start, parts[-1].end, name=name, kind=SEVERAL, inside=inside, parts=parts)


def statements(parsed: ParsedText, start: int, end: int, inside: Symbol | None) -> Symbol:
    """[start, end), which is whole statements of one block in `inside`."""
    lines = counted(parsed.text.count("\n", start, end) + 1, "line")
    name = f"{lines} in {inside.name}" if inside is not None and inside.name else lines
    return stretch(parsed, start, end, name=name, kind=STATEMENTS, inside=inside)


def file_target(parsed: ParsedText, start: int, end: int) -> Target:
    """The whole file, wherever [start, end) is."""
    whole = whole_file(parsed)
    return Target(start, end, whole, (whole,))
