"""The checks that run code, in the order their findings matter."""

from collections.abc import Callable

from pillion.auditors.running.behaviour import BehaviourCheck
from pillion.auditors.running.examples import ExamplesCheck
from pillion.auditors.running.robustness import RobustnessCheck
from pillion.auditors.running.round_trips import RoundTripsCheck
from pillion.auditors.running.run_check import RunCheck
from pillion.sandbox.sandboxes import Sandboxes

_MAKERS: tuple[Callable[[Sandboxes], RunCheck], ...] = (
    ExamplesCheck,
    RoundTripsCheck,
    BehaviourCheck,
    RobustnessCheck,
)


def run_checks(sandboxes: Sandboxes) -> tuple[RunCheck, ...]:
    """The checks, which run code in these sandboxes."""
    return tuple(make(sandboxes) for make in _MAKERS)
