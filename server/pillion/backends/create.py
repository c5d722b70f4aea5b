"""Configuration → backends."""

from pillion.backends.backend import Backend
from pillion.backends.embedded import EmbeddedBackend
from pillion.backends.ollama import OllamaBackend
from pillion.backends.openai import OpenAIBackend
from pillion.config.schema import Config, Protocol
from pillion.models.cores import shared_out, usable_cores
from pillion.models.store import ModelStore


def create_backends(config: Config, store: ModelStore) -> dict[str, Backend]:
    """A backend for every endpoint. Nothing is connected or started yet.

    Embedded engines divide the cores among them, so that draft and audit don't compete for one core.
    """
    embedded = [name for name, endpoint in config.endpoints.items() if endpoint.protocol is Protocol.EMBEDDED]
    threads = dict(zip(embedded, shared_out(usable_cores(), len(embedded)), strict=True)) if embedded else {}
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
                    threads=threads[name],
                    idle_timeout_s=config.embedded.idle_timeout_s,
                )
    return backends
