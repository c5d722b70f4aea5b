"""How Python writes calls and values. Sources are read as trees; nothing of them is run."""

import ast
import builtins
from collections.abc import Iterator

from pillion.auditors.running.reading.notation import MOST_CHARACTERS, Notation
from pillion.auditors.running.reading.written_example import Callee
from pillion.syntax.python_trees import parse_module

# They depend on more than their arguments, or reach out of the program.
_NOT_PURE = frozenset(
    {"open", "input", "exec", "eval", "compile", "__import__", "globals", "locals", "vars", "id", "hash", "breakpoint"}
    | {"exit", "quit", "help", "copyright", "credits", "license"}
)
BUILTINS = frozenset(dir(builtins)) - _NOT_PURE
_EXCEPTIONS = frozenset(
    name
    for name in BUILTINS
    if isinstance(getattr(builtins, name), type) and issubclass(getattr(builtins, name), BaseException)
)
_CONTAINERS = (ast.List, ast.Tuple, ast.Set, ast.Dict)
_MADE_BY = frozenset(
    {"set", "frozenset", "float", "complex", "int", "bytes", "bytearray", "range", "tuple", "list", "dict", "str"}
    | {"Decimal", "Fraction", "Counter", "OrderedDict", "deque", "date", "datetime", "timedelta"}
)
_WORDS = {
    "true": "True",
    "false": "False",
    "null": "None",
    "none": "None",
    "inf": "float('inf')",
    "nan": "float('nan')",
}
_READ_IN_CALLS = (
    ast.Expression, ast.Constant, *_CONTAINERS, ast.UnaryOp, ast.unaryop, ast.BinOp, ast.operator, ast.Compare,
    ast.cmpop, ast.BoolOp, ast.boolop, ast.Call, ast.keyword, ast.Name, ast.expr_context, ast.Starred, ast.Subscript,
    ast.Slice, ast.Attribute, ast.Lambda, ast.arguments, ast.arg, ast.IfExp, ast.ListComp, ast.SetComp, ast.DictComp,
    ast.GeneratorExp, ast.comprehension, ast.JoinedStr, ast.FormattedValue,
)  # fmt: skip


def tree_of(source: str) -> ast.Module | None:
    """A source's tree; None if it has none, or is too long to be an example."""
    if len(source) > MOST_CHARACTERS:
        return None
    try:
        return parse_module(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def expression_of(source: str) -> ast.expr | None:
    """The one expression that a source is; None if it is something else."""
    tree = tree_of(source.strip())
    if tree is None or len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        return None
    return tree.body[0].value


def names_in(node: ast.AST) -> tuple[frozenset[str], frozenset[str]]:
    """The names that a piece of code binds, and those that it uses."""
    bound: set[str] = set()
    used: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            (used if isinstance(each.ctx, ast.Load) else bound).add(each.id)
        elif isinstance(each, ast.arg):
            bound.add(each.arg)
        elif isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(each.name)
        elif isinstance(each, (ast.Import, ast.ImportFrom)):
            bound |= {(alias.asname or alias.name).partition(".")[0] for alias in each.names}
        elif isinstance(each, ast.ExceptHandler) and each.name:
            bound.add(each.name)
    return frozenset(bound), frozenset(used)


def calls_of(node: ast.AST, callee: Callee) -> Iterator[ast.Call]:
    """The calls of the callee in a piece of code: `total(…)`; of a method, `….push(…)`."""
    for each in ast.walk(node):
        if not isinstance(each, ast.Call):
            continue
        match each.func:
            case ast.Attribute(attr=name) if callee.owner and name == callee.name:
                yield each
            case ast.Name(id=name) if name == (callee.owner if callee.name == "__init__" else callee.name):
                if not callee.owner or callee.name == "__init__":
                    yield each


def is_known(node: ast.AST, callee: Callee, variables: frozenset[str] = frozenset()) -> bool:
    """Whether all names in a piece of code are Python's, the document's or these variables, and nothing in it is a
    placeholder."""
    bound, used = names_in(node)
    if used - bound - BUILTINS - callee.known - variables - {callee.name if not callee.owner else callee.owner}:
        return False
    return not any(isinstance(each, ast.Constant) and each.value is Ellipsis for each in ast.walk(node))


def is_call(source: str, callee: Callee) -> bool:
    """See Notation."""
    node = expression_of(source)
    if node is None or not all(isinstance(each, _READ_IN_CALLS) for each in ast.walk(node)):
        return False
    return any(calls_of(node, callee)) and is_known(node, callee)


def value(source: str, callee: Callee) -> str | None:
    """See Notation. Words that other languages have for Python's are read, too."""
    source = _WORDS.get(source, source)
    node = expression_of(source)
    return source if node is not None and is_value(node, callee) else None


def is_value(node: ast.expr, callee: Callee) -> bool:
    """Whether an expression says a value by itself."""
    match node:
        case ast.Constant(value=constant):
            return constant is not Ellipsis
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=ast.Constant(value=int() | float() | complex())):
            return True
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=ast.Constant(value=complex())):
            return is_value(left, callee)
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            return all(is_value(each, callee) for each in elements)
        case ast.Dict(keys=keys, values=values):
            return all(each is not None and is_value(each, callee) for each in keys) and all(
                is_value(each, callee) for each in values
            )
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=keywords):
            if name not in _MADE_BY and not (name in callee.known and name[:1].isupper()):
                return False
            return all(is_value(each, callee) for each in (*arguments, *(each.value for each in keywords)))
        case ast.Attribute(value=ast.Name(id="math"), attr="inf" | "nan" | "pi" | "e"):
            return "math" in callee.known
        case ast.Attribute(value=ast.Name(id=name)):
            return name in callee.known and name[:1].isupper()
    return False


def exception(name: str, callee: Callee) -> str | None:
    """See Notation."""
    return name if name in _EXCEPTIONS or (name in callee.known and name[:1].isupper()) else None


PYTHON = Notation("#", "print", is_call, value, exception)
