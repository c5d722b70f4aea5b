"""Answers a question about the code."""

from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import TOLD
from pillion.edits.strategies import say
from pillion.tiers import Tier

ANSWER = Action(
    id="answer",
    title="Answer about {name}",
    family="",
    tier=Tier.SIMPLE,
    scope=TOLD,
    output=Output.PROSE,
    becomes=say,
    invariants=(),
    audited=False,
    max_tokens=400,
    help="Answer your question about the code; nothing is edited.",
    ask="Answer a question about this {title} {kind} in a few short sentences. The question:",
    ask_selected="Answer a question about {what} in a few short sentences. The question:",
)
