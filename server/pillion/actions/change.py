"""Changes the code as the user's instruction says."""

from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import TOLD
from pillion.auditors.running.aim import Aim
from pillion.edits.invariants import GIVES_RESULT, PARSES
from pillion.edits.strategies import change
from pillion.tiers import Tier

CHANGE = Action(
    id="change",
    title="Change {name}",
    family="refactor.rewrite",
    tier=Tier.MODERATE,
    scope=TOLD,
    output=Output.CODE,
    becomes=change,
    invariants=(PARSES, GIVES_RESULT),
    audited=False,
    aim=Aim.OTHER,
    max_tokens=2048,
    help="Change the code as your instruction says.",
    ask="Change this {title} {kind} as you are told, and keep everything else as it is. Answer with the whole "
    "changed code only. The change:",
    ask_selected="Change {what} as you are told, and keep everything else as it is. Answer with the changed code "
    "for {what} only. The change:",
)
