"""Fixes what a linter reports."""

from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import DIAGNOSTIC
from pillion.auditors.running.aim import Aim
from pillion.edits.invariants import ALL_LINES, PARSES, SAME_NAMES, SAME_SIGNATURES
from pillion.edits.strategies import rewrite
from pillion.tiers import Tier

LINT = Action(
    id="lint",
    title="fix lint: {name}",
    family="quickfix",
    tier=Tier.SIMPLE,
    scope=DIAGNOSTIC,
    output=Output.CODE,
    becomes=rewrite,
    invariants=(PARSES, SAME_SIGNATURES, SAME_NAMES, ALL_LINES),
    audited=False,
    aim=Aim.SAME,
    max_tokens=2048,
    help="Fix what a linter reports at a line; names and signatures stay.",
    ask="A linter reports something in this {title} {kind}. Change only what it takes to settle that, and keep the "
    "name, the parameters, what the code does and everything else. Answer with the whole corrected code only.",
    ask_selected="A linter reports something in {what}. Change only what it takes to settle that, and keep every name, "
    "what the code does and everything else. Answer with the corrected code for {what} only.",
    words=r"lint(?:s|ed|ing|ers?)?",
    mends_diagnostics="all",
    rechecked=True,
    unless_rechecked="no linter has looked whether what was reported is gone",
)
