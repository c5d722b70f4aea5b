"""The statements above an assertion in a test of JavaScript, and the rows of the tables that tests go through."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tree_sitter import Node

from pillion.auditors.running.reading.javascript_notation import expression_of, is_known, is_value, walk
from pillion.auditors.running.reading.written_example import Callee
from pillion.syntax.nodes import FUNCTION_VALUES, text_of

_NAMES = frozenset({"identifier", "shorthand_property_identifier"})
_BINDERS = frozenset({"identifier", "shorthand_property_identifier_pattern"})
_DECLARATIONS = frozenset({"lexical_declaration", "variable_declaration"})
_NO_LINES = frozenset({"comment", "import_statement"})
_REQUIRED = re.compile(r"^(?:const|let|var)\s[^;=]*=\s*(?:await\s+import|require)\(")
_MOST_ROWS = 24
_MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class _Line:
    """`source` is empty for a statement that can't be repeated; `value` the value that it gives to one name."""

    names: frozenset[str]
    source: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class TestLines:
    """They are followed as far as they only bind names to values, and call what is known with them."""

    __test__ = False  # for pytest, this isn't a test

    callee: Callee
    lines: tuple[_Line, ...] = ()
    names: frozenset[str] = frozenset()

    def after(self, statement: Node, values: Mapping[str, str], effect: str | None) -> "TestLines":
        """With one more statement. `effect`: what an assertion runs."""
        if len(self.lines) >= _MOST_LINES or statement.type in _NO_LINES or _REQUIRED.search(text_of(statement)[:500]):
            return self
        used = frozenset(text_of(each) for each in walk(statement) if each.type in _NAMES)
        bound, value = _bound(statement, self.callee)
        names = self.names | _declared(statement) - {self.callee.name, self.callee.owner}
        node = expression_of(effect) if effect is not None else statement
        source: str | None = None
        if node is not None and (bound or statement.type == "expression_statement"):
            known = names | frozenset(values) | {bound} if bound else names | frozenset(values)
            source = with_values(node, values) if is_known(node, self.callee, known) else None
        if source is None:
            # Another test can't change a number or a text that it uses.
            used -= {name for name in used if self._is_plain(name)}
        line = _Line(used, f"{source};" if source and effect is not None else source or "", value)
        return replace(self, lines=(*self.lines, line), names=names)

    def hiding(self, names: frozenset[str]) -> "TestLines":
        """Where these names stand for something unknown."""
        return replace(self, lines=(*self.lines, _Line(names)), names=self.names | names) if names else self

    def _is_plain(self, name: str) -> bool:
        value = self.value_of(name)
        return bool(value) and not value.startswith(("[", "{", "new"))

    def of_inner_block(self) -> "TestLines":
        """What a function inside sees of them for certain: values. Who runs it, and when, is another's business."""
        kept = tuple(each if each.value else _Line(each.names) for each in self.lines)
        return replace(self, lines=kept)

    def value_of(self, name: str) -> str:
        """The value that a name stands for; empty if something else may have happened to it."""
        touching = [each for each in self.lines if name in each.names]
        return touching[0].value if len(touching) == 1 else ""

    def setup_for(self, node: Node) -> str | None:
        """The statements that an expression needs; None if it needs one that can't be repeated."""
        needed = {text_of(each) for each in walk(node) if each.type in _NAMES} & self.names
        while True:
            touching = [each for each in self.lines if each.names & needed]
            more = {name for each in touching for name in each.names & self.names} - needed
            if not more:
                break
            needed |= more
        return None if any(not each.source for each in touching) else "\n".join(each.source for each in touching)


def _declared(statement: Node) -> frozenset[str]:
    """The names that a declaration binds."""
    name = statement.child_by_field_name("name")
    if name is not None:
        return frozenset({text_of(name)})
    patterns = [each.child_by_field_name("name") for each in statement.named_children]
    return frozenset(
        text_of(each)
        for pattern in patterns
        if statement.type in _DECLARATIONS and pattern is not None
        for each in walk(pattern)
        if each.type in _BINDERS
    )


def _bound(statement: Node, callee: Callee) -> tuple[str, str]:
    """The one name that a declaration binds, and its value if that is plain."""
    if statement.type not in _DECLARATIONS or len(statement.named_children) != 1:
        return "", ""
    name = statement.named_children[0].child_by_field_name("name")
    value = statement.named_children[0].child_by_field_name("value")
    if name is None or value is None or name.type != "identifier":
        return "", ""
    return text_of(name), text_of(value) if is_value(value, callee) else ""


