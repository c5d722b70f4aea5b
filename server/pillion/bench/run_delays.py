"""`pillion bench runs`: how soon a function of a draft has been run, once the draft has it."""

import asyncio
import re
import statistics
from dataclasses import dataclass

from pillion.actions.action_registry import action_by_id
from pillion.backends.ollama import OllamaBackend
from pillion.config.schema import AuditConfig, EndpointConfig, LanesConfig
from pillion.events import CodeRan, DraftEnded, FunctionRan, PipelineEvent
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from pillion.pipeline.job_run import run_job
from pillion.pipeline.outcome import Task
from pillion.pipeline.policy import AuditPolicy
from pillion.pool.pool import Pool
from pillion.sandbox.sandboxes import Sandboxes
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from pillion.tiers import Lane

MAX_MEDIAN_S = 0.1
_TOKENS_PER_S = 40.0
_ROUNDS = 3
_NAME = "engine"
_SOURCE = """\
def total(prices: list[int]) -> int:
    result = 0
    for price in prices:
        result = result + price
    return result


def shout(text: str, times: int = 1) -> str:
    if times < 0:
        raise ValueError("times must not be negative")
    return text.upper() + "!" * times


def pairs(text: str) -> dict[str, str]:
    found = {}
    for line in text.splitlines():
        name, separator, value = line.partition("=")
        if separator:
            found[name.strip()] = value.strip()
    return found


def roman(number: int) -> str:
    signs = [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    found = ""
    for value, sign in signs:
        while 0 < value <= number < 4000:
            found += sign
            number -= value
    return found


def chunks(items: list[int], size: int) -> list[list[int]]:
    if size < 1:
        raise ValueError(size)
    return [items[at : at + size] for at in range(0, len(items), size)]


def median(numbers: list[float]) -> float:
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def clamp(number: int, low: int = 0, high: int = 10) -> int:
    return max(low, min(number, high))


def last() -> int:
    return 1
"""


@dataclass(frozen=True, slots=True)
class RunDelays:
    """Seconds from the moment when a draft has a function to the end of its checks, and how long the checks of the
    finished edit went on after the draft. `words`: what was run."""

    delays_s: tuple[float, ...]
    tails_s: tuple[float, ...]
    words: str

    @property
    def median_s(self) -> float:
        """The median delay; 0 if nothing was run."""
        return statistics.median(self.delays_s) if self.delays_s else 0.0

    @property
    def missed(self) -> bool:
        """Whether it took too long, or nothing was run."""
        return not self.delays_s or self.median_s > MAX_MEDIAN_S


def measure(rounds: int = _ROUNDS, tokens_per_s: float = _TOKENS_PER_S) -> RunDelays:
    """Refactors a file of small functions with an engine that plays a model of this speed."""
    return asyncio.run(_measure(rounds, tokens_per_s))


async def _measure(rounds: int, tokens_per_s: float) -> RunDelays:
    # Every function changes, and none in what it does.
    rewritten = re.sub(r"return (.+)", r"return (\1)", _SOURCE)
    reply = f"```python\n{rewritten}```"
    delays: list[float] = []
    tails: list[float] = []
    words = ""
    sandboxes = Sandboxes()
    with FakeEngine.start(model="fake", tokens_per_s=tokens_per_s) as engine:
        engine.script(Rule(reply))
        config = EndpointConfig.model_validate({"protocol": "ollama", "url": engine.url, "model": "fake"})
        lanes = LanesConfig(**{lane.value: [_NAME] for lane in Lane})
        pool = Pool({_NAME: OllamaBackend(_NAME, config)}, lanes)
        policy = AuditPolicy(AuditConfig(enabled=False), (), lambda endpoint: False, sandboxes=sandboxes)
        try:
            for _ in range(rounds):
                events: list[PipelineEvent] = []
                await run_job(_task(), pool, policy, events.append)
                delays += [event.waited_s for event in events if isinstance(event, FunctionRan)]
                ended = [event.at_s for event in events if isinstance(event, DraftEnded)]
                ran = [event for event in events if isinstance(event, CodeRan)]
                tails += [each.at_s - ended[-1] for each in ran]
                words = ran[-1].words if ran else words
        finally:
            await pool.aclose()
            await asyncio.to_thread(sandboxes.close)
    return RunDelays(tuple(delays), tuple(tails), words)


def _task() -> Task:
    language = language_by_id("python")
    if language is None:
        raise ValueError("Python is one of the languages")
    document, action = ParsedText.of(language, _SOURCE), action_by_id("refactor")
    return Task("file:///numbers.py", action, action.scope.target(document, 0, len(_SOURCE)), document)
