"""Asks a user without engines once which models Pillion shall run itself, and keeps the answer."""

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pillion.errors import ConfigError
from pillion.jobs.front import Front

if TYPE_CHECKING:
    from pillion.models.expectations import Expectation
    from pillion.models.known import KnownModel
    from pillion.pipeline.runtime import Runtime

NOT_NOW = "Not now"


class ModelQuestion:
    """The question of one front's user."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._cores: float | None = None

    async def asked(self, runtime: "Runtime") -> "Sequence[KnownModel] | None":
        """Asks, keeps the answer, and returns the models that are to be fetched for it; None if there is no answer, or
        if it can't be kept, which the user is told.

        Raises:
            CannotAskError: the user can't be asked.
        """
        offered = [each for each in await self.expected(runtime) if not each.unfit]
        answers = {f"{each.name.capitalize()} · {each.size_in_words}": each.name for each in offered}
        answer = await self._front.ask(question_about(offered), [*answers, NOT_NOW], "info")
        if answer not in answers:
            return None
        try:
            return await self.keep(runtime, answers[answer])
        except ConfigError as exc:
            self._front.show(exc.full_message, "error")
            return None

    async def expected(self, runtime: "Runtime") -> "list[Expectation]":
        """What to expect of each set of models."""
        return await asyncio.to_thread(self._expected, runtime)

    async def keep(self, runtime: "Runtime", chosen: str) -> "Sequence[KnownModel]":
        """Writes a choice into the user's configuration, and returns its models that aren't here.

        Raises:
            ConfigError: it can't be written.
            ModelError: nothing has that name.
        """
        return await asyncio.to_thread(_kept, runtime, chosen)

    def _expected(self, runtime: "Runtime") -> "list[Expectation]":
        from pillion.models.cpu_probe import free_cores
        from pillion.models.expectations import expectations

        def cores() -> float:
            """Measured once: it takes a second of all cores."""
            self._cores = self._cores or free_cores()
            return self._cores

        return expectations(runtime.store, runtime.speeds.all(), cores)


def question_about(offered: "Sequence[Expectation]") -> str:
    """The question. A terminal of 80 columns has three lines for it; the sizes are in the answers."""
    sets = "; ".join(f"{each.name.capitalize()}: {each.about}, {each.speed_in_words}" for each in offered)
    return f"Pillion: which models shall run here? {sets}."


def _kept(runtime: "Runtime", chosen: str) -> "Sequence[KnownModel]":
    from pillion.config.choice_file import keep_choice
    from pillion.config.model_sets import MODEL_SETS, model_set

    if chosen not in MODEL_SETS:
        runtime.store.insist_on_name(chosen)
    keep_choice(os.environ, chosen)
    return runtime.store.missing(model_set(chosen).names)
