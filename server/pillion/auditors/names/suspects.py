"""Names that no scope of a text binds, for a language's judge, who knows what may bind them elsewhere."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pillion.auditors.auditor import Passage
from pillion.syntax.scopes.scope_tree import ScopeTree, Use


@dataclass(frozen=True, slots=True)
class Suspects:
    """The uses in question, in the order of the text."""

    passage: Passage
    scopes: ScopeTree
    uses: tuple[Use, ...]


Judge = Callable[[Suspects], Iterable[Use]]
"""Gives the uses whose names are certainly undefined. It may read files."""
