"""Whether new code in a place still gives the names that the code around it reads."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.scope_tree import Scope, ScopeTree, Use

Range = tuple[int, int]
_ASSIGNS = re.compile(r"assignment|^(?:update_expression|inc_statement|dec_statement|compound_assignment_expr)$")
_TARGETS = ("left", "argument", "operand")
_LISTS = frozenset({"expression_list", "pattern_list", "tuple_pattern", "array_pattern"})
_LOOP = re.compile(r"(?:for|while|loop|do)_|enhanced_for|for_range")
_FUNCTION = re.compile(r"function|method|lambda|closure|arrow|constructor_declaration")
_CLASS = re.compile(r"class|struct|impl|trait|interface|enum|record")


def lost_name(before: ParsedText, after: ParsedText, old: Range, new: Range) -> str | None:
    """The first name that the code at `old` of `before` gives, that is read elsewhere, and that the code at `new` of
    `after` doesn't give; None if there is none. Names at the top level and in a class may be read by other files."""
    was, now = _Place(before, old), _Place(after, new)
    kept = now.given()
    return next((name for name in was.read_elsewhere() if name not in kept), None)


def declared_anew(before: ParsedText, after: ParsedText, old: Range, new: Range) -> str | None:
    """A variable of the code around that the code at `old` of `before` sets, and that the code at `new` of `after`
    declares, so that the code around doesn't get its value, or has it twice; None if there is none."""
    was, now = _Place(before, old), _Place(after, new)
    return next((name for name in now.hidden() if name in was.only_set()), None)


class _Place:
    """A range of a text, and the names that it gives to the scopes around it."""

    def __init__(self, parsed: ParsedText, span: Range) -> None:
        self._parsed = parsed
        self._start, self._end = parsed.offsets.to_byte(span[0]), parsed.offsets.to_byte(span[1])
        self._names: ScopeTree = parsed.names
        self._loops = self._loops_around()

    def given(self) -> set[str]:
        """The names that it binds or sets for the code around it."""
        return {name for name, _ in self._bound()} | set(self._set())

    def only_set(self) -> set[str]:
        """The names that it sets and doesn't bind."""
        return set(self._set()) - {name for name, _ in self._bound()}

    def hidden(self) -> Iterator[str]:
        """The names that it declares although the code around has variables of these names that are read there."""
        for bound in self._names.bindings:
            if not self._has(bound.node) or self._has(bound.scope.node):
                continue
            others = [
                each.scope for each in self._names.bindings if each.name == bound.name and not self._has(each.node)
            ]
            beside = any(each is bound.scope for each in others)
            outer = any(each is around for each in others for around in list(bound.scope.around())[1:])
            if (beside and not self._may_stand_twice(bound.node, bound.scope)) or (outer and not beside):
                yield bound.name

    def _may_stand_twice(self, node: Node, scope: Scope) -> bool:
        """Whether it may be declared in a scope that has it: in Rust, with `var`, and in Go beside a new name."""
        if self._parsed.language.id in {"rust", "python"}:
            return True
        around: Node | None = node
        while around is not None and around.type not in {"short_var_declaration", "variable_declaration"}:
            around = around.parent
        if around is None:
            return False
        if around.type == "variable_declaration":
            return True
        left = around.child_by_field_name("left")
        known = {each.name for each in self._names.bindings if each.scope is scope and not self._has(each.node)}
        return left is not None and any(text_of(each) not in known for each in left.named_children)

    def read_elsewhere(self) -> Iterator[str]:
        """Those of them that other code reads, in the order of the text."""
        done: set[str] = set()
        passing = {text_of(each) for each in self._loop_variables()}
        for name, scope in self._bound():
            shared = name not in passing and not name.startswith("_") and self._is_shared(scope)
            if name not in done and (shared or any(self._reads(use, name, scope) for use in self._names.uses)):
                yield name
            done.add(name)
        for name in self._set():
            if name not in done and any(self._reads(use, name, None) for use in self._names.uses):
                yield name
            done.add(name)

    def _is_shared(self, scope: Scope) -> bool:
        """Whether other files may read the scope's names."""
        return scope is self._names.top or _CLASS.search(scope.node.type) is not None

    def _loop_variables(self) -> Iterator[Node]:
        for bound in self._names.bindings:
            parent = bound.node.parent if self._has(bound.node) else None
            while parent is not None and parent.type in _LISTS:
                parent = parent.parent
            if parent is not None and _LOOP.match(parent.type):
                yield bound.node

    def _bound(self) -> Iterator[tuple[str, Scope]]:
        for bound in self._names.bindings:
            if self._has(bound.node) and not self._has(bound.scope.node) and not self._is_imported(bound.node):
                yield bound.name, bound.scope

    def _set(self) -> Iterator[str]:
        """The names of variables from around that it sets."""
        stack = [self._parsed.tree.root_node]
        while stack:
            node = stack.pop()
            if node.start_byte >= self._end or node.end_byte <= self._start:
                continue
            if self._has(node) and _FUNCTION.search(node.type):
                continue
            if self._has(node) and _ASSIGNS.search(node.type):
                targets = [each for name in _TARGETS if (each := node.child_by_field_name(name)) is not None]
                for target in targets or node.named_children[:1]:
                    for each in target.named_children if target.type in _LISTS else [target]:
                        if each.type == "identifier" and not self._binds_for_itself(each):
                            yield text_of(each)
            stack.extend(reversed(node.children))

    def _binds_for_itself(self, node: Node) -> bool:
        """Whether the name is bound in a scope that is wholly in the range."""
        name, at = text_of(node), node.start_byte
        scopes = [each.scope.node for each in self._names.bindings if each.name == name]
        return any(self._has(each) and each.start_byte <= at < each.end_byte for each in scopes)

    def _reads(self, use: Use, name: str, scope: Scope | None) -> bool:
        """Whether a use outside of the range reads what the range gives."""
        if use.name != name or self._has(use.node):
            return False
        bound_in = next((each for each in use.scope.around() if name in each.names), None)
        if scope is not None and bound_in is not scope:
            return False
        at = use.node.start_byte
        if at < self._start:
            return any(loop.start_byte <= at for loop in self._loops) or self._is_in_inner_function(use, bound_in)
        return not self._is_bound_anew(name, use.node, bound_in)

    def _is_bound_anew(self, name: str, use: Node, scope: Scope | None) -> bool:
        """Whether a statement between the range and the use gives the name another value."""
        row = use.start_point.row
        again = [each.node for each in self._names.bindings if each.name == name and each.scope is scope]
        return any(self._end <= each.start_byte and each.end_point.row < row for each in again)

    def _is_in_inner_function(self, use: Use, bound_in: Scope | None) -> bool:
        scope: Scope | None = use.scope
        while scope is not None and scope is not bound_in:
            if _FUNCTION.search(scope.node.type):
                return True
            scope = scope.parent
        return False

    def _loops_around(self) -> list[Node]:
        found: list[Node] = []
        node = self._parsed.tree.root_node.descendant_for_byte_range(self._start, max(self._start, self._end - 1))
        while node is not None and not _FUNCTION.search(node.type):
            if _LOOP.match(node.type) and not self._has(node):
                found.append(node)
            node = node.parent
        return found

    def _is_imported(self, node: Node) -> bool:
        current: Node | None = node
        while current is not None:
            if current.type in self._parsed.language.imports:
                return True
            current = current.parent
        return False

    def _has(self, node: Node) -> bool:
        return self._start <= node.start_byte and node.end_byte <= self._end
