"""Which actions apply to a symbol: the table's scopes, decided from the syntax tree alone."""

from pillion.actions.action import Action, Scope
from pillion.syntax.symbols import Symbol


def applies(action: Action, symbol: Symbol) -> bool:
    """Whether `action` makes sense for `symbol`."""
    if symbol.todo and action.scope not in {Scope.STUB, Scope.TOLD}:
        return False
    match action.scope:
        case Scope.ANY | Scope.FINDING | Scope.TOLD:
            return True
        case Scope.UNDOCUMENTED:
            return not symbol.documented
        case Scope.WRITTEN:
            return not symbol.is_stub
        case Scope.STUB:
            # A class is written member by member: a TODO in one of them is no reason to rewrite the whole class.
            return symbol.is_stub or bool(symbol.todo) or (symbol.has_todo and symbol.callable)
