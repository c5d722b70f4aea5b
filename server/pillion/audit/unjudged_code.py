"""What of a draft the model auditor has not judged yet."""

from collections.abc import Iterable, Sequence

from pillion.syntax.units import Unit

# As many characters, some fifty tokens, are worth a request of their own to have them in the engine's cache.
_READ_AHEAD_CHARACTERS = 120


class UnjudgedCode:
    """The closed units that wait, and the code behind them that is still being written."""

    def __init__(self) -> None:
        self._closed: list[Unit] = []
        self._open = ""
        self._read_characters = 0
        self._waiting_characters = 0
        self.beginning = ""

    @property
    def has_closed(self) -> bool:
        """Whether a unit waits that there is something to say about."""
        return any(not unit.blank for unit in self._closed)

    @property
    def is_worth_reading(self) -> bool:
        """Whether so much is new, of code and of answers, that the engine should read it before it is asked."""
        return self._waiting_characters + len(self._open) - self._read_characters >= _READ_AHEAD_CHARACTERS

    def add(self, text: str, closed: Sequence[Unit]) -> None:
        """The code goes on; the units closed are the beginning of what was open."""
        self._open += text
        for unit in closed:
            if not self.beginning.strip():
                self.beginning += unit.text
            self._closed.append(unit)
            self._open = self._open[len(unit.text) :]
            self._waiting_characters += len(unit.text)

    def begin_reading(self) -> str:
        """All that waits, up to the last complete line."""
        self._read_characters = self._waiting_characters + len(self._open)
        return "".join(unit.text for unit in self._closed) + self._open[: self._open.rfind("\n") + 1]

    def answered(self, reply: str) -> None:
        """The model's own words are read like any others: an engine may cut them into other tokens than it said."""
        self._read_characters -= len(reply)

    def take_closed(self) -> tuple[tuple[Unit, ...], str]:
        """The units that wait, which go together: one question costs one answer."""
        units = tuple(self._closed)
        code = "".join(unit.text for unit in units)
        self._closed.clear()
        # What was read of the code behind them stands in another place now: after their question and its answer.
        self._waiting_characters = self._read_characters = 0
        return units, code

    def take_all(self) -> tuple[tuple[Unit, ...], str]:
        """The same once the draft is complete; nothing if only blank lines are left."""
        if not self.has_closed:
            return (), ""
        return self.take_closed()

    def put_back(self, units: Iterable[Unit]) -> None:
        """They weren't judged after all."""
        back = list(units)
        self._closed[:0] = back
        self._waiting_characters += sum(len(unit.text) for unit in back)
