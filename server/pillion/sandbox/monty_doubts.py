"""Where Monty differs from Python without saying so: what of a run of this source isn't certain."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pillion.syntax.python_trees import parse_module

_LACKS_METHOD: Final = "defines {}, which the sandbox doesn't call"
_SAYS_ITSELF: Final = "asks whether {!r} is there, of which the sandbox isn't sure"
LAZY: Final = "uses a generator, which the sandbox makes a list of at once"
# Special methods that Monty doesn't call: where they are needed, it fails, …
_IGNORED: Final = frozenset((
    "__len__", "__lt__", "__le__", "__gt__", "__ge__", "__format__", "__getattr__", "__reversed__", "__bytes__",
    "__complex__", "__class_getitem__", "__fspath__", "__iadd__", "__isub__", "__imul__", "__itruediv__",
    "__ifloordiv__", "__imod__", "__iand__", "__ior__", "__ixor__", "__ipow__", "__imatmul__", "__ilshift__",
    "__irshift__",
))  # fmt: skip
# … but for these: there it goes on with something else.
_MISTAKEN: Final = frozenset(
    ("__bool__", "__ne__", "__setattr__", "__delattr__", "__getattribute__", "__new__", "__get__", "__set__")
)
_TYPES: Final = (int, float, str, bytes, list, tuple, set, dict, range, Exception, object)
_OF_FUNCTIONS: Final = frozenset(
    ("__next__", "__call__", "__name__", "__wrapped__", "__code__", "__await__", "__get__")
)
_METHODS: Final = frozenset(name for each in _TYPES for name in dir(each)) | _OF_FUNCTIONS | {"read", "write"}
# What goes through all of its argument, so that it makes no difference when a generator's elements are made.
_WHOLE: Final = frozenset(
    ("list", "tuple", "set", "frozenset", "dict", "sum", "max", "min", "sorted", "join", "extend", "update", "Counter")
)
_LAZY_CALLS: Final = frozenset(("map", "filter", "zip", "enumerate", "reversed"))
# These fail only where what they are given does.
_PLAIN_CALLS: Final = frozenset(("zip", "enumerate", "reversed"))


@dataclass(frozen=True, slots=True)
class Doubts:
    """`refusal`: why its results may be wrong. `failing`: why it may fail where Python doesn't. `catches`: it handles
    exceptions, so that one that it raises itself may come of such a failure. `lazy`: first and last
    lines of generators that Python may not go through to their ends; Monty does so at once. Empty: no doubt."""

    refusal: str = ""
    failing: str = ""
    catches: bool = False
    lazy: tuple[tuple[int, int], ...] = ()

    def about(self, lines: Iterable[tuple[int, int]], *, is_said: bool = False) -> str:
        """Why a failure may be Monty's, if these are the lines that were running; or “”. `is_said`: `raise` did it."""
        if self.failing and (self.catches or not is_said):
            return self.failing
        touched = any(first <= end and start <= last for start, end in lines for first, last in self.lazy)
        return LAZY if touched else ""


@lru_cache(maxsize=64)
def doubts_of(source: str) -> Doubts:
    """What isn't certain of this source. What Python itself can't read, Monty will say."""
    try:
        tree = parse_module(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Doubts()
    refusal = failing = ""
    catches = False
    lazy: list[tuple[int, int]] = []
    for node in (each for statement in tree.body if not _is_helper(statement) for each in ast.walk(statement)):
        if isinstance(node, ast.ClassDef):
            for name in _special_methods(node):
                refusal = refusal or (_LACKS_METHOD.format(name) if name in _MISTAKEN else "")
                failing = failing or (_LACKS_METHOD.format(name) if name in _IGNORED else "")
        elif isinstance(node, ast.FunctionDef) and any(isinstance(each, ast.ExceptHandler) for each in ast.walk(node)):
            catches = True
        elif isinstance(node, ast.Call) and (asked := _asked(node)):
            refusal = refusal or _SAYS_ITSELF.format(asked)
        lazy += [(each.lineno, each.end_lineno or each.lineno) for each in _left_lazy(node)]
    return Doubts(refusal, failing, catches, tuple(lazy))


def _is_helper(statement: ast.stmt) -> bool:
    """Whether it stands in for what Monty lacks, and was written for it (slices/stand_ins)."""
    return isinstance(statement, ast.FunctionDef | ast.ClassDef) and statement.name.startswith("_pillion_")


def _special_methods(node: ast.ClassDef) -> Iterator[str]:
    for each in node.body:
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            yield each.name


def _asked(node: ast.Call) -> str:
    """The attribute that `hasattr`, or `getattr` with a default, asks for, if Python's own values have it."""
    needed = {"hasattr": 2, "getattr": 3}.get(node.func.id) if isinstance(node.func, ast.Name) else None
    if needed is None or len(node.args) != needed or not isinstance(node.args[1], ast.Constant):
        return ""
    name = node.args[1].value
    return name if isinstance(name, str) and name in _METHODS else ""


def _left_lazy(node: ast.AST) -> Iterator[ast.expr]:
    """The generators right below a node that may not go through all of them. What makes a generator of another, or a
    list, leaves that to whatever goes through it."""
    if isinstance(node, ast.Starred | ast.comprehension) or (isinstance(node, ast.Call) and _called(node) in _WHOLE):
        return
    stops_early = isinstance(node, ast.Call) and _called(node) == "zip"
    if isinstance(node, ast.expr) and _is_lazy(node) and not stops_early:
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr) and _is_lazy(child):
            yield child


def _is_lazy(node: ast.expr) -> bool:
    if isinstance(node, ast.GeneratorExp):
        return True
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in _LAZY_CALLS:
        return False
    return node.func.id not in _PLAIN_CALLS or any(_is_lazy(each) for each in node.args)


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
