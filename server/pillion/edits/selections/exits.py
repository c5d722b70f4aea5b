"""How code leaves the statements that it is in: what of that must stay the same when they are only written anew."""

import re
from collections.abc import Sequence

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.syntax.selection import statements_in

Range = tuple[int, int]
_KINDS = re.compile(r"^(return|yield|await|break|continue|defer)(?:_statement|_expression)?$")
_MAY_COME = frozenset({"defer"})
# Rust's `?` may leave the function.
_RETURNS = "try_expression"
_FUNCTION = re.compile(
    r"^(?:function_|generator_function|arrow_function|method_def|method_decl|lambda|closure_|func_lit)"
)
_LOOP = re.compile(r"^(?:for_|while_|loop_|do_|enhanced_for|for_range)")
_SWITCH = re.compile(r"switch|select_statement")
_ENDS = re.compile(r"^(?:return|raise|throw|break|continue)(?:_statement|_expression)?$")
_ENDLESS = re.compile(r"for\s*(?:\{|\(\s*;\s*;)")
# Calls after which nothing comes.
_LEAVES = re.compile(
    r"[\w.:]*(?:exit|abort|fatal|fail|panic|raise|throw|unreachable|terminate|never|error)\w*!?\(", re.IGNORECASE
)
# What of these leaves the code, nobody sees at once.
_UNCLEAR = re.compile(
    r"try|switch|match|while|with_statement|loop|select|label|goto|macro|preproc|synchronized|^block$"
)


def changed_exits(before: ParsedText, after: ParsedText, old: Range, new: Range) -> str | None:
    """What is wrong with the new statements' ways out; None if they leave in the same ways."""
    was, now = statements_in(before, *old), statements_in(after, *new)
    lost, more = _kinds(was) - _kinds(now), _kinds(now) - _kinds(was) - _MAY_COME
    if lost:
        return f"the “{min(lost)}” in the selected lines would be gone"
    if more:
        return f"the selected lines would get a “{min(more)}”"
    goes_on, still = _goes_on(was), _goes_on(now)
    if goes_on is None or still is None or goes_on == still:
        return None
    return "the code below would be reached now" if still else "the code below would never be reached"


def ends_too_early(before: ParsedText, after: ParsedText, old: Range, new: Range) -> bool:
    """Whether the code below the statements was reached, and never would be with the new ones."""
    was, now = statements_in(before, *old), statements_in(after, *new)
    below = now[-1].next_named_sibling if now else None
    while below is not None and below.type in after.language.comments:
        below = below.next_named_sibling
    if below is None or "label" in below.type or _FUNCTION.match(below.type):
        return False
    return _goes_on(was) is True and _goes_on(now) is False


def falls_off(old: Node, new: Node) -> bool:
    """Whether a function always gave something back at its end, and would now come to its end without."""
    was, now = _body(old), _body(new)
    if not was or not now or not _gives(was) or _ends_in_comment(new):
        return False
    last = text_of(now[-1])
    endless = now[-1].type.startswith("for") and _ENDLESS.match(last) is not None
    return _goes_on(was) is False and _goes_on(now) is True and not endless and _LEAVES.match(last) is None


def _ends_in_comment(function: Node) -> bool:
    """Whether its last line is a comment, which may stand for code that is left out."""
    body = function.child_by_field_name("body")
    if body is not None and body.named_children and "comment" in body.named_children[-1].type:
        return True
    # Python's grammar has a comment at a block's end behind the block.
    below = function.next_named_sibling
    deeper = below is not None and below.start_point.column > function.start_point.column
    return below is not None and deeper and "comment" in below.type


def _body(node: Node) -> list[Node]:
    body = node.child_by_field_name("body")
    return [each for each in _inside(body) if "comment" not in each.type] if body is not None else []


def _gives(statements: Sequence[Node]) -> bool:
    last = statements[-1]
    stack = [last]
    while stack:
        node = stack.pop()
        if _FUNCTION.match(node.type):
            continue
        if node.is_named and node.type.startswith("return") and node.named_children:
            return True
        stack.extend(node.children)
    return False


def _kinds(statements: Sequence[Node]) -> set[str]:
    """The words with which the code leaves these statements, apart from what is in an inner function or loop."""
    found: set[str] = set()
    stack = [(each, False, False) for each in statements]
    while stack:
        node, in_loop, in_switch = stack.pop()
        if _FUNCTION.match(node.type):
            continue
        if node.type == _RETURNS:
            found.add("return")
        kind = _KINDS.match(node.type)
        if kind is not None and node.is_named:
            inner = (in_loop and kind[1] in {"break", "continue"}) or (in_switch and kind[1] == "break")
            labelled = any("label" in each.type for each in node.named_children)
            if not inner or labelled:
                found.add(kind[1])
        in_loop, in_switch = in_loop or bool(_LOOP.match(node.type)), in_switch or bool(_SWITCH.search(node.type))
        stack.extend((each, in_loop, in_switch) for each in node.children)
    return found


def _goes_on(statements: Sequence[Node]) -> bool | None:
    """Whether the code below may be reached; None if that isn't clear."""
    for each in statements:
        node = each.named_children[0] if each.type == "expression_statement" and each.named_children else each
        if _ENDS.match(node.type):
            return False
        if _UNCLEAR.search(node.type):
            return None
        if node.type.startswith("if"):
            branches = _branches(node)
            if branches is None:
                continue
            ways = [_goes_on(branch) for branch in branches]
            if None in ways:
                return None
            if not any(ways):
                return False
    return True


def _branches(node: Node) -> list[list[Node]] | None:
    """The branches of an `if` that has an `else`; None if it has none."""
    consequence = node.child_by_field_name("consequence")
    alternatives = node.children_by_field_name("alternative")
    if consequence is None or not alternatives:
        return None
    found = [_inside(consequence)]
    complete = False
    for each in alternatives:
        if each.type == "elif_clause":
            body = each.child_by_field_name("consequence")
            found.append(_inside(body) if body is not None else [])
            continue
        body = each.child_by_field_name("body") or (each.named_children[-1] if each.type == "else_clause" else each)
        if body.type.startswith("if"):
            inner = _branches(body)
            if inner is None:
                return None
            found += inner
        else:
            found.append(_inside(body))
        complete = True
    return found if complete else None


def _inside(body: Node) -> list[Node]:
    """The statements of a branch, which may be one without a block."""
    if "block" not in body.type and body.type not in {"compound_statement", "statement_list"}:
        return [body]
    found: list[Node] = []
    for each in body.named_children:
        found += each.named_children if each.type == "statement_list" else [each]
    return found
