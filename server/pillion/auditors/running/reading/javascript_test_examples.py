"""Examples in JavaScript's tests: `expect(f(2)).toBe(4)`, `assert.deepEqual(f(2), 4)`. Tests are read, never run."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tree_sitter import Node

from pillion.auditors.running.reading.javascript_notation import calls_of, is_known, is_value, walk
from pillion.auditors.running.reading.javascript_test_lines import TestLines, names_in, parameters, rows_of, with_values
from pillion.auditors.running.reading.javascript_test_names import as_in_the_document
from pillion.auditors.running.reading.written_example import Callee, Form, WrittenExample
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import LANGUAGES
from pillion.syntax.nodes import FUNCTION_VALUES, text_of

_LANGUAGE = next(each for each in LANGUAGES if each.id == "typescript")
_EQUAL = frozenset({"toBe", "toEqual", "toStrictEqual", "eql", "equal"})
_WORDS = {"toBeNull": "null", "toBeUndefined": "undefined"}
_CLOSE, _USUAL_DIGITS = "toBeCloseTo", 2
_ASSERTED = frozenset({"equal", "strictEqual", "deepEqual", "deepStrictEqual", "is"})
# Node's own `assert` compares these as `==` does, unless it is the strict one.
_LOOSE = frozenset({"equal", "deepEqual"})
_STRICT = re.compile(r"assert/strict|assert\.strict\b|\bchai\b|\bstrict as assert\b")
_SKIPPED = re.compile(r"(?:skip|xit|xtest|xdescribe|todo|fails|failing|skipIf|runIf|if)")
# Where time, modules or methods are replaced, a call doesn't say what the code does by itself.
_REPLACED = re.compile(
    r"\b(?:jest|vi)\.(?:mock|doMock|useFakeTimers|setSystemTime|stubGlobal|stubEnv|spyOn|fn)\(|\bsinon\b|\bproxyquire\b"
    r"|\bmock\.(?:method|timers|module)\b"
)
_BEFORE = re.compile(r"\b(?:beforeEach|beforeAll|before|setup)\(")
_MOST_EXAMPLES = 60
_MOST_CHARACTERS = 200_000
_DEEPEST = 12


def tests_in(text: str, callee: Callee, alias: Mapping[str, str]) -> list[WrittenExample]:
    """The examples of a file of tests. `alias`: names of the file, and what they are in the document (`shop.total`,
    `t` → `total`)."""
    if len(text) > _MOST_CHARACTERS or _REPLACED.search(text):
        return []
    renamed = as_in_the_document(ParsedText.of(_LANGUAGE, text), alias, callee.owner or callee.name)
    return assertions_in(renamed, callee)


def assertions_in(text: str, callee: Callee) -> list[WrittenExample]:
    """The examples of a piece of code, as an instruction may quote it."""
    if len(text) > _MOST_CHARACTERS:
        return []
    root = ParsedText.of(_LANGUAGE, text).tree.root_node
    reader = _Reader(callee, is_loose=not _STRICT.search(text), keeps_outer=not _BEFORE.search(text))
    found: list[WrittenExample] = []
    for each in reader.of_block(root, TestLines(callee)):
        found.append(each)
        if len(found) >= _MOST_EXAMPLES:
            break
    return found


class _Reader:
    """Walks through the blocks of a file of tests."""

    def __init__(self, callee: Callee, *, is_loose: bool, keeps_outer: bool) -> None:
        self._callee = callee
        self._is_loose = is_loose
        self._keeps_outer = keeps_outer

    def of_block(
        self, block: Node, lines: TestLines, values: Mapping[str, str] | None = None, depth: int = 0
    ) -> Iterator[WrittenExample]:
        """`values`: what the names of a table's row stand for."""
        values = values or {}
        if depth > _DEEPEST:
            return
        for statement in block.named_children:
            yield from self._of_statement(statement, lines, values, depth + 1)
            lines = lines.after(statement, values, self._effect(statement))

    def _of_statement(
        self, statement: Node, lines: TestLines, values: Mapping[str, str], depth: int
    ) -> Iterator[WrittenExample]:
        if statement.type == "statement_block":
            yield from self.of_block(statement, lines, values, depth)
        elif statement.type == "for_in_statement":
            body = statement.child_by_field_name("body")
            if body is not None and body.type == "statement_block":
                for row in rows_of(statement, lines, self._callee):
                    yield from self.of_block(body, lines, {**values, **row}, depth)
        elif statement.type == "expression_statement" and statement.named_children:
            call = statement.named_children[0]
            if call.type == "call_expression":
                example = self._of_call(call, lines, values)
                if example is not None:
                    yield example
                else:
                    yield from self._inside(call, lines, values, depth)

    def _inside(self, call: Node, lines: TestLines, values: Mapping[str, str], depth: int) -> Iterator[WrittenExample]:
        """What stands in the functions that a call gets: `describe("…", () => {…})`."""
        called = call.child_by_field_name("function")
        if called is None or any(_SKIPPED.fullmatch(each) for each in re.findall(r"\w+", text_of(called)[:80])):
            return
        outer = lines.of_inner_block() if self._keeps_outer else TestLines(self._callee)
        rows = rows_of(call, lines, self._callee)
        for given in _arguments(call):
            body = given.child_by_field_name("body") if given.type in FUNCTION_VALUES else None
            if body is None or body.type != "statement_block":
                continue
            names = names_in(parameters(given))
            for row in rows or [{}]:
                hidden = {name: each for name, each in values.items() if name not in names}
                yield from self.of_block(body, outer.hiding(names - row.keys()), {**hidden, **row}, depth)

    def _effect(self, statement: Node) -> str | None:
        """What an assertion does to the values that it looks at, as a statement; None if it is no assertion."""
        call = statement.named_children[0] if statement.type == "expression_statement" else None
        looked_at = _looked_at(call) if call is not None and call.type == "call_expression" else None
        return text_of(looked_at[0]) if looked_at is not None and looked_at[0].type not in FUNCTION_VALUES else None

    def _of_call(self, node: Node, lines: TestLines, values: Mapping[str, str]) -> WrittenExample | None:
        looked_at = _looked_at(node)
        if looked_at is None:
            return None
        looked, name, wanted, is_expect = looked_at
        example: WrittenExample | None = None
        if name in {"toThrow", "throws"}:
            example = self._thrown(looked, wanted)
        elif is_expect and name in _WORDS and not wanted:
            example = WrittenExample(text_of(looked), _WORDS[name])
        elif is_expect and name == _CLOSE and wanted:
            digits = text_of(wanted[1]) if len(wanted) > 1 else str(_USUAL_DIGITS)
            if digits.isdigit() and len(digits) < 3:
                example = self._equal(looked, wanted[0], lines, values)
                example = example and replace(example, tolerance=10.0 ** -int(digits) / 2)
        elif wanted and (name in _EQUAL if is_expect else name in _ASSERTED):
            example = self._equal(looked, wanted[0], lines, values)
            if example is not None and not is_expect and name in _LOOSE and self._is_loose:
                example = replace(example, options=frozenset({"loose"}))
        if example is None:
            return None
        called = _of_arrow(looked) if example.raises else looked
        call = with_values(called, values) if called is not None else None
        setup = lines.setup_for(called) if called is not None else None
        if called is None or call is None or setup is None or not self._is_read(called, lines, values):
            return None
        return replace(example, call=call, setup=setup, quote=text_of(node), form=Form.TEST)

    def _thrown(self, looked: Node, wanted: Sequence[Node]) -> WrittenExample | None:
        body = _of_arrow(looked)
        kinds = [text_of(each) for each in wanted if each.type == "identifier"]
        return WrittenExample(text_of(body), raises=kinds[0] if kinds else "Error") if body is not None else None

    def _equal(self, looked: Node, wanted: Node, lines: TestLines, values: Mapping[str, str]) -> WrittenExample | None:
        if is_value(wanted, self._callee):
            return WrittenExample(text_of(looked), text_of(wanted))
        named = values.get(text_of(wanted)) or lines.value_of(text_of(wanted)) if wanted.type == "identifier" else None
        return WrittenExample(text_of(looked), named) if named else None

    def _is_read(self, node: Node, lines: TestLines, values: Mapping[str, str]) -> bool:
        return (
            any(calls_of(node, self._callee))
            and is_known(node, self._callee, lines.names | frozenset(values))
            and not any(each.type == "as_expression" for each in walk(node))
        )


