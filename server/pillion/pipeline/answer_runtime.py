"""A runtime whose only engine says what a model said before: a draft that was kept is checked and applied like a new
one, and no model is asked."""

from pillion.auditors.auditor_registry import AUDITORS
from pillion.backends.kept_answer import KeptAnswerBackend
from pillion.config.schema import AuditConfig, Config, LanesConfig, Review
from pillion.config.stamp import ConfigStamp
from pillion.models.speed import SpeedStore
from pillion.models.store import ModelStore
from pillion.pipeline.policy import AuditPolicy
from pillion.pipeline.runtime import Runtime
from pillion.pool.pool import Pool
from pillion.sandbox.sandboxes import Sandboxes
from pillion.telemetry.metrics import Telemetry
from pillion.tiers import Lane

_NAME = "draft"


def runtime_of_answer(
    text: str, *, review: Review, store: ModelStore, speeds: SpeedStore, stamp: ConfigStamp, sandboxes: Sandboxes
) -> Runtime:
    """The runtime of this answer. The checks that need no model are made."""
    backend = KeptAnswerBackend(_NAME, text)
    config = Config.model_validate({"review": review, "endpoints": {_NAME: backend.config}})
    pool = Pool({_NAME: backend}, LanesConfig(**{lane.value: [_NAME] for lane in Lane}))
    nobody, off = (lambda endpoint: False), AuditConfig(enabled=False)
    policy = AuditPolicy(off, AUDITORS, nobody, sandboxes=sandboxes, attempts=1)
    return Runtime(config, (), pool, policy, Telemetry(), store, speeds, stamp)
