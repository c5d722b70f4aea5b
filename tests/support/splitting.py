"""An action that changes several files, which no action of ours does: the answer says which.

Each line of the answer is one change: `create PATH TEXT`, `rename PATH PATH`, `edit` (the symbol's first `0` becomes
`1`), or `edit PATH OLD NEW`. Paths are from the workspace. `serve` is the language server with this action.
"""

from pathlib import Path

from pillion.actions import action_registry
from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import ANY
from pillion.edits.file_change import FileChange, FileCreation, FileEdit, FileRename
from pillion.edits.invariants import PARSES
from pillion.edits.strategies import Answered
from pillion.errors import DraftRejectedError
from pillion.text.replacement import Replacement
from pillion.tiers import Tier


def _changes(answered: Answered) -> tuple[FileChange, ...]:
    changes = tuple(_change(answered, line) for line in answered.reply.splitlines() if line.strip())
    if not changes:
        raise DraftRejectedError("it changes nothing", code="empty")
    return changes


def _change(answered: Answered, line: str) -> FileChange:
    kind, *words = line.split(" ", 3)
    if kind == "create":
        return FileCreation(_uri(answered, words[0]), " ".join(words[1:]).replace("\\n", "\n"))
    if kind == "rename":
        return FileRename(_uri(answered, words[0]), _uri(answered, words[1]))
    if not words:
        at = answered.document.text.index("0", answered.symbol.start)
        return answered.edit([Replacement(at, at + 1, "1")])
    path, old, new = words
    text = Path((answered.workspace or Path()) / path).read_text(encoding="utf-8")
    at = text.index(old)
    change = Replacement(at, at + len(old), new)
    return FileEdit(_uri(answered, path), (change,), text, text.replace(old, new, 1))


def _uri(answered: Answered, path: str) -> str:
    assert answered.workspace is not None
    return path if ":" in path else f"{answered.workspace.as_uri()}/{path}"


SPLIT = Action(
    id="split",
    title="Split {name}",
    family="refactor.rewrite",
    tier=Tier.MODERATE,
    scope=ANY,
    output=Output.FIELDS,
    becomes=_changes,
    invariants=(PARSES,),
    audited=False,
    max_tokens=400,
    help="Put parts into files of their own.",
    ask="Split this {title} {kind}.",
)


if __name__ == "__main__":
    import sys

    action_registry.ACTIONS = (*action_registry.ACTIONS, SPLIT)
    from pillion.cli import main

    sys.exit(main())
