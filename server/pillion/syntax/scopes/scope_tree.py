"""Reads the names that a syntax tree binds and uses, and where each use finds its binding.

A name counts as bound in the whole of its scope, also above its binding: this misses a use that comes too early, but
accuses no sound code. The rules of a language say which nodes bind and use names.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from pillion.syntax.nodes import text_of

# Nobody writes code that is nested deeper, and each look at a node's parent takes as long as the node is deep.
_MAX_DEPTH = 400


@dataclass(slots=True, eq=False)
class Scope:
    """A part of the text with names of its own. If `open`, names may come into it that the text doesn't show. If
    `closed`, the names around it aren't visible in it (a Rust module)."""

    node: Node
    parent: "Scope | None" = None
    names: set[str] = field(default_factory=set)
    open: bool = False
    closed: bool = False
    elsewhere: dict[str, bool] = field(default_factory=dict)
    """Python: the names that it assigns to a scope around it; True: to that of the whole text."""

    def around(self) -> "Iterator[Scope]":
        """This scope and those around it, as far as their names are visible here."""
        current: Scope | None = self
        while current is not None:
            yield current
            current = None if current.closed else current.parent

    def binds(self, name: str) -> bool:
        """Whether this scope or one around it binds the name."""
        return any(name in each.names for each in self.around())

    def is_open(self) -> bool:
        """Whether this scope or one around it is open."""
        return any(each.open for each in self.around())


@dataclass(frozen=True, slots=True)
class Bound:
    """A node that binds its own text, or `name`. `inside`: in the scope that the node around it opens. `hoisted`: in
    the nearest function."""

    node: Node
    inside: bool = False
    hoisted: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Binding:
    """A node that binds a name in a scope. `around` is the declaration, parameter list or the like that says so."""

    name: str
    node: Node
    scope: Scope
    around: Node


@dataclass(frozen=True, slots=True)
class Use:
    """A use of a name. `kind` is the language's own word for it, for example whether it is a type."""

    name: str
    node: Node
    scope: Scope
    kind: str


@dataclass(frozen=True, slots=True)
class ScopeRules:
    """How to read one language.

    `opens` are the nodes with a scope, `functions` those to which names are hoisted, `skipped` the nodes in which
    nothing else is bound or used. `binds` gives the names that a node binds; `used` says what kind of use a leaf is,
    and is empty if it is none. `marks` may change a scope that was just opened.
    """

    opens: frozenset[str]
    functions: frozenset[str]
    skipped: frozenset[str]
    leaves: frozenset[str]
    binds: Callable[[Node], Iterator[Bound]]
    used: Callable[[Node], str]
    marks: Callable[[Scope], None] = lambda scope: None
    elsewhere: Callable[[Node], Iterator[tuple[str, bool]]] = lambda node: iter(())
    """The names that a statement takes from a scope around it; see Scope.elsewhere."""


@dataclass(frozen=True, slots=True)
class ScopeTree:
    """The names of one tree: `top` has those of the whole text."""

    top: Scope
    uses: tuple[Use, ...]
    bound_at: tuple[tuple[int, str], ...]  # the bytes at which names of the whole text are bound
    bindings: tuple[Binding, ...] = ()

    def unbound(self) -> Iterator[Use]:
        """The uses whose name no scope around them binds."""
        return (use for use in self.uses if not use.scope.binds(use.name))

    def bound_in(self, start: int, end: int) -> set[str]:
        """The names of the whole text that the bytes [start, end) bind."""
        return {name for at, name in self.bound_at if start <= at < end}

    def free_in(self, start: int, end: int) -> set[str]:
        """The names that the bytes [start, end) use and don't bind themselves, and that aren't bound in a scope that is
        only partly in these bytes, apart from the top."""
        found: set[str] = set()
        for use in self.uses:
            if not start <= use.node.start_byte < end:
                continue
            if not any(use.name in each.names for each in use.scope.around() if each is not self.top):
                found.add(use.name)
        return found


def scope_tree(root: Node, rules: ScopeRules) -> ScopeTree:
    """Reads a tree. In code that the parser couldn't read, every name counts as bound. A text that is nested deeper
    than people write has no uses."""
    top = Scope(root)
    rules.marks(top)
    binding: set[int] = set()
    uses: list[Use] = []
    bound_at: list[tuple[int, str]] = []
    bindings: list[Binding] = []
    stack: list[tuple[Node, Scope, int]] = [(root, top, 0)]
    while stack:
        node, scope, depth = stack.pop()
        if depth > _MAX_DEPTH:
            return ScopeTree(top, (), tuple(bound_at))
        if node.is_error:
            top.names.update(_words(node, rules.leaves))
            continue
        inner, kind_of_node = scope, node.type
        if kind_of_node in rules.opens and node is not root:
            inner = Scope(node, scope)
            rules.marks(inner)
        scope.elsewhere.update(rules.elsewhere(node))
        for bound in rules.binds(node):
            binding.add(bound.node.id)
            target = inner if bound.inside else scope
            if bound.hoisted:
                target = _function_around(target, rules)
            name = bound.name or text_of(bound.node)
            if name in target.elsewhere:
                target = _owner(target, name, rules)
            target.names.add(name)
            bindings.append(Binding(name, bound.node, target, node))
            if target is top:
                bound_at.append((bound.node.start_byte, name))
        if kind_of_node in rules.leaves and node.id not in binding and (kind := rules.used(node)):
            uses.append(Use(text_of(node), node, inner, kind))
        if node.child_count and kind_of_node not in rules.skipped:
            stack.extend((child, inner, depth + 1) for child in reversed(node.children))
    return ScopeTree(top, tuple(uses), tuple(bound_at), tuple(bindings))


def _function_around(scope: Scope, rules: ScopeRules) -> Scope:
    while scope.parent is not None and scope.node.type not in rules.functions:
        scope = scope.parent
    return scope


def _owner(scope: Scope, name: str, rules: ScopeRules) -> Scope:
    """The scope that owns a name which `scope` takes from elsewhere: that of a function around it, or of the text."""
    while scope.parent is not None and name in scope.elsewhere:
        to_top = scope.elsewhere[name]
        scope = scope.parent
        while scope.parent is not None and (
            to_top or scope.node.type not in rules.functions or name not in scope.names
        ):
            scope = scope.parent
    return scope


def _words(root: Node, leaves: frozenset[str]) -> Iterator[str]:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type in leaves or "identifier" in node.type:
            yield text_of(node)
        stack.extend(node.children)
