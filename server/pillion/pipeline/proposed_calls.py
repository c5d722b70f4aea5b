"""Asks the auditing endpoint for calls to try while the other endpoint drafts. Nobody waits for the answer."""

import asyncio
import logging
from dataclasses import replace

from pillion.errors import PillionError
from pillion.pipeline.outcome import Task
from pillion.pool.bounds import Bounds
from pillion.pool.objections import says_nothing
from pillion.pool.pool import Pool
from pillion.pool.prompt_factory import PromptLimits
from pillion.pool.stream_reader import StreamReader
from pillion.prompts.call_proposals import MAX_ANSWER_TOKENS, call_proposal_prompt, read_calls
from pillion.prompts.prompt import Prompt
from pillion.text.thoughts import extract_prose
from pillion.tiers import Lane

_BOUNDS = replace(Bounds.behind_the_pool(MAX_ANSWER_TOKENS), characters=4000)
log = logging.getLogger(__name__)


class ProposedCalls:
    """One question of one job."""

    def __init__(self, task: Task, pool: Pool) -> None:
        self._task = task
        self._pool = pool
        self._asking: asyncio.Task[None] | None = None
        self.calls: tuple[str, ...] = ()
        """Those that have come so far."""

    def ask(self, lane: Lane) -> None:
        """Asks, if the draft is made on this lane by another endpoint than the one that audits, and the target is one
        function or method. A second call asks nothing."""
        drafting, auditing = self._pool.preferred(lane), self._pool.preferred(Lane.AUDIT)
        around = self._task.target.around
        if self._asking is not None or around is None or not around.callable or around.todo:
            return
        if drafting is not None and auditing is not None and drafting.name != auditing.name:
            self._asking = asyncio.create_task(self._ask())

    async def aclose(self) -> None:
        """Ends the question, wherever it is."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])

    async def _ask(self) -> None:
        stream = StreamReader(_BOUNDS)
        try:
            await stream.read(self._pool.stream(Lane.AUDIT, self._prompt, says_nothing))
        except PillionError as exc:
            log.info("no calls were proposed: %s", exc)
        except Exception:
            log.exception("the question for calls failed")
        else:
            self.calls = read_calls(extract_prose(stream.text))

    def _prompt(self, limits: PromptLimits, _so_far: str) -> Prompt:
        task = self._task
        return call_proposal_prompt(task.target.symbol, task.document, task.instruction)
