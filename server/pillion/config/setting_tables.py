"""The settings' smaller tables: [hover], [drafts], [sandbox], [discovery], [checks], [embedded]."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt


class Settings(BaseModel):
    """A table of settings: no key that it doesn't know, and no change once it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class HoverConfig(Settings):
    """Explanations under the mouse."""

    enabled: bool = Field(default=True, description="explain what is under the mouse")
    budget_s: PositiveFloat = Field(
        default=8.0, description="how long a hover waits; then the text so far is shown, and marked as partial"
    )
    max_tokens: PositiveInt = Field(default=120, description="how long an explanation may get")


class DraftsConfig(Settings):
    """How drafts are made."""

    begin_answers: bool = Field(
        default=True,
        description="for code that is rewritten, Pillion writes the header and the documentation itself, if the engine "
        "can go on from there: the model writes half as much, or less. false: the model writes everything",
    )
    attempts: Annotated[int, Field(ge=1, le=20)] = Field(
        default=10, description="drafts at most while they fail when they are run; after a minute no other is begun"
    )


class SandboxConfig(Settings):
    """Where drafts are run before you see them."""

    enabled: bool = Field(
        default=True,
        description="run drafts before you see them, in a sandbox without files, network, environment or processes",
    )


class DiscoveryConfig(Settings):
    """The search for engines that already run on this machine."""

    enabled: bool = Field(
        default=True,
        description="without endpoints of your own: use the engines that run on this machine (Ollama, llama.cpp, LM "
        "Studio, vLLM and others, on their usual ports)",
    )


class ChecksConfig(Settings):
    """The checks of an edit by other programs that are installed."""

    types: bool = Field(
        default=True,
        description="ask an installed type checker about what an edit adds: ty, mypy, basedpyright, or tsc. They run "
        "nothing of the project",
    )
    go_vet: bool = Field(
        default=False, description="ask `go vet` too; it may run the compilers that a project's files name"
    )
    cargo_check: bool = Field(
        default=False,
        description="ask `cargo check` too; it runs the build scripts of the project and of what it depends on",
    )


class EmbeddedConfig(Settings):
    """The engines that Pillion runs itself."""

    idle_timeout_s: PositiveFloat = Field(
        default=600.0, description="an engine that nobody has used for this long is stopped"
    )
