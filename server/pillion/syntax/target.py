"""What somebody means: a range of a document, and the symbols in it."""

from dataclasses import dataclass

from pillion.errors import NothingToDoError
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import Symbol

_NAMED = 2


@dataclass(frozen=True, slots=True)
class Target:
    """[start, end) code points of a document. `symbols` are those that begin and end in it, in the document's order,
    without what is inside one of them; if there are none, it is the one `around` it. `around` has all of the range."""

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
        """All of one symbol."""
        return cls(symbol.start, symbol.end, symbol, (symbol,))

    @property
    def symbol(self) -> Symbol:
        """The one symbol that has all of it, for actions that work on one.

        Raises:
            NothingToDoError: there is none.
        """
        if self.around is None:
            raise NothingToDoError("There is no function or class around all that is selected.")
        return self.around

    @property
    def name(self) -> str:
        """What a title calls it: the one symbol's name, or the names of those that are in it."""
        if self.around is not None:
            return self.around.name
        names = [each.name for each in self.symbols]
        if len(names) > _NAMED:
            return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
        return " and ".join(names)
