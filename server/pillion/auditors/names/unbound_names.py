"""Finds names that a draft uses and no scope around them binds; each language says which of them it can be sure of."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from tree_sitter import Node

from pillion.auditors.auditor import Passage
from pillion.auditors.names.names_c import undefined_in_c
from pillion.auditors.names.names_go import undefined_in_go
from pillion.auditors.names.names_java import undefined_in_java
from pillion.auditors.names.names_javascript import undefined_in_javascript
from pillion.auditors.names.names_rust import undefined_in_rust
from pillion.auditors.names.suspects import Judge, Suspects
from pillion.auditors.passage_findings import Rule
from pillion.auditors.trees import JAVASCRIPT, Tree
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage
from pillion.syntax.document import ParsedText
from pillion.syntax.scopes.scope_rules import SCOPE_RULES
from pillion.syntax.scopes.scope_tree import Use, scope_tree

_JUDGES: Mapping[str, Judge] = MappingProxyType(
    {
        **dict.fromkeys(sorted(JAVASCRIPT), undefined_in_javascript),
        "go": undefined_in_go,
        "rust": undefined_in_rust,
        "java": undefined_in_java,
        "c": undefined_in_c,
        "cpp": undefined_in_c,
    }
)
JUDGED = frozenset(_JUDGES)
_MAX_NAMES = 500
_MAX_CHARACTERS = 500_000


def unbound_names(passage: Passage, source: str) -> Iterator[Finding[InPassage]]:
    """The names of the new part that are bound nowhere, and weren't unbound in the document before."""
    tree = Tree.of(passage, _MAX_CHARACTERS)
    if tree is None:
        return
    rules = SCOPE_RULES[passage.language.id]
    scopes = scope_tree(tree.root, rules)
    broken = [(each.start_byte, each.end_byte) for each in tree.root.children if each.has_error]
    found = _first_of_each(use for use in scopes.unbound() if _is_new(tree, use) and not _is_in(use.node, broken))
    if not found:
        return
    before = scope_tree(ParsedText.of(passage.language, passage.before).tree.root_node, rules)
    known = {use.name for use in before.uses if not use.scope.binds(use.name)}
    suspects = Suspects(passage, scopes, tuple(use for use in found if use.name not in known))
    for use in _JUDGES[passage.language.id](suspects):
        message = f"“{use.name}” is not defined: define or import it, or correct the name."
        said = tree.finding(Rule(source, "name", "error"), use.node, message)
        if said is not None:
            yield said


def _is_new(tree: Tree, use: Use) -> bool:
    start, end = tree.span(use.node)
    return start < tree.passage.end and end > tree.passage.start


def _is_in(node: Node, broken: Sequence[tuple[int, int]]) -> bool:
    """Whether the parser failed in the statement around it: then nobody knows what its names are."""
    at = bisect_right(broken, (node.start_byte, node.end_byte)) - 1
    near = broken[max(at, 0) : at + 2]
    return any(start <= node.start_byte < end for start, end in near)


def _first_of_each(uses: Iterable[Use]) -> list[Use]:
    """The first use of each name, of each kind, in scopes that are open or not; not more than anybody would read."""
    found: dict[tuple[str, str, bool], Use] = {}
    for use in uses:
        if len(found) >= _MAX_NAMES:
            break
        found.setdefault((use.name, use.kind, use.scope.is_open()), use)
    return list(found.values())
