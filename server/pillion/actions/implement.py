"""Writes what is only declared."""

from pillion.actions.action import Action, Invariant, Output, Scope
from pillion.tiers import Tier

IMPLEMENT = Action(
    id="implement",
    title="Implement {name}",
    family="refactor.rewrite",
    tier=Tier.COMPLEX,
    scope=Scope.STUB,
    output=Output.CODE,
    invariants=(Invariant.PARSES, Invariant.SAME_SIGNATURES, Invariant.NO_STUB_LEFT),
    audited=True,
    max_tokens=4096,
    help="Write the body of a stub or TODO; the other engine audits it as it streams.",
    ask="Implement this {title} {kind}. Keep its name, its parameters and its documentation. "
    "Answer with the code only.",
    words=r"implement(?:s|ed|ing|ations?)?",
)
