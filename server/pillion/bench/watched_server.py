"""The language server, with a watch on its event loop: how long one turn of it took at most.

`python -m pillion.bench.watched_server FILE ARGUMENTS…` runs `pillion ARGUMENTS…`. While FILE exists, each turn counts;
FILE has the longest ones. A turn is one callback, so while it runs, the server answers nothing.
"""

import asyncio
import json
import runpy
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

_KEPT = 5


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """One turn of the loop. `busy_ms` is its thread's own processor time: other programs can't make it longer."""

    busy_ms: float
    lasted_ms: float
    work: str


@dataclass(slots=True)
class LoopWatch:
    """Keeps the longest turns of the loops of this process."""

    path: Path
    longest: list[Turn] = field(default_factory=list)

    def begin(self) -> None:
        """Counts from now on."""
        run = asyncio.Handle._run

        def counted(handle: asyncio.Handle) -> None:
            began, busy = time.perf_counter(), time.thread_time()
            run(handle)
            spent_s = time.thread_time() - busy
            if not self.longest or spent_s * 1e3 > self.longest[-1].busy_ms or len(self.longest) < _KEPT:
                self._keep(Turn(spent_s * 1e3, (time.perf_counter() - began) * 1e3, repr(handle)))

        setattr(asyncio.Handle, "_run", counted)  # noqa: B010  (mypy knows no other way to replace a method)

    def _keep(self, turn: Turn) -> None:
        if self.path.exists():
            self.longest = sorted([*self.longest, turn], reverse=True)[:_KEPT]
            # At once, since a server ends without ceremony.
            self.path.write_text(json.dumps([asdict(each) for each in self.longest]), encoding="utf-8")


if __name__ == "__main__":
    LoopWatch(Path(sys.argv[1])).begin()
    sys.argv = ["pillion", *sys.argv[2:]]
    runpy.run_module("pillion", run_name="__main__", alter_sys=True)
