"""The one reader of streams: what it gathers, what it tells, and where it hangs up."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any, NamedTuple

import pytest

from pillion.backends.backend import Done, Text, Thinking, ToolCall
from pillion.errors import NoEndpointError
from pillion.pool.bounds import Bounds
from pillion.pool.pool_events import Continued, EndpointFailed, PoolEvent, Preempted, Started
from pillion.pool.stream_reader import StreamListener, StreamReader

CALL = ToolCall("", "look", "{}")
WIDE = Bounds(pieces=100, characters=1000, thought_characters=1000)
A, B = Started("a", ""), Started("b", "")
BROKE_OFF = EndpointFailed("a", "it broke off", void=False)


class Script:
    """A stream that is written down; a number lets so many seconds pass. `closed`: nobody reads any more."""

    def __init__(self, *events: PoolEvent | float, error: Exception | None = None) -> None:
        self._events = events
        self._error = error
        self.now_s = 0.0
        self.taken = 0
        self.closed = False

    async def stream(self) -> AsyncGenerator[PoolEvent, None]:
        try:
            for event in self._events:
                self.taken += 1
                if isinstance(event, float):
                    self.now_s += event
                else:
                    yield event
            if self._error is not None:
                raise self._error
        finally:
            self.closed = True


class Diary(StreamListener):
    """Writes down what it is told, with what the reader has at that moment."""

    def __init__(self) -> None:
        self.reader: StreamReader | None = None
        self.entries: list[str] = []

    def _note(self, what: str) -> None:
        assert self.reader is not None
        self.entries.append(f"{what}: {self.reader.tokens} {self.reader.text!r}")

    def started(self, endpoint: str, omitted: str) -> None:
        self._note(f"{endpoint} starts{omitted}")

    def continued(self, endpoint: str, omitted: str) -> None:
        self._note(f"{endpoint} goes on{omitted}")

    def heard(self, text: str) -> None:
        self._note(f"{text!r}")

    def called(self, call: ToolCall) -> None:
        self._note(f"calls {call.name}")

    def failed(self, failure: EndpointFailed) -> None:
        self._note(f"{failure.endpoint} fails")

    def preempted(self) -> None:
        self._note("preempted")

    def ended(self, done: Done) -> None:
        self._note("ends")


class Case(NamedTuple):
    events: Sequence[PoolEvent | float]
    told: Sequence[str]
    ends: dict[str, Any]


CASES = {
    "words": Case(
        [1.0, A, Text("x"), 0.5, Text("y"), Done(completion_tokens=2)],
        ["a starts: 0 ''", "'x': 1 'x'", "'y': 2 'xy'", "ends: 2 'xy'"],
        {"text": "xy", "tokens": 2, "endpoint": "a", "started_s": 1.0, "tokens_per_s": 2.0, "cut_off": False},
    ),
    "thoughts are counted, and no words": Case(
        [A, Thinking("hm"), Text("x"), Done()],
        ["a starts: 0 ''", "'': 1 ''", "'x': 2 'x'", "ends: 2 'x'"],
        {"text": "x", "tokens": 2, "pieces": 2},
    ),
    "the engine's own count goes before ours": Case(
        [A, Text("x y"), Done(completion_tokens=9, cut_off=True, stopped="was stopped")],
        ["a starts: 0 ''", "'x y': 1 'x y'", "ends: 1 'x y'"],
        {"tokens": 9, "pieces": 1, "cut_off": True, "stopped": "was stopped"},
    ),
    "the next one starts over": Case(
        [A, Text("x"), EndpointFailed("a", "no"), Started("b", "!"), 1.0, Text("y"), 0.5, Text("z"), Done()],
        [
            "a starts: 0 ''",
            "'x': 1 'x'",
            "a fails: 1 'x'",
            "b starts!: 0 ''",
            "'y': 1 'y'",
            "'z': 2 'yz'",
            "ends: 2 'yz'",
        ],
        {"text": "yz", "tokens": 2, "endpoint": "b", "start_overs": 1, "seams": [], "tokens_per_s": 2.0},
    ),
    "one that said nothing leaves nothing to start over": Case(
        [A, EndpointFailed("a", "no"), B, Text("y"), Done()],
        ["a starts: 0 ''", "a fails: 0 ''", "b starts: 0 ''", "'y': 1 'y'", "ends: 1 'y'"],
        {"start_overs": 0},
    ),
    "the next one goes on": Case(
        [
            1.0,
            A,
            Text("ab"),
            9.0,
            Text("c"),
            BROKE_OFF,
            5.0,
            Continued("b", "!", "abc"),
            5.0,
            Text("d"),
            0.5,
            Text("e"),
            Done(),
        ],
        [
            *["a starts: 0 ''", "'ab': 1 'ab'", "'c': 2 'abc'", "a fails: 2 'abc'", "b goes on!: 2 'abc'"],
            *["'d': 3 'abcd'", "'e': 4 'abcde'", "ends: 4 'abcde'"],
        ],
        {
            "text": "abcde",
            "tokens": 4,
            "endpoint": "b",
            "seams": [3],
            "start_overs": 0,
            "started_s": 1.0,
            "tokens_per_s": 2.0,
        },
    ),
    "two go on": Case(
        [
            A,
            Text("a"),
            BROKE_OFF,
            Continued("b", "", "a"),
            Text("b"),
            BROKE_OFF,
            Continued("c", "", "ab"),
            Text("c"),
            Done(completion_tokens=7),
        ],
        [],
        {"text": "abc", "tokens": 7, "endpoint": "c", "seams": [1, 2]},
    ),
    "going on fails, and the next one starts over": Case(
        [
            A,
            Text("a"),
            BROKE_OFF,
            Continued("b", "", "a"),
            EndpointFailed("b", "no"),
            Started("c", ""),
            Text("z"),
            Done(),
        ],
        [],
        {"text": "z", "tokens": 1, "seams": [], "start_overs": 1},
    ),
    "calls of tools": Case(
        [A, Text("x"), CALL, CALL, Done(tool_calls=2)],
        ["a starts: 0 ''", "'x': 1 'x'", "calls look: 1 'x'", "calls look: 1 'x'", "ends: 1 'x'"],
        {"text": "x", "tokens": 1, "tool_calls": [CALL, CALL]},
    ),
    "calls that are void": Case(
        [A, CALL, EndpointFailed("a", "no"), B, Text("y"), Done()], [], {"text": "y", "tool_calls": []}
    ),
    "preempted": Case(
        [A, Text("x"), Preempted("a")],
        ["a starts: 0 ''", "'x': 1 'x'", "preempted: 1 'x'"],
        {"done": None, "text": "x"},
    ),
    "it ends without a word": Case([], [], {"done": None, "text": "", "endpoint": "", "tokens_per_s": 0.0}),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_what_it_gathers(case: Case) -> None:
    script, diary = Script(*case.events), Diary()
    reader = diary.reader = StreamReader(WIDE, diary, lambda: script.now_s)
    await reader.read(script.stream())
    assert {name: getattr(reader, name) for name in case.ends} == case.ends
    if case.told:
        assert diary.entries == list(case.told)
    assert script.closed


LONG = [Text("abcd"), Text("efgh"), Text("ijkl"), Text("mnop")]
BOUNDS = {
    "as long as may be": (Bounds(4, 16, 0), LONG, "abcdefghijklmnop", False),
    "too many characters": (Bounds(9, 10, 0), LONG, "abcdefghij", True),
    "too many tokens": (Bounds(2, 99, 0), LONG, "abcdefghijkl", True),
    "too many thoughts": (Bounds(9, 99, 3), [Text("a"), Thinking("hmm"), Thinking("m"), Text("b")], "a", True),
    "as many thoughts as may be": (Bounds(9, 99, 3), [Text("a"), Thinking("hmm"), Text("b")], "ab", False),
    "one piece that is far too long": (Bounds(9, 3, 0), [Text("a" * 10_000), Text("b")], "aaa", True),
    "a call that is too long": (Bounds(9, 5, 0), [CALL, Text("b")], "", True),
    "over the seam": (Bounds(9, 10, 0), [*LONG[:2], BROKE_OFF, Continued("b", "", ""), *LONG[2:]], "abcdefghij", True),
    "each from its beginning": (Bounds(9, 8, 0), [*LONG[:2], EndpointFailed("a", ""), B, *LONG[2:]], "ijklmnop", False),
}


@pytest.mark.parametrize(("bounds", "events", "text", "ends"), BOUNDS.values(), ids=BOUNDS.keys())
async def test_where_it_hangs_up(bounds: Bounds, events: list[PoolEvent], text: str, ends: bool) -> None:
    script, diary = Script(A, *events, Done(completion_tokens=77)), Diary()
    reader = diary.reader = StreamReader(bounds, diary)
    await reader.read(script.stream())
    assert reader.text == text
    assert reader.cut_off is ends
    assert reader.tokens == (reader.pieces if ends else 77)
    assert (script.taken == len(events) + 2) is not ends, "what follows isn't asked for"
    assert diary.entries[-1].startswith("ends")
    assert script.closed


async def test_a_listener_may_have_heard_enough() -> None:
    class Impatient(StreamListener):
        def heard(self, text: str) -> None:
            reader.close()

    script = Script(A, Text("x"), Text("y"), Done())
    reader = StreamReader(WIDE, Impatient())
    await reader.read(script.stream())
    assert (reader.text, reader.done, script.taken, script.closed) == ("x", None, 2, True)


@pytest.mark.parametrize("error", [NoEndpointError("nobody"), RuntimeError("a mistake")])
async def test_what_was_gathered_is_there_after_an_error(error: Exception) -> None:
    script = Script(A, Text("x"), error=error)
    reader = StreamReader(WIDE)
    with pytest.raises(type(error)):
        await reader.read(script.stream())
    assert (reader.text, reader.endpoint, script.closed) == ("x", "a", True)
