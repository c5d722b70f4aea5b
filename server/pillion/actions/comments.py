"""Adds comments to code."""

from collections import Counter
from typing import TYPE_CHECKING

from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import WRITTEN
from pillion.auditors.running.aim import Aim
from pillion.edits.file_change import FileChange
from pillion.edits.invariants import PARSES, Checked, Invariant
from pillion.edits.strategies import Answered
from pillion.tiers import Tier

if TYPE_CHECKING:
    from pillion.syntax.document import ParsedText


def _with_comments(answered: Answered) -> tuple[FileChange, ...]:
    """The answer's comments in the user's code."""
    from pillion.edits.comments.comment_insertions import comment_replacements
    from pillion.edits.selections.selection_comments import selection_comments

    made = selection_comments if answered.symbol.is_stretch else comment_replacements
    return (answered.edit(made(answered.reply, answered.symbol, answered.document)),)


def _changed_code(checked: Checked) -> str | None:
    (code, said, blank), (new_code, new_said, new_blank) = map(_read, (checked.before, checked.after))
    if code != new_code:
        return "it would change the code, and not only its comments"
    if blank > new_blank:
        return "it would remove blank lines"
    everything = "\n".join(new_said)
    lost = next((each for each, times in Counter(said).items() if everything.count(each) < times), None)
    return f"the comment “{lost}” would be gone" if lost is not None else None


def _read(parsed: "ParsedText") -> tuple[list[str], list[str], int]:
    """The tokens of a text, the words of its comments, and how many blank lines it has."""
    from pillion.edits.comments.remarks import words_of
    from pillion.syntax.leaves import leaves_of

    code: list[str] = []
    said: list[str] = []
    for each in leaves_of(parsed):
        if each.is_comment:
            said.append(words_of(each.text))
        else:
            code.append(each.text)
    return code, said, sum(not line.strip() for line in parsed.text.splitlines())


SAME_TOKENS = Invariant("same_tokens", _changed_code)

COMMENTS = Action(
    id="comments",
    title="Comment {name}",
    family="refactor.rewrite",
    tier=Tier.SIMPLE,
    scope=WRITTEN,
    output=Output.COMMENTS,
    becomes=_with_comments,
    invariants=(PARSES, SAME_TOKENS),
    audited=False,
    aim=Aim.SAME,
    max_tokens=4096,
    help="Add comments that say why; the code itself and your own comments stay.",
    ask="Add a few short comments to this {title} {kind}, only where a reader needs them: say why something is done, "
    "and not what each line does. Keep every line of the code, and the comments that are there, exactly as they are. "
    "Answer with the whole code only.",
    ask_selected="Add a few short comments to {what}, where a reader needs them: say why something is done, and "
    "not what each line does. Leave every line of the code, and the comments that are there, exactly as they are. "
    "Answer only with the code of {what} and your new comments in it.",
    words=r"comment(?:s|ed|ing)?",
)
