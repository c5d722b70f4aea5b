"""Differences that two Python functions show without a run: identity for equality, a list for a generator."""

import ast
import textwrap
from collections.abc import Iterator

from pillion.sandbox.slices.slice import Slice
from pillion.syntax.python_trees import parse_module

_AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef
_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_DISPLAYS = (
    ast.JoinedStr, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp,
    ast.GeneratorExp, ast.BinOp,
)  # fmt: skip
# Their results are numbers, texts or new containers.
_FUNCTIONS = frozenset(
    (
        "len", "int", "float", "complex", "str", "repr", "abs", "sum", "round", "ord", "chr", "hex", "bin", "oct",
        "format", "sorted", "list", "dict", "set", "frozenset", "tuple", "bytes", "divmod", "pow", "ascii",
    )
)  # fmt: skip
_METHODS = frozenset(
    (
        "lower", "upper", "strip", "lstrip", "rstrip", "title", "capitalize", "casefold", "replace", "join", "format",
        "split", "rsplit", "splitlines", "encode", "decode", "removeprefix", "removesuffix", "zfill",
        "startswith", "endswith",
    )
)  # fmt: skip
_TYPES = frozenset(("int", "float", "complex", "str", "bytes"))
_LISTS = frozenset(("list", "sorted"))


def certain_difference(old: Slice, new: Slice) -> str:
    """What differs for certain, for a person; “” if nothing does, or if one of them can't be read."""
    try:
        trees = [parse_module(textwrap.dedent(each.text)).body[0] for each in (old, new)]
        before, now = trees
        if not isinstance(before, _AnyFunction) or not isinstance(now, _AnyFunction):
            return ""
        return _identity(before, now, new.source) or _materialized(before, now)
    except (SyntaxError, ValueError, RecursionError, MemoryError, IndexError):
        return ""


def _identity(before: _AnyFunction, now: _AnyFunction, program: str) -> str:
    """`x is "a"` where it was `x == "a"`: equal values needn't be one object, and Python itself warns of it."""
    compared = {_sides(each) for each in _comparisons(before, ast.Eq, ast.NotEq)}
    known = {_sides(each) for each in _comparisons(before, ast.Is, ast.IsNot)}
    values = _Values(now, program)
    for each in _comparisons(now, ast.Is, ast.IsNot):
        sides = _sides(each)
        if sides in compared - known and (values.has(each.left) or values.has(each.comparators[0])):
            return f"`{ast.unparse(each)}` asks whether both are one object, and before, whether they are equal."
    return ""


def _comparisons(function: _AnyFunction, *operators: type[ast.cmpop]) -> Iterator[ast.Compare]:
    """Each comparison of two sides by one of these operators; a chain gives one for each pair."""
    for node in ast.walk(function):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
                if isinstance(operator, operators):
                    yield ast.Compare(left, [operator], [right])


def _sides(comparison: ast.Compare) -> frozenset[str]:
    return frozenset(ast.unparse(each) for each in (comparison.left, *comparison.comparators))


class _Values:
    """Which expressions of a function are certainly numbers, texts or new containers: of these, equal ones may be
    different objects. A name is one if all that it is bound to is."""

    def __init__(self, function: _AnyFunction, program: str) -> None:
        self._program = program
        self._types = {
            each.arg: each.annotation.id
            for each in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
            if isinstance(each.annotation, ast.Name)
        }
        self._parameters = {each.arg for each in ast.walk(function) if isinstance(each, ast.arg)}
        self._bound: dict[str, list[ast.expr | None]] = {}
        for node in ast.walk(function):
            match node:
                case ast.Assign([ast.Name(name)], value) | ast.AnnAssign(ast.Name(name), value=ast.expr() as value):
                    self._bound.setdefault(name, []).append(value)
                case ast.AugAssign(ast.Name(name), _, value):
                    self._bound.setdefault(name, []).append(ast.BinOp(value, ast.Add(), value))
        counted = {name: len(values) for name, values in self._bound.items()}
        stored: dict[str, int] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                stored[node.id] = stored.get(node.id, 0) + 1
        self._unclear = {name for name, times in stored.items() if times != counted.get(name, 0)} | {
            name for each in ast.walk(function) if isinstance(each, ast.Global | ast.Nonlocal) for name in each.names
        }

    def has(self, node: ast.expr, depth: int = 0) -> bool:
        match node:
            case ast.Constant(value):
                return value is not None and not isinstance(value, bool) and value is not ...
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Invert()):
                return True
            case ast.Call(ast.Name(name)):
                return name in _FUNCTIONS
            case ast.Call(ast.Attribute(_, name)):
                return name in _METHODS
            case ast.Name(name) if name in self._unclear or depth > 2:
                return False
            case ast.Name(name) if name in self._parameters:
                return self._types.get(name) in _TYPES and name not in self._bound
            case ast.Name(name) if name in self._bound:
                return all(each is not None and self.has(each, depth + 1) for each in self._bound[name])
            case ast.Name(name):
                return self._is_constant(name)
        return isinstance(node, _DISPLAYS)

    def _is_constant(self, name: str) -> bool:
        """Whether the program's top level binds it, once, to a number or a text."""
        found = [
            each.value
            for each in parse_module(self._program).body
            if isinstance(each, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == name for target in each.targets)
        ]
        return len(found) == 1 and isinstance(found[0], ast.Constant) and self.has(found[0])


def _materialized(before: _AnyFunction, now: _AnyFunction) -> str:
    """A generator that is a list now, or the other way round: `next()` and `len()` tell them apart."""
    if before.decorator_list or now.decorator_list:
        return ""
    if _is_generator(before) and _gives_lists(now):
        return f"{before.name} was a generator before, and returns a list now."
    if _is_generator(now) and _gives_lists(before):
        return f"{before.name} returned a list before, and is a generator now."
    return ""


def _is_generator(function: _AnyFunction) -> bool:
    return any(isinstance(each, ast.Yield | ast.YieldFrom) for each in _own_nodes(function))


def _gives_lists(function: _AnyFunction) -> bool:
    """Whether all that it returns is certainly a list."""
    returned = [each.value for each in _own_nodes(function) if isinstance(each, ast.Return)]
    values = [each for each in returned if each is not None]
    if not values or len(values) < len(returned) or _is_generator(function):
        return False
    bound: dict[str, list[ast.expr]] = {}
    for node in _own_nodes(function):
        match node:
            case ast.Assign([ast.Name(name)], value) | ast.AnnAssign(ast.Name(name), value=ast.expr() as value):
                bound.setdefault(name, []).append(value)

    def is_list(node: ast.expr) -> bool:
        match node:
            case ast.List() | ast.ListComp():
                return True
            case ast.Call(ast.Name(name)):
                return name in _LISTS
        return False

    return all(
        is_list(each) or (isinstance(each, ast.Name) and each.id in bound and all(map(is_list, bound[each.id])))
        for each in values
    )


def _own_nodes(function: _AnyFunction) -> Iterator[ast.AST]:
    left: list[ast.AST] = list(function.body)
    while left:
        node = left.pop()
        yield node
        if not isinstance(node, _NESTED):
            left.extend(ast.iter_child_nodes(node))
