"""Explains what code does."""

from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import ANY
from pillion.edits.strategies import say
from pillion.tiers import Tier

EXPLAIN = Action(
    id="explain",
    title="Explain {name}",
    family="",
    former_families=("refactor.rewrite",),
    tier=Tier.SIMPLE,
    scope=ANY,
    output=Output.PROSE,
    becomes=say,
    invariants=(),
    audited=False,
    max_tokens=300,
    help="Say in a few sentences what the code does; nothing is edited.",
    ask="Explain in at most three short sentences what this {title} {kind} does.",
    ask_selected="Explain in at most three short sentences what happens in {what}, and nothing else.",
    words=r"expla(?:in|ins|ined|ining|nations?)",
)
