"""For the commands that use engines: a configuration without mistakes, and the models that it needs."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pillion.cli.output import console
from pillion.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import Progress

    from pillion.models.known import KnownModel
    from pillion.models.store import ModelStore
    from pillion.pipeline.runtime import Runtime

    Pull = Callable[[KnownModel, ModelStore, Callable[[int, int], None]], Path]


def ready_runtime() -> "Runtime":
    """The engines of a configuration without mistakes, whose embedded models are on this machine.

    Raises:
        ConfigError: the configuration has mistakes.
        ModelError: a model can't be fetched.
    """
    return runtime_with_models(sound_runtime(), sound_runtime)


def sound_runtime(workspace: Path | None = None, settings: Mapping[str, Any] = MappingProxyType({})) -> "Runtime":
    """The engines of a configuration without mistakes. `settings` are the command's own.

    Raises:
        ConfigError: the configuration has mistakes.
    """
    from pillion.cli.compose import load_runtime

    runtime = load_runtime(workspace, settings)
    if runtime.problems:
        raise ConfigError("\n         ".join(map(str, runtime.problems)), hint="Check with: pillion config check")
    return runtime


def runtime_with_models(runtime: "Runtime", load: "Callable[[], Runtime]") -> "Runtime":
    """The engines, after the models that they lack were fetched. A user who has not chosen any is asked first, in a
    terminal; then they are loaded anew.

    Raises:
        ConfigError: the choice can't be kept.
        ModelError: a model can't be fetched.
    """
    from pillion.cli.model_prompt import asked_for_models
    from pillion.config.schema import Protocol

    if runtime.choice_is_due() and asked_for_models(runtime):
        runtime = load()
    for endpoint in runtime.config.endpoints.values():
        if endpoint.protocol is Protocol.EMBEDDED:
            fetch_if_known(endpoint.model)
    return runtime


def own_endpoints() -> bool:
    """Whether the user's configuration names endpoints."""
    import os

    from pillion.config.loading import load

    return load(os.environ)[0].names_endpoints


def fetch_if_known(name: str) -> None:
    """Fetches a known model that isn't here yet; a path or an unknown name is left for the engine to report."""
    from pillion.cli.compose import model_store

    for model in model_store().missing([name]):
        fetch(model)


def fetch(model: "KnownModel", pull: "Pull | None" = None) -> Path:
    """Fetches a model with a progress bar on stderr, or two plain lines without a terminal."""
    from pillion.backends.pull import pull as pull_known
    from pillion.cli.compose import model_store
    from pillion.models.room import in_mb

    screen = console(stderr=True)
    store, pull = model_store(), pull or pull_known
    if not screen.is_terminal:
        size = f"{in_mb(model.size_bytes)}, {model.licence}" if model.size_bytes else "of unknown size"
        screen.print(f"Fetching the model {model.name} ({size}), once…")
        path = pull(model, store, lambda done, total: None)
        screen.print(f"It is in {path}", markup=False, emoji=False)
        return path
    with _bar() as progress:
        task = progress.add_task(f"Fetching {model.name}, once", total=model.size_bytes or None)
        return pull(model, store, lambda done, total: progress.update(task, completed=done, total=total or None))


def _bar() -> "Progress":
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        console=console(stderr=True),
    )