def with_values(node: Node, values: Mapping[str, str]) -> str | None:
    """The source with values in place of names; None if a name stands where no value can."""
    data, base = node.text or b"", node.start_byte
    found = [each for each in walk(node) if each.type in _NAMES and text_of(each) in values]
    if any(each.type != "identifier" for each in found):
        return None
    for each in sorted(found, key=lambda other: -other.start_byte):
        value = values[text_of(each)]
        value = f"({value})" if value[:1] in "-{" else value
        data = data[: each.start_byte - base] + value.encode() + data[each.end_byte - base :]
    return data.decode("utf-8", "replace")


def names_in(patterns: list[Node]) -> frozenset[str]:
    """The names that patterns bind."""
    return frozenset(text_of(each) for pattern in patterns for each in walk(pattern) if each.type in _BINDERS)


def rows_of(node: Node, lines: TestLines, callee: Callee) -> list[Mapping[str, str]]:
    """What the names stand for in each turn of a loop over values: `for (const [a, b] of [[1, 2]])`,
    `test.each([[1, 2]])("…", (a, b) => …)`, `[[1, 2]].forEach(([a, b]) => …)`."""
    if node.type == "for_in_statement":
        table, pattern = node.child_by_field_name("right"), node.child_by_field_name("left")
        if not any(each.type == "of" for each in node.children):
            return []
        patterns = [pattern] if pattern is not None else []
        return _rows(table, patterns, lines, callee, spread=False)
    called, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    functions = [each for each in given.named_children if each.type in FUNCTION_VALUES] if given is not None else []
    if called is None or len(functions) != 1:
        return []
    patterns = parameters(functions[0])
    if called.type == "member_expression" and text_of(called).endswith(".forEach"):
        return _rows(called.child_by_field_name("object"), patterns[:1], lines, callee, spread=False)
    inner = called.child_by_field_name("function") if called.type == "call_expression" else None
    listed = called.child_by_field_name("arguments") if inner is not None else None
    if inner is None or not text_of(inner).endswith(".each") or listed is None or len(listed.named_children) != 1:
        return []
    return _rows(listed.named_children[0], patterns, lines, callee, spread=True)


def _rows(
    table: Node | None, patterns: list[Node], lines: TestLines, callee: Callee, *, spread: bool
) -> list[Mapping[str, str]]:
    while table is not None and table.type in {"as_expression", "satisfies_expression", "parenthesized_expression"}:
        table = table.named_children[0] if table.named_children else None
    if table is not None and table.type == "identifier":
        table = expression_of(lines.value_of(text_of(table)) or "?")
    if table is None or table.type != "array" or not patterns:
        return []
    found: list[Mapping[str, str]] = []
    for row in [each for each in table.named_children if each.type != "comment"][:_MOST_ROWS]:
        parts = _elements(row) if spread and row.type == "array" else [row]
        if parts is None or len(patterns) > len(parts):
            continue
        bound: dict[str, str] = {}
        if all(_bind(bound, pattern, part, callee) for pattern, part in zip(patterns, parts, strict=False)):
            found.append(bound)
    return found


def _bind(bound: dict[str, str], pattern: Node, value: Node, callee: Callee) -> bool:
    """Whether all names of a pattern have a value of a row."""
    if pattern.type in {"identifier", "shorthand_property_identifier_pattern"}:
        if is_value(value, callee):
            bound[text_of(pattern)] = text_of(value)
        return True  # a name that isn't known makes the examples unread that use it
    if pattern.type == "array_pattern" and value.type == "array":
        parts = _elements(value)
        names = [each for each in pattern.named_children if each.type != "comment"]
        if parts is None or len(names) > len(parts) or "," in text_of(pattern)[1:2]:
            return False
        return all(_bind(bound, one, other, callee) for one, other in zip(names, parts, strict=False))
    if pattern.type == "object_pattern" and value.type == "object":
        fields = {
            text_of(key).strip("\"'"): inner
            for each in value.named_children
            if (key := each.child_by_field_name("key")) is not None
            and (inner := each.child_by_field_name("value")) is not None
        }
        for each in pattern.named_children:
            if each.type != "shorthand_property_identifier_pattern":
                return False
            if text_of(each) in fields:
                _bind(bound, each, fields[text_of(each)], callee)
        return True
    return False


def _elements(array: Node) -> list[Node] | None:
    parts = [each for each in array.named_children if each.type != "comment"]
    commas = sum(each.type == "," for each in array.children)
    return parts if commas in {len(parts), len(parts) - 1, 0} else None


def parameters(function: Node) -> list[Node]:
    """The patterns of a function's parameters."""
    single, listed = function.child_by_field_name("parameter"), function.child_by_field_name("parameters")
    if single is not None:
        return [single]
    nodes = listed.named_children if listed is not None else []
    return [each.child_by_field_name("pattern") or each for each in nodes if each.type != "comment"]
