"""Computes a job's figures from its events."""

from pillion import events
from pillion.events import PipelineEvent
from pillion.telemetry.job_figures import JobFigures

_Interval = tuple[float, float]


class FigureKeeper:
    """Gets every event of one job."""

    def __init__(self) -> None:
        self._draft_endpoint = self._audit_endpoint = self._asked_endpoint = ""
        self._draft_tokens = 0
        self._draft_began_s: float | None = None
        self._draft_ended_s = 0.0
        self._draft_busy: list[_Interval] = []
        self._audit_busy: list[_Interval] = []
        self._asking_since_s: float | None = None
        self._asked_after_draft = False
        self._audit_ended_s = 0.0
        self._after_draft = True
        self._tokens_at_close: dict[int, int] = {}
        self._lags_tokens: list[int] = []
        self._prompt_tokens = self._cached_tokens = 0
        self._findings = 0

    def event(self, event: PipelineEvent) -> None:
        """Takes an event. An event's time is never earlier than the time of the event before."""
        match event:
            case events.DraftStarted():
                self._draft_endpoint, self._draft_began_s, self._draft_tokens = event.endpoint, event.at_s, 0
            case events.DraftContinued():
                self._draft_endpoint, self._draft_began_s = event.endpoint, event.at_s
            case events.DraftProgress():
                self._draft_tokens = event.tokens
            case events.DraftVoided():
                self._end_draft(event.at_s)
                self._tokens_at_close.clear()
                self._findings = 0
            case events.DraftInterrupted():
                self._end_draft(event.at_s)
            case events.DraftEnded():
                self._draft_tokens = event.tokens
                self._end_draft(event.at_s)
            case events.UnitClosed():
                self._tokens_at_close[event.unit.index] = self._draft_tokens
            case events.AuditStarted():
                self._asking_since_s, self._asked_after_draft = event.at_s, event.after_draft
                self._asked_endpoint = event.endpoint
            case events.AuditAnswered():
                self._end_question(event.at_s)
                self._after_draft &= self._asked_after_draft
                self._prompt_tokens += event.prompt_tokens
                self._cached_tokens += event.cached_tokens
                if event.units:
                    audited = self._tokens_at_close.get(event.units[-1], self._draft_tokens)
                    self._lags_tokens.append(self._draft_tokens - audited)
            case events.AuditInterrupted(reason=reason) if reason:
                self._asking_since_s = None  # an endpoint that failed doesn't count as busy
            case events.AuditInterrupted() | events.AuditFailed():
                self._end_question(event.at_s)
            case events.FindingRaised():
                self._findings += 1
            case events.DraftChosen():
                self._findings *= not event.is_earlier  # its findings are raised again
            case (
                events.FunctionRan()
                | events.CodeRan()
                | events.CriteriaSettled()
                | events.AuditProgress()
                | events.ChecksStarted()
                | events.ChecksEnded()
                | events.DraftRefused()
                | events.JobMeasured()
            ):
                pass

    def figures(self) -> JobFigures:
        """The job's figures, once it is over."""
        ends = [self._draft_ended_s, self._audit_ended_s]
        busy = [*self._draft_busy, *self._audit_busy]
        wall_s = max(ends) - min((start for start, _ in busy), default=0.0)
        overlap_s = sum(_overlap_s(draft, audit) for draft in self._draft_busy for audit in self._audit_busy)
        lags = self._lags_tokens
        return JobFigures(
            draft_endpoint=self._draft_endpoint,
            audit_endpoint=self._audit_endpoint,
            draft_tokens=self._draft_tokens,
            draft_s=sum(end - start for start, end in self._draft_busy),
            wall_s=wall_s,
            after_draft=bool(self._audit_endpoint) and self._after_draft,
            overlap_ratio=overlap_s / wall_s if wall_s > 0 else 0.0,
            audit_lag_tokens_mean=sum(lags) / len(lags) if lags else 0.0,
            audit_lag_tokens_max=max(lags, default=0),
            audit_tail_s=max(0.0, self._audit_ended_s - self._draft_ended_s) if self._audit_endpoint else 0.0,
            audit_prompt_tokens=self._prompt_tokens,
            audit_cached_tokens=self._cached_tokens,
            findings=self._findings,
        )

    def _end_draft(self, at_s: float) -> None:
        if self._draft_began_s is not None:
            self._draft_busy.append((self._draft_began_s, at_s))
            self._draft_began_s, self._draft_ended_s = None, at_s

    def _end_question(self, at_s: float) -> None:
        if self._asking_since_s is not None:
            self._audit_busy.append((self._asking_since_s, at_s))
            self._asking_since_s, self._audit_ended_s = None, at_s
            self._audit_endpoint = self._asked_endpoint


def _overlap_s(one: _Interval, other: _Interval) -> float:
    return max(0.0, min(one[1], other[1]) - max(one[0], other[0]))
