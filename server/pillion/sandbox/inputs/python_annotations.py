"""Type annotations → shapes."""

import ast
from collections.abc import Mapping
from typing import Final

from pillion.sandbox.inputs.python_shapes import ANY, BOOL, BYTES, FLOAT, INT, NONE, STR, Shape, list_of
from pillion.sandbox.inputs.use_tables import kind_of_name
from pillion.syntax.python_trees import parse_expression

_DEEPEST: Final = 6
_PLAIN: Mapping[str, Shape] = {
    "int": INT,
    "float": FLOAT,
    "complex": FLOAT,
    "str": STR,
    "LiteralString": STR,
    "AnyStr": STR,
    "Text": STR,
    "bytes": BYTES,
    "bytearray": BYTES,
    "ByteString": BYTES,
    "bool": BOOL,
    "None": NONE,
    "Decimal": Shape("one of", values=("1.5", "0", "2")),
    "SupportsInt": INT,
    "SupportsIndex": INT,
    "SupportsFloat": FLOAT,
    "Number": FLOAT,
    "Real": FLOAT,
    "Hashable": STR,
    "Sized": list_of(INT),
    "date": Shape("one of", values=("_datetime.date(2024, 2, 29)", "_datetime.date(2023, 12, 31)")),
    "datetime": Shape("one of", values=("_datetime.datetime(2024, 2, 29, 13, 5)", "_datetime.datetime(2023, 1, 1)")),
    "timedelta": Shape("one of", values=("_datetime.timedelta(days=1)", "_datetime.timedelta(seconds=90)")),
    "Path": Shape("one of", values=("_pathlib.PurePosixPath('a/b.txt')", "_pathlib.PurePosixPath('.')")),
    "PurePath": Shape("one of", values=("_pathlib.PurePosixPath('a/b.txt')",)),
    "PathLike": STR,
}
_LISTS = {
    "list",
    "List",
    "Sequence",
    "MutableSequence",
    "Iterable",
    "Iterator",
    "Collection",
    "Generator",
    "Reversible",
}
_LISTS |= {"deque", "Deque", "Container", "ValuesView", "KeysView"}
_SETS = {"set", "Set", "frozenset", "FrozenSet", "AbstractSet", "MutableSet"}
_MAPPINGS = {"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict"}
_TRANSPARENT = {"Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly"}


class Annotations:
    """Reads annotations of one module. `types` are those of its classes and aliases that are written out in full."""

    def __init__(self, tree: ast.Module, types: ast.Module) -> None:
        self._classes = {
            node.name: node for each in (tree, types) for node in ast.walk(each) if isinstance(node, ast.ClassDef)
        }
        self._aliases: dict[str, ast.expr] = {}
        for node in (*tree.body, *types.body):
            match node:
                case ast.Assign([ast.Name(name)], value):
                    self._aliases[name] = value
                case ast.AnnAssign(ast.Name(name), value=ast.expr() as value):
                    self._aliases[name] = value

    def shapes(self, annotation: ast.expr | None, depth: int = 0) -> list[Shape]:
        """The shapes that an annotation allows, the first ones first; none if it says nothing."""
        if annotation is None or depth > _DEEPEST:
            return []
        match annotation:
            case ast.Constant(None):
                return [NONE]
            case ast.Constant(str() as text):
                return self.shapes(_parsed(text), depth + 1)
            case ast.BinOp(left, ast.BitOr(), right):
                return [*self.shapes(left, depth + 1), *self.shapes(right, depth + 1)]
            case ast.Subscript(value, index):
                return self._generic(_last_name(value), index, depth)
            case ast.Name() | ast.Attribute():
                return self._named(_last_name(annotation), depth)
        return []

    def _named(self, name: str, depth: int) -> list[Shape]:
        if name in self._classes:
            return self._of_class(self._classes[name], depth)
        if name in _PLAIN:
            return [_PLAIN[name]]
        if name in self._aliases:
            return self.shapes(self._aliases[name], depth + 1)
        return self._generic(name, None, depth)

    def _generic(self, name: str, index: ast.expr | None, depth: int) -> list[Shape]:
        inner = index.elts if isinstance(index, ast.Tuple) else [index] if index is not None else []
        if name in _TRANSPARENT:
            return self.shapes(inner[0], depth + 1) if inner else []
        if name == "Optional":
            return [*self.shapes(index, depth + 1), NONE]
        if name == "Union":
            return [shape for each in inner for shape in self.shapes(each, depth + 1)]
        if name == "Literal":
            return [Shape("one of", values=tuple(ast.unparse(each) for each in inner if _is_literal(each)))]
        if name in {"Callable", "type", "Type"}:
            return [Shape("callable")] if name == "Callable" else []
        if name == "Counter":
            return [Shape("dict", (self._one(inner, 0, depth), INT))]
        if name in _LISTS | _SETS | _MAPPINGS | {"tuple", "Tuple"}:
            return [self._container(name, inner, depth)]
        return []

    def _container(self, name: str, inner: list[ast.expr], depth: int) -> Shape:
        if name in _MAPPINGS:
            return Shape("dict", (self._one(inner, 0, depth), self._one(inner, 1, depth)))
        if name in {"tuple", "Tuple"} and inner and not _is_dots(inner[-1]):
            return Shape("tuple", tuple(self._one([each], 0, depth) for each in inner))
        kind = "set" if name in _SETS else "list"
        return Shape(kind, (self._one(inner, 0, depth),))

    def _one(self, inner: list[ast.expr], at: int, depth: int) -> Shape:
        found = self.shapes(inner[at], depth + 1) if at < len(inner) else []
        return found[0] if found else ANY

    def _of_class(self, node: ast.ClassDef, depth: int) -> list[Shape]:
        bases = {_last_name(each) for each in node.bases}
        fields = [each for each in node.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)]
        if any("Enum" in base or base.endswith("Flag") for base in bases):
            members = [each.targets[0].id for each in node.body if _is_member(each)]  # type: ignore[attr-defined]
            return [Shape("one of", values=tuple(f"{node.name}.{member}" for member in members))] if members else []
        made = {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}.get("__init__")
        if made is not None:
            arguments = made.args.args[1 : len(made.args.args) - len(made.args.defaults)]
            pairs = [(each.arg, each.annotation) for each in arguments]
        else:
            pairs = [(each.target.id, each.annotation) for each in fields if each.value is None]  # type: ignore[union-attr]
        keys = tuple(name for name, _ in pairs)
        parts = tuple((self.shapes(annotation, depth + 2) or [_by_name(name)])[0] for name, annotation in pairs)
        if "TypedDict" in bases:
            return [Shape("record", parts, keys)]
        return [Shape("instance", parts, keys, name=node.name)]


def _by_name(name: str) -> Shape:
    kind = kind_of_name(name)
    return Shape(kind) if kind in {"int", "float", "str", "bool"} else INT


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _parsed(text: str) -> ast.expr | None:
    if len(text) > 500:
        return None
    try:
        return parse_expression(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant))


def _is_dots(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _is_member(node: ast.stmt) -> bool:
    match node:
        case ast.Assign([ast.Name(name)], _):
            return not name.startswith("_")
    return False
