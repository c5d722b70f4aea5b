"""Which variable each name of a text means, by the languages' own rules of visibility.

A scope tree alone says that a name counts in all of its scope, which is enough to say that it is bound at all. Whoever
changes names must know more: in Rust, each `let` makes a new variable, and its own value still means the old one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tree_sitter import Node

from pillion.syntax.scopes.name_kinds import TAG, kind_made, kinds_not_meant
from pillion.syntax.scopes.scope_rules import SCOPE_RULES
from pillion.syntax.scopes.scope_tree import Binding, Scope, ScopeTree, Use, scope_tree

# For each language, the declarations whose names count only after the declaration, after the name, or in the body.
_AFTER: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "rust": frozenset({"let_declaration", "let_condition"}),
        "go": frozenset({"short_var_declaration", "var_spec", "const_spec", "range_clause", "receive_statement"}),
        "java": frozenset({"resource"}),
        "cpp": frozenset({"lambda_capture_initializer"}),
    }
)
_AFTER_NAME: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "java": frozenset({"variable_declarator"}),
        "c": frozenset({"declaration"}),
        "cpp": frozenset({"declaration"}),
    }
)
_IN_BODY = frozenset({"for_expression", "enhanced_for_statement", "for_range_loop", "type_switch_statement"})
_NEW_EACH_TIME = frozenset({"let_declaration", "let_condition"})
_GO_FUNCTIONS = frozenset({"function_declaration", "method_declaration", "func_literal"})
_COMPREHENSIONS = frozenset(
    {"list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"}
)
_PYTHON_FUNCTIONS = frozenset({"function_definition", "lambda"})


@dataclass(slots=True, eq=False)
class Variable:
    """One thing that a name stands for, in its scope from byte `start` to `end`."""

    name: str
    scope: Scope
    start: int
    end: int
    bindings: list[Binding]
    kind: str
    """See `kind_made`."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where a name stands, and the variable it means there; None if the text binds it nowhere."""

    node: Node
    name: str
    variable: Variable | None


class Resolution:
    """The variables of one tree."""

    def __init__(self, root: Node, language_id: str) -> None:
        self._language = language_id
        self.tree: ScopeTree = scope_tree(root, SCOPE_RULES[language_id])
        self._variables: dict[tuple[int, str], list[Variable]] = {}
        self._of_binding: dict[int, Variable] = {}
        self._outside: dict[int, tuple[int, int]] = {}
        for binding in self.tree.bindings:
            self._add(binding)

    def occurrences(self, name: str = "") -> list[Occurrence]:
        """All places of this name, or of every name, in the order of the text."""
        found = [
            Occurrence(each.node, each.name, self._of_binding[each.node.id])
            for each in self.tree.bindings
            if name in {"", each.name}
        ]
        found += [
            Occurrence(each.node, each.name, self._meant_by(each)) for each in self.tree.uses if name in {"", each.name}
        ]
        return sorted(found, key=lambda each: (each.node.start_byte, each.node.end_byte))

    def meaning_at(self, name: str, at: int, around: Node) -> Variable | None:
        """What the name would mean at byte `at`, where the text has no name."""
        scopes = [
            each.scope for each in self.tree.bindings if each.scope.node.start_byte <= at < each.scope.node.end_byte
        ]
        scopes = [each for each in scopes if around.start_byte <= each.node.start_byte] or [self.tree.top]
        return self._from(min(scopes, key=lambda each: each.node.end_byte - each.node.start_byte), name, at)

    def shape(self) -> list[tuple[int, int | str]]:
        """What every name means, in the order of the text, but for the variables' own names: two texts of one shape
        differ in the names of variables only."""
        numbers: dict[int, int] = {}
        places = self.occurrences()
        return [
            (at, each.name if each.variable is None else numbers.setdefault(id(each.variable), len(numbers)))
            for at, each in enumerate(places)
        ]

    def _add(self, binding: Binding) -> None:
        scope = self._merged(binding.scope, binding.name)
        known = self._variables.setdefault((id(scope), binding.name), [])
        start, end = self._seen(binding, scope)
        kind = kind_made(binding, self._language)
        same = [
            each for each in known if each.kind == kind or ("" in {each.kind, kind} and TAG not in {each.kind, kind})
        ]
        is_new = not same
        if binding.around.type in _NEW_EACH_TIME:
            is_new = all(each.bindings[-1].around.id != binding.around.id for each in same)
        if is_new:
            same.append(Variable(binding.name, scope, start, end, [], kind))
            known.append(same[-1])
        variable = same[-1]
        variable.start = min(variable.start, start)
        variable.kind = kind and variable.kind
        variable.bindings.append(binding)
        self._of_binding[binding.node.id] = variable

    def _merged(self, scope: Scope, name: str) -> Scope:
        """Go: the parameters are in the block of the function's body."""
        outer = scope.parent
        if self._language == "go" and outer is not None and outer.node.type in _GO_FUNCTIONS and name in outer.names:
            return outer
        return scope

    def _seen(self, binding: Binding, scope: Scope) -> tuple[int, int]:
        """The bytes from which on, and up to which, the name counts."""
        around, kind = binding.around, binding.around.type
        start, end = 0, scope.node.end_byte
        if scope.parent is None:
            return start, end
        if kind in _AFTER.get(self._language, ()):
            start = around.end_byte
        elif kind in _AFTER_NAME.get(self._language, ()) and not _is_field(around):
            start = binding.node.end_byte
        elif kind in _IN_BODY and (value := around.child_by_field_name("value") or around.child_by_field_name("right")):
            start = value.end_byte
        if kind == "let_condition" and scope.node.type == "if_expression":
            then = scope.node.child_by_field_name("consequence")
            end = then.end_byte if then is not None else end
        return start, end

    def _meant_by(self, use: Use) -> Variable | None:
        at, scope = use.node.start_byte, use.scope
        if self._language == "python":
            scope = self._evaluated_in(scope, at)
        return self._from(scope, use.name, at, kinds_not_meant(use, self._language))

    def _from(self, scope: Scope, name: str, at: int, not_meant: frozenset[str] = frozenset()) -> Variable | None:
        """What the name means at byte `at` in this scope."""
        own = scope
        for each in scope.around():
            if self._language == "python" and each is not own and each.node.type == "class_definition":
                continue  # methods don't see the names of their class
            if each.elsewhere.get(name) and each is not self.tree.top:
                found = self._variables.get((id(self.tree.top), name))
                return found[0] if found else None
            for variable in reversed(self._variables.get((id(each), name), ())):
                is_seen = variable.start <= at < variable.end or each.parent is None
                if is_seen and variable.kind not in not_meant:
                    return variable
        return None

    def _evaluated_in(self, scope: Scope, at: int) -> Scope:
        """Python: defaults and annotations, and a comprehension's first values, are read in the scope around."""
        while scope.parent is not None:
            if id(scope) not in self._outside:
                self._outside[id(scope)] = _read_outside(scope.node)
            start, end = self._outside[id(scope)]
            if not start <= at < end:
                break
            scope = scope.parent
        return scope


def _read_outside(node: Node) -> tuple[int, int]:
    body = node.child_by_field_name("body")
    if node.type in _PYTHON_FUNCTIONS and body is not None:
        return node.start_byte, body.start_byte
    if node.type in _COMPREHENSIONS:
        first = next((each for each in node.named_children if each.type == "for_in_clause"), None)
        values = first.child_by_field_name("right") if first is not None else None
        if values is not None:
            return values.start_byte, values.end_byte
    return 0, 0


def _is_field(declaration: Node) -> bool:
    return declaration.parent is not None and declaration.parent.type == "field_declaration"
