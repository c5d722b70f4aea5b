"""Moves an edit from the text that it was made for onto the current text (a three-way merge that never guesses)."""

from collections.abc import Sequence
from dataclasses import dataclass

from pillion.text.replacement import Replacement, smallest_replacements


@dataclass(frozen=True, slots=True)
class Rebased:
    """The replacements for the current text, or a conflict: the user changed what the edit changes."""

    replacements: tuple[Replacement, ...]
    conflict: bool


class Rebase:
    """The changes from one text to another. Comparing long texts takes a while, so it is done once for all edits."""

    def __init__(self, snapshot: str, current: str) -> None:
        self._theirs = smallest_replacements(snapshot, current) if snapshot != current else ()

    def of(self, replacements: Sequence[Replacement]) -> Rebased:
        """`replacements`, made for the snapshot, moved onto the current text.

        If a change of the user and an edit overlap or touch, only the conflict is returned: a change on the very next
        line may well belong to the code that is being replaced.
        """
        moved: list[Replacement] = []
        for mine in replacements:
            shift = 0
            for change in self._theirs:
                if change.end < mine.start:
                    shift += len(change.new_text) - (change.end - change.start)
                elif change.start <= mine.end:
                    return Rebased((), conflict=True)
            moved.append(mine.moved(shift))
        return Rebased(tuple(moved), conflict=False)


def rebase(replacements: Sequence[Replacement], snapshot: str, current: str) -> Rebased:
    """Moves `replacements`, made for `snapshot`, onto `current`; see Rebase."""
    return Rebase(snapshot, current).of(replacements)
