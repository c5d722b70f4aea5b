"""The part of a draft that the model auditor hasn't judged yet."""

from collections.abc import Iterable, Sequence

from pillion.syntax.units import Unit

# With this many characters (about fifty tokens), it pays to send a request that only fills the engine's cache.
_READ_AHEAD_CHARACTERS = 120


class UnjudgedCode:
    """The waiting closed units, and the code after them that is still being written."""

    def __init__(self) -> None:
        self._closed: list[Unit] = []
        self._open = ""
        self._read_characters = 0
        self._waiting_characters = 0
        self.beginning = ""

    @property
    def has_closed(self) -> bool:
        """Whether a unit waits that isn't blank."""
        return any(not unit.blank for unit in self._closed)

    @property
    def is_worth_reading(self) -> bool:
        """Whether so much new code and so many answers wait that the engine should read them before a question."""
        return self._waiting_characters + len(self._open) - self._read_characters >= _READ_AHEAD_CHARACTERS

    def add(self, text: str, closed: Sequence[Unit]) -> None:
        """The code goes on. The closed units are the beginning of the open code."""
        self._open += text
        for unit in closed:
            if not self.beginning.strip():
                self.beginning += unit.text
            self._closed.append(unit)
            self._open = self._open[len(unit.text) :]
            self._waiting_characters += len(unit.text)

    def begin_reading(self) -> str:
        """All waiting code, up to the last complete line."""
        self._read_characters = self._waiting_characters + len(self._open)
        return "".join(unit.text for unit in self._closed) + self._open[: self._open.rfind("\n") + 1]

    def answered(self, reply: str) -> None:
        """The engine must read the model's answer, too: it may split the text into other tokens than it generated."""
        self._read_characters -= len(reply)

    def take_closed(self) -> tuple[tuple[Unit, ...], str]:
        """The waiting units, all together: one question costs one answer."""
        units = tuple(self._closed)
        code = "".join(unit.text for unit in units)
        self._closed.clear()
        # The code after the units must be read again: it now stands after their question and its answer.
        self._waiting_characters = self._read_characters = 0
        return units, code

    def take_all(self) -> tuple[tuple[Unit, ...], str]:
        """Like take_closed, for a complete draft; nothing if only blank lines are left."""
        if not self.has_closed:
            return (), ""
        return self.take_closed()

    def put_back(self, units: Iterable[Unit]) -> None:
        """These units weren't judged, so they wait again."""
        back = list(units)
        self._closed[:0] = back
        self._waiting_characters += sum(len(unit.text) for unit in back)
