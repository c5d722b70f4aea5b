"""The arguments of a call as source text, read from the call."""

import re

from tree_sitter import Node

from pillion.sandbox.sandbox import Call
from pillion.sandbox.slices.slice import Slice
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from pillion.syntax.nodes import text_of

BOUND = re.compile(r"^const (_argument_\d+) = (.*);$", re.MULTILINE)


def arguments_of(old: Slice, call: Call) -> list[str]:
    """Each argument of a call that was made for this symbol, also of those that are bound to names before it."""
    bound = dict(BOUND.findall(call.setup))
    given = call.expression.removeprefix(old.entry)
    return [bound.get(text, text) for text in map(text_of, elements(given))] if given.startswith("(") else []


def elements(arguments: str) -> list[Node]:
    """The nodes of the arguments in parentheses."""
    language = language_by_id("typescript")
    if language is None:
        return []
    root = ParsedText.of(language, f"f{arguments}").tree.root_node
    call = root.named_children[0].named_children[0] if root.named_children and not root.has_error else None
    given = call.child_by_field_name("arguments") if call is not None else None
    return [each for each in given.named_children if each.type != "comment"] if given is not None else []
