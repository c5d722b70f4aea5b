"""Configuration → backends."""

from collections.abc import Mapping

from pillion.backends.backend import Backend
from pillion.backends.embedded import EmbeddedBackend
from pillion.backends.embedded_engine import EmbeddedEngine, Seat
from pillion.backends.ollama import OllamaBackend
from pillion.backends.openai import OpenAIBackend
from pillion.config.schema import Config, EndpointConfig, Protocol
from pillion.models.cores import shared_out, usable_cores
from pillion.models.store import ModelStore


def create_backends(config: Config, store: ModelStore) -> dict[str, Backend]:
    """A backend for every endpoint. Nothing is connected or started yet."""
    engines = _embedded_engines(config, store)
    backends: dict[str, Backend] = {}
    for name, endpoint in config.endpoints.items():
        match endpoint.protocol:
            case Protocol.OLLAMA:
                backends[name] = OllamaBackend(name, endpoint)
            case Protocol.OPENAI:
                backends[name] = OpenAIBackend(name, endpoint)
            case Protocol.EMBEDDED:
                backends[name] = EmbeddedBackend(name, endpoint, engines[name])
    return backends


def _embedded_engines(config: Config, store: ModelStore) -> dict[str, EmbeddedEngine]:
    """The engine of each embedded endpoint.

    Endpoints with the same model share one, each with its own slots: the model is in memory once, a token of each is
    computed in one pass, and who works alone has all cores. Engines with different models divide the cores among them,
    so that draft and audit don't compete for one core.
    """
    embedded = {name: each for name, each in config.endpoints.items() if each.protocol is Protocol.EMBEDDED}
    groups = _with_one_model(embedded)
    shares = shared_out(usable_cores(), len(groups))
    engines: dict[str, EmbeddedEngine] = {}
    for names, share in zip(groups, shares, strict=True):
        first = embedded[names[0]]
        engine = EmbeddedEngine(
            first.model,
            tuple(Seat(name, embedded[name].num_ctx, embedded[name].slots) for name in names),
            store=store,
            threads=first.threads or share,
            idle_timeout_s=config.embedded.idle_timeout_s,
        )
        engines |= dict.fromkeys(names, engine)
    return engines


def _with_one_model(embedded: Mapping[str, EndpointConfig]) -> list[list[str]]:
    """The endpoints in groups that share an engine. llama.cpp gives all slots the same context."""
    groups: dict[object, list[str]] = {}
    for name, each in embedded.items():
        alone = each.threads is not None  # these threads are for this endpoint, so it has them for itself
        groups.setdefault(name if alone else (each.model, each.num_ctx), []).append(name)
    return list(groups.values())
