"""The names of a Python program's top level that its functions change, and how to set them back before each call."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pillion.syntax.python_trees import parse_module

_MOST = 200_000
_MOST_NAMES = 8
# What is only remembered is nobody's result, and helpers of the sandbox's own are no part of the code.
_NO_RESULT = re.compile(r"cache|memo|_pillion", re.IGNORECASE)
_CHANGING = frozenset(
    (
        "append",
        "add",
        "update",
        "extend",
        "insert",
        "pop",
        "popitem",
        "remove",
        "clear",
        "setdefault",
        "discard",
        "sort",
    )
)
_EMPTY = {"list": "[]", "dict": "{}", "set": "set()"}


@dataclass(frozen=True, slots=True)
class ChangedGlobals:
    """`resets`: by name, the statements that set it back. `missing`: what the new program has to bind, because it is
    in the new document, and no more used."""

    resets: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""


def changed_globals(old: str, new: str, document: str) -> ChangedGlobals:
    """Of two programs, the names of plain data that one of them changes, if both bind them to the same at first."""
    trees = [_parsed(each) for each in (old, new)]
    changed = {name for tree in trees for each in tree.body for name in _changed(each)}
    if not changed:
        return ChangedGlobals()
    before, now, anywhere = (_bound(tree, changed) for tree in (*trees, _parsed(document)))
    resets: dict[str, str] = {}
    missing = []
    for name, value in before.items():
        reset = "" if _NO_RESULT.search(name) or len(resets) >= _MOST_NAMES else _reset(name, value)
        same = name not in now and name in anywhere
        other = anywhere.get(name) if same else now.get(name)
        if reset and other is not None and _reset(name, other) == reset:
            resets[name] = reset
            missing += [f"{name} = {ast.unparse(value)}"] if same else []
    return ChangedGlobals(resets, "".join(f"\n{each}" for each in missing))


def _parsed(source: str) -> ast.Module:
    try:
        return parse_module(source if len(source) <= _MOST else "")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _bound(tree: ast.Module, names: set[str]) -> dict[str, ast.expr]:
    """What the top level binds each of these names to, if it does so once."""
    bound: dict[str, list[ast.expr]] = {}
    for each in tree.body:
        match each:
            case (
                ast.Assign([ast.Name(name)], value)
                | ast.Try([ast.Assign([ast.Name(name)], value)])
                | ast.AnnAssign(ast.Name(name), value=ast.expr() as value)
            ) if name in names:
                bound.setdefault(name, []).append(value)
    return {name: values[0] for name, values in bound.items() if len(values) == 1}


def _changed(statement: ast.stmt) -> Iterator[str]:
    """What the functions of one statement change beside their own names."""
    for function in ast.walk(statement):
        if not isinstance(function, ast.FunctionDef):
            continue
        nodes = list(ast.walk(function))
        declared = {name for each in nodes if isinstance(each, ast.Global) for name in each.names}
        own = {each.arg for each in nodes if isinstance(each, ast.arg)} | {
            each.id for each in nodes if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)
        }
        yield from declared
        for each in nodes:
            match each:
                case ast.Subscript(ast.Name(name), ctx=ast.Store() | ast.Del()) if name not in own:
                    yield name
                case ast.Call(ast.Attribute(ast.Name(name), method)) if method in _CHANGING and name not in own:
                    yield name


def _reset(name: str, value: ast.expr) -> str:
    match value:
        case ast.Call(ast.Name(kind), [], []) if kind in _EMPTY:
            text = _EMPTY[kind]
        case _ if _is_data(value):
            text = ast.unparse(value)
        case _:
            return ""
    if text.startswith("["):
        return f"{name}[:] = {text}"
    if text.startswith("{") or text == "set()":
        return f"{name}.clear()\n{name}.update({text})"
    return f"{name} = {text}"


def _is_data(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return False
    return True
