"""Fixes a mistake that a finding or the user describes."""

from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import FINDING
from pillion.auditors.running.aim import Aim
from pillion.edits.invariants import ALL_LINES, GIVES_RESULT, PARSES, REACHED, SAME_NAMES, SAME_RESULT, SAME_SIGNATURES
from pillion.edits.strategies import rewrite
from pillion.tiers import Tier

DEBUG = Action(
    id="debug",
    title="fix: {name}",
    family="quickfix",
    tier=Tier.MODERATE,
    scope=FINDING,
    output=Output.CODE,
    becomes=rewrite,
    invariants=(PARSES, SAME_SIGNATURES, SAME_NAMES, ALL_LINES, REACHED, GIVES_RESULT, SAME_RESULT),
    audited=False,
    aim=Aim.OTHER,
    max_tokens=2048,
    help="Fix what a finding or your instruction says is wrong; names and signatures stay.",
    ask="There is a mistake in this {title} {kind}. Fix it, and keep the name, the parameters and everything that "
    "is right. Answer with the whole corrected code only.",
    ask_selected="There is a mistake in {what}. Fix it, and keep every name and everything that is right. Answer with "
    "the corrected code for {what} only.",
    words=r"debug(?:s|ged|ging)?|fix(?:es|ed|ing)?(?:\s+\w+){0,3}\s+bugs?|bug-?fix(?:es|ing)?",
    mends_diagnostics="errors",
    rechecked=True,
)
