"""Says what code does."""

from pillion.actions.action import Action, Output, Scope
from pillion.tiers import Tier

EXPLAIN = Action(
    id="explain",
    title="Explain {name}",
    family="",
    former_families=("refactor.rewrite",),
    tier=Tier.SIMPLE,
    scope=Scope.ANY,
    output=Output.PROSE,
    invariants=(),
    audited=False,
    max_tokens=300,
    help="Say in a few sentences what the code does; nothing is edited.",
    ask="Explain in two or three short sentences what this {title} {kind} does.",
    words=r"expla(?:in|ins|ined|ining|nations?)",
)
