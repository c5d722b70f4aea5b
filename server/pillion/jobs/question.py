"""A question in words that is about no document. Its tier's lane answers it, and no part of the answer is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from pillion.backends.backend import Done
from pillion.backends.chat_request import Message
from pillion.errors import NoEndpointError
from pillion.pool.bounds import Bounds
from pillion.pool.objections import cut_off, says_nothing
from pillion.pool.pool import Pool
from pillion.pool.pool_events import EndpointFailed, Waiting
from pillion.pool.stream_reader import StreamListener, StreamReader
from pillion.prompts.prompt import Prompt, fenced
from pillion.state.draft_log import DraftLog, DraftRecord
from pillion.state.kept_drafts import DraftFolder
from pillion.text.thoughts import ThoughtFilter
from pillion.tiers import Tier

_MAX_TOKENS = 1024
_SYSTEM = "You are a helpful programmer. Answer briefly and to the point."
_ACTION = "ask"


@dataclass(frozen=True, slots=True)
class Question:
    """The question, the tier that answers, and code that belongs to the question (may be empty)."""

    text: str
    tier: Tier
    code: str = ""

    @property
    def prompt(self) -> Prompt:
        """The prompt for the model."""
        content = f"{self.text}\n{fenced(self.code, '')}" if self.code.strip() else self.text
        return Prompt((Message("system", _SYSTEM), Message("user", content)), None, _MAX_TOKENS)


@dataclass(frozen=True, slots=True)
class Answer:
    """A model's words. `broken_off` says what the endpoint did if the words ended too early; empty if they didn't."""

    text: str
    endpoint: str
    tokens: int
    broken_off: str


class AnswerFollower(StreamListener):
    """Shows an answer while it streams."""

    def said(self, text: str, *, ends: bool = False) -> None:
        """The answer goes on with these words, or ends with them. The model's thoughts are left out."""

    def kept(self, path: Path | None) -> None:
        """There will be no whole answer; its words so far are kept in this file. None: they couldn't be kept."""


async def answer(
    question: Question, pool: Pool, drafts: DraftFolder, log: DraftLog, follower: AnswerFollower
) -> Answer:
    """Asks, and gives the whole answer. `log` has the answer while it streams; `drafts` keeps an incomplete answer.

    Raises:
        PillionError: no endpoint gave an answer; see Pool.stream.
    """
    async with _recorded(drafts, log, follower) as record:
        written = _WrittenAnswer(record, follower)
        stream = StreamReader(Bounds.behind_the_pool(_MAX_TOKENS), written)
        prompt = question.prompt  # the same for all endpoints: a broken-off answer starts again
        await stream.read(pool.stream(question.tier.lane, lambda limits, so_far: prompt, says_nothing))
    if not written.text.strip():
        hint = "Ask again, or on another tier."
        raise NoEndpointError(f"{stream.endpoint} said nothing.", hint=hint)
    broken_off = stream.stopped or (cut_off(stream.tokens) if stream.cut_off else "")
    return Answer(written.text, stream.endpoint, stream.tokens, broken_off)


@asynccontextmanager
async def _recorded(drafts: DraftFolder, log: DraftLog, follower: AnswerFollower) -> AsyncIterator[DraftRecord]:
    """Gives a record for the answer's text. The text is kept if the block ends with an exception."""
    record_id = uuid4().hex[:12]
    record = log.begin(record_id, _ACTION, "", "")
    try:
        yield record
    except BaseException as exc:  # not even a mistake in the program may lose the text
        if record.text.strip():
            interrupted = isinstance(exc, asyncio.CancelledError | KeyboardInterrupt)
            reason = "interrupted" if interrupted else str(exc)
            follower.kept(drafts.keep(record_id, _ACTION, "", record.text, reason=reason))
        raise
    finally:
        record.drop()


class _WrittenAnswer(StreamListener):
    """Records the text as it comes, and passes it on without the model's thoughts."""

    def __init__(self, record: DraftRecord, follower: AnswerFollower) -> None:
        self._record = record
        self._follower = follower
        self._think = ThoughtFilter()
        self.text = ""

    def started(self, endpoint: str, omitted: str) -> None:
        """See StreamListener."""
        self._follower.started(endpoint, omitted)
        self._think, self.text = ThoughtFilter(), ""

    def continued(self, endpoint: str, omitted: str) -> None:
        """See StreamListener."""
        self._follower.continued(endpoint, omitted)

    def heard(self, text: str) -> None:
        """See StreamListener."""
        self._record.write(text)
        self._say(self._think.feed(text))

    def failed(self, failure: EndpointFailed) -> None:
        """See StreamListener."""
        self._follower.failed(failure)
        if failure.void:
            self._record.start_over(failure.reason)

    def waits(self, waiting: Waiting) -> None:
        """See StreamListener."""
        self._follower.waits(waiting)

    def ended(self, done: Done) -> None:
        """See StreamListener."""
        self._say(self._think.finish(), ends=True)
        self._follower.ended(done)

    def _say(self, text: str, *, ends: bool = False) -> None:
        self.text += text
        self._follower.said(text, ends=ends)
