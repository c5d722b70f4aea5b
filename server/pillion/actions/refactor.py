"""Rewrites a body more simply."""

from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import WRITTEN
from pillion.auditors.running.aim import Aim
from pillion.edits.invariants import GIVES_RESULT, PARSES, SAME_EXITS, SAME_NAMES, SAME_RESULT, SAME_SIGNATURES
from pillion.edits.strategies import rewrite
from pillion.tiers import Tier

REFACTOR = Action(
    id="refactor",
    title="Refactor {name}",
    family="refactor.rewrite",
    tier=Tier.MODERATE,
    scope=WRITTEN,
    output=Output.CODE,
    becomes=rewrite,
    invariants=(PARSES, SAME_SIGNATURES, SAME_NAMES, SAME_EXITS, GIVES_RESULT, SAME_RESULT),
    audited=False,
    aim=Aim.SAME,
    max_tokens=2048,
    help="Rewrite the body more simply; names and signatures stay.",
    must_be_compared=True,
    ask="Refactor this {title} {kind} so that it is shorter and clearer. Keep its name, its parameters and "
    "what it returns. Answer with the code only.",
    ask_selected="Refactor {what} so that the code is shorter and clearer. Keep what it does, and every name that "
    "other code uses. Answer with the new code for {what} only.",
    words=r"refactor(?:s|ed|ings?)?",
)
