"""Rust's names. A module sees its own names only, unless it imports all of its parent's."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.scope_tree import Bound, Scope, ScopeRules

_ITEMS = frozenset(
    {
        *("function_item", "function_signature_item", "struct_item", "enum_item", "union_item", "trait_item"),
        *("type_item", "mod_item", "const_item", "static_item", "macro_definition"),
    }
)
# What these hold has no name of its own outside of `Self::`.
_OWNERS = frozenset({"impl_item", "trait_item"})
_PATTERNS = frozenset(
    {
        *("tuple_pattern", "slice_pattern", "reference_pattern", "ref_pattern", "mut_pattern", "or_pattern"),
        *("match_pattern", "captured_pattern", "tuple_struct_pattern", "struct_pattern", "field_pattern"),
    }
)
# Macros whose words are plain expressions, and the tokens after which they may be something else (bindings, arms).
PLAIN_MACROS = frozenset(
    [
        "assert",
        "assert_eq",
        "assert_ne",
        "debug_assert",
        "debug_assert_eq",
        "debug_assert_ne",
        "dbg",
        "eprint",
        "eprintln",
        "format",
        "panic",
        "print",
        "println",
        "todo",
        "unimplemented",
        "unreachable",
        "vec",
        "write",
        "writeln",
    ]
)
_NOT_PLAIN = re.compile(r"[|$#]|=>|\b(?:let|for|fn|match|move|async)\b")
_MAX_MACRO_BYTES = 2_000
_WITH_PATTERN = frozenset({"let_declaration", "parameter", "for_expression", "let_condition", "match_arm"})


def use_bindings(argument: Node | None) -> Iterator[tuple[Node, str]]:
    """The names that a `use` binds, with the node of each; `*` for all names of a module."""
    stack = [argument] if argument is not None else []
    while stack:
        node = stack.pop()
        if node.type == "use_wildcard":
            yield node, "*"
        elif node.type == "use_as_clause":
            alias = node.child_by_field_name("alias")
            if alias is not None:
                yield alias, text_of(alias)
        elif node.type in {"use_list", "scoped_use_list"}:
            listed = node.child_by_field_name("list") if node.type == "scoped_use_list" else node
            stack += reversed(listed.named_children) if listed is not None else ()
        elif node.type == "scoped_identifier":
            name = node.child_by_field_name("name")
            if name is not None:
                yield name, text_of(name)
        elif node.type == "self":
            around = node.parent.parent if node.parent is not None else None
            path = around.child_by_field_name("path") if around is not None else None
            if path is not None:
                yield node, text_of(path).rpartition("::")[2]
        elif node.type in {"identifier", "crate"}:
            yield node, text_of(node)


def _pattern_names(pattern: Node | None) -> Iterator[Node]:
    stack = [pattern] if pattern is not None else []
    while stack:
        node = stack.pop()
        if node.type in {"identifier", "shorthand_field_identifier"}:
            yield node
        elif node.type in _PATTERNS:
            skip = [node.child_by_field_name(name) for name in ("type", "condition")]
            ids = {each.id for each in skip if each is not None}
            stack += [child for child in node.named_children if child.id not in ids]


def _binds(node: Node) -> Iterator[Bound]:
    kind = node.type
    if kind == "macro_definition":
        yield from (Bound(node, name=word) for word in _words(node))
    if kind in _ITEMS:
        name = node.child_by_field_name("name")
        if name is not None and not _is_member(node):
            yield Bound(name)
        elif name is not None:
            yield Bound(name, name="\0")  # bound as a member only
    elif kind == "use_declaration":
        for bound, bound_name in use_bindings(node.child_by_field_name("argument")):
            yield Bound(bound, name=bound_name)
    elif kind == "extern_crate_declaration":
        name = node.child_by_field_name("alias") or node.child_by_field_name("name")
        if name is not None:
            yield Bound(name)
    elif kind in {"type_parameter", "const_parameter"}:
        name = node.child_by_field_name("name")
        if name is not None:
            yield Bound(name)
    elif kind in _WITH_PATTERN:
        inside = kind in {"for_expression", "match_arm"}
        for name in _pattern_names(node.child_by_field_name("pattern")):
            yield Bound(name, inside=inside)
    elif kind == "closure_parameters":
        for child in node.named_children:
            yield from map(Bound, _pattern_names(child))
    elif kind == "macro_invocation" and _is_item(node):
        yield from (Bound(node, name=word) for word in _words(node))


def _is_member(item: Node) -> bool:
    listed = item.parent
    return listed is not None and listed.parent is not None and listed.parent.type in _OWNERS


def _is_item(invocation: Node) -> bool:
    """Whether a macro stands where an item may stand: it may define what its words say."""
    parent = invocation.parent
    if parent is not None and parent.type == "expression_statement":
        parent = parent.parent
    return parent is not None and parent.type in {"source_file", "declaration_list"}


def _words(root: Node) -> Iterator[str]:
    stack = list(root.children)
    while stack:
        node = stack.pop()
        if node.type in {"identifier", "type_identifier"}:
            yield text_of(node)
        stack.extend(node.children)


def _used(node: Node) -> str:
    parent = node.parent
    if parent is None:
        return ""
    kind = parent.type
    if kind == "token_tree":
        return _in_macro(node)
    if kind in {"label", "lifetime", "enum_variant", "type_binding", "associated_type", "attribute"}:
        is_name = kind != "type_binding" or parent.child_by_field_name("name") == node
        return "" if is_name else "type"
    if kind == "macro_invocation":
        return "macro" if parent.child_by_field_name("macro") == node else ""
    if kind in {"scoped_identifier", "scoped_type_identifier"}:
        return "path" if parent.child_by_field_name("path") == node else ""
    return "type" if node.type == "type_identifier" else "value"


def _in_macro(node: Node) -> str:
    """The kind of a word among a macro's tokens, as far as its neighbours tell."""
    if not _is_plain(node):
        return ""
    before, after = node.prev_sibling, node.next_sibling
    if before is not None and before.type in {".", "::", "as", "'"}:
        return ""
    if after is not None and after.type in {"=", ":", "!", "::"}:
        return "path" if after.type == "::" else ""
    return "value"


