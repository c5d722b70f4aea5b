"""Examples in JavaScript's tests: `expect(f(2)).toBe(4)`, `assert.deepEqual(f(2), 4)`. Tests are read, never run."""

from collections.abc import Mapping, Sequence

from tree_sitter import Node

from pillion.auditors.running.reading.javascript_notation import calls_of, is_known, is_value, walk
from pillion.auditors.running.reading.written_example import Callee, Form, WrittenExample
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import LANGUAGES
from pillion.syntax.nodes import text_of

_LANGUAGE = next(each for each in LANGUAGES if each.id == "typescript")
_EQUAL = frozenset({"toBe", "toEqual", "toStrictEqual", "eql", "equal"})
_WORDS = {"toBeNull": "null", "toBeUndefined": "undefined"}
_ASSERTED = frozenset({"equal", "strictEqual", "deepEqual", "deepStrictEqual", "is"})
_SKIPPED = ("skip", "xit", "xtest", "xdescribe", "todo", "failing")
_MOST_EXAMPLES = 60
_MOST_CHARACTERS = 200_000


def tests_in(text: str, callee: Callee, alias: Mapping[str, str]) -> list[WrittenExample]:
    """The examples of a file of tests, or of a piece of code. A file with other names for the callee has none."""
    if len(text) > _MOST_CHARACTERS or alias:
        return []
    found: list[WrittenExample] = []
    stack = [ParsedText.of(_LANGUAGE, text).tree.root_node]
    while stack and len(found) < _MOST_EXAMPLES:
        node = stack.pop()
        if node.type == "call_expression":
            if text_of(node)[:60].partition("(")[0].rpartition(".")[2] in _SKIPPED:
                continue
            example = _of_call(node, callee)
            if example is not None:
                found.append(example)
                continue
        stack.extend(reversed(node.children))
    return found


def assertions_in(text: str, callee: Callee) -> list[WrittenExample]:
    """The examples of a piece of code, as an instruction may quote it."""
    return tests_in(text, callee, {})


def _of_call(node: Node, callee: Callee) -> WrittenExample | None:
    called, arguments = node.child_by_field_name("function"), _arguments(node)
    if called is None or called.type != "member_expression":
        return None
    root, member = called.child_by_field_name("object"), called.child_by_field_name("property")
    if root is None or member is None:
        return None
    name = text_of(member)
    if root.type == "identifier" and text_of(root) in {"assert", "t"} and name in _ASSERTED and len(arguments) >= 2:
        return _equal(arguments[0], arguments[1], callee)
    expected = _expected(root)
    if expected is None:
        return None
    if name in _EQUAL and len(arguments) == 1:
        return _equal(expected, arguments[0], callee)
    if name in _WORDS and not arguments and _is_read(expected, callee):
        return WrittenExample(text_of(expected), _WORDS[name], quote=text_of(node), form=Form.TEST)
    if name == "toThrow" and expected.type == "arrow_function":
        body = expected.child_by_field_name("body")
        kinds = [text_of(each) for each in arguments if each.type == "identifier"]
        if body is not None and _is_read(body, callee):
            return WrittenExample(
                text_of(body), raises=kinds[0] if kinds else "Error", quote=text_of(node), form=Form.TEST
            )
    return None


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
    return arguments[0] if len(arguments) == 1 else None


def _equal(call: Node, wanted: Node, callee: Callee) -> WrittenExample | None:
    if not _is_read(call, callee) or not is_value(wanted, callee):
        return None
    around = call.parent.parent if call.parent is not None else None
    return WrittenExample(text_of(call), text_of(wanted), quote=text_of(around or call), form=Form.TEST)


def _is_read(node: Node, callee: Callee) -> bool:
    return (
        any(calls_of(node, callee))
        and is_known(node, callee)
        and not any(each.type == "as_expression" for each in walk(node))
    )


def _arguments(node: Node) -> Sequence[Node]:
    listed = node.child_by_field_name("arguments")
    return [each for each in listed.named_children if each.type != "comment"] if listed is not None else []
