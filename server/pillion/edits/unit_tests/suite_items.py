"""Reads a file of tests, a user's or a drafted one, as items: imports, tests, groups of tests, and what tests need."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from types import MappingProxyType

from tree_sitter import Node

from pillion.edits.imports.import_places import is_import
from pillion.edits.unit_tests.rust_suite import is_test_module
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import name_node, name_of, text_of

_GROUP_CALLS = re.compile(r"describe|suite|context")
_TEST_CALLS = re.compile(r"it|test|specify|fit|xit")
_SETUP_CALLS = re.compile(r"(?:before|after)(?:Each|All)?|setup|teardown|(?:jest|vi)\.\w+")
_JAVA_TEST = re.compile(r"(?:\w+\.)*(?:Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate)")
_JAVA_SETUP = re.compile(r"(?:\w+\.)*(?:Before|After)(?:Each|All|Class)?|(?:\w+\.)*Rule")
_GO_TEST = re.compile(r"(?:Test(?!Main$)|Fuzz|Example)(?![a-z])\w*")
_PYTHON_SETUP = re.compile(r"(?:setUp|tearDown)(?:Class|Module)?|setup_\w+|teardown_\w+|asyncSetUp|pytestmark")


class Kind(Enum):
    IMPORT = auto()
    TEST = auto()
    GROUP = auto()  # of tests: a class, or a call of describe
    HELPER = auto()  # a test may use it by its name
    SETUP = auto()  # it counts for all tests beside it
    OTHER = auto()  # no suite needs it


@dataclass(eq=False, slots=True)
class Item:
    """A part of a file of tests. It begins at `first`, which may be a decorator, an attribute, or a comment above.
    `title` is its name, or the words that it is described with."""

    kind: Kind
    node: Node
    first: Node
    title: str = ""
    members: "list[Item]" = field(default_factory=list)

    @property
    def start(self) -> int:
        """Its first byte."""
        return self.first.start_byte

    @property
    def end(self) -> int:
        """The byte behind it."""
        return self.node.end_byte

    def all(self) -> "Iterator[Item]":
        """It, and all that is in it."""
        yield self
        for each in self.members:
            yield from each.all()


def items_of(parsed: ParsedText) -> list[Item]:
    """The items of a file, in the order of the text. What is in a Rust module of tests counts as the file's."""
    root = parsed.tree.root_node
    return list(_items(_flat(root), parsed))


def _flat(root: Node) -> Iterator[Node]:
    for node in root.named_children:
        name = name_of(node) if node.type == "mod_item" else ""
        body = node.child_by_field_name("body") if name in {"tests", "test"} or is_test_module(node) else None
        if body is not None:
            yield from body.named_children
        else:
            yield node


def _items(nodes: Iterator[Node] | list[Node], parsed: ParsedText) -> Iterator[Item]:
    above: list[Node] = []
    for node in nodes:
        if node.type in parsed.language.comments or node.type in parsed.language.attributes:
            if above and node.start_point.row - above[-1].end_point.row > 1:
                above.clear()
            above.append(node)
            continue
        kind, title, members = _READERS[parsed.language.id](node, parsed, above)
        touching = bool(above) and node.start_point.row - above[-1].end_point.row <= 1
        yield Item(kind, node, above[0] if touching else node, title, list(_items(members, parsed)) if members else [])
        above = []


_Read = tuple[Kind, str, list[Node]]


def _python(node: Node, parsed: ParsedText, above: list[Node]) -> _Read:
    inner = (node.child_by_field_name("definition") if node.type == "decorated_definition" else None) or node
    match inner.type:
        case "function_definition":
            name = name_of(inner)
            if name.startswith("test"):
                return Kind.TEST, name, []
            autouse = node is not inner and "autouse" in text_of(node).partition("def ")[0]
            is_setup = autouse or _PYTHON_SETUP.fullmatch(name) is not None
            return (Kind.SETUP if is_setup else Kind.HELPER), name, []
        case "class_definition":
            name, body = name_of(inner), inner.child_by_field_name("body")
            bases = inner.child_by_field_name("superclasses")
            members = body.named_children if body is not None else []
            has_tests = any(re.match(r"(?:@[^\n]*\n\s*)*(?:async )?def test", text_of(each)) for each in members)
            if has_tests and (name.startswith("Test") or bases is not None or name.endswith("Test")):
                return Kind.GROUP, name, members
            return Kind.HELPER, name, []
        case "expression_statement" if inner.named_children:
            first = inner.named_children[0]
            if first.type == "assignment":
                name = text_of(first.child_by_field_name("left") or first)
                return (Kind.SETUP if _PYTHON_SETUP.fullmatch(name) else Kind.HELPER), name, []
            return Kind.OTHER, "", []
        case "if_statement" if "__name__" in text_of(node)[:40]:
            return Kind.OTHER, "", []
        case "if_statement" | "try_statement" | "type_alias_statement":
            return Kind.HELPER, "", []
        case _:
            return (Kind.IMPORT if is_import(node, parsed) else Kind.OTHER), "", []


