"""Configuration → backends."""

import os

from pillion.backends.backend import Backend
from pillion.backends.embedded import EmbeddedBackend
from pillion.backends.ollama import OllamaBackend
from pillion.backends.openai import OpenAIBackend
from pillion.config.schema import Config, Protocol
from pillion.models.store import ModelStore


def create_backends(config: Config, store: ModelStore) -> dict[str, Backend]:
    """A backend for every endpoint. Nothing is connected or started yet.

    Embedded engines divide the cores among them, so that draft and audit don't compete for one core.
    """
    embedded = sum(endpoint.protocol is Protocol.EMBEDDED for endpoint in config.endpoints.values())
    threads = max(1, _usable_cores() // max(1, embedded))
    backends: dict[str, Backend] = {}
    for name, endpoint in config.endpoints.items():
        match endpoint.protocol:
            case Protocol.OLLAMA:
                backends[name] = OllamaBackend(name, endpoint)
            case Protocol.OPENAI:
                backends[name] = OpenAIBackend(name, endpoint)
            case Protocol.EMBEDDED:
                backends[name] = EmbeddedBackend(
                    name,
                    endpoint,
                    store=store,
                    threads=threads,
                    idle_timeout_s=config.embedded.idle_timeout_s,
                )
    return backends


def _usable_cores() -> int:
    """The cores that this process may use. In a container they may be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
