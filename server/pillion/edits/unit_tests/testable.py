"""Which function, method or class at a place a test can call. From the syntax tree alone."""

import re

from tree_sitter import Node

from pillion.edits.unit_tests.exports import exported_as
from pillion.edits.unit_tests.rust_suite import is_test_module
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import is_symbol, name_of, text_of
from pillion.syntax.target import Target

_KINDS = frozenset({"function", "method", "class", "struct", "enum", "record", "impl"})
_CALLABLE = frozenset({"function", "method"})
_JAVASCRIPT = frozenset({"javascript", "typescript", "typescriptreact"})
# What the head of a file of tests has.
_HEAD_CHARACTERS = 8_000
_TEST_FILES = {
    "python": re.compile(r"^(?:import|from)\s+(?:pytest|unittest)\b", re.MULTILINE),
    "go": re.compile(r"^(?:import\s+|\s+)\"testing\"", re.MULTILINE),
    "java": re.compile(r"^import\s+(?:static\s+)?org\.(?:junit|testng)\b", re.MULTILINE),
    **dict.fromkeys(
        _JAVASCRIPT,
        re.compile(
            r"(?:from|require\()\s*[\"'](?:vitest|@jest/globals|node:test|chai)[\"']|^(?:describe|it|test)(?:\.\w+)?\(",
            re.MULTILINE,
        ),
    ),
}
_INTERFACES = frozenset({"interface_declaration", "annotation_type_declaration"})
_PRIVATE_JAVA = re.compile(r"\bprivate\b|\babstract\b")


def testable_at(parsed: ParsedText, start: int, end: int) -> Target:
    """The symbol that tests can call at [start, end): a local function is tested through the function around it. The
    target has no symbol if there is none."""
    symbol = parsed.symbols.enclosing(start, end)
    nothing = Target(start, end, None, ())
    if symbol is None or parsed.language.id not in {*_TEST_FILES, "rust"} or _is_test_file(parsed):
        return nothing
    byte = parsed.offsets.to_byte(symbol.definition_start)
    node = parsed.tree.root_node.descendant_for_byte_range(byte, byte)
    chain: list[Node] = []
    while node is not None:
        if node.type == "mod_item" and (is_test_module(node) or node.parent != parsed.tree.root_node):
            return nothing
        if is_symbol(node, parsed.language) and node.start_byte <= byte:
            chain.insert(0, node)
        node = node.parent
    outermost = next((n for n, each in enumerate(chain) if parsed.symbols.kind_of(each) in _CALLABLE), len(chain) - 1)
    chosen = chain[: outermost + 1]
    if not chosen or not _is_reachable(chosen, parsed):
        return nothing
    found = parsed.symbols.read(chosen[-1])
    return Target.of(found) if found.kind in _KINDS else nothing


def _is_test_file(parsed: ParsedText) -> bool:
    pattern = _TEST_FILES.get(parsed.language.id)
    return pattern is not None and pattern.search(parsed.text[:_HEAD_CHARACTERS]) is not None


def _is_reachable(chain: list[Node], parsed: ParsedText) -> bool:
    language, names = parsed.language.id, [name_of(each) for each in chain]
    if not all(names):
        return False
    match language:
        case "python":
            is_test = names[-1].startswith("test_") or names[0].startswith("Test")
            return not is_test and not any(_is_mangled(each) for each in names)
        case "java":
            modifiers = [text_of(each).partition("{")[0] for each in chain]
            return (
                not any(each.type in _INTERFACES for each in chain)
                and not any(_PRIVATE_JAVA.search(_modifiers(each)) for each in chain)
                and ("@Test" not in modifiers[-1])
            )
        case "rust":
            return (
                not any(each.type == "trait_item" for each in chain)
                and names[-1] != "main"
                and not _is_rust_test(chain[-1])
            )
        case "go":
            return names[-1] not in {"main", "init", "_"}
        case _:
            private = any(text_of(each).startswith(("private ", "#")) for each in chain[1:])
            return not private and _is_exported(chain[0], names[0], parsed)


def _is_mangled(name: str) -> bool:
    return name.startswith("__") and not name.endswith("__")


def _modifiers(node: Node) -> str:
    found = next((each for each in node.named_children if each.type == "modifiers"), None)
    return text_of(found) if found is not None else ""


def _is_rust_test(node: Node) -> bool:
    above = node.prev_sibling
    while above is not None and above.type in {"attribute_item", "line_comment"}:
        if re.search(r"\btest\b", text_of(above)) and above.type == "attribute_item":
            return True
        above = above.prev_sibling
    return False


def _is_exported(node: Node, name: str, parsed: ParsedText) -> bool:
    """JavaScript: only what a module exports can be called from another one."""
    if parsed.symbols.outermost(node).parent != parsed.tree.root_node:
        return False
    if any(each.type == "interface_declaration" for each in (node,)):
        return False
    if parsed.symbols.outermost(node).type == "export_statement":
        return True
    return name in exported_as(parsed)
