"""The shape of the configuration. loading.py reads it from files and the environment.

Security: endpoints and lanes come from the user's own file only. `Preferences` is the part that a workspace's
`.pillion.toml`, the editor's settings and the environment may change.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit, urlunsplit

from pydantic import (
    AnyHttpUrl,
    Field,
    PositiveFloat,
    PositiveInt,
    create_model,
    model_validator,
)

from pillion.config.default_lanes import DEFAULT_LANES, default_endpoints, lanes_in_file_order, unknown_endpoint
from pillion.config.limits import DEFAULT_MAX_DOCUMENT_LINES
from pillion.config.model_sets import UNCHOSEN
from pillion.config.setting_tables import (
    ChecksConfig,
    DiscoveryConfig,
    DraftsConfig,
    EmbeddedConfig,
    HoverConfig,
    SandboxConfig,
    Settings,
)
from pillion.tiers import LANES, Lane

DEFAULT_MODEL = UNCHOSEN.driver


class Protocol(StrEnum):
    """The wire dialect an endpoint speaks."""

    OLLAMA = "ollama"
    OPENAI = "openai"
    EMBEDDED = "embedded"


class Location(StrEnum):
    """Whether code that is sent to an endpoint stays on machines of the user."""

    LOCAL = "local"
    CLOUD = "cloud"


def without_secrets(url: str) -> str:
    """A URL that a log or a screen may show: without user name, password and the values of its query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "…"
    named = (each.partition("=") for each in parts.query.split("&") if each)
    query = "&".join(f"{name}=…" if given else "…" for name, given, _ in named)
    hidden = parts._replace(netloc=parts.netloc.rpartition("@")[2], query=query, fragment="…" if parts.fragment else "")
    return urlunsplit(hidden)


class EndpointConfig(Settings):
    """One server of one model."""

    protocol: Protocol = Field(description="ollama, openai (llama.cpp's server, vLLM and others) or embedded")
    url: AnyHttpUrl | None = Field(
        default=None, description="base URL; openai: up to and including /v1. Not for embedded"
    )
    model: str = Field(min_length=1, description="the model's name at the endpoint; embedded: a known name or a path")
    location: Location = Field(default=Location.LOCAL, description="cloud: the code leaves machines you own")
    api_key_env: str | None = Field(default=None, description="the environment variable that holds the key")
    num_ctx: Annotated[int, Field(ge=512)] = Field(
        default=8192, description="context length in tokens. Pinned, since Ollama reloads a model when it changes"
    )
    slots: PositiveInt = Field(default=1, description="requests the endpoint works on at once")
    surroundings_tokens: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="how much of the file around a symbol goes into a prompt; default 1500, embedded 400"
    )
    first_token_timeout_s: PositiveFloat = Field(default=180.0, description="loading and reading the prompt included")
    stall_timeout_s: PositiveFloat = Field(default=60.0, description="between two tokens")
    keep_alive: str | int | None = Field(default=None, description="ollama: how long the model stays loaded")
    think: bool | Literal["low", "medium", "high"] | None = Field(
        default=None, description="ollama: ask a reasoning model to think, or not to. openai and ollama: how much"
    )
    ca_file: str | None = Field(default=None, description="https: a PEM file with the only certificates to accept")
    temperature: Annotated[float, Field(ge=0, le=2)] = Field(
        default=0.0, description="0: the same prompt gives the same words; more: more variety"
    )
    threads: PositiveInt | None = Field(
        default=None,
        description="embedded: default: the cores that are really free, shared out between engines. Endpoints with "
        "the same model and num_ctx share an engine, but for those with threads of their own",
    )

    @model_validator(mode="before")
    @classmethod
    def _only_embedded_has_a_default_model(cls, data: object) -> object:
        if isinstance(data, dict) and "model" not in data and data.get("protocol") == Protocol.EMBEDDED:
            return {**data, "model": DEFAULT_MODEL}
        return data

    @model_validator(mode="after")
    def _url_fits_protocol(self) -> Self:
        if self.protocol is Protocol.EMBEDDED:
            if self.url is not None:
                raise ValueError("an embedded endpoint has no url: Pillion starts it itself")
            if self.location is Location.CLOUD:
                raise ValueError("an embedded endpoint is always local")
        elif self.url is None:
            raise ValueError(f"an endpoint with protocol {self.protocol.value!r} needs a url")
        return self

    @property
    def surroundings_budget_tokens(self) -> int:
        """How many tokens of surroundings a prompt may have. A CPU reads a prompt at some 70 to 140 tokens/s."""
        if self.surroundings_tokens is not None:
            return self.surroundings_tokens
        return 400 if self.protocol is Protocol.EMBEDDED else 1500


# An entry is an endpoint's name, or a list of the names of endpoints that share the load.
LaneEntry = str | list[str]


# The lanes' settings come from the table of lanes.
_FIELDS: Any = {
    lane.value: (list[LaneEntry], Field(default=[], description=row.purpose)) for lane, row in LANES.items()
}
_Lanes: Any = create_model("_Lanes", __base__=Settings, **_FIELDS)


class LanesConfig(_Lanes):  # type: ignore[misc]  # mypy can't see a model that is made at run time
    """Each lane's endpoints, in order of preference."""

    def of(self, lane: Lane) -> tuple[tuple[str, ...], ...]:
        """The lane's pools in order of preference; a single endpoint is a pool of one."""
        entries: list[LaneEntry] = getattr(self, lane.value)
        return tuple((entry,) if isinstance(entry, str) else tuple(entry) for entry in entries)


