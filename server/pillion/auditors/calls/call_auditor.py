"""Reports calls that delete, execute or send, if the document didn't make them before."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from pillion.auditors.auditor import Passage, Sees
from pillion.auditors.calls.aliases import names_by_import
from pillion.auditors.calls.call_rows import CALLS, Call
from pillion.auditors.passage_findings import Rule
from pillion.auditors.trees import Tree, field_text, short_text, walk
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage
from pillion.syntax.nodes import text_of

_CALLEE_FIELDS = {
    "call": "function",
    "call_expression": "function",
    "new_expression": "constructor",
    "object_creation_expression": "type",
}
_LAST_FIELDS = ("attribute", "property", "field", "name")
_MAX_CALLEE_BYTES = 200
_SQL = re.compile(
    r"(?:\A|[;\"'`\n])\s{0,40}(?:(?i:DROP\s+(?:TABLE|DATABASE|SCHEMA|INDEX|VIEW|COLUMN)|TRUNCATE\s+TABLE)|TRUNCATE)\s+\w+"
)
_STRINGS = frozenset(
    {"string", "template_string", "interpreted_string_literal", "raw_string_literal", "string_literal"}
)
_SEPARATORS = re.compile(r"::|\.")


@dataclass(frozen=True, slots=True)
class _Names:
    """The full names of callees in one passage."""

    text: str
    before: str
    imported: dict[str, str]

    @classmethod
    def of(cls, passage: Passage) -> "_Names":
        known = names_by_import(passage.language.id, passage.before) if passage.before else {}
        return cls(passage.text, passage.before, known | names_by_import(passage.language.id, passage.text))

    def full(self, callee: str) -> str:
        """The callee with its first name replaced by its full name."""
        first = _SEPARATORS.split(callee, maxsplit=1)[0]
        return self.imported.get(first, first) + callee[len(first) :]

    def is_new(self, callee: str) -> bool:
        """Whether the document didn't call it before, and it isn't a function of the document's own."""
        called = re.compile(rf"(?<![\w.]){re.escape(callee)}\s{{0,4}}\(")
        if called.search(self.before) is not None:
            return False
        if _SEPARATORS.search(callee) is not None:
            return True
        own = re.compile(rf"\b(?:def|function|func|fn)\s{{1,4}}{re.escape(callee)}\b")
        return own.search(self.text) is None and own.search(self.before) is None


class CallsAuditor:
    """Reports what a unit deletes, executes or sends, so that a person looks at it."""

    name = "calls"
    sees = Sees.UNIT

    def audit(self, passage: Passage) -> Sequence[Finding[InPassage]]:
        """See Auditor."""
        rows = CALLS.get(passage.language.id, ())
        tree = Tree.of(passage) if rows else None
        if tree is None:
            return ()
        names = _Names.of(passage)
        found = [each for node in walk(tree.root) for each in self._of(tree, node, rows, names)]
        return tuple({(each.quote, each.message): each for each in reversed(found)}.values())[::-1]

    def _of(self, tree: Tree, node: Node, rows: Sequence[Call], names: _Names) -> Iterator[Finding[InPassage]]:
        if node.type in _STRINGS:
            yield from self._of_sql(tree, node)
        for callee_node, callee in _callees(node):
            full = names.full(callee)
            row = next((row for row in rows if _fits(row, full) and _when(row, node)), None)
            if row is None or not (names.is_new(callee) and names.is_new(full)):
                continue
            if row.callee.startswith(".") and names.before and f"{row.callee}(" in names.before:
                continue
            said = tree.finding(
                Rule(self.name, row.category, row.severity),
                # The whole call: a user who dismisses it has also looked at what it executes.
                callee_node.parent or callee_node,
                f"“{_shown(callee, full)}” {row.does}: check it before you keep it.",
            )
            yield from [said] if said is not None else []

    def _of_sql(self, tree: Tree, node: Node) -> Iterator[Finding[InPassage]]:
        content = text_of(node)
        match = _SQL.search(content)
        if match is None or match[0].strip("\"'`; \n") in tree.passage.before:
            return
        said = tree.finding(
            Rule(self.name, "delete", "error"), node, f"“{short_text(node)}” deletes data: check it before you keep it."
        )
        yield from [said] if said is not None else []


def _callees(node: Node) -> Iterator[tuple[Node, str]]:
    if node.type == "method_invocation":  # Java has no single node for the callee
        target, name = node.child_by_field_name("object"), node.child_by_field_name("name")
        if name is not None:
            long = target is not None and target.end_byte - target.start_byte > _MAX_CALLEE_BYTES
            receiver = "…" if long else field_text(node, "object")
            yield name, f"{receiver}.{text_of(name)}" if receiver else text_of(name)
        return
    field = _CALLEE_FIELDS.get(node.type)
    callee_node = node.child_by_field_name(field) if field is not None else None
    if callee_node is None:
        return
    if callee_node.end_byte - callee_node.start_byte <= _MAX_CALLEE_BYTES:
        yield callee_node, "".join(text_of(callee_node).split())
        return
    # A long chain of calls: the method alone says enough.
    last = next((found for field in _LAST_FIELDS if (found := callee_node.child_by_field_name(field))), None)
    if last is not None:
        yield last, f"….{text_of(last)}"


def _fits(row: Call, full: str) -> bool:
    if row.callee.startswith((".", "::")):
        return full.endswith(row.callee) or full == row.callee.removeprefix("::")
    return full == row.callee


def _when(row: Call, node: Node) -> bool:
    if row.when is None:
        return True
    return row.when.search(field_text(node, "arguments")) is not None


def _shown(callee: str, full: str) -> str:
    return callee if callee == full else f"{callee} ({full})"
