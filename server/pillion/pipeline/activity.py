"""Says in a user's words what a job is doing. Follows the job's events."""

from pillion import events
from pillion.events import PipelineEvent
from pillion.plurals import counted, token_rate


class Activity:
    """Gives the same words to everything that reports a job: progress, status lines, the command line."""

    def __init__(self) -> None:
        self._started = self._ended = ""
        self._token: events.DraftProgress | None = None
        self._audit = ""
        self._checking = False
        self._ran = self._chosen = ""
        self._tries = 1

    def event(self, event: PipelineEvent) -> None:
        """Takes an event. A token is only kept: its words are made when somebody asks for them."""
        match event:
            case events.DraftStarted():
                words = f"{self._try}{event.endpoint} starts, or reads the prompt"
                self._started, self._token, self._ended = words, None, ""
            case events.DraftInterrupted():
                words = f"{self._try}{event.endpoint} broke off, and another endpoint goes on"
                self._started, self._token, self._ended = words, None, ""
            case events.DraftContinued():
                self._started = f"{self._try}{event.endpoint} goes on with the draft, or reads the prompt"
            case events.DraftProgress():
                self._token = event
            case events.DraftEnded():
                self._ended = f"{self._try}drafted on {event.endpoint} ({counted(event.tokens, 'token')})"
            case events.EndpointWaited() if event.audits:
                self._audit = event.words
            case events.EndpointWaited():
                self._started, self._token, self._ended = f"{self._try}{event.words}", None, ""
            case events.DraftVoided():
                self._started, self._token, self._ended = f"trying again: {event.reason}", None, ""
                self._audit, self._checking, self._ran = "", False, ""
                self._tries += 1
            case events.AuditStarted():
                after = " after the draft (one endpoint)" if event.after_draft else ""
                self._audit = f"{event.endpoint} {event.step.words}{after}"
            case events.AuditAnswered() | events.AuditInterrupted():
                self._audit = ""
            case events.AuditFailed():
                self._audit = "audit failed"
            case events.ChecksStarted():
                self._checking = True
            case events.ChecksEnded():
                self._checking = False
            case events.CodeRan():
                self._ran = event.words
            case events.DraftChosen():
                self._chosen = event.words
            case _:
                pass

    @property
    def words(self) -> str:
        """What the job is doing now; empty before its first event."""
        checks = "local checks" if self._checking else ""
        if self._chosen:
            return self._chosen
        return " · ".join(filter(None, (self._draft, checks, self._ran, self._audit)))

    @property
    def _draft(self) -> str:
        if self._ended:
            return self._ended
        if self._token is None:
            return self._started
        tokens, rate = self._token.tokens, self._token.tokens_per_s
        # After the first token there is no rate yet.
        figures = [counted(tokens, "token"), *([token_rate(rate)] if round(rate) else [])]
        return " · ".join([f"{self._try}drafting on {self._token.endpoint}", *figures])

    @property
    def _try(self) -> str:
        return f"try {self._tries}: " if self._tries > 1 else ""
