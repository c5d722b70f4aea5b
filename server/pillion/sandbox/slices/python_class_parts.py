"""What is known of a class, and small pieces of classes."""

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass, field

from pillion.errors import CannotRunError
from pillion.syntax.python_trees import parse_module


@dataclass(slots=True)
class Class:
    """What is known of one class of the program. `family`: itself and its bases, in the order of look-up."""

    name: str
    node: ast.ClassDef
    bases: list[str]
    family: list["Class"] = field(default_factory=list)
    error: str = ""

    @property
    def foreign_bases(self) -> set[str]:
        """The bases that the program doesn't define, of the whole family."""
        own = {each.name for each in self.family}
        return {base for each in self.family for base in each.bases if base not in own}

    def methods(self) -> dict[str, ast.FunctionDef]:
        """Its own methods; of a property, the getter."""
        found: dict[str, ast.FunctionDef] = {}
        for each in self.node.body:
            if isinstance(each, ast.FunctionDef) and not is_setter(each):
                found[each.name] = each
        return found


def merged(rows: list[list[Class]]) -> list[Class]:
    """Python's own order of look-up (C3); where there is none, the plain one."""
    made: list[Class] = []
    rows = [list(each) for each in rows if each]
    while rows:
        heads = (row[0] for row in rows)
        free = next((each for each in heads if not any(each in row[1:] for row in rows)), rows[0][0])
        made.append(free)
        rows = [rest for row in rows if (rest := [each for each in row if each is not free])]
    return made


def simple_statements(node: ast.stmt) -> Iterator[ast.stmt]:
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(names) == len(values):
            for name, value in zip(names, values, strict=True):
                yield ast.Assign([name], value)
        case ast.Assign(targets=[first, *others], value=value) if others and isinstance(first, ast.Name):
            yield ast.Assign([first], value)
            for each in others:
                yield ast.Assign([each], ast.Name(first.id, ast.Load()))
        case _:
            yield node


def decoration_of(node: ast.FunctionDef) -> str:
    names = [each.id for each in node.decorator_list if isinstance(each, ast.Name)]
    names += [each.attr for each in node.decorator_list if isinstance(each, ast.Attribute)]
    names += ["cached_property" for each in names if each.endswith("cached_property")]
    known = ("property", "cached_property", "staticmethod", "classmethod")
    return next((each for each in known if each in names), "")


def is_setter(node: ast.FunctionDef) -> bool:
    return any(isinstance(each, ast.Attribute) and each.attr in ("setter", "deleter") for each in node.decorator_list)


def plain_decorator(node: ast.expr, of: str) -> ast.expr:
    called = node.func if isinstance(node, ast.Call) else node
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else "?"
    if name not in ("dataclass", "total_ordering") and isinstance(called, ast.Attribute):
        raise CannotRunError(f"uses {of}, a class decorated with {ast.unparse(called)}")
    if not isinstance(node, ast.Call) or name != "dataclass":
        return node
    given = {each.arg: each.value for each in node.keywords}
    asked = {key for key, value in given.items() if not (isinstance(value, ast.Constant) and value.value is False)}
    if "kw_only" in asked:
        raise CannotRunError(f"uses {of}, a data class with kw_only")
    kept = [each for each in node.keywords if each.arg in ("frozen",)]
    return ast.Call(called, [], kept) if kept else called


def is_error(name: str) -> bool:
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, BaseException)


def ancestors(name: str) -> list[str]:
    return [each.__name__ for each in getattr(builtins, name).__mro__ if each is not object]


def function(text: str) -> ast.FunctionDef:
    node = parse_module(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    return node


def total(methods: set[str]) -> list[ast.FunctionDef]:
    """What functools.total_ordering adds."""
    root = next((each for each in ("__lt__", "__le__", "__gt__", "__ge__") if each in methods), "")
    texts = {
        "__lt__": ("not ({0} or self == other)", "{0} or self == other", "not {0}"),
        "__le__": ("not {0}", "{0} and not self == other", "not {0} or self == other"),
        "__gt__": ("not ({0} or self == other)", "{0} or self == other", "not {0}"),
        "__ge__": ("not {0}", "{0} and not self == other", "not {0} or self == other"),
    }
    names = {
        "__lt__": ("__gt__", "__le__", "__ge__"),
        "__le__": ("__gt__", "__lt__", "__ge__"),
        "__gt__": ("__lt__", "__ge__", "__le__"),
        "__ge__": ("__lt__", "__gt__", "__le__"),
    }
    if not root:
        return []
    return [
        function(f"def {name}(self, other):\n    return {text.format(f'self.{root}(other)')}")
        for name, text in zip(names[root], texts[root], strict=True)
    ]


def arguments_kept(node: ast.FunctionDef) -> ast.stmt:
    """An exception has the arguments of its constructor, whatever its own `__init__` does."""
    given = node.args
    me, *names = [each.arg for each in [*given.posonlyargs, *given.args]]
    parts: list[ast.expr] = [ast.Name(each, ast.Load()) for each in names]
    if given.vararg:
        parts.append(ast.Starred(ast.Name(given.vararg.arg, ast.Load()), ast.Load()))
    return ast.Assign([ast.Attribute(ast.Name(me, ast.Load()), "args", ast.Store())], ast.Tuple(parts, ast.Load()))
