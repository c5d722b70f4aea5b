"""`pillion bench latency`: how fast the language server answers while a draft streams, and the cost of a token."""

import os
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pillion.bench.busy import busy
from pillion.bench.sample_drafts import sample_drafts
from pillion.bench.wire import Wire
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule

TOKENS_PER_S = 500.0
_AUDITOR_TOKENS_PER_S = 200.0
_QUESTIONS = 150
_PACE_S = 0.02
_FILLER_LINES = 5000
_CRITERIA = '{"criteria": ["Each amount is checked before it is used."]}'
_NOTHING = '{"findings": [], "unmet": []}'
MAX_RATIO = 3.0


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from a request to its answer: the median and the 95th percentile."""

    median_ms: float
    p95_ms: float

    @classmethod
    def of(cls, times_ms: list[float]) -> "Latency":
        """The latency from these measurements, at least two."""
        return cls(statistics.median(times_ms), statistics.quantiles(times_ms, n=20)[-1])


@dataclass(frozen=True, slots=True)
class Figures:
    """One run. `cpu_ms_per_token` is the server's own processor time while a draft streams with its audit beside it;
    None if the system doesn't tell."""

    tokens: int
    cpu_ms_per_token: float | None
    code_action_at_rest: Latency
    code_action_drafting: Latency
    stats_at_rest: Latency
    stats_drafting: Latency

    @property
    def ratio(self) -> float:
        """codeAction while drafting against at rest, at the 95th percentile."""
        return self.code_action_drafting.p95_ms / self.code_action_at_rest.p95_ms

    def missed(self) -> list[str]:
        """The targets these figures miss, in words."""
        slow = self.ratio > MAX_RATIO
        return [f"codeAction while drafting: {self.ratio:.1f} × as long as at rest, at most {MAX_RATIO:g}"] * slow

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "ratio": self.ratio}


def measure(busy_processes: int = 0) -> Figures:
    """Runs everything; takes about half a minute. Meanwhile `busy_processes` use the processor, like other work."""
    draft = sample_drafts()[-1]
    with (
        tempfile.TemporaryDirectory(prefix="pillion-bench-") as folder,
        FakeEngine.start(model="large", tokens_per_s=TOKENS_PER_S) as large,
        FakeEngine.start(model="small", tokens_per_s=_AUDITOR_TOKENS_PER_S) as small,
    ):
        large.script(Rule(draft.reply))
        small.script(Rule(_CRITERIA, match_last="criteria", times=1), Rule(_NOTHING))
        config = Path(folder) / "config.toml"
        config.write_text(_config(large.url, small.url), encoding="utf-8")
        environment = {**os.environ, "PILLION_CONFIG": str(config), "PILLION_STATE_DIR": folder}
        with busy(busy_processes), Wire("pillion", "serve", "--stdio", environment=environment) as wire:
            wire.initialize({"pillion": {"events": True}})
            bench = _Bench(wire, draft.document, draft.symbol)
            bench.run_job()  # for the imports of the first job, and the first connections
            tokens, cpu_s = bench.run_job()
            rest = bench.questions(lambda: False)
            job = bench.start_job()
            drafting = bench.questions(lambda: bench.is_over(job))
    cpu_ms_per_token = cpu_s * 1e3 / tokens if cpu_s is not None else None
    return Figures(tokens, cpu_ms_per_token, rest[0], drafting[0], rest[1], drafting[1])


class _Bench:
    """One server with one long document, which ends with a class to implement."""

    def __init__(self, wire: Wire, stub: str, symbol: str) -> None:
        self._wire = wire
        self._uri = "file:///bench/latency.py"
        self._over: dict[str, dict[str, Any]] = {}
        self._cpu_s: dict[str, float | None] = {}
        filler = "".join(f"def filler_{n}(a):\n    return a + {n}\n\n\n" for n in range(_FILLER_LINES // 4))
        text = filler + stub
        self._place = {"line": text[: text.index(f"class {symbol}")].count("\n"), "character": 6}
        wire.on_notification = self._hear
        item = {"uri": self._uri, "languageId": "python", "version": 1, "text": text}
        wire.notify("textDocument/didOpen", {"textDocument": item})
        self._code_action()  # the first parse of the file

    def run_job(self) -> tuple[int, float | None]:
        """Runs a whole job without questions. Returns the draft's tokens and the server's processor time, s."""
        job = self.start_job()
        while not self.is_over(job):
            self._wire.listen()
        began_s, ended_s = self._cpu_s.get("DraftStarted"), self._cpu_s.get("DraftEnded")
        known = began_s is not None and ended_s is not None
        return int(self._over[job]["tokens"]), (ended_s or 0.0) - (began_s or 0.0) if known else None

    def start_job(self) -> str:
        """Starts to implement the class and returns the job's id."""
        argument = {
            "action": "implement",
            "uri": self._uri,
            "range": {"start": self._place, "end": self._place},
            "version": 1,
        }
        return str(self._command("pillion.run", argument)["job"])

    def is_over(self, job: str) -> bool:
        """Whether a job's drafting and auditing are over."""
        return job in self._over

    def questions(self, enough: Any) -> tuple[Latency, Latency]:
        """The times of codeAction and `pillion.stats`, requested at an even pace until it is `enough`."""
        actions, stats = [], []
        for _ in range(_QUESTIONS):
            actions.append(_timed_ms(self._code_action))
            stats.append(_timed_ms(lambda: self._command("pillion.stats")))
            time.sleep(_PACE_S)
            if enough() and len(actions) > 1:
                break
        return Latency.of(actions), Latency.of(stats)

    def _code_action(self) -> None:
        place = {"start": self._place, "end": self._place}
        params = {"textDocument": {"uri": self._uri}, "range": place, "context": {"diagnostics": []}}
        if not self._wire.request("textDocument/codeAction", params):
            raise RuntimeError("the server offered nothing: this would measure nothing")

    def _command(self, name: str, *arguments: Any) -> Any:
        return self._wire.request("workspace/executeCommand", {"command": name, "arguments": list(arguments)})

    def _hear(self, method: str, params: Any) -> None:
        # `ready` and the states after it; without an editor that applies edits the job gets no further.
        if method == "pillion/job":
            self._cpu_s[params.get("event", "")] = _cpu_s(self._wire.process_id)
        if method == "pillion/job" and params["state"] not in {"queued", "drafting", "auditing"}:
            self._over[params["id"]] = params


def _timed_ms(work: Any) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1e3


def _cpu_s(process_id: int) -> float | None:
    """Seconds of processor time that a process has used."""
    try:
        fields = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _config(large_url: str, small_url: str) -> str:
    return f"""
[endpoints.gpu0]
protocol = "openai"
url = "{large_url}/v1"
model = "large"
num_ctx = 32768
[endpoints.gpu1]
protocol = "openai"
url = "{small_url}/v1"
model = "small"
num_ctx = 32768
"""
