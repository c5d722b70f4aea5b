"""Asks the large model about a finding."""

from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import FINDING
from pillion.edits.strategies import say
from pillion.tiers import Tier

ASK = Action(
    id="ask",
    title="ask the large model: {name}",
    family="quickfix",
    tier=Tier.MODERATE,
    scope=FINDING,
    output=Output.PROSE,
    becomes=say,
    invariants=(),
    audited=False,
    max_tokens=300,
    help="Ask whether a finding or your instruction is right and what to do; nothing is edited.",
    ask="Somebody reviewed this {title} {kind}. Is what they say right, and what should be done? Answer in three "
    "short sentences.",
    ask_selected="Somebody reviewed {what}. Is what they say right, and what should be done? Answer in three short "
    "sentences.",
)
