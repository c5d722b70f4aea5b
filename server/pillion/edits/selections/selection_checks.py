"""Checks an edit of what is selected: of statements, of several symbols, of the whole file."""

from collections.abc import Iterable, Sequence

from pillion.edits.comments.remarks import line_start
from pillion.edits.file_change import FileChange, FileEdit
from pillion.edits.invariants import Invariant, check_invariants
from pillion.edits.new_regions import new_regions
from pillion.edits.selections.code_around import refuse_changes_around
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import STATEMENTS, Symbol


def check_selection(
    invariants: Iterable[Invariant],
    selected: Symbol,
    before: ParsedText,
    edit: FileEdit,
    others: Sequence[FileChange],
) -> None:
    """Checks the invariants, of several symbols for each; and that nothing around statements has changed.

    Raises:
        DraftRejectedError: something of this doesn't hold.
    """
    rules = tuple(invariants)
    if selected.parts:
        for each in selected.parts:
            check_invariants(rules, each, before, edit.after_text, others)
        return
    place = (0, len(edit.after_text))
    if selected.kind == STATEMENTS:
        first = new_regions(selected, edit.replacements, edit.after_text)[0]
        place = (first.start, first.end)
    check_invariants(rules, selected, before, edit.after_text, others, place)
    if selected.kind == STATEMENTS:
        after = ParsedText.of(before.language, edit.after_text)
        # A comment above the first line comes before that line's indentation.
        line = line_start(before.text, selected.start)
        own = [each for each in edit.replacements if line <= each.start and each.end <= selected.end]
        grown = sum(len(each.new_text) - (each.end - each.start) for each in own)
        written = selected.end - selected.start + grown
        refuse_changes_around(selected, before, after, written, "the selected lines")
