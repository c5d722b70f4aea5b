"""Builds the object graph; no other file does so. Heavy modules are imported in the functions that need them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pillion.config.loading import Problem, Remembered
    from pillion.config.schema import Config
    from pillion.jobs.front import Front
    from pillion.jobs.service import JobService
    from pillion.lsp.server_type import PillionServer
    from pillion.models.speed import SpeedStore
    from pillion.models.store import ModelStore
    from pillion.models.trust import TrustStore
    from pillion.pipeline.policy import AuditPolicy
    from pillion.pipeline.runtime import Runtime
    from pillion.pool.discovery.discovery import Discovery
    from pillion.pool.pool import Pool
    from pillion.pool.prefill import Prefills
    from pillion.sandbox.sandboxes import Sandboxes
    from pillion.state.draft_log import DraftLog
    from pillion.telemetry.metrics import Telemetry
    from pillion.tiers import Lane


def model_store(environ: Mapping[str, str] = os.environ) -> "ModelStore":
    """The folder with the model files."""
    from pillion.models.store import ModelStore

    return ModelStore.from_environment(environ)


def load_runtime(
    workspace: Path | None,
    editor_settings: Mapping[str, Any],
    telemetry: "Telemetry | None" = None,
    remembered: "Remembered | None" = None,
) -> "Runtime":
    """The configuration and its engines, none of them started yet. `telemetry` counts their work; `remembered` has
    what the user's file says.

    Raises:
        ConfigError: the user's file can't be read. A user who wrote one doesn't want the default engines.
    """
    from pillion.backends.create import create_backends
    from pillion.config.loading import load, user_config_file
    from pillion.config.stamp import ConfigStamp
    from pillion.errors import ConfigError
    from pillion.pipeline.runtime import Runtime
    from pillion.pool.look import model_problems
    from pillion.pool.pool import Pool
    from pillion.telemetry.metrics import Telemetry

    stamp = ConfigStamp.taken(os.environ, workspace)  # first: a file that changes during the load is read again
    config, problems = load(os.environ, workspace=workspace, editor_settings=editor_settings, remembered=remembered)
    if broken := next((each for each in problems if each.unusable), None):
        hint = "Mend it and ask again; pillion config check says what is wrong with it."
        raise ConfigError(f"No engine is used before your configuration can be read: {broken}.", hint=hint)
    store = model_store()
    discovery = found_engines(config, problems)
    if discovery.choice is not None:
        config = discovery.added_to(config)
    problems += model_problems(config, store, str(user_config_file(os.environ)))
    pool = Pool(create_backends(config, store), config.lanes, limits=config.limits, prefills=_prefills(config))
    return Runtime(
        config,
        tuple(problems),
        pool,
        audit_policy(config),
        telemetry or Telemetry(),
        store,
        speed_store(),
        stamp,
        discovery,
    )


def found_engines(config: "Config", problems: "Sequence[Problem]") -> "Discovery":
    """The engines that run on this machine, if the user has named none; nothing is asked else. Takes up to two seconds.
    The caller may have an event loop, which waits."""
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    from pillion.config.loading import defaults_stand_in, user_config_file
    from pillion.models.free_memory import total_memory_bytes
    from pillion.pool.discovery.discovery import Discovery, discover, is_wanted
    from pillion.pool.discovery.usual_places import places_to_ask

    broken = defaults_stand_in(config, problems, user_config_file(os.environ))
    if broken or not is_wanted(config):
        return Discovery()
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, discover(places_to_ask(os.environ), total_memory_bytes())).result()


def trust_store(environ: Mapping[str, str] = os.environ) -> "TrustStore":
    """The figures that were measured of auditing models."""
    from pillion.models.trust import TrustStore

    return TrustStore.from_environment(environ)


def speed_store(environ: Mapping[str, str] = os.environ) -> "SpeedStore":
    """How fast models were on this machine."""
    from pillion.models.speed import SpeedStore

    return SpeedStore.from_environment(environ)


def pool_of_one(config: "Config", endpoint: str, lanes: "Iterable[Lane]") -> "Pool":
    """A pool with the engine of one endpoint, only for these lanes."""
    from pillion.backends.create import create_backends
    from pillion.config.schema import LanesConfig
    from pillion.pool.pool import Pool

    alone = config.model_copy(update={"endpoints": {endpoint: config.endpoints[endpoint]}})
    named = LanesConfig(**{lane.value: [endpoint] for lane in lanes})
    return Pool(create_backends(alone, model_store()), named, limits=config.limits, prefills=_prefills(config))


def _prefills(config: "Config") -> "Prefills | None":
    from pillion.models.prefill_store import PrefillStore
    from pillion.pool.prefill import Prefills

    return Prefills(PrefillStore.from_environment(os.environ)) if config.drafts.begin_answers else None


def audit_policy(config: "Config") -> "AuditPolicy":
    """The deterministic auditors, which models may raise findings, and where drafts are run: whoever gets the policy
    closes its sandboxes. Reads the measured figures once, here."""
    from pillion.auditors.auditor_registry import auditors
    from pillion.config.schema import EndpointConfig, ModelFindings
    from pillion.pipeline.policy import AuditPolicy
    from pillion.sandbox.sandboxes import Sandboxes

    store, heard = trust_store(), config.audit.findings
    below = {each.model for each in config.endpoints.values() if store.verdict(each.model) == "below"}

    def finds(endpoint: EndpointConfig) -> bool:
        return heard is ModelFindings.ALWAYS or (heard is ModelFindings.MEASURED and endpoint.model not in below)

    decide = heard is not ModelFindings.NEVER
    margins = {each.model: store.decision_margin(each.model) for each in config.endpoints.values() if decide}
    checks = config.checks
    build_tools = {"go": checks.go_vet, "cargo": checks.cargo_check}
    return AuditPolicy(
        config.audit,
        auditors(checks.types, frozenset(name for name, on in build_tools.items() if on)),
        finds,
        attempts=config.drafts.attempts,
        decision_margin=lambda endpoint: margins.get(endpoint.model),
        sandboxes=Sandboxes(enabled=config.sandbox.enabled),
    )


def sandboxes_without_engines() -> "Sandboxes":
    """Where a command that loads no engines runs drafts: as the user's file says, and nowhere if it can't be read."""
    from pillion.config.loading import load
    from pillion.sandbox.sandboxes import Sandboxes

    config, problems = load(os.environ)
    return Sandboxes(enabled=config.sandbox.enabled and not any(each.unusable for each in problems))


def jobs_of_command(front: "Front", runtime: "Runtime", log: "DraftLog") -> "JobService":
    """The jobs of one command, on engines that are already loaded."""
    from contextlib import nullcontext

    from pillion.jobs.dismissal_service import DismissalService
    from pillion.jobs.dismissals import Dismissals
    from pillion.jobs.downloads import ModelDownloads
    from pillion.jobs.finding_store import FindingStore
    from pillion.jobs.service import JobService
    from pillion.state.kept_drafts import DraftFolder

    findings = FindingStore(front.publish)
    dismissals = DismissalService(front, findings, Dismissals())
    downloads = ModelDownloads(front)
    return JobService(front, lambda: nullcontext(runtime), findings, dismissals, downloads, DraftFolder(), log)


class SessionRuntimes:
    """Loads a language server's runtimes: one for each change of its settings. One telemetry counts them all."""

    def __init__(self) -> None:
        self._telemetry: Telemetry | None = None
        self._making_telemetry = Lock()
        self._remembered: Remembered | None = None

    def __call__(self, workspace: Path | None, editor_settings: Mapping[str, Any]) -> "Runtime":
        """See LoadRuntime. Several loads may run at once, if settings change meanwhile."""
        from pillion.config.loading import Remembered
        from pillion.telemetry.metrics import Telemetry

        with self._making_telemetry:
            self._telemetry = self._telemetry or Telemetry()
            self._remembered = self._remembered or Remembered()
        return load_runtime(workspace, editor_settings, self._telemetry, self._remembered)


def language_server() -> "PillionServer":
    """The language server."""
    from pillion.lsp.server import build_server

    return build_server(SessionRuntimes())
