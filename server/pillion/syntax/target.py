"""The target of a request: a range of a document, and the symbols in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pillion.errors import NothingToDoError
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import Symbol
from pillion.text.comment_words import comment_words

COMMENT = "comment"
"""The kind of a target that is nothing but a comment."""
_NAMED = 2


@dataclass(frozen=True, slots=True)
class Target:
    """[start, end) code points of a document. `symbols` begin and end in this range, in the document's order; symbols
    inside of other symbols are left out. `around` is the symbol that contains the whole range. If no symbol begins and
    ends in the range, `symbols` is only `around`."""

    start: int
    end: int
    around: Symbol | None
    symbols: tuple[Symbol, ...]

    @classmethod
    def at(cls, parsed: ParsedText, start: int, end: int) -> "Target":
        """The target at [start, end)."""
        around = parsed.symbols.enclosing(start, end)
        inside = parsed.symbols.inside(start, end)
        return cls(start, end, around, inside or ((around,) if around is not None else ()))

    @classmethod
    def of(cls, symbol: Symbol) -> "Target":
        """The target that is exactly one symbol, or one stretch."""
        return cls(symbol.start, symbol.end, symbol, (symbol,))

    @property
    def symbol(self) -> Symbol:
        """The one symbol around the whole target, for actions that work on one symbol.

        Raises:
            NothingToDoError: there is no such symbol.
        """
        if self.around is None:
            raise NothingToDoError("There is no function or class around all that is selected.")
        return self.around

    @property
    def said(self) -> str:
        """What the target says in words, if it is nothing but a comment."""
        around = self.around
        return comment_words(around.text) if around is not None and around.kind == COMMENT else ""

    @property
    def name(self) -> str:
        """The name for titles: the name of the symbol around the target, or the names of the symbols in it."""
        if self.around is not None:
            return self.around.name
        return names_together([each.name for each in self.symbols])


def names_together(names: Sequence[str]) -> str:
    """Several names as one, for titles."""
    if len(names) > _NAMED:
        return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
    return " and ".join(names)
