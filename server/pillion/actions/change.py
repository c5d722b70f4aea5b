"""Does what the user says."""

from pillion.actions.action import Action, Invariant, Output, Scope
from pillion.tiers import Tier

CHANGE = Action(
    id="change",
    title="Change {name}",
    family="refactor.rewrite",
    tier=Tier.MODERATE,
    scope=Scope.TOLD,
    output=Output.CODE,
    invariants=(Invariant.PARSES,),
    audited=False,
    max_tokens=2048,
    help="Change the code as your instruction says.",
    ask="Change this {title} {kind} as you are told, and keep everything else as it is. Answer with the whole "
    "changed code only. The change:",
)
