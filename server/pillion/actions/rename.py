"""Finds a better name for what is at the cursor."""

from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import NAME
from pillion.auditors.running.aim import Aim
from pillion.edits.invariants import PARSES, Checked, Invariant
from pillion.edits.strategies import Answered, Proposal, Proposals
from pillion.tiers import Tier


def _with_names(answered: Answered) -> Proposals:
    """The answer's names: with the edit for a name of one function, else for the editor's own rename."""
    from pillion.edits.file_places import file_of
    from pillion.edits.renames.keyword_callers import keyword_doubt
    from pillion.edits.renames.local_names import local_name
    from pillion.edits.renames.proposed_names import names_in, proposed_names
    from pillion.edits.renames.rename_doubts import doubt_about

    document, symbol = answered.document, answered.symbol
    local = local_name(document, symbol.start)
    doubt = local
    if not isinstance(local, str):
        doubt = doubt_about(local)
        if not doubt and local.is_parameter and document.language.id == "python":
            doubt = keyword_doubt(local, file_of(answered.uri), answered.workspace)
    if isinstance(local, str):
        taken = names_in(document.tree.root_node)
    else:
        taken = names_in(local.function) | local.resolution.tree.top.names
    names = proposed_names(answered.reply, symbol.name, document, taken, answered.told)
    if isinstance(local, str) or doubt:
        return Proposals(tuple(map(Proposal, names)), f"“{symbol.name}” {doubt}")
    return Proposals(tuple(Proposal(each, (answered.edit(local.replacements(each)),)) for each in names))


def _other_meanings(checked: Checked) -> str | None:
    """Every name has to mean the same as before."""
    from pillion.syntax.scopes.resolution import Resolution

    texts = (checked.before, checked.after)
    before, after = (Resolution(each.tree.root_node, each.language.id).shape() for each in texts)
    return "some name would mean something else" if before != after else None


def _other_tokens(checked: Checked) -> str | None:
    """Only words of the old name change, and only into one other word."""
    from pillion.edits.renames.renamed_tokens import first_other_change

    other = first_other_change(checked.before, checked.after, checked.symbol.name)
    return f"it would change more than the name: “{other}”" if other else None


SAME_MEANINGS = Invariant("same_meanings", _other_meanings)
ONE_NAME = Invariant("one_name", _other_tokens)

RENAME = Action(
    id="rename",
    title="Rename {name}",
    family="refactor.rewrite",
    tier=Tier.SIMPLE,
    scope=NAME,
    output=Output.NAMES,
    becomes=_with_names,
    invariants=(PARSES, ONE_NAME, SAME_MEANINGS),
    audited=False,
    aim=Aim.SAME,
    max_tokens=200,
    help="Propose three names for what is at the cursor. A local name gets the one that you choose (on a command line, "
    "the first, or with --instruction “to NAME” that one); your editor's own rename gives it to all others.",
    ask="In this {title} {kind}, the name “{name}” could be better. Propose three other names for it that say what it "
    "is for, short and in the style of this code. They differ from each other and from “{name}”, and nothing in the "
    "code has them yet.",
    words=r"renam(?:e|es|ed|ing)",
)
