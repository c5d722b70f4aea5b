"""Finds new statements that go beyond the selected ones: they have a changed version of what stays beside them."""

import difflib
import re
from collections.abc import Sequence

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.scope_tree import ScopeTree
from pillion.syntax.selection import statements_in

Range = tuple[int, int]
_LIKE = 0.6
_SETS = re.compile(
    r"^(?:expression_statement|assignment|lexical_|variable_|let_|short_var|local_variable|declaration$)"
)
_CHANGES = re.compile(r"\+\+|--|(?:[-+*/%&|^@]|<<|>>|\?\?)=(?!=)")

_COMPUTES = re.compile(r"\([^)\s]")


def said_twice(before: ParsedText, after: ParsedText, old: Range, new: Range) -> str | None:
    """The first line of a statement beside those at `new` of `after` of which these have another version, and those at
    `old` of `before` have none; None if there is none."""
    was, now = statements_in(before, *old), statements_in(after, *new)
    if not was or not now:
        return None
    above, below = _beside(now[0], after, back=True), _beside(now[-1], after, back=False)
    if above is not None and (_is_version(above, now[0], was) or _overwrites(above, now[0], was, before, after)):
        return _first_line(above)
    if below is not None and (_is_version(below, now[-1], was) or _overwrites(now[-1], below, was, before, after)):
        return _first_line(below)
    return None


def _beside(node: Node, parsed: ParsedText, *, back: bool) -> Node | None:
    other = node.prev_named_sibling if back else node.next_named_sibling
    while other is not None and other.type in parsed.language.comments:
        other = other.prev_named_sibling if back else other.next_named_sibling
    return other


def _is_version(kept: Node, mine: Node, was: Sequence[Node]) -> bool:
    """Whether both are blocks that begin with the same line, and are much alike."""
    first, one, other = _first_line(kept), text_of(kept), text_of(mine)
    if "\n" not in one or "\n" not in other or first != _first_line(mine) or kept.type != mine.type:
        return False
    if any(first in text_of(each) for each in was):
        return False
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() >= _LIKE


def _overwrites(earlier: Node, later: Node, was: Sequence[Node], before: ParsedText, after: ParsedText) -> bool:
    """Whether the later one gives the same names other values at once, and the old code gave none of them."""
    if not _SETS.match(earlier.type) or not _SETS.match(later.type) or _CHANGES.search(text_of(later)):
        return False
    scopes, old = after.names, before.names
    names = _bound(earlier, earlier, scopes)
    if not names or not names <= _bound(later, later, scopes):
        return False
    said = {word for node in was for word in re.findall(r"\w+", text_of(node))}
    if names & said and not _is_another(earlier, later):
        return False
    known = _bound(was[0], was[-1], old)
    read = {each.name for each in scopes.uses if later.start_byte <= each.node.start_byte < later.end_byte}
    return not names & (known | read)


def _bound(first: Node, last: Node, scopes: ScopeTree) -> set[str]:
    """The names that these statements give to the scope around them."""
    start, end = first.start_byte, last.end_byte
    inside = [each for each in scopes.bindings if start <= each.node.start_byte < end]
    return {
        each.name for each in inside if not (start <= each.scope.node.start_byte and each.scope.node.end_byte <= end)
    }


def _is_another(earlier: Node, later: Node) -> bool:
    """Whether one is another version of the other, and doesn't only begin what the other one has wholly."""
    one, other = text_of(earlier), text_of(later)
    return (
        _COMPUTES.search(one) is not None and difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() >= _LIKE
    )


def _first_line(node: Node) -> str:
    return text_of(node).strip().partition("\n")[0].strip()
