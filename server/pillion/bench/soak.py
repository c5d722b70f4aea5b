"""`pillion bench soak`: how much the language server's memory grows over a long day, and how long its event loop is
busy with one thing meanwhile."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pillion.bench.pipe_editor import PipeEditor
from pillion.bench.resident import resident_mb
from pillion.bench.watched_server import Turn
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from pillion.plurals import counted

MAX_GROWTH_MB, MAX_TURN_MS = 20.0, 20.0
# These jobs come before the first measurement, for the imports of the first jobs and the memory the allocator keeps.
_WARM_UP_CHANGES, _WARM_UP_JOBS = 2_000, 2
_FUNCTION = "def total_{n}(first, second):\n    total = first + {n}\n    return total * second\n\n\n"
_FILLER = "FILLER = max(1, 2, 3)\n"
_COMMENT_LINE = "# Some words that somebody has pasted, and takes away again.\n"
_FIELDS = '{"summary": "Work out a total.", "parameters": {"first": "one", "second": "another"}, "returns": "it"}'


@dataclass(frozen=True, slots=True)
class Figures:
    """Resident memory of the server, MB, after the warm-up and at the end; None if the system doesn't tell it.
    `longest_turn` is the event loop's longest turn between the two."""

    changes: int
    jobs: int
    sent_mb: float
    began_mb: float | None
    ended_mb: float | None
    longest_turn: Turn

    @property
    def growth_mb(self) -> float:
        """How much larger the memory was at the end; 0 if that is unknown."""
        return (self.ended_mb or 0.0) - (self.began_mb or 0.0)

    def missed(self) -> list[str]:
        """The target if it was missed, in words."""
        turn = self.longest_turn
        grown = f"growth: {self.growth_mb:.1f} MB, at most {MAX_GROWTH_MB:g}"
        stuck = f"one turn of the event loop: {turn.busy_ms:.1f} ms, at most {MAX_TURN_MS:g} ({turn.work})"
        return [grown] * (self.growth_mb > MAX_GROWTH_MB) + [stuck] * (turn.busy_ms > MAX_TURN_MS)

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "growth_mb": self.growth_mb}


async def measure(
    changes: int, jobs: int, progress: Callable[[str], None], *, lines: int = 0, pasted_lines: int = 1
) -> Figures:
    """Changes one document that has `lines` other lines: `pasted_lines` lines come, and go again. Meanwhile `jobs` jobs
    write docstrings.

    Raises:
        RuntimeError: a job made no edit, so this would measure nothing.
    """
    with tempfile.TemporaryDirectory(prefix="pillion-bench-") as name, FakeEngine.start(model="small") as engine:
        folder = Path(name)
        engine.script(Rule(_FIELDS))
        config = folder / "config.toml"
        config.write_text(f'[endpoints.gpu1]\nprotocol = "openai"\nurl = "{engine.url}/v1"\nmodel = "small"\n')
        turns, pasted = folder / "turns.json", _COMMENT_LINE * pasted_lines
        editor = PipeEditor()
        environment = {"PILLION_CONFIG": str(config), "PILLION_STATE_DIR": str(folder / "state")}
        await editor.start(folder, environment, ("pillion.bench.watched_server", str(turns)))
        try:
            functions = jobs + _WARM_UP_JOBS
            text = "".join(_FUNCTION.format(n=n) for n in range(functions)) + _FILLER * lines
            editor.open((folder / "soak.py").as_uri(), text)
            await _work(editor, min(changes, _WARM_UP_CHANGES), range(_WARM_UP_JOBS), pasted, progress)
            turns.touch()  # from now on each turn of the loop counts
            began_mb = resident_mb(editor.server_pid)
            await _work(editor, changes, range(_WARM_UP_JOBS, functions), pasted, progress)
            ended_mb = resident_mb(editor.server_pid)
        finally:
            await editor.stop()
        longest = max(Turn(**each) for each in json.loads(turns.read_text(encoding="utf-8")))
    return Figures(changes, jobs, changes / 2 * len(pasted) / 1e6, began_mb, ended_mb, longest)


async def _work(
    editor: PipeEditor, changes: int, functions: range, pasted: str, progress: Callable[[str], None]
) -> None:
    for done, number in enumerate(functions, 1):
        for typed in range(changes // len(functions)):
            at = editor.text.index(f"def total_{number}(")
            # Comments come and go above the function: the text stays as long as it was.
            editor.replace(at, at, pasted) if typed % 2 == 0 else editor.replace(at - len(pasted), at, "")
            if typed % 100 == 0:
                await editor.actions(0)  # waiting for an answer keeps the bench from running ahead of the server
        line = editor.text[: editor.text.index(f"def total_{number}(")].count("\n")
        if (state := await editor.run("docstring", line)) != "applied":
            raise RuntimeError(f"a docstring's job ended as {state}")
        progress(f"{done} of {counted(len(functions), 'job')}")
