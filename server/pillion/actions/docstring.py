"""Describes a symbol in its documentation."""

from pillion.actions.action import Action, Invariant, Output, Scope
from pillion.tiers import Tier

DOCSTRING = Action(
    id="docstring",
    title="Add a docstring to {name}",
    family="refactor.rewrite",
    tier=Tier.SIMPLE,
    scope=Scope.UNDOCUMENTED,
    output=Output.FIELDS,
    invariants=(Invariant.PARSES, Invariant.SAME_BEHAVIOUR),
    audited=False,
    max_tokens=400,
    help="Describe a function or class; the code itself stays as it is.",
    ask="Describe this {title} {kind} for its documentation.",
    words=r"doc[- ]?strings?|document(?:s|ed|ing|ation)?",
)
