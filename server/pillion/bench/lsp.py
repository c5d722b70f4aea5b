"""`pillion bench lsp`: the cost of the language server, compared with a bare pygls server in the same run."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from pillion.bench.resident import resident_mb
from pillion.bench.wire import Wire

# On a busy or shared machine one start in three is off by a fifth; with fewer starts, medians vary across the target.
_STARTS = 21
_LINES = 5000
_CODE_ACTIONS = 60
_CHANGES = 300
_URI = "file:///bench/long.py"
MAX_START_RATIO, MAX_CODE_ACTION_MS, MAX_CHANGE_MS, MAX_RESIDENT_MB = 1.2, 10.0, 2.0, 80.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians. `resident_mb` is None if the system doesn't tell."""

    bare_start_ms: float
    start_ms: float
    code_action_ms: float
    code_action_after_change_ms: float
    did_change_ms: float
    resident_mb: float | None

    @property
    def start_ratio(self) -> float:
        """Pillion's time for `initialize` ÷ the bare server's."""
        return self.start_ms / self.bare_start_ms

    def missed(self) -> list[str]:
        """The targets these figures miss, in words."""
        checks = [
            ("start", self.start_ratio, MAX_START_RATIO, "× bare pygls"),
            ("codeAction", self.code_action_ms, MAX_CODE_ACTION_MS, "ms"),
            ("codeAction after a change", self.code_action_after_change_ms, MAX_CODE_ACTION_MS, "ms"),
            ("didChange", self.did_change_ms, MAX_CHANGE_MS, "ms"),
            ("resident memory", self.resident_mb or 0.0, MAX_RESIDENT_MB, "MB"),
        ]
        return [f"{name}: {value:.2f} {unit}, at most {most:g}" for name, value, most, unit in checks if value > most]

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "start_ratio": self.start_ratio}


def measure(progress: Callable[[str], None]) -> Figures:
    """Runs everything; takes about a minute."""
    progress(f"starting both servers {_STARTS} times")
    bare, own = _starts()
    progress(f"working in a file of {_LINES:,} lines")
    with Wire("pillion", "serve", "--stdio") as wire:
        wire.initialize()
        text = _long_file()
        item = {"uri": _URI, "languageId": "python", "version": 1, "text": text}
        wire.notify("textDocument/didOpen", {"textDocument": item})
        _code_action(wire)  # the first parse of the file, and the imports it needs
        code_action_ms = statistics.median(_timed_ms(lambda: _code_action(wire)) for _ in range(_CODE_ACTIONS))
        after_change = [_changed_code_action_ms(wire, number) for number in range(_CODE_ACTIONS)]
        did_change_ms = _did_change_ms(wire)
        memory_mb = resident_mb(wire.process_id)
    return Figures(
        bare_start_ms=statistics.median(bare),
        start_ms=statistics.median(own),
        code_action_ms=code_action_ms,
        code_action_after_change_ms=statistics.median(after_change),
        did_change_ms=did_change_ms,
        resident_mb=memory_mb,
    )


def _starts() -> tuple[list[float], list[float]]:
    """Times from process start to the answer to `initialize`. The servers take turns, so that both see the same
    machine; the first pair warms up."""
    bare: list[float] = []
    own: list[float] = []
    for _ in range(_STARTS + 1):
        bare.append(_start_ms("pillion.bench.bare_server"))
        own.append(_start_ms("pillion", "serve", "--stdio"))
    return bare[1:], own[1:]


def _start_ms(module: str, *arguments: str) -> float:
    began = time.perf_counter()
    with Wire(module, *arguments) as wire:
        wire.initialize()
        return (time.perf_counter() - began) * 1e3


def _timed_ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1e3


def _code_action(wire: Wire) -> object:
    place = {"line": _LINES // 2, "character": 4}
    params = {
        "textDocument": {"uri": _URI},
        "range": {"start": place, "end": place},
        "context": {"diagnostics": []},
    }
    found = wire.request("textDocument/codeAction", params)
    if not found:
        raise RuntimeError("the server offered nothing: this would measure nothing")
    return found


def _changed_code_action_ms(wire: Wire, number: int) -> float:
    _change(wire, number)
    return _timed_ms(lambda: _code_action(wire))


def _change(wire: Wire, number: int) -> None:
    """Types a comment line after the place that `_code_action` asks about."""
    place = {"line": _LINES // 2 + 500 + number % 7 * 5, "character": 0}
    wire.notify(
        "textDocument/didChange",
        {
            "textDocument": {"uri": _URI, "version": number + 2},
            "contentChanges": [{"range": {"start": place, "end": place}, "text": "#\n"}],
        },
    )


def _did_change_ms(wire: Wire) -> float:
    """The time for many changes and one question, minus the time for the question: a notification has no answer."""
    alone_ms = statistics.median(_timed_ms(lambda: _code_action(wire)) for _ in range(9))

    def changes() -> None:
        for number in range(_CHANGES):
            _change(wire, 1000 + number)
        _code_action(wire)

    return max(0.0, _timed_ms(changes) - alone_ms) / _CHANGES


def _long_file() -> str:
    function = "def function_{n}(first, second):\n    total = first + {n}\n    return total * second\n\n\n"
    return "".join(function.format(n=n) for n in range(_LINES // 5))