def _javascript(node: Node, parsed: ParsedText, above: list[Node]) -> _Read:
    if is_import(node, parsed):
        return Kind.IMPORT, "", []
    call = node.named_children[0] if node.type == "expression_statement" and node.named_children else None
    while call is not None and call.type == "await_expression" and call.named_children:
        call = call.named_children[0]
    if call is not None and call.type == "call_expression":
        called = _called(call)
        head = called.partition(".")[0]
        if _SETUP_CALLS.fullmatch(called) or _SETUP_CALLS.fullmatch(head):
            return Kind.SETUP, "", []
        if _GROUP_CALLS.fullmatch(head):
            body = _callback_body(call)
            return Kind.GROUP, _first_argument(call), body.named_children if body is not None else []
        return (Kind.TEST if _TEST_CALLS.fullmatch(head) else Kind.OTHER), _first_argument(call), []
    if node.type in {"lexical_declaration", "variable_declaration", "function_declaration", "class_declaration"}:
        return Kind.HELPER, "", []
    if node.type in {
        "interface_declaration",
        "type_alias_declaration",
        "enum_declaration",
        "generator_function_declaration",
    }:
        return Kind.HELPER, "", []
    return Kind.OTHER, "", []


def _called(call: Node) -> str:
    """What is called: “it.each” of `it.each([…])("…", …)`."""
    function = call.child_by_field_name("function")
    while function is not None and function.type == "call_expression":
        function = function.child_by_field_name("function")
    return "".join(text_of(function).split()) if function is not None else ""


def _first_argument(call: Node) -> str:
    arguments = call.child_by_field_name("arguments")
    listed = arguments.named_children if arguments is not None else []
    return text_of(listed[0]).strip("\"'`") if listed else ""


def _callback_body(call: Node) -> Node | None:
    arguments = call.child_by_field_name("arguments")
    for each in reversed(arguments.named_children if arguments is not None else []):
        if each.type in {"arrow_function", "function_expression"}:
            return each.child_by_field_name("body")
    return None


def group_body(item: Item) -> Node | None:
    """The node in which a group's members stand."""
    call = item.node.named_children[0] if item.node.type == "expression_statement" else None
    if call is not None:
        return _callback_body(call)
    inner = item.node.child_by_field_name("definition") or item.node
    return inner.child_by_field_name("body")


def _go(node: Node, parsed: ParsedText, above: list[Node]) -> _Read:
    if is_import(node, parsed):
        return Kind.IMPORT, "", []
    if node.type == "function_declaration":
        name = name_of(node)
        if name in {"main", "TestMain"} or name.startswith("Benchmark"):
            return Kind.OTHER, name, []
        return (Kind.TEST if _GO_TEST.fullmatch(name) else Kind.HELPER), name, []
    known = {"method_declaration", "type_declaration", "var_declaration", "const_declaration"}
    return (Kind.HELPER if node.type in known else Kind.OTHER), "", []


def _rust(node: Node, parsed: ParsedText, above: list[Node]) -> _Read:
    if is_import(node, parsed):
        return Kind.IMPORT, "", []
    if node.type == "function_item":
        attributes = "".join(text_of(each) for each in above if each.type in parsed.language.attributes)
        is_test = re.search(r"#\[(?:\w+::)*(?:test|rstest|test_case)\b", attributes) is not None
        name = name_of(node)
        return (Kind.TEST if is_test else Kind.OTHER if name == "main" else Kind.HELPER), name, []
    known = ("struct_item", "enum_item", "impl_item", "trait_item", "const_item", "static_item", "type_item")
    return (Kind.HELPER if node.type in (*known, "macro_definition") else Kind.OTHER), "", []


def _java(node: Node, parsed: ParsedText, above: list[Node]) -> _Read:
    if is_import(node, parsed):
        return Kind.IMPORT, "", []
    marks = [text_of(each.child_by_field_name("name") or each) for each in _annotations(node)]
    match node.type:
        case "class_declaration":
            body = node.child_by_field_name("body")
            members = body.named_children if body is not None else []
            has_tests = any(
                _JAVA_TEST.fullmatch(text_of(mark.child_by_field_name("name") or mark))
                for member in members
                for each in (member, *(_inner_members(member)))
                for mark in _annotations(each)
            )
            return (Kind.GROUP if has_tests else Kind.HELPER), name_of(node), members if has_tests else []
        case "method_declaration" if name_of(node) == "main":
            return Kind.OTHER, "main", []
        case "method_declaration":
            if any(_JAVA_TEST.fullmatch(each) for each in marks):
                return Kind.TEST, name_of(node), []
            is_setup = any(_JAVA_SETUP.fullmatch(each) for each in marks)
            return (Kind.SETUP if is_setup else Kind.HELPER), name_of(node), []
        case "field_declaration":
            return Kind.SETUP, name_of(node.child_by_field_name("declarator") or node), []
        case "interface_declaration" | "record_declaration" | "enum_declaration" | "constructor_declaration":
            return Kind.HELPER, name_of(node), []
        case _:
            return Kind.OTHER, "", []


def _annotations(node: Node) -> list[Node]:
    modifiers = next((each for each in node.named_children if each.type == "modifiers"), None)
    listed = modifiers.named_children if modifiers is not None else []
    return [each for each in listed if each.type in {"annotation", "marker_annotation"}]


def _inner_members(node: Node) -> list[Node]:
    body = node.child_by_field_name("body") if node.type == "class_declaration" else None
    return body.named_children if body is not None else []


_READERS: Mapping[str, Callable[[Node, ParsedText, list[Node]], _Read]] = MappingProxyType(
    {
        "python": _python,
        "javascript": _javascript,
        "typescript": _javascript,
        "typescriptreact": _javascript,
        "go": _go,
        "rust": _rust,
        "java": _java,
    }
)
TESTED_LANGUAGES = frozenset(_READERS)


def name_place(item: Item) -> Node | None:
    """The node of a test's name, where it has one that others could have, too."""
    inner = item.node.child_by_field_name("definition") or item.node
    return name_node(inner) if inner.type != "expression_statement" else None
