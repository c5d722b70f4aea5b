"""Fetches the embedded engines' models if the user agrees. A download can be cancelled, and resumed later.

A user without engines and without a choice of models is asked for that first.
"""

import asyncio
from collections.abc import Callable, Sequence
from threading import Event
from typing import TYPE_CHECKING
from uuid import uuid4

from pillion.errors import CannotAskError, DownloadStoppedError, ModelError
from pillion.jobs.front import Front, Progress
from pillion.jobs.model_question import NOT_NOW, ModelQuestion

if TYPE_CHECKING:
    from pillion.models.expectations import Expectation
    from pillion.models.known import KnownModel
    from pillion.pipeline.runtime import Runtime
    from pillion.tiers import Lane

_DOWNLOAD = "Download"
_MB = 1e6
# A download server that no longer answers must not keep the editor from quitting: the thread ends with the process.
_END_WITHIN_S = 2.0


class ModelDownloads:
    """The downloads of a front's user, one at a time."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._question = ModelQuestion(front)
        self._offer: asyncio.Task[bool] | None = None
        self._pull: asyncio.Task[dict[str, str]] | None = None
        self._declined = self._failed = self._closed = False
        self._name = ""
        self._stop = Event()

    async def offer_missing(self, runtime: "Runtime", lanes: "Sequence[Lane]", tell: "Callable[[str], None]") -> None:
        """Asks the user whether to fetch the missing models of these lanes (if nothing was chosen yet: which models to
        use), and waits for the answer and the download. The caller then takes the engines anew, since the configuration
        may be another. `tell` gets the words that say what the caller waits for.

        A user who says no isn't asked again in this session, and gets the engine's own error.

        Raises:
            DownloadStoppedError: the user stopped the download, and was told so.
        """
        offer = await self._offering(runtime, lanes)
        if offer is None:
            return
        tell("waits for the model: for your answer, or for its download")
        if await asyncio.shield(offer):  # another job may wait for the same offer
            raise DownloadStoppedError("The download was stopped.")

    async def offers_missing(self, runtime: "Runtime", lanes: "Sequence[Lane]") -> bool:
        """Asks the same, but doesn't wait; returns whether there is an answer or a download to wait for. Asks nothing
        after a download was stopped or failed: a hover isn't worth a second question."""
        return not self._failed and await self._offering(runtime, lanes) is not None

    async def pull(self, runtime: "Runtime") -> dict[str, str]:
        """Fetches the missing models of all endpoints. If nothing was chosen yet, the user is asked first.

        Returns the `state`: here, pulled, cancelled, or failed with a `reason`.
        """
        if not self._is_pulling() and await asyncio.to_thread(runtime.choice_is_due):
            try:
                chosen = await self._question.asked(runtime)
            except CannotAskError:
                chosen = await asyncio.to_thread(runtime.missing_models)
            return {"state": "cancelled"} if chosen is None else await self._pulled(chosen, runtime)
        return await self._pulled(await asyncio.to_thread(runtime.missing_models), runtime)

    async def expectations(self, runtime: "Runtime") -> "list[Expectation]":
        """What to expect of each set of models on this machine. Takes a second, the first time."""
        return await self._question.expected(runtime)

    async def use(self, runtime: "Runtime", chosen: str) -> dict[str, str]:
        """Writes the choice of models into the user's configuration, and fetches those that are missing; see `pull`.

        Raises:
            ConfigError: the configuration can't be written.
            ModelError: nothing has that name.
        """
        return await self._pulled(await self._question.keep(runtime, chosen), runtime)

    def stop(self, name: str) -> None:
        """The user stopped the work with this name, which may be a download."""
        if name == self._name:
            self._stop.set()

    async def finish(self) -> None:
        """Stops the download; the part that has arrived is kept."""
        self._closed = True
        self._stop.set()
        if self._offer is not None:
            self._offer.cancel()
        running = [task for task in (self._offer, self._pull) if task is not None]
        if running:
            await asyncio.wait(running, timeout=_END_WITHIN_S)

    async def _offering(self, runtime: "Runtime", lanes: "Sequence[Lane]") -> "asyncio.Task[bool] | None":
        if self._declined or self._closed:
            return None
        models = await asyncio.to_thread(runtime.missing_models, lanes)
        if not models:
            return None
        if self._offer is None or self._offer.done():
            asking = self._ask_and_pull(runtime, lanes, models)
            self._offer = asyncio.create_task(asking, name="offer to fetch a model")
        return self._offer

    async def _ask_and_pull(self, runtime: "Runtime", lanes: "Sequence[Lane]", models: "Sequence[KnownModel]") -> bool:
        """Whether the user stopped the download."""
        if self._pull is not None and self._is_pulling():
            return (await asyncio.shield(self._pull))["state"] == "cancelled"
        try:
            agreed = await self._agreed(runtime, models)
        except CannotAskError:
            agreed = None
        if agreed is None:
            self._declined = True
            return False
        return (await self._pulled(agreed, runtime))["state"] == "cancelled"

    async def _agreed(self, runtime: "Runtime", models: "Sequence[KnownModel]") -> "Sequence[KnownModel] | None":
        """The models that the user wants to have fetched; None if none.

        Raises:
            CannotAskError: the user can't be asked.
        """
        if await asyncio.to_thread(runtime.choice_is_due):
            return await self._question.asked(runtime)
        size_mb = sum(model.size_bytes for model in models) / _MB
        question = (
            f"Pillion: the embedded engine needs a model that isn't on this machine yet: "
            f"{', '.join(model.name for model in models)} ({size_mb:.0f} MB). It is fetched once."
        )
        return models if await self._front.ask(question, [_DOWNLOAD, NOT_NOW], "info") == _DOWNLOAD else None

    def _is_pulling(self) -> bool:
        return self._pull is not None and not self._pull.done()

    async def _pulled(self, models: "Sequence[KnownModel]", runtime: "Runtime") -> dict[str, str]:
        """Fetches these models, unless a download is running: then its result is this one's."""
        if self._closed:
            return {"state": "cancelled"}
        if self._pull is None or self._pull.done():
            self._stop, self._declined, self._failed = Event(), False, False
            self._pull = asyncio.create_task(self._pull_all(models, runtime, self._stop), name="fetch a model")
        return await asyncio.shield(self._pull)

    async def _pull_all(self, models: "Sequence[KnownModel]", runtime: "Runtime", stop: Event) -> dict[str, str]:
        if not models:
            return {"state": "here"}
        self._name = f"model-{uuid4().hex[:12]}"
        progress = self._front.progress(self._name, "Pillion: fetching the model")
        await progress.begin("asking where it is")
        self._failed = True  # until it is done
        result = {"state": "failed"}
        try:
            for model in models:
                await self._fetch(model, runtime, progress, stop)
            self._failed, result = False, {"state": "pulled"}
        except DownloadStoppedError:
            result = {"state": "cancelled"}
            self._front.show("the download was stopped. What came so far is kept; the next one goes on with it.")
        except ModelError as exc:
            result = {"state": "failed", "reason": exc.full_message}
            self._front.show(exc.full_message, "error")
        finally:
            progress.end(result["state"])
        return result

    async def _fetch(self, model: "KnownModel", runtime: "Runtime", progress: Progress, stop: Event) -> None:
        from pillion.backends.pull import pull

        loop = asyncio.get_running_loop()

        def tell(done: int, total: int) -> None:
            words = f"{model.name} · {done / _MB:.0f} of {total / _MB:.0f} MB"
            loop.call_soon_threadsafe(progress.report, words, 100 * done // max(1, total))

        await asyncio.to_thread(pull, model, runtime.store, tell, stop)
