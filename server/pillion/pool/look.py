"""Checks endpoints before a request needs them: are they there, do they accept the key, do they have the model?

A check costs no tokens.
"""

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from pillion.backends.backend import Backend
from pillion.config.loading import Problem
from pillion.config.schema import Config, Protocol
from pillion.errors import (
    ConfigError,
    EngineUnreachableError,
    ModelError,
    ModelMissingError,
    PillionError,
)
from pillion.models.store import ModelStore


class Seen(StrEnum):
    """The result of a look at an endpoint."""

    OK = "ok"
    UNREACHABLE = "unreachable"
    MODEL_MISSING = "model missing"
    KEY_MISSING = "key missing"  # or the key can't be sent
    FAILING = "failing"  # it answers with a refusal or with nonsense


@dataclass(frozen=True, slots=True)
class Look:
    """The result for one endpoint: `message` is empty, a remark, or what is wrong; `hint` says what to do."""

    endpoint: str
    seen: Seen
    message: str = ""
    hint: str = ""

    @property
    def good(self) -> bool:
        """Whether the endpoint can be used."""
        return self.seen is Seen.OK


async def look_at(backend: Backend, within_s: float) -> Look:
    """Looks at one endpoint, for `within_s` seconds at most."""
    try:
        async with asyncio.timeout(within_s):
            return Look(backend.name, Seen.OK, await backend.look())
    except TimeoutError:
        return Look(backend.name, Seen.UNREACHABLE, f"{backend.name} didn't answer in {within_s:g} s.")
    except PillionError as exc:
        return Look(backend.name, _seen(exc), str(exc), exc.hint)


def _seen(error: PillionError) -> Seen:
    match error:
        case ModelError() | ModelMissingError():
            return Seen.MODEL_MISSING
        case ConfigError():
            return Seen.KEY_MISSING
        case EngineUnreachableError():
            return Seen.UNREACHABLE
        case _:
            return Seen.FAILING


def model_problems(config: Config, store: ModelStore, source: str) -> list[Problem]:
    """A problem for each embedded endpoint whose model is neither a known name nor a model file. (A known model that
    isn't fetched yet is no mistake of the configuration.) Looks at the disk."""
    return [
        Problem(source, f"endpoints.{name}.model", mistake)
        for name, endpoint in config.endpoints.items()
        if endpoint.protocol is Protocol.EMBEDDED and (mistake := store.mistake_in(endpoint.model))
    ]
