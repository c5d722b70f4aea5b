"""A Python file as what its top level binds, read with `ast` and never run."""

import ast
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from pillion.errors import CannotRunError
from pillion.sandbox.slices.python_scope import Imported, bound_names, imports_of_statement
from pillion.syntax.python_trees import parse_module

# Python's parser takes a second for a megabyte.
LONGEST_TEXT = 300_000
# What Monty says it is; conditions on the version are decided by it.
_VERSION = (3, 14)
_OF_SYSTEMS = frozenset({"posix", "nt", "winreg", "msvcrt", "pwd", "grp", "fcntl", "java.lang"})
_NO_MODULE = frozenset({"ImportError", "ModuleNotFoundError"})


class Module:
    """One file. `key` is unique among the modules of a program; `file` is where its own imports are looked for.
    The statements of a `shared` one are copied before they are changed.

    Raises:
        CannotRunError: this Python can't read it, or it is too long.
    """

    def __init__(self, key: str, text: str, file: Path | None = None, *, shared: bool = False) -> None:
        self.key = key
        self.file = file
        self.shared = shared
        self.body = list(_with_inner_classes(_flat(_parsed(text).body)))
        self.imports: dict[str, Imported] = {}
        self.stars: list[Imported] = []
        self.exports: frozenset[str] | None = None
        # Where a name is bound, and where its object is changed.
        self.places: defaultdict[str, list[int]] = defaultdict(list)
        self._changes: defaultdict[str, list[int]] = defaultdict(list)
        for index, node in enumerate(self.body):
            self._enter(index, node)
        self._global_names: set[str] = set()
        self._enter_globals()
        for name in self.places.keys() & self.imports.keys():
            del self.imports[name]

    def statements_of(self, name: str) -> list[int]:
        """The statements that make the name what it is, by their places in `body`."""
        return sorted({*self.places.get(name, ()), *self._changes.get(name, ())})

    def binds(self, name: str) -> bool:
        """Whether the file itself defines the name."""
        return name in self.places or (name in self._changes and name in self._global_names)

    def _enter_globals(self) -> None:
        """Calls of the top level may bind names, too: `def fill(): global TABLE; …`, `fill()`."""
        called_names = {
            each.value.func.id
            for each in self.body
            if isinstance(each, ast.Expr) and isinstance(each.value, ast.Call) and isinstance(each.value.func, ast.Name)
        }
        declared = {
            node.name: {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
            | {name for each in ast.walk(node) if isinstance(each, ast.Global) for name in each.names}
            for node in self.body
            if isinstance(node, ast.FunctionDef) and node.name in called_names
        }
        for node in self.body:
            if isinstance(node, ast.FunctionDef) and node.name in called_names:
                self._global_names |= {n for each in ast.walk(node) if isinstance(each, ast.Global) for n in each.names}
        for index, node in enumerate(self.body):
            match node:
                case ast.Expr(value=ast.Call(func=ast.Name(id=called))):
                    for name in declared.get(called, ()):
                        self._changes[name].append(index)

    def _enter(self, index: int, node: ast.stmt) -> None:
        if isinstance(node, ast.Delete):
            return
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for name, imported in imports_of_statement(node):
                if name == "*":
                    self.stars.append(imported)
                else:
                    self.imports[name] = imported
            return
        names = bound_names(node)
        for name in names:
            self.places[name].append(index)
        if "__all__" in names and isinstance(node, ast.Assign) and isinstance(node.value, (ast.List, ast.Tuple)):
            texts = (each.value for each in node.value.elts if isinstance(each, ast.Constant))
            self.exports = frozenset(each for each in texts if isinstance(each, str))
        for name in _changed(node):
            self._changes[name].append(index)


def _parsed(text: str) -> ast.Module:
    if len(text) > LONGEST_TEXT:
        raise CannotRunError("the file is too long")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of invalid escapes: not ours to judge
            return parse_module(text)
    except SyntaxError as exc:
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise CannotRunError(f"can't be read by Python {python}: {exc.msg} (line {exc.lineno})") from exc
    except (ValueError, RecursionError, MemoryError) as exc:
        raise CannotRunError(f"can't be read: {type(exc).__name__}") from exc


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Decides the conditions that can be decided without running anything."""
    for node in body:
        match node:
            case ast.If(test=test) if (decided := _decided(test)) is not None:
                yield from _flat(node.body if decided else node.orelse)
            case ast.Try(handlers=[ast.ExceptHandler(type=kind)]) if _is_no_module(kind):
                yield from _flat(_body_or_else(node))
            case _:
                yield node


def _with_inner_classes(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Puts the classes in a class before it: `_Outer_Inner`, and `Inner` in the class is that."""
    for node in body:
        if isinstance(node, ast.ClassDef) and any(isinstance(each, ast.ClassDef) for each in node.body):
            kept: list[ast.stmt] = []
            for each in node.body:
                if isinstance(each, ast.ClassDef):
                    name = each.name
                    each.name = f"{'' if node.name.startswith('_') else '_'}{node.name}_{name}"
                    yield from _with_inner_classes([each])
                    value = ast.Name(each.name, ast.Load())
                    each = ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], value), each)
                kept.append(each)
            node.body = kept
        yield node


def _body_or_else(node: ast.Try) -> list[ast.stmt]:
    # What a module without the import would do is what Python's own modules do without their parts in C.
    missing = any(
        isinstance(each, (ast.Import, ast.ImportFrom))
        and any(
            (imported.module.startswith("_") or imported.module in _OF_SYSTEMS) and not imported.level
            for _, imported in imports_of_statement(each)
        )
        for each in node.body
    )
    return node.handlers[0].body if missing else [*node.body, *node.orelse]


def _is_no_module(kind: ast.expr | None) -> bool:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(isinstance(each, ast.Name) and each.id in _NO_MODULE for each in kinds)


def _decided(test: ast.expr) -> bool | None:
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return False
        case ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")]):
            return False
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            decided = _decided(operand)
            return None if decided is None else not decided
        case ast.Compare(
            left=ast.Attribute(value=ast.Name(id="sys"), attr="version_info"),
            ops=[ast.GtE() | ast.Lt() as op],
            comparators=[ast.Tuple(elts=elements)],
        ):
            wanted = tuple(each.value for each in elements if isinstance(each, ast.Constant))
            if wanted and all(isinstance(each, int) for each in wanted):
                return (wanted <= _VERSION) == isinstance(op, ast.GtE)
    return None


def _changed(node: ast.stmt) -> set[str]:
    """Names whose objects a statement of the top level changes: `TABLE["a"] = 1`, `NAMES.append(…)`."""
    found = set()
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return set()
    for each in ast.walk(node):
        target: ast.AST | None = None
        if isinstance(each, (ast.Subscript, ast.Attribute)) and isinstance(each.ctx, ast.Store):
            target = each.value
        elif isinstance(each, ast.Expr) and isinstance(each.value, ast.Call):
            function = each.value.func
            target = function.value if isinstance(function, ast.Attribute) else None
        while isinstance(target, (ast.Subscript, ast.Attribute)):
            target = target.value
        if isinstance(target, ast.Name):
            found.add(target.id)
    return found
