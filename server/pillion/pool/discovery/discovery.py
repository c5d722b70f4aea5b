"""Finds the engines that already run on this machine, for a user who has named none. Only loopback is asked."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pillion.backends.model_listing import ListedModel, listed_models
from pillion.config.schema import Config, Protocol
from pillion.errors import EngineRefusedError, PillionError
from pillion.pool.discovery.listeners import is_a_strangers
from pillion.pool.discovery.model_choice import Candidate, Choice, can_be_used, chosen
from pillion.pool.discovery.usual_places import UsualPlace
from pillion.tiers import LANES

_WITHIN_S = 1.5
_MOST_NUM_CTX = 8192
_LEAST_NUM_CTX = 512
_SUGGESTED_MODEL = "qwen2.5-coder:7b"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FoundEngine:
    """An engine that answered. `remark`: why its models can't be used; empty if they can."""

    place: UsualPlace
    models: tuple[ListedModel, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found, and what was chosen of it."""

    engines: tuple[FoundEngine, ...] = ()
    choice: Choice | None = None

    @property
    def endpoints(self) -> dict[str, dict[str, Any]]:
        """The endpoints as a configuration has them: the large model's first. Empty if nothing can be used."""
        if self.choice is None:
            return {}
        return {name: _settings(each) for name, each in self._named(self.choice).items()}

    @property
    def lanes(self) -> dict[str, list[str]]:
        """The lanes of these endpoints."""
        if self.choice is None:
            return {}
        names = list(self._named(self.choice))
        return {
            lane.value: (names[::-1] if row.model == "small" else names)[: 1 + row.has_second_default]
            for lane, row in LANES.items()
        }

    def added_to(self, config: Config) -> Config:
        """The configuration with these endpoints instead of those that stand in for them."""
        found = {"endpoints": self.endpoints, "lanes": self.lanes}
        return Config.model_validate({**config.model_dump(mode="json", exclude={"endpoints", "lanes"}), **found})

    @property
    def chosen_in_words(self) -> str:
        """“Found Ollama on port 11434: qwen2.5-coder:7b drafts, …” Empty if nothing was chosen."""
        if self.choice is None:
            return ""
        large, small = self.choice.large, self.choice.small
        if large == small:
            return f"Found {_at(large.place)}: {large.model.name} does all the work."
        elsewhere = f" (on {_at(small.place)})" if small.place != large.place else ""
        return (
            f"Found {_at(large.place)}: {large.model.name} drafts, "
            f"{small.model.name}{elsewhere} audits, answers and explains."
        )

    @property
    def said(self) -> str:
        """What a user is told of it once; empty if nothing was found."""
        if not self.choice:
            return " ".join(self.remarks)
        return f"{self.chosen_in_words} To keep it or to change it, run: pillion config init"

    @property
    def remarks(self) -> tuple[str, ...]:
        """What stands in the way of engines that were found and can't be used, each in a sentence."""
        return tuple(each.remark for each in self.engines if each.remark)

    def _named(self, choice: Choice) -> dict[str, Candidate]:
        if choice.large == choice.small:
            return {choice.large.place.name: choice.large}
        same = choice.large.place == choice.small.place
        return {
            choice.large.place.name: choice.large,
            f"{choice.small.place.name}-small" if same else choice.small.place.name: choice.small,
        }


async def discover(
    places: Sequence[UsualPlace],
    memory_bytes: int | None,
    *,
    stranger: Callable[[int], bool] = is_a_strangers,
    within_s: float = _WITHIN_S,
) -> Discovery:
    """Asks all places at once for their models, for `within_s` seconds at most. Never raises: what doesn't answer as an
    engine isn't one."""
    found = await asyncio.gather(*(_engine_at(each, stranger, within_s) for each in places))
    engines = tuple(each for each in found if each is not None)
    candidates = [Candidate(each.place, model) for each in engines if not each.remark for model in each.models]
    return Discovery(engines, chosen(candidates, memory_bytes))


async def _engine_at(place: UsualPlace, stranger: Callable[[int], bool], within_s: float) -> FoundEngine | None:
    try:
        async with asyncio.timeout(within_s):
            if not await _listens(place):
                return None
            if await asyncio.to_thread(stranger, place.port):
                return FoundEngine(place, remark=f"{_at(place)} is run by another user, so it gets no code.")
            models = await listed_models(place.title, place.protocol, place.url)
    except EngineRefusedError as exc:
        if exc.status not in (401, 403):
            return None
        remark = f"{_at(place)} wants a key: name it as an endpoint with api_key_env in your configuration."
        return FoundEngine(place, remark=remark)
    except (PillionError, TimeoutError) as exc:
        log.debug("port %d: %s", place.port, exc)
        return None
    usable = tuple(each for each in models if can_be_used(each))
    return FoundEngine(place, usable, "" if usable else _without_models(place))


async def _listens(place: UsualPlace) -> bool:
    """Whether the port is open: quicker than a request that finds out."""
    try:
        _, writer = await asyncio.open_connection(place.host.strip("[]"), place.port)
    except OSError:
        return False
    writer.close()
    return True


def _without_models(place: UsualPlace) -> str:
    do = f"run: ollama pull {_SUGGESTED_MODEL}" if place.protocol is Protocol.OLLAMA else "load one there"
    return f"{_at(place)} has no model that chats on this machine: {do}."


def _at(place: UsualPlace) -> str:
    return f"{place.title} on port {place.port}"


def _settings(candidate: Candidate) -> dict[str, Any]:
    place, model = candidate.place, candidate.model
    settings: dict[str, Any] = {"protocol": place.protocol.value, "url": place.url, "model": model.name}
    if model.context_tokens and model.context_tokens < _MOST_NUM_CTX:
        settings["num_ctx"] = max(_LEAST_NUM_CTX, model.context_tokens)
    return settings


def is_wanted(config: Config) -> bool:
    """Whether engines are to be looked for: the user has named no endpoints, lanes or models, and allows it."""
    stand_in = config.endpoints == Config().endpoints and config.lanes == Config().lanes
    return config.discovery.enabled and config.models is None and stand_in
