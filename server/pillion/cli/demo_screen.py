"""The demo's output: live bars of both engines, then the diff, the findings and a timeline."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pillion.cli.output import print_diff
from pillion.plurals import counted, token_rate
from pillion.text.diffs import unified_diff
from pillion.tiers import Tier

_ENGINES = ("driver", "passenger")
_COLOURS = {"driver": "cyan", "passenger": "magenta"}
_FULL_BAR_TOKENS_PER_S = 80.0
_BAR_WIDTH = 30
_TIMELINE_WIDTH = 60
_IDLE, _AT_WORK = "idle", "starts, or reads"


@dataclass(slots=True)
class _Span:
    """A stretch of the complex job in which an engine worked. Seconds since the job began."""

    engine: str
    start_s: float
    end_s: float


class Screen:
    """Prints the demo's output. Without a terminal, it prints plain lines while the demo runs."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self._console = console
        self._quiet = quiet
        self._rates = dict.fromkeys(_ENGINES, 0.0)
        self._work = dict.fromkeys(_ENGINES, _IDLE)
        self._step = ""
        self._worked: dict[str, str] = {}  # engine → what it did in this step, in order
        self._messages: list[str] = []  # of this step; they are printed below it
        self._spans: list[_Span] = []
        self._open: dict[str, _Span] = {}

    @contextmanager
    def live(self) -> Iterator[None]:
        """Shows the bars while the block runs."""
        if self._quiet or not self._console.is_terminal:
            yield
            return
        with Live(get_renderable=self._bars, console=self._console, refresh_per_second=12, transient=True):
            yield

    def introduce(self) -> None:
        """Says what the demo will show."""
        driver, passenger = _ENGINES
        self._say(
            f"Two small models run on this machine's CPU: {driver} writes code, {passenger} describes code and audits "
            f"what {driver} writes. They work on a copy of shop.py: one action of each tier, and a hover."
        )
        self._say("")

    def begin(self, action: str, tier: Tier) -> None:
        """A step begins."""
        self._step, self._worked = f"{tier} {action}", {}

    def end(self, action: str, state: str, seconds: float, *, parses: bool) -> None:
        """A step is over."""
        if self._quiet:
            return
        mark = ("✓", "green") if state in {"applied", "shown"} and parses else ("✗", "red")
        by = ", ".join(f"{work} {engine}" for engine, work in self._worked.items())
        self._console.print(Text.assemble(mark, f" {self._step:<19} {state} in {seconds:.1f} s", (f"  {by}", "dim")))
        for message in self._messages:
            self._say(message, style="yellow", indent=2)
        self._messages.clear()

    def message(self, message: str) -> None:
        """The server has a message for the user."""
        self._messages.append(message)

    def endpoints(self, endpoints: list[dict[str, Any]]) -> None:
        """A pillion/endpoints notification. It shows which engine works, even without a job, as for a hover."""
        for each in endpoints:
            engine, works = each["name"], each["state"] == "working"
            if works and self._work.get(engine) == _IDLE:
                self._work[engine] = _AT_WORK
                self._worked.setdefault(engine, "by")
            elif not works and self._work.get(engine) == _AT_WORK:
                self._idle(engine)

    def job(self, job: dict[str, Any]) -> None:
        """A pillion/job notification."""
        at_s, audit = job.get("at_s", 0.0), job.get("audit", {})
        match job.get("event"):
            case "DraftStarted" | "DraftContinued":
                self._reading(job["endpoint"])
                self._worked[job["endpoint"]] = "by"
                self._begin_span("draft", job["endpoint"], at_s)
            case "DraftProgress":
                self._heard(job["endpoint"], job["tokens_per_s"], job["tokens"])
            case "DraftEnded" | "DraftInterrupted":
                self._idle(job["endpoint"])
                self._end_span("draft", at_s)
            case "AuditStarted":
                self._reading(audit["endpoint"])
                self._worked.setdefault(audit["endpoint"], "audited by")
                self._begin_span("audit", audit["endpoint"], at_s)
            case "AuditProgress":
                self._heard(audit["endpoint"], audit["tokens_per_s"], audit["tokens"])
            case "AuditAnswered" | "AuditInterrupted":
                self._idle(audit["endpoint"])
                self._end_span("audit", at_s)

    def timeline(self) -> list[dict[str, Any]]:
        """The complex job's spans."""
        return [
            {"engine": span.engine, "start_s": round(span.start_s, 2), "end_s": round(span.end_s, 2)}
            for span in self._spans
        ]

    def results(self, before: str, after: str, hover: str, findings: list[str]) -> None:
        """Prints the diff, the hover, the findings and the timeline."""
        if self._quiet:
            return
        screen = self._console
        screen.print()
        print_diff(screen, unified_diff(before, after, "shop.py"))
        screen.print("\nHover over apply_discount", style="bold")
        if screen.is_terminal:
            screen.print(Padding(Markdown(hover), (0, 0, 0, 2)), soft_wrap=False)
        else:
            self._say(hover)
        screen.print("\nFindings of the audit", style="bold")
        for finding in findings:
            self._say(finding)
        if not findings:
            self._say("None. Here only the checks without a model look for any: the demo's model is too small for it.")
        self._print_timeline()
        self._say("\nNext, in README.md: “Connect your editor” and “Connect your GPUs”.")

    def _print_timeline(self) -> None:
        if not self._spans:
            return
        end_s = max(span.end_s for span in self._spans)
        title = ("\nImplement Stack: draft and audit side by side", "bold")
        self._console.print(Text.assemble(title, f" ({end_s:.1f} s)"))
        both_s = 0.0
        draft = next(span for span in self._spans if span.engine == _ENGINES[0])
        for engine in _ENGINES:
            line = Text(f"{engine:>9} ")
            cells = [" "] * _TIMELINE_WIDTH
            for span in self._spans:
                if span.engine == engine:
                    first, last = (int(at / end_s * (_TIMELINE_WIDTH - 1)) for at in (span.start_s, span.end_s))
                    cells[first : last + 1] = "█" * (last + 1 - first)
                    if engine != _ENGINES[0]:
                        both_s += max(0.0, min(span.end_s, draft.end_s) - max(span.start_s, draft.start_s))
            line.append("".join(cells), style=_COLOURS[engine])
            self._console.print(line)
        self._console.print(
            f"Both were busy for {both_s:.1f} s. The audit ended {end_s - draft.end_s:.1f} s after the draft."
        )

    def _reading(self, engine: str) -> None:
        self._rates[engine], self._work[engine] = 0.0, _AT_WORK

    def _heard(self, engine: str, rate: float, tokens: int) -> None:
        self._rates[engine], self._work[engine] = rate, f"{token_rate(rate):>12}  {counted(tokens, 'token'):>11}"

    def _idle(self, engine: str) -> None:
        self._rates[engine], self._work[engine] = 0.0, _IDLE

    def _begin_span(self, what: str, engine: str, at_s: float) -> None:
        if what == "draft":
            self._spans.clear()  # the timeline shows the last job, which is the complex one
        self._open[what] = _Span(engine, at_s, at_s)
        self._spans.append(self._open[what])

    def _end_span(self, what: str, at_s: float) -> None:
        if what in self._open:
            self._open.pop(what).end_s = at_s

    def _say(self, words: str, style: str = "", indent: int = 0) -> None:
        """Prints prose. In a terminal, lines break between words; in a pipe, the reader breaks them."""
        if self._quiet:
            return
        if self._console.is_terminal:
            self._console.print(Padding(Text(words, style=style), (0, 0, 0, indent)), soft_wrap=False)
        else:
            self._console.print(Text(" " * indent + words))

    def _bars(self) -> Group:
        table = Table.grid(padding=(0, 1))
        for engine in _ENGINES:
            filled = min(_BAR_WIDTH, round(self._rates[engine] / _FULL_BAR_TOKENS_PER_S * _BAR_WIDTH))
            bar = Text("█" * filled, style=_COLOURS[engine]) + Text("░" * (_BAR_WIDTH - filled), style="dim")
            table.add_row(Text(f"{engine:>9}"), bar, Text(self._work[engine]))
        return Group(Text(self._step, style="bold"), table)
