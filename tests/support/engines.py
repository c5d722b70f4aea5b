"""Fake engines that the tests of one process share: each takes 0.15 s of a core to start, more than many a test."""

import time
from contextlib import ExitStack
from dataclasses import asdict
from types import TracebackType
from typing import Self

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Settings

# How soon an engine must have noticed that its client left. Measured: a few milliseconds on a quiet machine.
_LEFT_WITHIN_S = 30.0
_PAUSE_S = 0.005
_AS_NEW = {name: value for name, value in asdict(Settings()).items() if name not in {"slots", "loaded", "port"}}


class SharedEngines:
    """Engines by the name of their model, started when one is first wanted."""

    def __init__(self) -> None:
        self._engines: dict[str, FakeEngine] = {}
        self._open = ExitStack()

    def as_new(self, model: str) -> FakeEngine:
        """The engine with this model as it is after its start; another one if a test has ended it."""
        engine = self._engines.get(model)
        if engine is None or engine.exit_code is not None:
            engine = self._open.enter_context(FakeEngine.start(model=model))
            self._engines[model] = engine
        _forget(engine, model)
        return engine

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()


def _forget(engine: FakeEngine, model: str) -> None:
    """Leaves nothing of the test before: what its server was at when it ended would hold the slot or be in the log."""
    give_up_at = time.monotonic() + _LEFT_WITHIN_S
    while any(entry.ended == "open" for entry in engine.log()):
        assert time.monotonic() < give_up_at, "the test before has left a request"
        time.sleep(_PAUSE_S)
    engine.script()
    engine.clear_log()
    engine.change(**{**_AS_NEW, "model": model})
