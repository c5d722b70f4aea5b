"""Writes a symbol's or a file's documentation, or completes it."""

from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import UNDOCUMENTED
from pillion.auditors.running.aim import Aim
from pillion.edits.invariants import PARSES, SAME_BEHAVIOUR, Checked, Invariant
from pillion.edits.strategies import describe
from pillion.tiers import Tier


def _lost_words(checked: Checked) -> str | None:
    """What the documentation said stays in it, in order."""
    before = checked.symbol.docstring or checked.symbol.comment
    if not before or checked.symbol.is_stretch:
        return None
    rewritten = checked.rewritten
    after = iter(rewritten.docstring or rewritten.comment)
    return None if all(each in after for each in before) else "it would change what the documentation says already"


KEEPS_DOCUMENTATION = Invariant("keeps_documentation", _lost_words)

DOCSTRING = Action(
    id="docstring",
    title="Add a docstring to {name}",
    title_if_documented="Complete the docstring of {name}",
    family="refactor.rewrite",
    tier=Tier.SIMPLE,
    scope=UNDOCUMENTED,
    output=Output.FIELDS,
    becomes=describe,
    invariants=(PARSES, SAME_BEHAVIOUR, KEEPS_DOCUMENTATION),
    audited=False,
    aim=Aim.SAME,
    max_tokens=1000,
    help="Describe a function, a class or a file, or what its docstring lacks; the code itself stays as it is.",
    ask="Describe this {title} {kind} for its documentation.",
    words=r"doc[- ]?strings?|document(?:s|ed|ing|ation)?",
)
