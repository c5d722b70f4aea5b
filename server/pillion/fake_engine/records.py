"""The data that the fake engine and the tests exchange: settings, rules, and the log of requests."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

JsonObject = dict[str, Any]

# The faults of whole answers, and those within one line of a stream.
AnswerFault = Literal["status", "hang", "garbage", "html", "reset", "body", "endless", "loop", "no_done", "length"]
LineFault = Literal["stall", "drop", "error_line", "drip", "cut_line", "bad_utf8", "long_line"]
FaultKind = AnswerFault | LineFault
Ended = Literal["open", "done", "client_closed", "failed"]
Prefill = Literal["new turn", "goes on", "flagged", "refuses"]
Likelihoods = Literal["llama.cpp", "none"]


@dataclass(frozen=True)
class Settings:
    """How the engine behaves. A rate of 0 means as fast as possible."""

    model: str = "fake-model"
    models: list[str] = field(default_factory=list)
    """The names served; empty means `model` alone."""
    loaded: list[str] | None = None
    """The models resident at the start, for /api/ps; None means `model` alone."""
    tokens_per_s: float = 0
    prefill_tokens_per_s: float = 0
    slots: int = 1
    n_ctx: int = 8192
    api_key: str | None = None
    prefix_cache: bool = True
    prompt_token_characters: int = 0
    """Prompts are counted in pieces of words, this long at most; 0: in words, as answers always are."""
    strict_models: bool = False
    prefill: Prefill = "new turn"
    """What becomes of an answer that the request begins: prefills.py has what each does."""
    likelihoods: Likelihoods = "llama.cpp"
    """In which dialect it says how likely the tokens of a text are."""
    refused_fields: list[str] = field(default_factory=list)
    """Fields of a request that it doesn't know, and refuses with status 400 and `refusal`."""
    refusal: str = "Unsupported parameter: '{field}' is not supported."
    certificate: str = ""
    """A PEM file with a key and its certificate: it speaks https."""
    port: int = 0
    """0: any that is free."""

    def served(self) -> list[str]:
        """The names that requests may ask for."""
        return self.models or [self.model]


@dataclass(frozen=True)
class Fault:
    """A way in which an answer goes wrong; generation.py has what each kind does."""

    kind: FaultKind
    after_tokens: int = 0
    status: int = 500
    body: str = ""
    retry_after_s: float | None = None
    headers: dict[str, str] = field(default_factory=dict)
    """More headers of a `status` or a `body`."""


@dataclass(frozen=True)
class Rule:
    """Answers requests whose messages contain `match` and whose last message contains `match_last` and ends in
    `match_end`, `times` at most. A rule with `choices` answers only requests for the likeliest next tokens."""

    reply: str = ""
    match: str = ""
    times: int | None = None
    fault: Fault | None = None
    thinking: str = ""
    match_last: str = ""
    tokens_per_s: float | None = None
    """This and the next go before the rates of the settings."""
    prefill_tokens_per_s: float | None = None
    match_end: str = ""
    choices: list[tuple[str, float]] = field(default_factory=list)
    """Tokens with the logarithms of their probabilities, the likeliest first."""

    def to_dict(self) -> JsonObject:
        """This rule as JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Rule:
        """The rule that `to_dict` wrote."""
        fault = data.get("fault")
        choices = [(str(token), float(logprob)) for token, logprob in data.get("choices") or ()]
        return cls(**{**data, "fault": None if fault is None else Fault(**fault), "choices": choices})


@dataclass
class RequestLog:
    """One model request as the engine saw it. Times are time.monotonic(), the same in every process."""

    id: int
    path: str
    model: str
    messages: list[dict[str, str]]
    schema: JsonObject | None
    options: JsonObject
    prompt_tokens: int
    authorization: bool
    received_s: float
    cached_tokens: int = 0
    tokens_sent: int = 0
    started_s: float | None = None
    """When it got a slot; None while it waits, and for faults that need no slot."""
    first_token_s: float | None = None
    ended_s: float | None = None
    ended: Ended = "open"

    @property
    def prompt(self) -> str:
        """The text of all messages, in one piece."""
        return "\n".join(message["content"] for message in self.messages)

    def to_dict(self) -> JsonObject:
        """This entry as JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> RequestLog:
        """The entry that `to_dict` wrote."""
        return cls(**data)


def busy_overlap_s(a: RequestLog, b: RequestLog) -> float:
    """For how many seconds both requests had a slot at once; one still open counts up to now."""
    if a.started_s is None or b.started_s is None:
        return 0.0
    now = time.monotonic()
    ends = [now if entry.ended_s is None else entry.ended_s for entry in (a, b)]
    return max(0.0, min(ends) - max(a.started_s, b.started_s))
