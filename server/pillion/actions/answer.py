"""Answers a question about the code."""

from pillion.actions.action import Action, Output, Scope
from pillion.tiers import Tier

ANSWER = Action(
    id="answer",
    title="Answer about {name}",
    family="",
    tier=Tier.SIMPLE,
    scope=Scope.TOLD,
    output=Output.PROSE,
    invariants=(),
    audited=False,
    max_tokens=400,
    help="Answer your question about the code; nothing is edited.",
    ask="Answer a question about this {title} {kind} in a few short sentences. The question:",
)
