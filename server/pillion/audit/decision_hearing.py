"""Hears what an endpoint finds likely, and emits the events of that one question."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from pillion.audit.script import Question
from pillion.backends.backend import Done
from pillion.backends.likelihood import Likelihood
from pillion.events import AuditAnswered, AuditInterrupted, AuditStarted, Emit
from pillion.pool.likelihood_events import LikelihoodEvent
from pillion.pool.pool_events import Preempted, Started
from pillion.syntax.decision_points import DecisionPoint


class DecisionHearing:
    """One question about decisions. `after_draft` says whether nothing else runs meanwhile."""

    def __init__(
        self, question: Question, endpoint: str, emit: Emit, now_s: Callable[[], float], after_draft: bool
    ) -> None:
        self._question = question
        self._endpoint = endpoint
        self._emit = emit
        self._now_s = now_s
        self._after_draft = after_draft
        self._heard: dict[int, Likelihood] = {}
        self._started = False
        self.preempted = False

    async def hear(self, events: AsyncGenerator[LikelihoodEvent, None]) -> None:
        """Hears to the end.

        Raises:
            PillionError: see Pool.likelihoods.
        """
        asked = self._question
        async with aclosing(events):
            async for event in events:
                match event:
                    case Started():
                        self._started = True
                        started = AuditStarted(
                            self._endpoint, asked.step, asked.numbers, self._after_draft, self._now_s()
                        )
                        self._emit(started)
                    case Likelihood():
                        self._heard[event.place] = event
                    case Preempted():
                        self.preempted = True
                        self.ended_early()
                    case Done():
                        self._emit(
                            AuditAnswered(
                                self._endpoint,
                                asked.step,
                                asked.numbers,
                                0,
                                event.prompt_tokens,
                                event.cached_tokens,
                                self._now_s(),
                            )
                        )

    def ended_early(self, reason: str = "") -> None:
        """The engine stopped, or was stopped, before the last place."""
        if self._started or reason:
            asked = self._question
            self._emit(AuditInterrupted(self._endpoint, asked.step, asked.numbers, reason, self._now_s()))

    def pairs(self, places: Sequence[int]) -> list[tuple[DecisionPoint, Likelihood]]:
        """What was heard of the decisions, whose places in the request are these."""
        points = zip(self._question.points, places, strict=True)
        return [(point, self._heard[place]) for point, place in points if place in self._heard]
