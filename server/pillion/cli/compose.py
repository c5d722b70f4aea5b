"""Builds the object graph, and nothing else does. Everything heavy is imported where it is built."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pillion.lsp.server_type import PillionServer
    from pillion.models.store import ModelStore
    from pillion.pipeline.runtime import Runtime


def model_store(environ: Mapping[str, str] = os.environ) -> "ModelStore":
    """The folder with the model files."""
    from pillion.models.store import ModelStore

    return ModelStore.from_environment(environ)


def load_runtime(workspace: Path | None, editor_settings: Mapping[str, Any]) -> "Runtime":
    """The configuration and its engines, none of them started yet."""
    from pillion.backends.create import create_backends
    from pillion.config import ModelFindings
    from pillion.config_load import load
    from pillion.pipeline.policy import AuditPolicy
    from pillion.pipeline.runtime import Runtime
    from pillion.pool.pool import Pool

    config, problems = load(os.environ, workspace=workspace, editor_settings=editor_settings)
    backends = create_backends(config, model_store())
    policy = AuditPolicy(config.audit, (), lambda endpoint: config.audit.findings is not ModelFindings.NEVER)
    return Runtime(config, tuple(problems), Pool(backends, config.lanes), policy)


def language_server() -> "PillionServer":
    """The language server."""
    from pillion.lsp.server import build_server

    return build_server(load_runtime)