def _looked_at(node: Node) -> tuple[Node, str, list[Node], bool] | None:
    """What an assertion looks at, how it compares, with what, and whether it is an `expect`."""
    called, arguments = node.child_by_field_name("function"), _arguments(node)
    if called is None or called.type != "member_expression":
        return None
    root, member = called.child_by_field_name("object"), called.child_by_field_name("property")
    if root is None or member is None:
        return None
    if root.type == "identifier" and text_of(root) in {"assert", "t"} and arguments:
        return _awaited(arguments[0]), text_of(member), arguments[1:], False
    expected = _expected(root)
    return (_awaited(expected), text_of(member), arguments, True) if expected is not None else None


def _expected(root: Node) -> Node | None:
    """What stands in `expect(…)`, also before chai's `.to`; None for anything else, such as `.not`."""
    while root.type == "member_expression":
        member, inner = root.child_by_field_name("property"), root.child_by_field_name("object")
        if member is None or inner is None or text_of(member) not in {"to", "be", "deep"}:
            return None
        root = inner
    called = root.child_by_field_name("function") if root.type == "call_expression" else None
    if called is None or text_of(called) != "expect":
        return None
    arguments = _arguments(root)
    return arguments[0] if arguments else None


def _awaited(node: Node) -> Node:
    """A promise is what it settles to: the sandbox waits for it, too."""
    return node.named_children[0] if node.type == "await_expression" and node.named_children else node


def _of_arrow(node: Node) -> Node | None:
    """What a function without parameters calls: `() => f(-1)`, `() => { f(-1); }`."""
    body = node.child_by_field_name("body") if node.type in FUNCTION_VALUES and not parameters(node) else None
    if body is None or body.type != "statement_block":
        return body
    inner = [each for each in body.named_children if each.type != "comment"]
    is_one = len(inner) == 1 and inner[0].type in {"expression_statement", "return_statement"}
    return inner[0].named_children[0] if is_one and inner[0].named_children else None


def _arguments(node: Node) -> list[Node]:
    listed = node.child_by_field_name("arguments")
    return [each for each in listed.named_children if each.type != "comment"] if listed is not None else []
