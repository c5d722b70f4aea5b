"""Writes code that is only declared so far."""

from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import STUB
from pillion.auditors.running.aim import Aim
from pillion.edits.invariants import GIVES_RESULT, NO_STUB_LEFT, PARSES, SAME_SIGNATURES
from pillion.edits.strategies import rewrite
from pillion.tiers import Tier

IMPLEMENT = Action(
    id="implement",
    title="Implement {name}",
    family="refactor.rewrite",
    tier=Tier.COMPLEX,
    scope=STUB,
    output=Output.CODE,
    becomes=rewrite,
    invariants=(PARSES, SAME_SIGNATURES, NO_STUB_LEFT, GIVES_RESULT),
    audited=True,
    aim=Aim.NEW,
    max_tokens=4096,
    help="Write the body of a stub or TODO; the other engine audits it as it streams.",
    ask="Implement this {title} {kind}.{examples} Keep its name, its parameters and its documentation. "
    "Answer with the code only.",
    words=r"implement(?:s|ed|ing|ations?)?",
)
