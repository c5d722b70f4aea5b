"""Watches one answer: its length, and whether it repeats itself."""

from collections.abc import Callable
from dataclasses import replace

from pillion.backends.backend import Done, Text, Thinking, ToolCall
from pillion.plurals import counted
from pillion.pool.bounds import Bounds, Meter
from pillion.pool.repetition import Repetition

# (an answer, its end) → why another endpoint should be asked, in words for what the endpoint did (“said nothing”);
# empty if the answer is good enough.
Objection = Callable[[str, Done], str]


def no_objection(_text: str, _done: Done) -> str:
    """Every answer is good enough."""
    return ""


class AnswerWatch:
    """Counts the answer; `text` is the answer so far. An endpoint may go on with an answer that another one began."""

    def __init__(self, max_tokens: int) -> None:
        self._meter = Meter(Bounds.of(max_tokens))
        self._loops = {Text: Repetition(), Thinking: Repetition()}
        self._parts: list[str] = []
        self.calls: list[ToolCall] = []
        """The tool calls in the answer."""
        self._goes_round = False
        self._pieces_before = 0

    @property
    def text(self) -> str:
        """The answer so far, without thoughts."""
        return "".join(self._parts)

    @property
    def says_something(self) -> bool:
        """Whether the answer has any words or tool calls."""
        return bool(self.text.strip() or self.calls)

    def heard(self, event: Text | Thinking | ToolCall) -> Text | Thinking | ToolCall:
        """The event, cut to the bounds if the answer is too long."""
        event = self._meter.take(event)
        if isinstance(event, ToolCall):
            self.calls.append(event)
            return event
        if isinstance(event, Text):
            self._parts.append(event.text)
        self._goes_round = self._loops[type(event)].goes_round(event.text)
        return event

    def goes_on(self) -> None:
        """The endpoint broke off, and another goes on from here."""
        self._pieces_before = self._meter.pieces

    def whole(self, done: Done) -> Done:
        """The engine's end of the answer, with the tokens of earlier endpoints added."""
        if not self._pieces_before:
            return done
        tokens = done.completion_tokens or self._meter.pieces - self._pieces_before
        return replace(done, completion_tokens=self._pieces_before + tokens)

    @property
    def ending(self) -> Done | None:
        """The end that Pillion gives the answer now; None if it goes on."""
        pieces = self._meter.pieces
        if self._goes_round:
            return self.stopped(f"repeated itself and was stopped after {counted(pieces, 'token')}")
        return Done(completion_tokens=pieces, cut_off=True) if self._meter.exceeded else None

    def stopped(self, why: str) -> Done:
        """The end of an answer that Pillion stops."""
        return Done(completion_tokens=self._meter.pieces, cut_off=True, stopped=why)
