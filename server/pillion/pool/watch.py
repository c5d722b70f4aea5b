"""Watches one answer: its length, and whether it repeats itself."""

from collections.abc import Callable
from dataclasses import replace

from pillion.backends.backend import Done, StreamEvent, Text, Thinking, ToolCall
from pillion.plurals import counted
from pillion.pool.bounds import Bounds, Meter
from pillion.pool.repetition import Repetition
from pillion.text.begun_answer import END_OF_CODE, BegunAnswer
from pillion.text.reply_blocks import breaks_off

# (an answer, its end) → why another endpoint should be asked, in words for what the endpoint did (“said nothing”);
# empty if the answer is good enough.
Objection = Callable[[str, Done], str]


def no_objection(_text: str, _done: Done) -> str:
    """Every answer is good enough."""
    return ""


class AnswerWatch:
    """Counts the answer; `text` is the answer so far. An endpoint may go on with an answer that another one began, or
    that Pillion began: the endpoint's own `words` are less than the text then."""

    def __init__(self, max_tokens: int) -> None:
        self._meter = Meter(Bounds.of(max_tokens))
        self._loops = {Text: Repetition(), Thinking: Repetition()}
        self._parts: list[str] = []
        self._words: list[str] = []
        self._begun: BegunAnswer | None = None
        self.calls: list[ToolCall] = []
        """The tool calls in the answer."""
        self._goes_round = False
        self._pieces_before = 0

    @property
    def text(self) -> str:
        """The answer so far, without thoughts."""
        return "".join(self._parts)

    @property
    def words(self) -> str:
        """The words that endpoints wrote, without thoughts."""
        return "".join(self._words)

    @property
    def says_something(self) -> bool:
        """Whether the answer has any words or tool calls, besides its beginning."""
        empty = self._begun is not None and self._begun.empty
        return bool(self.calls or (self.words.strip() and not empty))

    @property
    def started_over(self) -> bool:
        """Whether the endpoint didn't go on from the beginning that it was given."""
        return self._begun is not None and self._begun.started_over

    def begin(self, beginning: str) -> None:
        """The endpoint is asked to go on from this beginning; empty: to write all of the answer."""
        self._begun = BegunAnswer(beginning) if beginning else None
        self._words = []

    def heard(self, event: Text | Thinking | ToolCall) -> Text | Thinking | ToolCall:
        """The event, cut to the bounds if the answer is too long."""
        event = self._meter.take(event)
        if isinstance(event, ToolCall):
            self.calls.append(event)
            return event
        self._goes_round = self._loops[type(event)].goes_round(event.text)
        if isinstance(event, Text):
            self._words.append(event.text)
            if self._begun is not None:
                event = Text(self._begun.feed(event.text))
            self._parts.append(event.text)
        return event

    def closed(self, done: Done) -> list[StreamEvent]:
        """The last events: words that were held back, and the end. The engine of a begun answer stops at the closing
        fence, so that is written here: without it, whole code would look as if it broke off."""
        rest = self._begun.finish() if self._begun is not None else ""
        if self._begun is not None and not self._begun.empty and not done.cut_off and breaks_off(self.text + rest):
            rest += END_OF_CODE.removeprefix("\n" if (self.text + rest).endswith("\n") else "")
        if not rest:
            return [done]
        self._parts.append(rest)
        return [Text(rest), done]

    def goes_on(self) -> None:
        """The endpoint broke off, and another goes on from here."""
        self._begun = None
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
        if self._begun is not None and self._begun.empty:
            return Done(completion_tokens=pieces)
        return Done(completion_tokens=pieces, cut_off=True) if self._meter.exceeded else None

    def stopped(self, why: str) -> Done:
        """The end of an answer that Pillion stops."""
        return Done(completion_tokens=self._meter.pieces, cut_off=True, stopped=why)
