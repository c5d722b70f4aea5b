"""Writes a symbol's documentation."""

from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import UNDOCUMENTED
from pillion.edits.invariants import PARSES, SAME_BEHAVIOUR
from pillion.edits.strategies import describe
from pillion.tiers import Tier

DOCSTRING = Action(
    id="docstring",
    title="Add a docstring to {name}",
    family="refactor.rewrite",
    tier=Tier.SIMPLE,
    scope=UNDOCUMENTED,
    output=Output.FIELDS,
    becomes=describe,
    invariants=(PARSES, SAME_BEHAVIOUR),
    audited=False,
    max_tokens=1000,
    help="Describe a function or class; the code itself stays as it is.",
    ask="Describe this {title} {kind} for its documentation.",
    words=r"doc[- ]?strings?|document(?:s|ed|ing|ation)?",
)
