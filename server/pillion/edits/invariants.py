"""What must hold of an action's edit, checked without a model."""

from collections.abc import Callable

from tree_sitter import Node

from pillion.actions.action import Action, Invariant
from pillion.errors import DraftRejectedError
from pillion.syntax.check import behaviour_fingerprint, first_error
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import name_of
from pillion.syntax.symbols import Symbol


def check_invariants(action: Action, symbol: Symbol, before: ParsedText, after_text: str) -> None:
    """Checks the action's invariants on the document before and after its edit.

    Raises:
        DraftRejectedError: one doesn't hold; `code` is the invariant's name.
    """
    after = ParsedText.of(before.language, after_text)
    if Invariant.PARSES in action.invariants and (reason := _parse_problem(symbol, before, after)) is not None:
        raise DraftRejectedError(reason, code=Invariant.PARSES.value)
    for invariant in action.invariants:
        check = _SYMBOL_CHECKS.get(invariant)
        if check is None:
            continue
        old, new = _both(symbol, before, after)
        if new is None:
            raise DraftRejectedError(f"“{symbol.name}” would be gone", code=invariant.value)
        reason = check(before, old, after, new)
        if reason is not None:
            raise DraftRejectedError(reason, code=invariant.value)


def _both(symbol: Symbol, before: ParsedText, after: ParsedText) -> tuple[Node, Node | None]:
    """The symbol's node before and after."""
    old = before.symbols.same_in(before.symbols, symbol)
    if old is None:
        raise ValueError(f"{symbol.name} was read from another text")
    return old, before.symbols.same_in(after.symbols, symbol)


def _parse_problem(symbol: Symbol, before: ParsedText, after: ParsedText) -> str | None:
    error = first_error(after)
    if error is None:
        return None
    problem = f"it would break the file's syntax ({error})"
    broken_before = first_error(before)
    if broken_before is None:
        return problem
    old, new = _both(symbol, before, after)
    if new is not None and new.has_error and not old.has_error:
        return problem
    # The file was broken elsewhere already; it mustn't be more so now.
    if before.tree.root_node.has_error:
        return problem if _error_count(after) > _error_count(before) else None
    return None if _reason(error) == _reason(broken_before) else problem


def _reason(error: str) -> str:
    """An error without its line, which an edit above it moves."""
    return error.partition(": ")[2]


def _error_count(parsed: ParsedText) -> int:
    count = 0
    stack = [parsed.tree.root_node]
    while stack:
        node = stack.pop()
        count += node.is_error or node.is_missing
        stack.extend(child for child in node.children if child.has_error or child.is_missing)
    return count


def _behaviour(before: ParsedText, old: Node, after: ParsedText, new: Node) -> str | None:
    if behaviour_fingerprint(before, old) != behaviour_fingerprint(after, new):
        return "it would change the code, not only its documentation"
    return None


def _signatures(before: ParsedText, old: Node, after: ParsedText, new: Node) -> str | None:
    kept = _public_signatures(after, new)
    for name, signatures in _public_signatures(before, old).items():
        if len(kept.get(name, ())) < len(signatures):
            return f"the public method “{name}” would be gone"
        if kept[name][: len(signatures)] != signatures:
            return f"the signature of “{name}” would change"
    return None


def _public_signatures(parsed: ParsedText, node: Node) -> dict[str, list[str]]:
    """The signatures by name; a property's getter and setter, or overloads, share one."""
    found: dict[str, list[str]] = {}
    for number, inner in enumerate(parsed.symbols.walk(node)):
        name, signature = name_of(inner), parsed.symbols.signature_of(inner)
        private = name.startswith(("_", "#")) or "private" in signature.split()
        if number == 0 or (not private and parsed.symbols.kind_of(inner) == "method"):
            found.setdefault(name, []).append(signature)
    return found


def _no_stub(before: ParsedText, old: Node, after: ParsedText, new: Node) -> str | None:
    for number, inner in enumerate(after.symbols.walk(new)):
        # An empty class inside is nothing unusual (an exception, a marker); what was asked for must not be one.
        if after.symbols.is_stub(inner) and (number == 0 or after.symbols.read(inner).callable):
            return f"“{name_of(inner)}” would still be a stub"
    if after.symbols.read(new).has_todo:
        return "a TODO would be left in it"
    return None


_SYMBOL_CHECKS: dict[Invariant, Callable[[ParsedText, Node, ParsedText, Node], str | None]] = {
    Invariant.SAME_BEHAVIOUR: _behaviour,
    Invariant.SAME_SIGNATURES: _signatures,
    Invariant.NO_STUB_LEFT: _no_stub,
}
