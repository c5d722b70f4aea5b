"""Finds functions in Rust whose last line lost its value: with a semicolon behind it, it gives nothing back."""

import re

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import name_of, text_of

_LEAVES = re.compile(r"return|break|continue|loop|while|if|match|unsafe|macro|block|async")
_NEVER = re.compile(r"exit|abort|panic|unreachable|never|fail")


def without_result(before: ParsedText, after: ParsedText) -> str | None:
    """The name of a function of `after` that has to give something back and doesn't; None if there is none, or
    `before` has one, too."""
    if after.language.id != "rust" or any(_lacks_result(each) for each in before.symbols.walk()):
        return None
    return next((name_of(each) for each in after.symbols.walk() if _lacks_result(each)), None)


def _lacks_result(node: Node) -> bool:
    if node.type != "function_item":
        return False
    result, body = node.child_by_field_name("return_type"), node.child_by_field_name("body")
    if result is None or body is None or text_of(result).strip() in {"()", "!"}:
        return False
    said = [each for each in body.named_children if "comment" not in each.type]
    if not said:
        return False
    last = said[-1]
    if last.type == "let_declaration":
        return True
    if last.type != "expression_statement" or not text_of(last).rstrip().endswith(";"):
        return False
    value = last.named_children[0] if last.named_children else last
    called = value.child_by_field_name("function")
    never = called is not None and _NEVER.search(text_of(called)) is not None
    return _LEAVES.match(value.type) is None and not never
