"""A function's parameters with the shapes that fit, the likeliest first."""

import ast
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pillion.sandbox.inputs import python_shapes as shapes
from pillion.sandbox.inputs import use_tables as tables
from pillion.sandbox.inputs.python_annotations import Annotations
from pillion.sandbox.inputs.python_shapes import Shape
from pillion.sandbox.inputs.python_uses import AnyFunction, Uses
from pillion.sandbox.inputs.python_ways import Evidence, Way
from pillion.sandbox.slices.slice import Slice
from pillion.syntax.python_trees import parse_expression, parse_literal, parse_module

_MOST_SOURCE = 200_000
_MOST_SHAPES = 7
_DEEPEST = 4
_ORDER = ("int", "float", "list", "char", "str", "dict", "set", "bytes", "tuple", "bool", "callable", "object")
_BLIND = (
    shapes.INT,
    shapes.STR,
    shapes.list_of(shapes.INT),
    shapes.list_of(shapes.STR),
    shapes.FLOAT,
    Shape("dict", (shapes.STR, shapes.INT)),
    Shape("pairs", (Shape("tuple", (shapes.STR, shapes.INT)),)),
)
_WITH_ANOTHER = frozenset(
    f"__{name}__" for name in ("eq", "ne", "lt", "le", "gt", "ge", "add", "sub", "mul", "and", "or", "xor", "contains")
)
_NAMED: Mapping[str, Shape] = {
    "pairs": shapes.list_of(shapes.list_of(shapes.INT)),
    "strings": shapes.list_of(shapes.STR),
    "list": shapes.list_of(shapes.ANY),
    "dict": Shape("dict", (shapes.STR, shapes.ANY)),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `shapes` has at least one. `default` is source text, None if an argument must be given."""

    name: str
    shapes: tuple[Shape, ...]
    default: str | None = None
    by_name: bool = False
    many: bool = False  # it is *args
    certain: bool = False  # somebody wrote down what it is


@dataclass(frozen=True, slots=True)
class Function:
    """What is called."""

    node: AnyFunction
    parameters: tuple[Parameter, ...]
    tree: ast.Module


def read_function(old: Slice) -> Function | None:
    """The function of a slice, None if it can't be read."""
    if len(old.source) > _MOST_SOURCE:
        return None
    name = old.entry.rpartition(".")[2]
    try:
        tree = parse_module(old.source)
        own = parse_module(textwrap.dedent(old.text)).body
        functions = {each.name: each for each in ast.walk(tree) if isinstance(each, AnyFunction)}
        node = next((each for each in own if isinstance(each, AnyFunction)), functions.get(name))
        return None if node is None else Function(node, _parameters(node, old, tree, functions), tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _parameters(
    node: AnyFunction, old: Slice, tree: ast.Module, functions: Mapping[str, AnyFunction]
) -> tuple[Parameter, ...]:
    decorators = {each.id for each in node.decorator_list if isinstance(each, ast.Name)}
    # A constructor is called by its class' name.
    bound = ("." in old.entry and "staticmethod" not in decorators) or node.name in {"__init__", "__new__"}
    arguments = [*node.args.posonlyargs, *node.args.args]
    defaults: list[ast.expr | None] = [None] * (len(arguments) - len(node.args.defaults)) + list(node.args.defaults)
    pairs = list(zip(arguments, defaults, strict=True))[1 if bound else 0 :]
    named = list(zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True))
    many = [node.args.vararg] if node.args.vararg is not None else []
    uses = Uses(functions)
    uses.read(node, {each.arg: (each.arg,) for each in [*[a for a, _ in pairs + named], *many]})
    guess = _Guesses(Annotations(tree, parse_module(old.types)), uses)
    if old.receiver and node.name in _WITH_ANOTHER and len(pairs) == 1 and pairs[0][0].annotation is None:
        return (Parameter(pairs[0][0].arg, (_another(old),)),)
    return (
        *(guess.parameter(each, default) for each, default in pairs),
        *(replace(guess.parameter(each, default), by_name=True) for each, default in named),
        *(guess.several(each) for each in many),
    )


def _another(old: Slice) -> Shape:
    """Objects of the method's own class, made as its own object is, and others."""
    made = old.receiver.rpartition(" = ")[2]
    tree = parse_expression(made)
    values = [made]
    for node in ast.walk(tree):
        match node:
            case ast.Constant(bool()):
                continue
            case ast.Constant(int() | float() | str() as value):
                more = f"{value}1" if isinstance(value, str) else value + 1
                for other in (value * 2, more):
                    node.value = other
                    values.append(ast.unparse(tree))
                node.value = value
    return Shape("one of", values=(*values, "3", "'ab'"))


# What is only compared, and None if it isn't given, is mostly a filter: wanted, not wanted, or no matter.
_WANTED_OR_NOT = Shape("one of", values=("True", "False", "1", "'a'"))


class _Guesses:
    def __init__(self, annotations: Annotations, uses: Uses) -> None:
        self._annotations = annotations
        self._found = uses.found

    def parameter(self, argument: ast.arg, default: ast.expr | None) -> Parameter:
        way = (argument.arg,)
        annotated = [self._merged(each, way) for each in self._annotations.shapes(argument.annotation)]
        found = annotated or self._used(way, argument.arg, default)
        values = tuple(dict.fromkeys(self._evidence(way).values))
        text = None if default is None else ast.unparse(default)
        if found == list(_BLIND) and text == "None":
            found = [_WANTED_OR_NOT, *found]
        if not annotated and (text == "None" or "None" in values):
            found = [*found, shapes.NONE]
        if text is not None and not isinstance(default, ast.Constant | ast.UnaryOp | ast.List | ast.Dict | ast.Tuple):
            text = "…"  # it is there, and what it is can't be written down
        if isinstance(default, ast.Constant) and default.value not in {None, ""}:
            values = (text or "", *values)
        found = [_with_values(each, values) for each in dict.fromkeys(found)]
        likely = tuple(map(repr, tables.typical(argument.arg)))
        found = [each.with_values(likely) if each.kind == "str" and likely else each for each in found]
        return Parameter(argument.arg, tuple(found[:_MOST_SHAPES]), text, certain=bool(annotated))

    def several(self, argument: ast.arg) -> Parameter:
        way = (argument.arg, "[]")
        found = self._annotations.shapes(argument.annotation) or self._used(way, argument.arg.removesuffix("s"), None)
        return Parameter(argument.arg, tuple(found[:_MOST_SHAPES]), many=True)

    def _evidence(self, way: Way) -> Evidence:
        return self._found.get(way, Evidence())

    def _steps(self, way: Way) -> list[str]:
        return list(
            dict.fromkeys(each[len(way)] for each in self._found if len(each) > len(way) and each[: len(way)] == way)
        )

    def _used(self, way: Way, name: str, default: ast.expr | None) -> list[Shape]:
        """The shapes that the uses allow; the name and the default say which is likely."""
        kinds = self._kinds(way)
        named = tables.kind_of_name(name)
        given = _of_default(default)
        first = [self._filled(each, way) for each in given]
        if not kinds:
            likely = _NAMED.get(named, Shape(named)) if named else None
            if likely is not None:
                return [*first, *self._opened(likely, way), *([] if first else _BLIND)]
            return first or list(_BLIND)
        order = sorted(kinds, key=_ORDER.index)
        wanted = {"strings": "list", "pairs": "list", "char": "str"}.get(named, named)
        if wanted in order:
            order = [wanted, *(each for each in order if each != wanted)]
        elif "float" in order and any(_is_of(float, each) for each in self._evidence(way).values):
            order = ["float", *(each for each in order if each != "float")]
        order = self._likely(order, wanted, way)
        found: list[Shape] = []
        for kind in order:
            shape = _NAMED[named] if kind == "list" and named in {"strings", "pairs"} else Shape(kind)
            found += self._opened(shape, way)
        return [*first, *found]

    def _likely(self, order: list[str], wanted: str, way: Way) -> list[str]:
        """Without what is only possible beside what is likely: who iterates over something mostly has a list."""
        if "list" in order:
            unlikely = {"tuple", "set"}
            elements = self._kinds((*way, "[]"))
            if elements and "str" not in elements:
                unlikely |= {"str", "dict"}
            order = [each for each in order if each == wanted or each not in unlikely]
        return order if order == ["bytes"] else [each for each in order if each != "bytes" or wanted == "bytes"]

    def _kinds(self, way: Way) -> frozenset[str]:
        """What all uses allow; if they contradict each other, what most allow."""
        seen = list(self._evidence(way).kinds)
        steps = self._steps(way)
        if any(each.startswith("{") for each in steps):
            return frozenset({"dict"})
        if "k" in steps or "v" in steps:
            seen.append(tables.MAPPING)
        if any(each.startswith("#") for each in steps):
            seen.append(frozenset({"tuple", "list", "str"}))
        if any(each.startswith(".") for each in steps):
            seen.append(frozenset({"object"}))
        if not seen:
            return tables.ITERABLE if "[]" in steps else frozenset()
        together = frozenset.intersection(*seen)
        if together:
            return together
        every = frozenset.union(*seen)
        most = max(sum(kind in each for each in seen) for kind in every)
        return frozenset(kind for kind in every if sum(kind in each for each in seen) >= most)

    def _opened(self, shape: Shape, way: Way) -> list[Shape]:
        """A shape with parts; several where nothing says what the parts are."""
        if len(way) > _DEEPEST:
            return [shape]
        filled = self._filled(shape, way)
        if filled.kind == "list" and filled.parts[0].kind == "any":
            return [shapes.list_of(each) for each in (shapes.INT, shapes.STR, shapes.FLOAT)]
        return [filled]

    def _filled(self, shape: Shape, way: Way, *, annotated: bool = False) -> Shape:
        if len(way) > _DEEPEST:
            return shape
        steps = self._steps(way)
        match shape.kind:
            case "list" | "set" | "iterable":
                part = self._part(shape, 0, (*way, "[]"), annotated=annotated)
                return replace(shape, kind="set" if shape.kind == "set" else "list", parts=(part,))
            case "tuple" if not shape.parts:
                places = sorted({each for each in steps if each.startswith("#")})
                count = max((int(each[1:]) for each in places), default=1) + 1
                inner = self._first((*way, "[]"), "")
                parts = [self._first((*way, f"#{at}"), "") for at in range(min(count, 5))]
                return Shape("tuple", tuple(inner if each.kind == "any" else each for each in parts))
            case "dict":
                keys = tuple(each[1:] for each in steps if each.startswith("{"))
                if keys:
                    return Shape("record", tuple(self._first((*way, f"{{{each}"), each) for each in keys), keys)
                value = self._part(shape, 1, (*way, "v"), annotated=annotated)
                if value.kind == "any":
                    value = self._first((*way, "[]"), "")
                return Shape("dict", (self._part(shape, 0, (*way, "k"), annotated=annotated), value))
            case "object":
                names = tuple(each[1:] for each in steps if each.startswith("."))
                return Shape("object", tuple(self._first((*way, f".{each}"), each) for each in names), names)
        return shape

    def _part(self, shape: Shape, at: int, way: Way, *, annotated: bool = False) -> Shape:
        known = shape.parts[at] if at < len(shape.parts) else shapes.ANY
        if not annotated and self._kinds(way):
            return self._first(way, "")
        return self._first(way, "") if known.kind == "any" else self._merged(known, way)

    def _first(self, way: Way, name: str) -> Shape:
        evidence = self._evidence(way)
        if not self._kinds(way) and not tables.kind_of_name(name):
            return shapes.ANY.with_values(tuple(evidence.values))
        found = self._used(way, name, None)
        shape = _with_values(found[0], tuple(evidence.values))
        # Of elements, only the best one so far is compared with None.
        is_element = way[-1] in {"[]", "k", "v"}
        return shape.with_values(("None",)) if "None" in evidence.values and not is_element else shape

    def _merged(self, shape: Shape, way: Way) -> Shape:
        """An annotation's shape, with what the uses say of its parts."""
        if shape.kind in {"list", "set", "dict"}:
            return self._filled(shape, way, annotated=True)
        if shape.kind == "tuple":
            parts = (self._merged(each, (*way, f"#{at}")) for at, each in enumerate(shape.parts))
            return replace(shape, parts=tuple(parts))
        return _with_values(shape, tuple(self._evidence(way).values))


def _of_default(default: ast.expr | None) -> list[Shape]:
    match default:
        case ast.Constant(bool()):
            return [shapes.BOOL]
        case ast.Constant(int()) | ast.UnaryOp(_, ast.Constant(int())):
            return [shapes.INT]
        case ast.Constant(float()) | ast.UnaryOp(_, ast.Constant(float())):
            return [shapes.FLOAT]
        case ast.Constant(str()):
            return [shapes.STR]
        case ast.Constant(bytes()):
            return [shapes.BYTES]
        case ast.List() | ast.Tuple():
            return [shapes.list_of(shapes.ANY)]
        case ast.Dict():
            return [Shape("dict", (shapes.STR, shapes.ANY))]
    return []


def _with_values(shape: Shape, values: tuple[str, ...]) -> Shape:
    """A shape with those values that are of its kind."""
    kinds = {"int": int, "float": float, "str": str, "char": str, "bytes": bytes, "any": object}
    kind = kinds.get(shape.kind)
    if kind is None:
        return shape
    return shape.with_values(tuple(each for each in values if _is_of(kind, each)))


def _is_of(kind: type, text: str) -> bool:
    try:
        value = parse_literal(text)
    except ValueError:  # inf
        return False
    return isinstance(value, kind) and value is not ... and not (kind is int and isinstance(value, bool))