def _is_plain(word: Node) -> bool:
    tree = word.parent
    while tree is not None and tree.parent is not None and tree.parent.type == "token_tree":
        tree = tree.parent
    invocation = tree.parent if tree is not None else None
    macro = invocation.child_by_field_name("macro") if invocation is not None else None
    if tree is None or macro is None or text_of(macro) not in PLAIN_MACROS:
        return False
    return tree.end_byte - tree.start_byte <= _MAX_MACRO_BYTES and _NOT_PLAIN.search(text_of(tree)) is None


def _marks(scope: Scope) -> None:
    node = scope.node
    holder = node.parent
    listed = node.named_children if node.type in {"source_file", "declaration_list", "block"} else []
    wild = [text_of(each) for each in listed if each.type == "use_declaration" and "*" in text_of(each)]
    if node.type == "declaration_list" and holder is not None and holder.type == "mod_item":
        scope.closed = not any("super::*" in each for each in wild)
        scope.open = any("super::*" not in each for each in wild)
    else:
        scope.open = bool(wild)


RUST = ScopeRules(
    opens=frozenset(
        {
            *("function_item", "function_signature_item", "closure_expression", "block", "impl_item", "trait_item"),
            *("struct_item", "enum_item", "union_item", "type_item", "match_arm", "for_expression", "if_expression"),
            *("while_expression", "function_type", "declaration_list"),
        }
    ),
    functions=frozenset(),
    skipped=frozenset(
        {
            *("line_comment", "block_comment", "attribute_item", "inner_attribute_item", "macro_definition"),
            *("visibility_modifier", "use_declaration", "extern_crate_declaration"),
        }
    ),
    leaves=frozenset({"identifier", "type_identifier"}),
    binds=_binds,
    used=_used,
    marks=_marks,
)
