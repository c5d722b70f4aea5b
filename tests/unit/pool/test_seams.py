"""The pool, where an endpoint breaks off and the next one goes on from what it said."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from pillion.backends.backend import Done, Text, Thinking
from pillion.backends.chat_request import Message
from pillion.errors import ContextTooLongError
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from pillion.pool.objections import is_no_whole, says_nothing
from pillion.pool.pool import Pool
from pillion.pool.pool_events import Continued, EndpointFailed, PoolEvent, Preempted, Started
from pillion.pool.prompt_factory import PromptLimits
from pillion.pool.watch import Objection, no_objection
from pillion.prompts.prompt import Prompt
from pillion.tiers import Lane
from tests.support.pools import backend, collect, only_this_task, open_pool

NAMES = "abc"
CUT = Fault("error_line", 2)
MAX_TOKENS = 10


@pytest.fixture(scope="module")
def _engines() -> Iterator[dict[str, FakeEngine]]:
    with FakeEngine.start() as a, FakeEngine.start() as b, FakeEngine.start() as c:
        yield {"a": a, "b": b, "c": c}


@pytest.fixture
def engines(_engines: dict[str, FakeEngine]) -> dict[str, FakeEngine]:
    for engine in _engines.values():
        engine.clear_log()
    return _engines


class Factory:
    """Makes prompts; `goes_on` says at which endpoint (by its context length) one goes on, `too_long` where none fits."""

    def __init__(self, goes_on: str, too_long: str = "") -> None:
        self._goes_on = goes_on
        self._too_long = too_long
        self.told: list[str] = []

    def __call__(self, limits: PromptLimits, so_far: str) -> Prompt:
        name = NAMES[limits.num_ctx // 1024 - 1]
        self.told.append(f"{name}:{so_far}")
        if name in self._too_long:
            raise ContextTooLongError("too long")
        messages: tuple[Message, ...] = (Message("user", "hello"),)
        if so_far and name in self._goes_on:
            messages += (Message("assistant", so_far),)
        return Prompt(messages, None, MAX_TOKENS, continues=name in self._goes_on)


def told(events: list[PoolEvent]) -> str:
    """The events as a line: who starts (→), goes on (↪) or fails (✗ where what was said is void), and the words."""
    line = ""
    for event in events:
        match event:
            case Started():
                line += f" →{event.endpoint} "
            case Continued():
                line += f" ↪{event.endpoint}[{event.text}] "
            case EndpointFailed():
                line += f" {'✗' if event.void else '~'}{event.endpoint} "
            case Preempted():
                line += f" ↯{event.endpoint} "
            case Done():
                line += f" ={event.completion_tokens}{' cut off' if event.cut_off else ''}"
            case Text() | Thinking():
                line += event.text
            case _:
                line += f" {event}"
    return " ".join(line.split())


class Case(NamedTuple):
    replies: tuple[Rule, Rule, Rule]
    factory: Factory
    expected: str
    asked: list[str]
    objection: Objection = no_objection


def case(
    *replies: Rule,
    goes_on: str = "abc",
    too_long: str = "",
    expected: str,
    asked: str,
    objection: Objection = no_objection,
) -> Case:
    a, b, c = (*replies, *[Rule()] * (3 - len(replies)))
    return Case((a, b, c), Factory(goes_on, too_long), expected, asked.split("|"), objection)


BROKEN = Rule("one two lost", fault=CUT)
CASES = {
    "nothing fails": case(Rule("one two"), expected="→a one two =2", asked="a:"),
    "the next one goes on": case(
        BROKEN, Rule(" three four"), expected="→a one two ~a ↪b[one two] three four =4", asked="a:|b:one two"
    ),
    "every factory may start over": case(
        BROKEN, Rule("all of it"), goes_on="", expected="→a one two ✗a →b all of it =3", asked="a:|b:one two"
    ),
    "the third goes on from both": case(
        BROKEN,
        Rule(" three four lost", fault=CUT),
        Rule(" five"),
        expected="→a one two ~a ↪b[one two] three four ~b ↪c[one two three four] five =5",
        asked="a:|b:one two|c:one two three four",
    ),
    "the third goes on where the second says nothing": case(
        BROKEN,
        Rule(fault=Fault("status")),
        Rule(" five"),
        expected="→a one two ~a ↪b[one two] ~b ↪c[one two] five =3",
        asked="a:|b:one two|c:one two",
    ),
    "the third goes on where the second can't read it": case(
        BROKEN,
        Rule("never"),
        Rule(" five"),
        too_long="b",
        expected="→a one two ~a ~b ↪c[one two] five =3",
        asked="a:|b:one two|c:one two",
    ),
    "the third starts over where the second can't read it": case(
        BROKEN,
        Rule("never"),
        Rule("five"),
        goes_on="",
        too_long="b",
        expected="→a one two ✗a ✗b →c five =1",
        asked="a:|b:one two|c:one two",
    ),
    "the second starts over and the third goes on from it": case(
        BROKEN,
        Rule("new words lost", fault=CUT),
        Rule(" more"),
        goes_on="c",
        expected="→a one two ✗a →b new words ~b ↪c[new words] more =3",
        asked="a:|b:one two|c:new words",
    ),
    "the second goes on and the third starts over": case(
        BROKEN,
        Rule(" three four lost", fault=CUT),
        Rule("new"),
        goes_on="b",
        expected="→a one two ~a ↪b[one two] three four ✗b →c new =1",
        asked="a:|b:one two|c:one two three four",
    ),
    "nothing to go on from": case(
        Rule("lost", fault=Fault("error_line", 0)), Rule("one"), expected="→a ✗a →b one =1", asked="a:|b:"
    ),
    "thoughts are nothing to go on from": case(
        Rule("", thinking="hm so lost", fault=CUT), Rule("one"), expected="→a hm so ✗a →b one =1", asked="a:|b:"
    ),
    "the tokens of all are counted against the limit": case(
        Rule("1 2 3 4 5 6 7 8 9 lost", fault=Fault("error_line", 9)),
        Rule(" 1 2 3 4 5 6 7 8 9 lost", fault=Fault("error_line", 9)),
        Rule(" a b c d e"),
        expected="→a 1 2 3 4 5 6 7 8 9 ~a ↪b[1 2 3 4 5 6 7 8 9] 1 2 3 4 5 6 7 8 9"
        " ~b ↪c[1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9] a b c =21 cut off",
        asked="a:|b:1 2 3 4 5 6 7 8 9|c:1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9",
    ),
    "words before the seam are words": case(
        BROKEN, Rule(""), expected="→a one two ~a ↪b[one two] =2", asked="a:|b:one two", objection=says_nothing
    ),
    "an answer that was cut off is no beginning": case(
        BROKEN,
        Rule(" a b c d e f g h i j k"),
        Rule("whole"),
        expected="→a one two ~a ↪b[one two] a b c d e f g h i j ✗b →c whole =1",
        asked="a:|b:one two|c:",
        objection=is_no_whole,
    ),
    "the whole of it is given again where nobody does better": case(
        BROKEN,
        Rule(" a b c d e f g h i j k"),
        Rule(fault=Fault("status")),
        expected="→a one two ~a ↪b[one two] a b c d e f g h i j ✗b →c ✗c →b one two a b c d e f g h i j =12 cut off",
        asked="a:|b:one two|c:",
        objection=is_no_whole,
    ),
}


async def run(pool: Pool, factory: Factory, objection: Objection) -> list[PoolEvent]:
    return await collect(pool.stream(Lane.SIMPLE, factory, objection))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_going_on(engines: dict[str, FakeEngine], case: Case) -> None:
    for engine, rule in zip(engines.values(), case.replies, strict=True):
        engine.script(rule)
    endpoints = [
        backend("openai" if name == "b" else "ollama", engine.url, name, num_ctx=1024 * number)
        for number, (name, engine) in enumerate(engines.items(), 1)
    ]
    async with open_pool({"simple": [*NAMES]}, *endpoints) as pool:
        assert told(await run(pool, case.factory, case.objection)) == case.expected
    assert case.factory.told == case.asked
    await only_this_task()


async def test_a_loop_is_seen_across_the_seam(engines: dict[str, FakeEngine]) -> None:
    """Neither half is long enough to be one."""
    line = "    print('the same words again')\n"
    half = line * 8
    engines["a"].script(Rule(f"{half} lost", fault=Fault("error_line", 8 * 4)))
    engines["b"].script(Rule(f"\n{line * 16}"))
    endpoints = [backend("ollama", engines[name].url, name, num_ctx=1024 * (1 + at)) for at, name in enumerate("ab")]

    class Roomy(Factory):
        def __call__(self, limits: PromptLimits, so_far: str) -> Prompt:
            prompt = super().__call__(limits, so_far)
            return Prompt(prompt.messages, None, 1000, continues=prompt.continues)

    async with open_pool({"simple": ["b"], "hover": ["a", "b"]}, *endpoints) as pool:
        alone = await collect(pool.stream(Lane.SIMPLE, Roomy("")))
        both = await collect(pool.stream(Lane.HOVER, Roomy("ab")))
    ends = [event for event in (alone[-1], both[-1]) if isinstance(event, Done)]
    assert ends[0].stopped == ""
    assert ends[1].stopped.startswith("repeated itself")
