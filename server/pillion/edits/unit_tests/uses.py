"""What tests use: the names that they call, and whether they check anything."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tree_sitter import Node

from pillion.edits.unit_tests.suite_items import Item, Kind
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.scope_tree import ScopeTree
from pillion.syntax.symbols import Symbol

_OF_MEMBERS = frozenset({".", "::", "?.", "->"})
_JAVASCRIPT = re.compile(r"expect\w*|assert\w*|should|strictEqual|deepEqual|deepStrictEqual|equal|ok|throws|rejects")
_CHECKS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "python": re.compile(r"assert\w+|raises|fail|warns|deprecated_call"),
        **dict.fromkeys(("javascript", "typescript", "typescriptreact"), _JAVASCRIPT),
        "go": re.compile(r"Errorf?|Fatalf?|Fail(?:Now)?|assert|require|Assert\w*|Diff"),
        "rust": re.compile(r"\w*assert\w*|panic|unreachable|should_panic|unwrap_err|expect_err"),
        "java": re.compile(r"assert\w*|fail|verify\w*|expected|expectThrows|andExpect|then"),
    }
)
# Go compares what an example prints.
_OUTPUT = re.compile(r"//\s*(?:Unordered )?[Oo]utput:")
# These hold whatever the tested code does.
_OF_NOTHING = re.compile(r"\b(?:assert!?|assertTrue|expect)\s*\(\s*[Tt]rue\s*[,)]")
# Operators and formats call these, so that tests needn't name them.
_SPECIAL = re.compile(
    r"__\w+__|constructor|fmt|drop|eq|ne|cmp|partial_cmp|from_str|deref|deref_mut|equals|hashCode|toString|compareTo"
)


def wanted_names(symbol: Symbol) -> frozenset[str]:
    """The names of which a test has to use one: the symbol's, or that of its class, if calls don't name the symbol."""
    special = _SPECIAL.fullmatch(symbol.name) is not None
    owner = symbol.path[-2] if len(symbol.path) > 1 else ""
    if special and owner:
        return frozenset({owner, symbol.name})
    return frozenset({symbol.name})


def words_in(node: Node) -> Iterator[tuple[str, bool]]:
    """The identifiers in a node's code, each with whether it names a member of something."""
    stack = [node]
    while stack:
        current = stack.pop()
        if current.children:
            stack.extend(reversed(current.children))
        elif "identifier" in current.type:
            before = current.prev_sibling
            is_member = before is not None and before.type in _OF_MEMBERS
            parent = current.parent
            if parent is not None and parent.type == "method_invocation":
                is_member = is_member or parent.child_by_field_name("name") == current
            yield text_of(current), is_member


@dataclass(frozen=True, slots=True)
class Uses:
    """The uses of names in one file of tests."""

    parsed: ParsedText
    scopes: ScopeTree

    @classmethod
    def of(cls, parsed: ParsedText) -> "Uses":
        """Reads them."""
        return cls(parsed, parsed.names)

    def named_in(self, item: Item) -> set[str]:
        """The names that an item uses and that come from outside of it: also members' names, and Python's fixtures."""
        found = self.scopes.free_in(item.start, item.end)
        found |= {word for word, is_member in words_in(item.node) if is_member}
        inner = item.node.child_by_field_name("definition") or item.node
        if inner.type == "function_definition" and (listed := inner.child_by_field_name("parameters")) is not None:
            found |= {word for word, _ in words_in(listed)}
        return found

    def bound_by(self, item: Item) -> set[str]:
        """The names that a top-level item binds."""
        return self.scopes.bound_in(item.start, item.end)

    def checks(self, item: Item) -> bool:
        """Whether the code of an item checks anything by itself."""
        if self.parsed.language.id == "python" and any(
            each.type == "assert_statement" and each.named_children[:1] and each.named_children[0].type != "true"
            for each in _nodes(item.node)
        ):
            return True
        if self.parsed.language.id == "go" and _OUTPUT.search(text_of(item.node)):
            return True
        pattern = _CHECKS[self.parsed.language.id]
        nodes = [item.node] if item.first.id == item.node.id else [*_attributes(item), item.node]
        count = sum(pattern.fullmatch(word) is not None for node in nodes for word, _ in words_in(node))
        return count > len(_OF_NOTHING.findall(text_of(item.node)))


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a test uses what it is to test, and whether it checks anything."""

    uses: bool
    checks: bool


def judged(
    test: Item, uses: Uses, wanted: frozenset[str], helpers: Iterable[tuple[Item, Uses, frozenset[str]]]
) -> Judgement:
    """Looks at a test and the helpers that it uses, directly or not. A helper comes with its names; no name: it counts
    for each test."""
    names, checks = uses.named_in(test), uses.checks(test)
    left = list(helpers)
    while True:
        used = [each for each in left if not each[2] or each[2] & names]
        if not used:
            return Judgement(bool(names & wanted), checks)
        for each in used:
            left.remove(each)
            names |= each[1].named_in(each[0])
            checks = checks or (each[1].checks(each[0]) and bool(each[2]))


def helpers_of(items: Iterable[Item], uses: Uses) -> list[tuple[Item, Uses, frozenset[str]]]:
    """The helpers among these items, for `judged`."""
    found: list[tuple[Item, Uses, frozenset[str]]] = []
    for item in items:
        if item.kind is Kind.SETUP:
            found.append((item, uses, frozenset()))
        elif item.kind is Kind.HELPER:
            names = uses.bound_by(item) | ({item.title} if item.title else set()) | declared_in(item)
            found.append((item, uses, frozenset(names) or frozenset({""})))
    return found


def declared_in(item: Item) -> set[str]:
    """The names of the variables or the function that an item in a group declares."""
    names = [item.node.child_by_field_name("name")]
    names += [
        each.child_by_field_name("name") for each in item.node.named_children if each.type == "variable_declarator"
    ]
    return {text_of(each) for each in names if each is not None}


def _nodes(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.children)


def _attributes(item: Item) -> list[Node]:
    found: list[Node] = []
    node: Node | None = item.first
    while node is not None and node.id != item.node.id:
        found.append(node)
        node = node.next_sibling
    return found
