"""Python: the smallest program around a symbol that runs in the sandbox."""

import ast
import builtins
import re
from pathlib import Path

from pillion.errors import CannotRunError
from pillion.sandbox.slices.python_classes import Classes
from pillion.sandbox.slices.python_library import Library
from pillion.sandbox.slices.python_modules import Module
from pillion.sandbox.slices.python_program import ProgramPass
from pillion.sandbox.slices.python_reach import HELPERS, Reach
from pillion.sandbox.slices.python_receiver import RECEIVER, construction
from pillion.sandbox.slices.python_scope import children
from pillion.sandbox.slices.python_simplification import simplified
from pillion.sandbox.slices.slice import Slice
from pillion.syntax.python_trees import parse_module

_LONGEST_PROGRAM = 200_000
_MOST_TYPES = 12
_AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef


def python_slice(text: str, path: tuple[str, ...], file: Path | None = None, workspace: Path | None = None) -> Slice:
    """The slice of the symbol named by `path`, as Symbol.path does. Other files are read only inside `workspace`.

    Raises:
        CannotRunError: there is none, and why.
    """
    try:
        return _slice(text.removeprefix("\ufeff"), path, file, workspace)
    except (RecursionError, MemoryError, ValueError, TypeError, SyntaxError) as exc:
        raise CannotRunError(f"can't be read: {type(exc).__name__}") from exc


def _slice(text: str, path: tuple[str, ...], file: Path | None, workspace: Path | None) -> Slice:
    main = Module("", text, file.resolve() if file else None)
    owner, node = _symbol(main, path)
    own_text = _own_text(text, node)
    entry, receiver = _entry(main, owner, node)
    if isinstance(node, ast.AsyncFunctionDef):
        raise CannotRunError("is a coroutine")
    types = _types(main, node)
    own_types = "\n".join(ast.unparse(each) for each in types.values())
    reach = Reach(Library(workspace), main, simplified)
    reach.want(main, owner or node.name)
    for name in (*_names_in(receiver), *types):
        if main.binds(name):
            reach.want(main, name)
    reach.follow()
    source = _program(reach, owner or node.name)
    if len(source) > _LONGEST_PROGRAM:
        raise CannotRunError("reaches too much of the code around it")
    return Slice(source, entry, own_text, receiver, frozenset(reach.missing), own_types)


def _program(reach: Reach, owner: str) -> str:
    own = [each for module, each in reach.statements() if module.key not in HELPERS]
    classes = Classes(own, reach.value)
    rewriting = ProgramPass(classes, reach.helper)
    written: list[ast.stmt] = []
    for each in own:
        made = _written(each, classes, reach, owner) if isinstance(each, ast.ClassDef) else [each]
        written += [rewriting.visit(one) for one in made]
    reach.follow()
    helpers = [each for module, each in reach.statements() if module.key in HELPERS]
    body = [*reach.imports(), *helpers, *written, *reach.aliases()]
    return "\n".join(_text(each) for each in body)


def _text(statement: ast.stmt) -> str:
    left: list[ast.AST] = [statement]
    while left:
        node = left.pop()
        if isinstance(node, ast.stmt):
            node.lineno = 1  # ast.unparse asks, and does nothing with it
        left += children(node)
    return ast.unparse(statement)


def _written(node: ast.ClassDef, classes: Classes, reach: Reach, owner: str) -> list[ast.stmt]:
    try:
        return classes.written(node)
    except CannotRunError as exc:
        if node.name == owner:
            raise
        # Perhaps no call needs it.
        absent = ast.Call(reach.value("Absent"), [ast.Constant(str(exc))], [])
        return [ast.Assign([ast.Name(node.name, ast.Store())], absent)]


def _symbol(main: Module, path: tuple[str, ...]) -> tuple[str, ast.ClassDef | _AnyFunction]:
    """The name of the class that a method belongs to, as the module has it, and the symbol's own node."""
    if not path:
        raise CannotRunError("has no name")
    *outer, name = path
    owner = "_".join(["", *outer]) if len(outer) > 1 else "".join(outer)
    body: list[ast.stmt] = [main.body[index] for index in main.places.get(owner or name, ())]
    if outer:
        body = [each for node in body if isinstance(node, ast.ClassDef) for each in node.body]
    name = "_".join(["", *path]) if outer and any(_is(each, "_".join(["", *path])) for each in main.body) else name
    if outer and name.startswith("_".join(["", *outer])):
        body, owner = list(main.body), ""
    found = [each for each in body if _is(each, name)]
    plain = [each for each in found if not _is_variant(each)]
    if not found:
        raise CannotRunError("isn't a function or class of the file's top level")
    node = (plain or found)[-1]
    assert isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
    return owner, node


def _is(node: ast.stmt, name: str) -> bool:
    return isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name


def _is_variant(node: ast.stmt) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any(ast.unparse(each).endswith((".setter", ".deleter", "overload")) for each in decorators)


def _entry(main: Module, owner: str, node: ast.ClassDef | _AnyFunction) -> tuple[str, str]:
    if not owner:
        return node.name, ""
    names = {ast.unparse(each).rsplit(".", 1)[-1] for each in node.decorator_list}
    if names & {"staticmethod", "classmethod"}:
        return f"{owner}.{node.name}", ""
    if node.name in ("__init__", "__new__"):
        return owner, ""
    prefix = "_get_" if names & {"property", "cached_property"} else ""
    return f"{RECEIVER}.{prefix}{node.name}", f"{RECEIVER} = {construction(owner, main)}"


def _own_text(text: str, node: ast.ClassDef | _AnyFunction) -> str:
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return "".join(_lines(text)[first - 1 : node.end_lineno])


def _lines(text: str) -> list[str]:
    # As the parser counts them: a form feed ends none.
    return (
        text.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True)
        if "\f" not in text
        else [f"{each}\n" for each in text.split("\n")]
    )


def _types(main: Module, node: ast.ClassDef | _AnyFunction) -> dict[str, ast.stmt]:
    """The classes and aliases of the file that a function's annotations name, and those that these name."""
    if isinstance(node, ast.ClassDef):
        return {}
    given = node.args
    parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    left: list[ast.AST] = [each.annotation for each in parameters if each is not None and each.annotation is not None]
    found: dict[str, ast.stmt] = {}
    while left and len(found) < _MOST_TYPES:
        for each in ast.walk(left.pop()):
            for name in _type_names(each):
                places = main.places.get(name, ())
                statement = main.body[places[0]] if len(places) == 1 else None
                match statement:
                    case ast.ClassDef() if name not in found:
                        found[name] = statement
                        left += [one.annotation for one in ast.walk(statement) if isinstance(one, ast.AnnAssign)]
                    case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value) if name not in found:
                        found[name] = statement
                        left.append(value)
    return found


def _type_names(node: ast.AST) -> list[str]:
    """The name that a node is; of a type in quotes, all of its names."""
    match node:
        case ast.Name(name):
            return [name]
        case ast.Constant(str() as text):
            return re.findall(r"\w+", text)[:9]
    return []


def _names_in(source: str) -> set[str]:
    names = {each.id for each in ast.walk(parse_module(source)) if isinstance(each, ast.Name)}
    return {each for each in names if not hasattr(builtins, each)}
