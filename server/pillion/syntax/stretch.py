"""A stretch of a document that is no function or class, as the target of an action: the whole file, or statements."""

from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import Symbol
from pillion.syntax.target import Target


def stretch(parsed: ParsedText, start: int, end: int, *, name: str, kind: str) -> Symbol:
    """[start, end) of a document as a symbol without a path: it is bound nowhere, and no other text has it too.

    `name` and `kind` are for titles and prompts ("the file", "file").
    """
    return Symbol(
        name=name, path=(), kind=kind, start=start, end=end,
        definition_start=start, name_start=start, name_end=start, header_end=start, body_start=start,
        text=parsed.text[start:end], signature="", parameters=(), returns_value=False, yields=False, raises=(),
        documented=True, docstring=None, is_stub=False, has_todo=False,
    )  # fmt: skip


def file_target(parsed: ParsedText, start: int, end: int) -> Target:
    """The whole file, wherever [start, end) is."""
    whole = stretch(parsed, 0, len(parsed.text), name="the file", kind="file")
    return Target(start, end, whole, (whole,))
