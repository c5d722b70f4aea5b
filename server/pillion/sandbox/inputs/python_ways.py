"""Which names and expressions of a function stand for its parameters, or for parts of them."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pillion.sandbox.inputs import use_tables as tables
from pillion.sandbox.inputs.use_tables import Kinds

# The way to a value from a parameter: ("rows", "[]", "{price") is rows[…]["price"], and "k", "v" and "#1" are a
# mapping's key, its value, and the second of a tuple.
Way = tuple[str, ...]
_LONGEST_WAY = 5
_SAME = frozenset({"list", "tuple", "sorted", "iter", "reversed", "set", "frozenset", "deepcopy", "copy", "deque"})
_LITERALS: Mapping[type[ast.AST], str] = {
    ast.List: "list",
    ast.ListComp: "list",
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.Set: "set",
    ast.SetComp: "set",
    ast.JoinedStr: "str",
    ast.Tuple: "tuple",
}


@dataclass(slots=True)
class Evidence:
    """What one value's uses say: each of `kinds` is one use's, `values` are texts of constants it is compared with."""

    kinds: list[Kinds] = field(default_factory=list)
    values: list[str] = field(default_factory=list)


class Ways:
    """The ways to the values of one function. It follows names, not the order of statements."""

    def __init__(self) -> None:
        self.found: defaultdict[Way, Evidence] = defaultdict(Evidence)
        self._ways: dict[str, Way] = {}
        self._kinds: dict[str, str] = {}

    def bind(self, node: ast.AST) -> None:
        """Notes what a statement binds names to."""
        match node:
            case (
                ast.Assign([target], value)
                | ast.NamedExpr(target, value)
                | ast.AnnAssign(target, value=ast.expr() as value)
            ):
                self._assign(target, value)
            case ast.For(target, iterated) | ast.AsyncFor(target, iterated) | ast.comprehension(target, iterated):
                self._iterate(target, iterated)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        match target, value:
            case ast.Tuple(), ast.Tuple() if len(target.elts) == len(value.elts):
                for one, other in zip(target.elts, value.elts, strict=True):
                    self._assign(one, other)
            case _:
                way = self.way(value)
                if way is not None:
                    self._to(target, way)
                elif isinstance(target, ast.Name) and (kind := self.kind(value)):
                    self._kinds.setdefault(target.id, kind)

    def _to(self, target: ast.expr, way: Way) -> None:
        match target:
            case ast.Name(name) if len(way) <= _LONGEST_WAY:
                self._ways.setdefault(name, way)
            case ast.Tuple(elements) | ast.List(elements) if not any(isinstance(e, ast.Starred) for e in elements):
                for at, each in enumerate(elements):
                    self._to(each, (*way, f"#{at}"))
                    self.see((*way, f"#{at}"))

    def _iterate(self, target: ast.expr, iterated: ast.expr) -> None:
        targets = target.elts if isinstance(target, ast.Tuple) else []
        match iterated:
            case ast.Call(ast.Attribute(value, "items" | "values" | "keys" as method)):
                way = self.way(value)
                if way is None:
                    return
                if method == "items" and len(targets) == 2:
                    self._to(targets[0], (*way, "k"))
                    self._to(targets[1], (*way, "v"))
                elif method != "items":
                    self._to(target, (*way, "v" if method == "values" else "k"))
            case ast.Call(ast.Name("enumerate"), [first, *_]) if (
                isinstance(target, ast.Tuple) and len(target.elts) == 2
            ):
                self._iterate(target.elts[1], first)
            case ast.Call(ast.Name("zip"), several) if isinstance(target, ast.Tuple) and len(target.elts) == len(
                several
            ):
                for one, other in zip(target.elts, several, strict=True):
                    self._iterate(one, other)
            case ast.Call(ast.Name("range"), arguments):
                for each in arguments:
                    self.see(self.way(each), tables.INTEGER)
            case _:
                way = self.way(iterated)
                self.see(way, tables.ITERABLE)
                if way is not None:
                    self._to(target, (*way, "[]"))

    def way(self, node: ast.expr) -> Way | None:
        """The way to an expression's value, if it is a parameter's or a part of one."""
        match node:
            case ast.Name(name):
                return self._ways.get(name)
            case ast.Subscript(value, index):
                way = self.way(value)
                if way is None or isinstance(index, ast.Slice):
                    return way
                return (*way, f"{{{index.value}") if is_text(index) else (*way, "[]")  # type: ignore[attr-defined]
            case ast.Call(ast.Attribute(value, "get" | "pop" | "setdefault"), [index, *_]) if is_text(index):
                way = self.way(value)
                return None if way is None else (*way, f"{{{index.value}")  # type: ignore[attr-defined]
            case ast.Call(ast.Attribute(value, method)) if method in tables.SAME_SHAPE:
                return self.way(value)
            case ast.Call(ast.Name(function), [value, *_]) if function in _SAME:
                return self.way(value)
            case ast.Attribute(value, name):
                way = self.way(value)
                return None if way is None else (*way, f".{name}")
            case ast.BoolOp(ast.Or(), [value, *_]) | ast.IfExp(body=value) | ast.NamedExpr(value=value):
                return self.way(value)
        return None

    def kind(self, node: ast.expr) -> str:
        """What an expression certainly is; empty if it doesn't show."""
        match node:
            case ast.Constant(value):
                return "" if value is None or value is ... else type(value).__name__
            case ast.Name(name):
                return self._kinds.get(name, "")
            case ast.Call(ast.Name(function)):
                return tables.RESULTS.get(function, "")
            case ast.Call(ast.Attribute(_, "join" | "lower" | "upper" | "strip" | "replace")):
                return "str"
            case ast.BinOp(left, _, right):
                return self.kind(left) or self.kind(right)
            case ast.UnaryOp(_, operand):
                return self.kind(operand)
        return _LITERALS.get(type(node), "")

    def see(self, way: Way | None, kinds: Kinds | None = None, values: Iterable[str] = ()) -> None:
        """Notes what a use says about the value at a way."""
        if way is not None and len(way) <= _LONGEST_WAY:
            seen = self.found[way]
            if kinds:
                seen.kinds.append(kinds)
            seen.values += values


def is_text(node: ast.AST) -> bool:
    """Whether it is a string constant."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
