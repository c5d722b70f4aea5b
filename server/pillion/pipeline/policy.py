"""How drafts are audited. cli/compose.py makes a policy from the configuration and the measurements."""

from collections.abc import Callable
from dataclasses import dataclass

from pillion.auditors.auditor import Auditor
from pillion.config.schema import AuditConfig, EndpointConfig


@dataclass(frozen=True, slots=True)
class AuditPolicy:
    """`model_finds` says whether an endpoint's model may raise findings, or only judge by criteria.

    `decision_margin`: from which margin in nats its doubts about decisions are findings; None: nobody asks it for them.
    `check_limit_s` is how long a job waits for a deterministic auditor at the end. It is no setting: a workspace must
    not be able to leave an edit unchecked.
    """

    config: AuditConfig
    auditors: tuple[Auditor, ...]
    model_finds: Callable[[EndpointConfig], bool]
    check_limit_s: float = 10.0
    decision_margin: Callable[[EndpointConfig], float | None] = lambda endpoint: None
