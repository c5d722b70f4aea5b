"""Where a document's imports stand, and where new ones and other declarations belong."""

import re

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of

# These stay on top, whatever is imported.
_TOP = frozenset({"hash_bang_line", "inner_attribute_item", "package_declaration", "package_clause", "preproc_call"})
_TOP_COMMENT = re.compile(r"#!|#.*coding[:=]|//!|/\*!")
_GUARDS = frozenset({"preproc_ifdef", "preproc_if"})
_VARIABLES = frozenset({"lexical_declaration", "variable_declaration"})
_REQUIRES = re.compile(r"(?:await\s+import|require)\s*\(")
# Declarations that may stand between the imports and the code.
_PREAMBLE = frozenset(
    {
        *("expression_statement", "lexical_declaration", "variable_declaration", "const_declaration"),
        *("var_declaration", "const_item", "static_item", "mod_item", "preproc_def", "preproc_function_def"),
        *("type_alias_declaration", "type_item", "try_statement", "if_statement", "extern_crate_declaration"),
    }
)


def statements(parsed: ParsedText) -> list[Node]:
    """The top-level nodes; in a header file that is all in one guard, the nodes in the guard."""
    nodes = parsed.tree.root_node.named_children
    code = [node for node in nodes if node.type not in parsed.language.comments]
    if len(code) != 1 or code[0].type not in _GUARDS:
        return nodes
    inside = [node for node in code[0].named_children if node.start_point.row > code[0].start_point.row]
    return inside[1:] if inside and inside[0].type == "preproc_def" else inside


def is_import(node: Node, parsed: ParsedText) -> bool:
    """Whether a top-level node imports: also JavaScript's `const a = require("a")`."""
    if node.type in parsed.language.imports:
        return True
    if node.type not in _VARIABLES:
        return False
    values = [each.child_by_field_name("value") for each in node.named_children if each.type == "variable_declarator"]
    return bool(values) and all(each is not None and _REQUIRES.match(text_of(each)) is not None for each in values)


def top_level_imports(parsed: ParsedText) -> list[Node]:
    """The file's own imports, in the order of the text."""
    return [node for node in statements(parsed) if is_import(node, parsed)]


def import_place(document: ParsedText) -> tuple[int, bool]:
    """The place after the line of the last top-level import; else before the first code and the comments above it."""
    if imports := top_level_imports(document):
        return line_end(document, imports[-1]), True
    above: list[Node] = []
    for child in statements(document):
        if child.type in document.language.comments and _TOP_COMMENT.match(text_of(child)) is None:
            above.append(child)
        elif child.type in _TOP or child.type in document.language.comments or _is_string(child):
            above.clear()
        else:
            return with_comments_above(child, above, document), False
    return 0, False


def preamble_end(document: ParsedText) -> Node | None:
    """The last of the simple declarations at the top, behind which new constants belong; None if there are none."""
    last: Node | None = None
    for node in statements(document):
        if node.type in document.language.comments or node.type in _TOP or node.type == ";":
            continue
        if not is_import(node, document) and node.type not in _PREAMBLE:
            break
        if not _holds_function(node):
            last = node
        else:
            break
    return last


def line_end(document: ParsedText, node: Node) -> int:
    """The place behind the last line of a node."""
    end = document.offsets.to_char(node.start_byte) + len(text_of(node).rstrip())  # an #include holds its line's end
    end = document.text.find("\n", end)
    end = len(document.text) if end < 0 else end
    return len(document.text[:end].removesuffix("\r"))


def with_comments_above(node: Node, before: list[Node], document: ParsedText) -> int:
    """The place where a node begins, with the comments right above it."""
    first = node
    for comment in reversed(before):
        apart = first.start_point.row - comment.end_point.row > 1
        if apart or comment.type not in document.language.comments:
            break
        first = comment
    return document.offsets.to_char(first.start_byte)


def _holds_function(node: Node) -> bool:
    text = text_of(node)
    return node.type in _VARIABLES and ("=>" in text or "function" in text)


def _is_string(node: Node) -> bool:
    """A module's docstring, or JavaScript's "use strict"."""
    return node.type == "expression_statement" and [each.type for each in node.named_children] == ["string"]
