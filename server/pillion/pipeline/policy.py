"""How drafts are audited: what the configuration and the measurements say, put together by cli/compose.py."""

from collections.abc import Callable
from dataclasses import dataclass

from pillion.auditors.auditor import Auditor
from pillion.config.schema import AuditConfig, EndpointConfig


@dataclass(frozen=True, slots=True)
class AuditPolicy:
    """`model_finds` says whether an endpoint's model may raise findings, or only judge by criteria.

    `check_limit_s` is how long a deterministic auditor is waited for at the end. It is no setting: a workspace's
    preferences must not be able to leave an edit unchecked.
    """

    config: AuditConfig
    auditors: tuple[Auditor, ...]
    model_finds: Callable[[EndpointConfig], bool]
    check_limit_s: float = 10.0
