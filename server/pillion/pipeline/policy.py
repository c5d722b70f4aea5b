"""How drafts are audited: what the configuration and the measurements say, put together by cli/compose.py."""

from collections.abc import Callable
from dataclasses import dataclass

from pillion.auditors.base import Auditor
from pillion.config import AuditConfig, EndpointConfig


@dataclass(frozen=True, slots=True)
class AuditPolicy:
    """`model_finds` says whether an endpoint's model may raise findings, or only judge by criteria."""

    config: AuditConfig
    auditors: tuple[Auditor, ...]
    model_finds: Callable[[EndpointConfig], bool]
