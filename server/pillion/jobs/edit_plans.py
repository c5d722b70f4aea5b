"""The changes that an outcome makes in a document as it is now, and the reasons not to make them without asking."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pillion.actions.action_row import Output
from pillion.jobs.front import Make, Written
from pillion.jobs.open_document import TextNow
from pillion.text.file_uris import document_name

if TYPE_CHECKING:
    from pillion.actions.action_row import Action
    from pillion.config.schema import Review
    from pillion.edits.file_change import FileEdit
    from pillion.pipeline.outcome import Outcome, Task
    from pillion.syntax.document import ParsedText
    from pillion.text.replacement import Replacement

# An import that takes one line, in Python: the language whose imports Pillion adds.
_IMPORT = re.compile(r"(?:import|from)[ \t].*\r?\n")


def rebased(edit: "FileEdit") -> Make:
    """The edit itself, unless the user has changed the code that it changes. Forces nothing."""

    def make(now: TextNow) -> "Sequence[Replacement] | str":
        from pillion.text.rebase import rebase

        made = rebase(edit.replacements, edit.before_text, now.text)
        return "you changed the code it would change" if made.conflict else made.replacements

    return make


def accepted(task: "Task", outcome: "Outcome") -> Make:
    """The edit that the user wants although it conflicts: the drafted symbol replaces the current one."""

    def make(now: TextNow) -> "Sequence[Replacement] | str":
        made = accepted_replacements(task, outcome, now.parsed) if now.parsed is not None else ()
        return made or f"“{task.target.name}” isn't in the document any more"

    return make


def taken_back(
    written: Sequence[Written], places: Sequence[tuple[int, int]] | None, text: str
) -> "Sequence[Replacement] | str":
    """Puts the old text back where an edit wrote, or says why not. Never removes text that the user typed into it."""
    from pillion.text.replacement import Replacement

    if not places:
        return "the document was closed, or read anew, since the edit came; your editor's own undo may still know it"
    found: list[Replacement] = []
    for each, (start, end) in zip(written, places, strict=True):
        left = _left_of(each, text[start:end])
        if left is None:
            return "its lines were changed since; your editor's own undo goes back step by step"
        found.append(Replacement(start, end, left))
    return found


def _left_of(written: Written, text: str) -> str | None:
    """`text` stands where an edit wrote. The part of it that stays when the edit is taken back; None if it was changed.

    Imports that were added between or beside the edit's own imports don't count as a change. They stay, in the space
    that was made for imports.
    """
    if text == written.new_text:
        return written.old_text
    if written.old_text or not written.new_text.endswith("\n"):
        return None
    own, others = written.new_text.splitlines(keepends=True), []
    known = 0
    for line in text.splitlines(keepends=True):
        if known < len(own) and line == own[known]:
            known += 1
        elif _IMPORT.fullmatch(line):
            others.append(line)
        else:
            return None
    last = next((at for at in range(len(own), 0, -1) if own[at - 1].strip()), 0)
    return "".join([*others, *own[last:]]) if known == len(own) else None


def places_written(before: str, replacements: "Sequence[Replacement]") -> tuple[Written, ...]:
    """The places that the replacements in `before` write, in the order of the text."""
    places: list[Written] = []
    grown = 0
    for each in sorted(replacements):
        start = each.start + grown
        places.append(Written(start, start + len(each.new_text), each.new_text, before[each.start : each.end]))
        grown += len(each.new_text) - (each.end - each.start)
    return tuple(places)


def objection_to(action: "Action", outcome: "Outcome", review: "Review") -> str:
    """The reason not to apply the edit without asking; empty if there is none. The user's setting decides."""
    if review == "never":
        return ""
    return verdict_on(action, outcome) or ("you review every edit" if review == "always" else "")


def verdict_on(action: "Action", outcome: "Outcome") -> str:
    """The auditors' errors, and what no auditor looks at: some actions' edits, files that only get another name, and
    files whose language no auditor reads. Empty if there is neither."""
    messages: dict[str, None] = {}
    for file, finding in outcome.all_findings():
        if finding.severity == "error":
            where = "" if file.uri == outcome.uri else f" (in {document_name(file.uri)})"
            messages[f"{finding.message.rstrip('.')}{where}"] = None
    found = f"the audit found: {'; '.join(messages)}" if messages else ""
    seen = {each.uri for each in outcome.elsewhere if not each.only_words}
    others = [each.uris[-1] for each in outcome.changes if each is not outcome.edit]
    names = [document_name(each) for each in others if each not in seen]
    unseen = f"no check has looked at {', '.join(names)}" if names else ""
    return "; ".join(each for each in (found, action.unchecked, outcome.unchecked, unseen) if each)


def shown_of(outcome: "Outcome") -> str:
    """What running the code has shown: “behaviour compared on 61 inputs”; empty if nothing."""
    from pillion.pipeline.run_words import shown_words

    return shown_words(outcome.ran)


def is_always_offered(action: "Action", review: "Review") -> bool:
    """Whether the action's edits are offered to the user, whatever the auditors find in them."""
    if action.output is Output.PROSE:
        return False
    return review == "always" or (review == "whenFlagged" and bool(action.unchecked))


def accepted_replacements(task: "Task", outcome: "Outcome", current: "ParsedText") -> "Sequence[Replacement]":
    """The changes that accepting the edit makes in the document now; none if the symbol is gone. Runs in a thread."""
    from pillion.jobs.forced_edits import forced
    from pillion.text.rebase import Rebase

    way = Rebase(task.document.text, current.text)
    rebased = way.of(outcome.replacements)
    return forced(task, outcome.replacements, current, way) if rebased.conflict else rebased.replacements