class Review(StrEnum):
    """Which edits wait until the user accepts them."""

    ALWAYS = "always"
    WHEN_FLAGGED = "whenFlagged"  # edits in which a check found an error, and edits that no check can judge
    NEVER = "never"


class ModelFindings(StrEnum):
    """Which auditing models' findings are shown."""

    MEASURED = "measured"  # all but those of a model that was measured and didn't pass: see docs/auditor.md
    ALWAYS = "always"
    NEVER = "never"


class AuditConfig(Settings):
    """The audit of complex drafts."""

    enabled: bool = Field(default=True, description="audit complex drafts while they stream")
    budget_s: PositiveFloat = Field(default=30.0, description="how long the audit may go on after the draft has ended")
    findings: ModelFindings = Field(
        default=ModelFindings.MEASURED,
        description="measured: a model that did badly in `pillion bench auditor` may only judge by criteria",
    )
    proposals: bool = Field(
        default=False, description="while one endpoint drafts, ask the auditing one for calls to try on what is drafted"
    )


class LimitsConfig(Settings):
    """The limits of Pillion's work: sizes and times."""

    max_document_lines: PositiveInt = Field(
        default=DEFAULT_MAX_DOCUMENT_LINES, description="longer documents get a message and no actions"
    )
    simple_s: PositiveFloat = Field(
        default=300.0,
        description="how long one endpoint may work on a simple action; then the lane's next endpoint is asked",
    )
    moderate_s: PositiveFloat = Field(default=900.0, description="how long one endpoint may work on a moderate action")
    complex_s: PositiveFloat = Field(
        default=1800.0, description="how long one endpoint may work on the draft of a complex action"
    )
    audit_s: PositiveFloat = Field(
        default=120.0, description="how long one endpoint may work on one question of the audit"
    )

    def key_of(self, lane: Lane) -> str:
        """The setting that says how long one answer of this lane may take. (A hover has a budget of its own.)"""
        return lane.row.limit

    def answer_s(self, lane: Lane) -> float:
        """How long one endpoint may work on one answer of this lane."""
        return float(getattr(self, self.key_of(lane)))


class Preferences(Settings):
    """The settings that a workspace, the editor and the environment may change. A workspace can't change USER_ONLY."""

    review: Review = Field(
        default=Review.WHEN_FLAGGED,
        description="which edits wait until you accept them: always, whenFlagged (those in which a check found an "
        "error, and refactorings whose behaviour couldn't be compared) or never",
    )
    hover: HoverConfig = HoverConfig()
    drafts: DraftsConfig = DraftsConfig()
    audit: AuditConfig = AuditConfig()
    sandbox: SandboxConfig = SandboxConfig()
    checks: ChecksConfig = ChecksConfig()
    discovery: DiscoveryConfig = DiscoveryConfig()
    limits: LimitsConfig = LimitsConfig()
    embedded: EmbeddedConfig = EmbeddedConfig()


# The sender of a repository must not decide how well its edits are checked.
USER_ONLY: frozenset[tuple[str, ...]] = frozenset(
    {
        ("review",),
        ("audit", "findings"),
        ("sandbox", "enabled"),
        ("discovery", "enabled"),
        *(("checks", name) for name in ("types", "go_vet", "cargo_check")),
        *(("limits", f"{lane}_s") for lane in ("simple", "moderate", "complex", "audit")),
    }
)


class Config(Preferences):
    """The whole configuration. Without endpoints: the engines that are found on this machine (pool/discovery), else two
    embedded engines, `driver` (drafts) and `passenger` (audits)."""

    endpoints: dict[str, EndpointConfig] = Field(
        default={}, description="your engines, each with a name of its own: [endpoints.gpu0]"
    )
    lanes: LanesConfig = LanesConfig()
    models: Annotated[str, Field(min_length=1)] | None = Field(
        default=None,
        description="without endpoints of your own: good (1.5B drafts, 0.5B audits), quick (0.5B), tiny (135M), or a "
        "model's name; `pillion model use` writes it",
    )

    @model_validator(mode="before")
    @classmethod
    def _fill_in_endpoints_and_lanes(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        endpoints, lanes = data.get("endpoints", {}), data.get("lanes", {})
        if not isinstance(endpoints, dict) or not isinstance(lanes, dict):
            return data  # the fields say what is wrong
        defaults = lanes_in_file_order(endpoints) if endpoints else DEFAULT_LANES
        chosen = data.get("models")
        own = default_endpoints(chosen if isinstance(chosen, str) else None)
        return {**data, "endpoints": endpoints or own, "lanes": {**defaults, **lanes}}

    @model_validator(mode="after")
    def _lanes_name_endpoints(self) -> Self:
        for lane in Lane:
            for pool in self.lanes.of(lane):
                for name in pool:
                    if name not in self.endpoints:
                        raise ValueError(f"lanes.{lane.value} {unknown_endpoint(name, self.endpoints)}")
        return self

    @property
    def names_endpoints(self) -> bool:
        """Whether the endpoints are the user's own, and not the ones that stand in for them."""
        return self.endpoints != Config(models=self.models).endpoints

    @property
    def uses_cloud(self) -> bool:
        """Whether any lane may send code to an endpoint that isn't the user's own."""
        return any(
            self.endpoints[name].location is Location.CLOUD
            for lane in Lane
            for pool in self.lanes.of(lane)
            for name in pool
        )
