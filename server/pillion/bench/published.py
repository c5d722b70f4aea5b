"""Fake engines with the published timings, scaled down.

Assumptions:

- A draft takes 19.25 s. Its prompt is read at 1,500 tokens/s; decoding takes the rest of the time, at the rate that
  follows from that.
- An audit of the whole draft in one question takes 23.84 s beside the large model on its GPU, and 4 s on a GPU of its
  own. The answer, a line of JSON, is decoded at 45 and 200 tokens/s. Reading the prompt (the constant prefix, the task,
  the whole draft) takes the rest of the time, at an even rate. So each part of the draft costs its share. This is the
  harder case for an audit beside the draft: if the time were in long answers, an audit with short answers would have
  less to do.
- An engine has one slot, keeps the last prompt in its cache and reads only the new text after it. It begins each run
  with nothing of the job in its cache.
- A token is a piece of a word of at most four characters.
- The scale divides every time in the same way, but not the cost of HTTP and Python, about 10 ms a question.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from pillion.backends.openai import OpenAIBackend
from pillion.bench.sample_drafts import SampleDraft
from pillion.bench.scenarios import HELLO, Scenario, lanes_of, run_scenario, warm_up
from pillion.config.schema import EndpointConfig, Protocol
from pillion.fake_engine.dialects import tokens_of
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from pillion.pool.pool import Pool
from pillion.prompts.audit_conversation import AuditConversation

DRAFT_S = 19.25
ASSUMED = (
    "Fake engines at the published times × {scale:g}: a draft takes 19.25 s, the audit of all of it in one question "
    "23.84 s beside the large model and 4 s on its own GPU; that time is reading, at an even rate, so a part costs its "
    "share; answers come at 45 and 200 tokens/s."
)
_DRAFT_PREFILL_TOKENS_PER_S = 1500.0
# Roughly as models' tokenizers cut code: words in pieces of four characters, white space with the next piece.
_TOKEN_CHARACTERS = 4
_NUM_CTX = 32768
_NOTHING = '{"findings": []}'
_ALL_MET = '{"findings": [], "unmet": []}'
_CRITERIA = '{"criteria": ["Each amount is checked before it is used.", "Nothing is returned that was not kept."]}'


@dataclass(frozen=True, slots=True)
class _Gpu:
    """The GPU on which a model audits: its time for the whole draft, and the rate of its answers."""

    whole_audit_s: float
    answer_tokens_per_s: float


_LARGE, _SMALL = _Gpu(23.84, 45.0), _Gpu(4.0, 200.0)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two fake engines: one drafts, and also audits if it is alone; the other only audits."""

    large: FakeEngine
    small: FakeEngine

    @asynccontextmanager
    async def pool(self, scenario: Scenario) -> AsyncIterator[Pool]:
        """A scenario's endpoints, warmed up."""
        named = {"large": self.large, "small": self.small}
        backends = {name: OpenAIBackend(name, _endpoint(name, engine)) for name, engine in named.items()}
        pool = Pool(backends, lanes_of(scenario, "large", "small"))
        try:
            for backend in backends.values():
                await warm_up(backend, HELLO)
            yield pool
        finally:
            await pool.aclose()

    async def script(self, draft: SampleDraft, scale: float) -> None:
        """Makes the engines answer for this draft, at rates that give the published times, scaled."""
        audits = _audit_replies(draft)
        for engine in (self.large, self.small):
            engine.script(*audits, Rule(draft.reply))
        sizes = await self._sizes(draft)
        for engine, gpu in ((self.large, _LARGE), (self.small, _SMALL)):
            read_s = gpu.whole_audit_s - _answer_s(_complaint(draft), gpu.answer_tokens_per_s)
            rated = [_rated(rule, gpu.answer_tokens_per_s, sizes.audit_prompt / read_s, scale) for rule in audits]
            engine.script(*rated, _draft_rule(draft, sizes, scale))

    async def _sizes(self, draft: SampleDraft) -> "_Sizes":
        """The sizes of all prompts and answers in the engine's tokens, from a run at full speed."""
        async with self.pool(Scenario.SEQUENCE) as pool:
            self.large.clear_log()
            await run_scenario(Scenario.SEQUENCE, draft.task(), pool)
        drafted, audited = self.large.log()
        return _Sizes(drafted.prompt_tokens, drafted.tokens_sent, audited.prompt_tokens)


@dataclass(frozen=True, slots=True)
class _Sizes:
    """Prompts are counted in tokens; the draft in words, because it is streamed in words."""

    draft_prompt: int
    draft_words: int
    audit_prompt: int


@contextmanager
def fake_pair() -> Iterator[Pair]:
    """Two engines, each in a process of its own, which ends with the block."""
    with (
        FakeEngine.start(model="large", prompt_token_characters=_TOKEN_CHARACTERS) as large,
        FakeEngine.start(model="small", prompt_token_characters=_TOKEN_CHARACTERS) as small,
    ):
        yield Pair(large, small)


def _endpoint(name: str, engine: FakeEngine) -> EndpointConfig:
    return EndpointConfig.model_validate(
        {"protocol": Protocol.OPENAI, "url": f"{engine.url}/v1", "model": name, "num_ctx": _NUM_CTX}
    )


def _audit_replies(draft: SampleDraft) -> list[Rule]:
    """An auditor's answers. The prompt's constant examples contain the questions' words, so the last message counts."""
    criteria = AuditConversation("", "python").ask_criteria().messages
    verdict = AuditConversation("", "python", criteria=("",)).ask_verdict("").messages
    auditor = criteria[0].content
    return [
        Rule(_CRITERIA, match=auditor, match_last=_last_line(criteria[-1].content)),
        # On a busy machine the wrong line may be judged with the last part, so this rule comes before the verdict's.
        Rule(_complaint(draft), match=auditor, match_last=draft.wrong),
        Rule(_ALL_MET, match=auditor, match_last=_last_line(verdict[-1].content)),
        Rule(_NOTHING, match=auditor),
    ]


def _complaint(draft: SampleDraft) -> str:
    quote = draft.wrong.replace('"', '\\"')
    return (
        f'{{"findings": [{{"quote": "{quote}", "severity": "warning", "category": "edge case", '
        f'"message": "{draft.complaint}"}}], "unmet": []}}'
    )


def _rated(rule: Rule, answer_tokens_per_s: float, prefill_tokens_per_s: float, scale: float) -> Rule:
    answer_s = _answer_s(rule.reply, answer_tokens_per_s)
    return Rule(
        rule.reply,
        match=rule.match,
        match_last=rule.match_last,
        tokens_per_s=len(tokens_of(rule.reply)) / answer_s / scale,
        prefill_tokens_per_s=prefill_tokens_per_s / scale,
    )


def _answer_s(reply: str, tokens_per_s: float) -> float:
    return len(tokens_of(reply, _TOKEN_CHARACTERS)) / tokens_per_s


def _draft_rule(draft: SampleDraft, sizes: _Sizes, scale: float) -> Rule:
    return Rule(
        draft.reply,
        tokens_per_s=sizes.draft_words / (DRAFT_S - sizes.draft_prompt / _DRAFT_PREFILL_TOKENS_PER_S) / scale,
        prefill_tokens_per_s=_DRAFT_PREFILL_TOKENS_PER_S / scale,
    )


def _last_line(text: str) -> str:
    return text.rsplit("\n", 1)[-1]
