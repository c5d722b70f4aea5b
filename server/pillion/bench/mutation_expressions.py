"""Seeded bugs inside one expression."""

import ast
from collections.abc import Callable, Iterator

from pillion.bench.function_source import Edit, FunctionSource

FindEdits = Callable[[FunctionSource], Iterator[Edit]]

_COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
}
_IDENTITIES: dict[type[ast.cmpop], tuple[str, str]] = {ast.Eq: ("==", "is"), ast.NotEq: ("!=", "is not")}
_OPERATORS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.Mod: ("%", "//"),
}
_DIVISIONS: dict[type[ast.operator], tuple[str, str]] = {ast.Div: ("/", "//"), ast.FloorDiv: ("//", "/")}
# Calls whose result matters and is easily forgotten.
_NORMALISERS = frozenset(
    {"strip", "rstrip", "lstrip", "lower", "upper", "casefold", "copy", "sort", "reverse", "expandtabs", "splitlines"}
)
# Their arguments may come in any order, or nearly.
_SYMMETRIC = frozenset({"min", "max", "print", "gcd", "isclose"})


def off_by_one(source: FunctionSource) -> Iterator[Edit]:
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Name("range"), args=[stop] | [_, stop]):
                yield source.replaced(stop, _one_more(source, stop))
            case ast.Slice():
                bounds = [bound for bound in (node.lower, node.upper) if bound is not None]
                yield from (source.replaced(bound, _one_more(source, bound)) for bound in bounds)
            case ast.Subscript(slice=index) if _integer(index) is not None:
                yield source.replaced(index, _one_more(source, index))


def _one_more(source: FunctionSource, node: ast.expr) -> str:
    """The index one further from the end that it counts from."""
    number = _integer(node)
    if number is not None:
        return str(number + 1 if number >= 0 else number - 1)
    return f"{source.operand(node)} + 1"


def _integer(node: ast.expr) -> int | None:
    match node:
        case ast.Constant(int() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(ast.USub(), ast.Constant(int() as value)) if not isinstance(value, bool):
            return -value
    return None


def _compared(table: dict[type[ast.cmpop], tuple[str, str]], wanted: Callable[[ast.expr], bool]) -> FindEdits:
    def edits(source: FunctionSource) -> Iterator[Edit]:
        for node in source.nodes:
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
                    if type(operator) in table and wanted(left) and wanted(right):
                        yield from source.between(left, right, *table[type(operator)])

    return edits


def _not_shared(node: ast.expr) -> bool:
    """False for values of which CPython keeps only one object: with these, `is` would be right by accident."""
    match node:
        case ast.Constant(value):
            return isinstance(value, str) and len(value) > 1
        case ast.Call(func=ast.Name("bool" | "callable" | "isinstance" | "issubclass" | "len" | "type")):
            return False
    return True


def _calculated(table: dict[type[ast.operator], tuple[str, str]]) -> FindEdits:
    def edits(source: FunctionSource) -> Iterator[Edit]:
        for node in source.nodes:
            if isinstance(node, ast.BinOp) and type(node.op) in table and not _is_text(node.left, node.right):
                yield from source.between(node.left, node.right, *table[type(node.op)])
            elif isinstance(node, ast.AugAssign) and type(node.op) in table and not _is_text(node.value):
                old, new = table[type(node.op)]
                yield from source.between(node.target, node.value, f"{old}=", f"{new}=")

    return edits


def _is_text(*nodes: ast.expr) -> bool:
    return any(
        isinstance(node, ast.JoinedStr | ast.List | ast.Tuple)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
        for node in nodes
    )


wrong_comparison = _compared(_COMPARISONS, lambda _: True)
is_for_equals = _compared(_IDENTITIES, _not_shared)
wrong_operator = _calculated(_OPERATORS)
wrong_division = _calculated(_DIVISIONS)


def swapped_arguments(source: FunctionSource) -> Iterator[Edit]:
    for node in source.nodes:
        if not isinstance(node, ast.Call) or _called_name(node) in _SYMMETRIC:
            continue
        for first, second in zip(node.args, node.args[1:], strict=False):
            starred = isinstance(first, ast.Starred) or isinstance(second, ast.Starred)
            if not starred and source.of(first) != source.of(second):
                middle = source.text[source.end(first) : source.start(second)]
                swapped = source.of(second) + middle + source.of(first)
                yield Edit(source.start(first), source.end(second), swapped)


def _called_name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
    return ""


def mutable_default(source: FunctionSource) -> Iterator[Edit]:
    arguments = source.function.args
    for default in (*arguments.defaults, *arguments.kw_defaults):
        match default:
            case ast.Constant(None) | ast.Tuple(elts=[]):
                yield source.replaced(default, "[]")


def swapped_and_or(source: FunctionSource) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.BoolOp):
            old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            for left, right in zip(node.values, node.values[1:], strict=False):
                yield from source.between(left, right, old, new)


def negated_condition(source: FunctionSource) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.If | ast.While | ast.IfExp) and not isinstance(node.test, ast.Constant):
            match node.test:
                case ast.UnaryOp(ast.Not()):
                    yield source.without_word(node.test, "not")
                case test:
                    yield source.replaced(test, f"not {source.operand(test)}")


def lost_await(source: FunctionSource) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Await):
            yield source.without_word(node, "await")


def inverted_boolean(source: FunctionSource) -> Iterator[Edit]:
    for node in source.nodes:
        match node:
            case ast.Constant(bool() as value):
                yield source.replaced(node, str(not value))


def wrong_constant(source: FunctionSource) -> Iterator[Edit]:
    for node in source.nodes:
        match node:
            case ast.Constant(int() as value) if value in (0, 1) and source.of(node) in {"0", "1"}:
                yield source.replaced(node, str(1 - value))


def lost_call(source: FunctionSource) -> Iterator[Edit]:
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in _NORMALISERS:
                dot = source.text.rfind(".", source.end(value), source.end(node.func))
                yield Edit(dot, source.end(node), "")
