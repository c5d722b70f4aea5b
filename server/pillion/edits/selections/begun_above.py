"""Finds new statements that begin anew what the old ones went on with, for instance a sum that isn't zero above."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.syntax.selection import statements_in

Range = tuple[int, int]
_GOES_ON = re.compile(r"augmented|compound_assignment|update_expression|inc_statement|dec_statement")
_OPERATOR = re.compile(r"[-+*/%&|^@<>?]+=")
_FUNCTION = re.compile(r"function|method|lambda|closure|arrow|constructor_declaration")
_LOOP = re.compile(r"(?:for|while|loop|do)_|enhanced_for|for_range")
# With such a value, the same comes of both.
_NOTHING = r"(?:0(?:\.0*)?\w?|1(?:\.0*)?|\[\]|\{\}|\"\"|''|``|\(\)|String::new\(\)|int|float|number|string)"
_VALUES = re.compile(rf"\s*{_NOTHING}(?:\s*,\s*{_NOTHING})*\s*;?\s*")


def begun_anew(before: ParsedText, after: ParsedText, old: Range, new: Range) -> str | None:
    """A name whose value from above the code at `old` of `before` goes on with, and the code at `new` of `after` throws
    away; None if there is none."""
    was, now = statements_in(before, *old), statements_in(after, *new)
    if not was or not now:
        return None
    drafted = "\n".join(map(text_of, now))
    scopes = after.names
    start, end = now[0].start_byte, now[-1].end_byte
    for name in dict.fromkeys(_carried(was)):
        sets = re.findall(rf"(?<![\w.])(?:{re.escape(name)})\s*=(?!=)\s*(.*)", drafted)
        reads = len(re.findall(rf"(?<![\w.]){re.escape(name)}(?!\w)", drafted))
        inner = any(
            each.name == name and start <= each.scope.node.start_byte and each.scope.node.end_byte <= end
            for each in scopes.bindings
        )
        if len(sets) == 1 and reads == 1 and not inner and not _is_nothing_above(name, was[0], before, drafted):
            return name
    return None


def _carried(statements: list[Node]) -> Iterator[str]:
    """The names of variables that the statements only go on with."""
    text = "\n".join(map(text_of, statements))
    stack = list(statements)
    while stack:
        node = stack.pop()
        target = node.named_children[0] if _goes_on(node) and node.named_children else None
        if target is not None and target.type == "expression_list":
            target = target.named_children[0]
        if target is not None and target.type == "identifier":
            name = text_of(target)
            if re.search(rf"(?<![\w.]){re.escape(name)}(?:\s*:[^=\n]*)?\s*:?=(?!=)", text) is None:
                yield name
        stack.extend(reversed(node.children))


def _goes_on(node: Node) -> bool:
    if _GOES_ON.search(node.type) is not None:
        return True
    return "assignment" in node.type and any(_OPERATOR.fullmatch(text_of(each)) for each in node.children)


def _is_nothing_above(name: str, first: Node, parsed: ParsedText, drafted: str) -> bool:
    """Whether the nearest statement above that speaks of it gives it the value of nothing, or the one that the new
    code says, too. What is above a loop around, or a parameter, may have any value."""
    named = re.compile(rf"(?<![\w.]){re.escape(name)}(?!\w)")
    at: Node | None = first
    while at is not None and (at == first or not _LOOP.match(at.type)):
        if at.parent is not None and _FUNCTION.search(at.parent.type):
            return False
        above = at.prev_named_sibling
        while above is not None:
            if above.type not in parsed.language.comments and named.search(text_of(above)):
                return _gives_nothing(name, text_of(above), drafted)
            above = above.prev_named_sibling
        at = at.parent
    return False


def _gives_nothing(name: str, text: str, drafted: str) -> bool:
    if "=" not in text:
        return True
    own = re.search(rf"(?<![\w.]){re.escape(name)}(?:\s*:[^=,]*|\s+\w+)?\s*:?=\s*([^,;=]*)", text)
    if own is not None and (_VALUES.fullmatch(own[1]) or own[1].strip() in drafted):
        return True
    return _VALUES.fullmatch(text.rpartition("=")[2]) is not None
