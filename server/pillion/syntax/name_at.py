"""The name at a place in a document, if this file declares it. No scope is read: menus ask at each cursor move."""

import re
from dataclasses import replace

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.scope_rules import SCOPE_RULES
from pillion.syntax.stretch import stretch
from pillion.syntax.symbols import Symbol
from pillion.syntax.target import Target

# Nobody calls these otherwise, or a language does it for them.
_FIXED = re.compile(r"self|cls|this|super|undefined|arguments|_+|__\w+__|init|main|constructor|Self|crate")
_MEMBERS = frozenset({"field_identifier", "property_identifier", "private_property_identifier"})
_NAMES = frozenset(
    {
        *("identifier", "type_identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"),
        *("shorthand_field_identifier", *_MEMBERS),
    }
)
_IMPORTS = re.compile(r"import|^use_|^extern_crate|^preproc_include|^future_")
_DECLARES = re.compile(r"(?:definition|declaration|signature|_item|declarator|enum_variant|field_initializer)$")
_IN_WORDS = re.compile(rb"[\w$\x80-\xff]")
_RECEIVERS = frozenset({"self", "cls", "this"})
_LOOKED_AT, _LEVELS = 60, 6
_LINES_AROUND = 15


def name_target(parsed: ParsedText, start: int, end: int) -> Target:
    """The name at [start, end) as the target, with the function or class around it; no symbol if there is no name that
    this file declares."""
    leaf = _leaf(parsed, start, end)
    if leaf is None or not _is_declared(parsed, leaf):
        return Target(start, end, None, ())
    char = parsed.offsets.to_char
    first, last = char(leaf.start_byte), char(leaf.end_byte)
    name = stretch(parsed, first, last, name=text_of(leaf), kind="name")
    around = parsed.symbols.enclosing(first, last) or _lines_around(parsed, first)
    name = replace(name, inside=around, name_end=last)
    return Target(first, last, name, (name,))


def _leaf(parsed: ParsedText, start: int, end: int) -> Node | None:
    """The name's node: the one that holds the range, or that ends at the cursor."""
    for at in (start, start - 1) if start == end else (start,):
        if not 0 <= at < len(parsed.text):
            continue
        byte = parsed.offsets.to_byte(at)
        node = parsed.tree.root_node.descendant_for_byte_range(byte, byte + 1)
        if node is not None and node.type in _NAMES and parsed.offsets.to_byte(end) <= node.end_byte:
            return None if _FIXED.fullmatch(text_of(node)) else node
    return None


def _is_declared(parsed: ParsedText, leaf: Node) -> bool:
    name, data = leaf.text or b"", parsed.offsets.data
    # A pattern that begins with the name is searched for quickly, so what stands before is looked at afterwards.
    places = [each.start() for each in re.finditer(re.escape(name) + rb"(?![\w$\x80-\xff])", data)]
    places = [at for at in places if at == 0 or _IN_WORDS.match(data, at - 1) is None]
    places.sort(key=lambda at: abs(at - leaf.start_byte))
    nodes = (parsed.tree.root_node.descendant_for_byte_range(at, at + len(name)) for at in places[:_LOOKED_AT])
    return any(each is not None and each.type in _NAMES and _declares(each, parsed) for each in nodes)


def _declares(leaf: Node, parsed: ParsedText) -> bool:
    """Whether a name is declared here, other than by an import."""
    rules, name, around = SCOPE_RULES[parsed.language.id], text_of(leaf), leaf.parent
    is_bound = around is not None and _declares_member(leaf, around)
    for _ in range(_LEVELS):
        if around is None:
            break
        if _IMPORTS.search(around.type):
            return False
        is_bound = is_bound or any(each.node.id == leaf.id and each.name in {"", name} for each in rules.binds(around))
        around = around.parent
    return is_bound


def _declares_member(leaf: Node, parent: Node) -> bool:
    if parent.type in {"attribute", "member_expression"}:  # self.name = …, this.name = …
        left = parent.parent.child_by_field_name("left") if parent.parent is not None else None
        return text_of(parent.named_children[0]) in _RECEIVERS and left is not None and left.id == parent.id
    if _DECLARES.search(parent.type) is None:
        return False
    named = (each for field in ("name", "property", "declarator") for each in parent.children_by_field_name(field))
    return any(each.id == leaf.id for each in named)


def _lines_around(parsed: ParsedText, at: int) -> Symbol:
    """Some lines around a place outside of all functions and classes."""
    text = parsed.text
    start = end = at
    for _ in range(_LINES_AROUND):
        start = text.rfind("\n", 0, max(start - 1, 0)) + 1
        end = (text.find("\n", end) + 1) or len(text)
    return stretch(parsed, start, end, name="these lines", kind="code")
