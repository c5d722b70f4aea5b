"""How drafts are audited. cli/compose.py makes a policy from the configuration and the measurements."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pillion.auditors.auditor import Auditor
from pillion.auditors.running.run_check import RunCheck
from pillion.auditors.running.run_checks import run_checks
from pillion.config.schema import AuditConfig, EndpointConfig
from pillion.config.setting_tables import DraftsConfig
from pillion.sandbox.sandboxes import Sandboxes


def _none() -> Sandboxes:
    return Sandboxes(enabled=False)


@dataclass(frozen=True, slots=True)
class AuditPolicy:
    """`model_finds` says whether an endpoint's model may raise findings, or only judge by criteria.

    `decision_margin`: from which margin in nats its doubts about decisions are findings; None: nobody asks it for them.
    `check_limit_s` is how long a job waits for a deterministic auditor at the end. It is no setting: a workspace must
    not be able to leave an edit unchecked. `sandboxes` are where drafts are run; whoever made them closes them.
    `run_limit_s` is how long one draft's code may run in all. `attempts`: how many drafts are made at most if they fail
    when they are run.
    """

    config: AuditConfig
    auditors: tuple[Auditor, ...]
    model_finds: Callable[[EndpointConfig], bool]
    check_limit_s: float = 10.0
    sandboxes: Sandboxes = field(default_factory=_none)
    make_run_checks: Callable[[Sandboxes], tuple[RunCheck, ...]] = run_checks
    run_limit_s: float = 10.0
    attempts: int = DraftsConfig().attempts
    decision_margin: Callable[[EndpointConfig], float | None] = lambda endpoint: None
