"""An embedded engine for one endpoint."""

from pathlib import Path

from pillion.backends.embedded import EmbeddedBackend
from pillion.backends.embedded_engine import EmbeddedEngine, Seat
from pillion.config.schema import EndpointConfig
from pillion.models.store import ModelStore


def embedded_backend(
    name: str, config: EndpointConfig, folder: Path, threads: int = 1, idle_timeout_s: float = 3600.0
) -> EmbeddedBackend:
    """The backend of an endpoint with an engine of its own; `folder` has the models."""
    seat = Seat(name, config.num_ctx, config.slots)
    engine = EmbeddedEngine(
        config.model, (seat,), store=ModelStore(folder), threads=threads, idle_timeout_s=idle_timeout_s
    )
    return EmbeddedBackend(name, config, engine)
