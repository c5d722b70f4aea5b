"""Checks that an edit in one place of the code leaves all around it as it was."""

from tree_sitter import Node

from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import name_of
from pillion.syntax.symbols import Symbol


def refuse_changes_around(place: Symbol, before: ParsedText, after: ParsedText, written: int, what: str) -> None:
    """Checks that the symbols outside of `place`, a part of `before`, are still there, and the one around it is still
    one. `written`: how long the new code is. `what`: the place in words.

    Raises:
        DraftRejectedError: one of these doesn't hold.
    """
    old, new = _symbols_in(before), _symbols_in(after)
    own = [_key(before, node) for node in _within(before, place)]
    for each in own:
        old.remove(each)
    rest = iter(new)
    if not all(each in rest for each in old) or not _still_around(place, before, after, written):
        raise DraftRejectedError(f"it would change what stands around {what}", code="same_signatures")
    twice = next((each for each in old if each not in own and new.count(each) > old.count(each)), None)
    if twice is not None:
        raise DraftRejectedError(f"“{twice[0][-1]}” would be there twice", code="same_signatures")


def _still_around(place: Symbol, before: ParsedText, after: ParsedText, written: int) -> bool:
    """Whether the function or class around it is still one: a brace could have closed it and opened another."""
    if place.inside is None:
        return True
    node = before.symbols.same_in(after.symbols, place.inside)
    now = after.symbols.read(node) if node is not None else None
    grown = written - (place.end - place.start)
    return now is not None and now.end - now.start == place.inside.end - place.inside.start + grown


def _within(parsed: ParsedText, place: Symbol) -> list[Node]:
    char = parsed.offsets.to_char
    return [
        each
        for each in parsed.symbols.walk()
        if place.start <= char(each.start_byte) and char(each.end_byte) <= place.end
    ]


def _symbols_in(parsed: ParsedText) -> list[tuple[tuple[str, ...], str]]:
    return [_key(parsed, node) for node in parsed.symbols.walk()]


def _key(parsed: ParsedText, node: Node) -> tuple[tuple[str, ...], str]:
    symbols = parsed.symbols
    return (*symbols.path_of(node)[:-1], name_of(node)), symbols.signature_of(node)
