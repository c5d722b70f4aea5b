"""Examples in Python's tests: `assert total([1]) == 1`, unittest's and pytest's ways. Tests are read, never run."""

import ast
import builtins
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pillion.auditors.running.reading.python_notation import calls_of, is_call, is_known, is_value, names_in
from pillion.auditors.running.reading.written_example import Callee, Form, WrittenExample
from pillion.syntax.python_trees import parse_module

_EQUAL = frozenset(
    {
        "assertEqual",
        "assertEquals",
        "assertListEqual",
        "assertDictEqual",
        "assertTupleEqual",
        "assertSetEqual",
        "assertSequenceEqual",
        "assertMultiLineEqual",
    }
)
_PARAMETRIZED = "parametrize"
_RECEIVERS = frozenset({"self", "cls"})
# pytest.approx's own, and that of assertAlmostEqual.
_APPROX, _ALMOST = 1e-6, 5e-8
_MOST_EXAMPLES = 60

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(slots=True)
class _Lines:
    """The statements above an assertion, as far as they only bind names to values."""

    values: dict[str, str] = field(default_factory=dict)
    spoilt: set[str] = field(default_factory=set)

    def follow(self, node: ast.stmt, callee: Callee) -> None:
        bound, used = names_in(node)
        if isinstance(node, ast.Assert):
            return
        simple = isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
        if simple and not used & self.spoilt and is_known(node, callee, frozenset(self.values)):
            (name,) = bound
            # A name that is bound anew keeps what was bound before it for the names that use it.
            self.values.pop(name, None)
            self.values[name] = ast.unparse(node)
            self.spoilt.discard(name)
            return
        # What else is done with a name may change its value.
        self.spoilt |= bound | (used & set(self.values))
        for name in bound | used:
            self.values.pop(name, None)

    def setup_for(self, node: ast.AST) -> str | None:
        """The statements that an expression needs; None if it needs what can't be followed."""
        _, used = names_in(node)
        needed: set[str] = set()
        left = set(used)
        while left:
            name = left.pop()
            if name in self.spoilt:
                return None
            if name in self.values and name not in needed:
                needed.add(name)
                _, inner = names_in(parse_module(self.values[name]))
                left |= inner
        return "\n".join(source for name, source in self.values.items() if name in needed)


def tests_in(text: str, callee: Callee, alias: Mapping[str, str]) -> list[WrittenExample]:
    """The examples of a file of tests. `alias`: names of the file, and what they are in the document (`shop.total`,
    `t` → `total`)."""
    try:
        tree = parse_module(text)
        tree = _Renamed(alias).visit(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found: list[WrittenExample] = []
    for node, constants in _test_functions(tree):
        for example in _of_function(node, callee, constants):
            found.append(example)
            if len(found) >= _MOST_EXAMPLES:
                return found
    return found


def assertions_in(text: str, callee: Callee) -> list[WrittenExample]:
    """The examples of a piece of code that isn't in a function, as an instruction may quote it."""
    try:
        tree = parse_module(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return list(_of_block(tree.body, callee, _Lines(), {}))[:_MOST_EXAMPLES]


class _Renamed(ast.NodeTransformer):
    def __init__(self, alias: Mapping[str, str]) -> None:
        self._alias = alias

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.copy_location(ast.Name(self._alias[node.id], node.ctx), node) if node.id in self._alias else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        dotted = ast.unparse(node) if isinstance(node.value, (ast.Name, ast.Attribute)) else ""
        if dotted in self._alias:
            return ast.copy_location(ast.Name(self._alias[dotted], node.ctx), node)
        return self.generic_visit(node)


def _test_functions(tree: ast.Module) -> Iterator[tuple[_Function, _Lines]]:
    constants = _Lines()
    nothing = Callee("")
    for node in tree.body:
        if isinstance(node, ast.Assign):
            constants.follow(node, nothing)
    for node in tree.body:
        if isinstance(node, _Function) and node.name.startswith("test"):
            yield node, constants
        elif isinstance(node, ast.ClassDef) and not node.decorator_list:
            yield from (
                (each, constants) for each in node.body if isinstance(each, _Function) and each.name.startswith("test")
            )


def _of_function(node: _Function, callee: Callee, constants: _Lines) -> Iterator[WrittenExample]:
    rows: list[dict[str, ast.expr]] = [{}]
    for decorator in node.decorator_list:
        more = _parametrized(decorator)
        if more is None:
            return  # a mark may skip the test, a patch may change what it calls
        rows = [{**row, **each} for row in rows for each in more][:_MOST_EXAMPLES]
    arguments = {each.arg for each in (*node.args.args, *node.args.kwonlyargs)} - _RECEIVERS
    for row in rows:
        if arguments - set(row):
            return  # a fixture
        lines = _Lines(dict(constants.values), set(constants.spoilt))
        yield from _of_block(node.body, callee, lines, row)


def _parametrized(decorator: ast.expr) -> list[dict[str, ast.expr]] | None:
    """The rows of pytest.mark.parametrize; None if it is something else."""
    if not (isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)) or len(decorator.args) < 2:
        return None
    if decorator.func.attr != _PARAMETRIZED or any(each.arg not in {"ids"} for each in decorator.keywords):
        return None
    named, table = decorator.args[:2]
    if isinstance(named, ast.Constant) and isinstance(named.value, str):
        names = [each.strip() for each in named.value.split(",") if each.strip()]
    elif isinstance(named, (ast.List, ast.Tuple)):
        names = [each.value for each in named.elts if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    else:
        return None
    if not isinstance(table, (ast.List, ast.Tuple)):
        return None
    rows: list[dict[str, ast.expr]] = []
    for each in table.elts:
        cells = _cells(each, len(names))
        if cells is not None:
            rows.append(dict(zip(names, cells, strict=True)))
    return rows


def _cells(row: ast.expr, count: int) -> list[ast.expr] | None:
    if isinstance(row, ast.Call) and isinstance(row.func, ast.Attribute) and row.func.attr == "param":
        if any(each.arg != "id" for each in row.keywords):
            return None  # marks
        return list(row.args) if len(row.args) == count else None
    if count == 1:
        return [row]
    return list(row.elts) if isinstance(row, (ast.Tuple, ast.List)) and len(row.elts) == count else None


def _of_block(
    body: Sequence[ast.stmt], callee: Callee, lines: _Lines, row: Mapping[str, ast.expr]
) -> Iterator[WrittenExample]:
    put = _Put(row)
    for each in body:
        node = put.visit(_copy(each)) if row else each
        example = _of_statement(node, callee)
        if example is not None:
            read, *parts = example
            setups = [lines.setup_for(part) for part in parts]
            if all(setup is not None for setup in setups):
                setup = "\n".join(dict.fromkeys(line for each in setups if each for line in each.split("\n")))
                bound = frozenset(lines.values)
                if all(_is_readable(part, callee, bound) for part in parts):
                    yield replace(read, setup=setup, quote=ast.unparse(each))
        lines.follow(node, callee)


def _is_readable(node: ast.expr, callee: Callee, variables: frozenset[str]) -> bool:
    known = replace(callee, known=callee.known | variables)
    return (
        is_call(ast.unparse(node), known)
        or is_value(node, known)
        or (is_known(node, callee, variables) and not any(calls_of(node, callee)) and not isinstance(node, ast.Call))
    )


class _Put(ast.NodeTransformer):
    """Puts a row's values in the place of the test's parameters."""

    def __init__(self, row: Mapping[str, ast.expr]) -> None:
        self._row = row

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._row[node.id] if node.id in self._row and isinstance(node.ctx, ast.Load) else node


def _copy(node: ast.stmt) -> ast.stmt:
    return parse_module(ast.unparse(node)).body[0]


def _of_statement(node: ast.AST, callee: Callee) -> tuple[WrittenExample, *tuple[ast.expr, ...]] | None:
    """An example and the expressions it is made of."""
    match node:
        case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
            return _equal(left, right, callee)
        case ast.Assert(
            test=ast.Compare(left=left, ops=[ast.Is()], comparators=[ast.Constant(value=True | False | None) as right])
        ):
            return _equal(left, right, callee)
        case ast.Assert(test=ast.UnaryOp(op=ast.Not(), operand=call)) if _is_direct(call, callee):
            return _with(f"not {ast.unparse(call)}", "True", call)
        case ast.Assert(test=call) if _is_direct(call, callee):
            return _with(f"bool({ast.unparse(call)})", "True", call)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name), args=arguments)):
            return _of_unittest(name, node.value, arguments, callee)
        case ast.With(
            items=[ast.withitem(context_expr=ast.Call(func=function, args=[kind, *_]))], body=[ast.Expr(value=call)]
        ):
            name = ast.unparse(function)
            if name in {"pytest.raises", "raises", "self.assertRaises", "self.assertRaisesRegex"}:
                return _raises(kind, call, callee)
    return None


def _is_direct(node: ast.expr, callee: Callee) -> bool:
    return isinstance(node, ast.Call) and any(each is node for each in calls_of(node, callee))


def _equal(left: ast.expr, right: ast.expr, callee: Callee) -> tuple[WrittenExample, *tuple[ast.expr, ...]] | None:
    calls = [any(calls_of(each, callee)) for each in (left, right)]
    if sum(calls) != 1:
        return None
    call, wanted = (left, right) if calls[0] else (right, left)
    tolerance = 0.0
    match wanted:
        case ast.Call(func=function, args=[inner, *rest], keywords=keywords) if ast.unparse(function).endswith(
            "approx"
        ):
            if rest or not isinstance(inner, ast.Constant) or not isinstance(inner.value, int | float):
                return None
            tolerance = max(abs(inner.value) * _APPROX, 1e-12)
            for each in keywords:
                given = each.value
                if not isinstance(given, ast.Constant) or not isinstance(given.value, int | float):
                    return None
                tolerance = max(tolerance, given.value * (abs(inner.value) if each.arg == "rel" else 1))
            wanted = inner
    return _with(ast.unparse(call), ast.unparse(wanted), call, wanted, tolerance=tolerance)


def _with(
    call: str, wanted: str, *parts: ast.expr, tolerance: float = 0.0
) -> tuple[WrittenExample, *tuple[ast.expr, ...]]:
    return (WrittenExample(call, wanted, form=Form.TEST, tolerance=tolerance), *parts)


def _of_unittest(
    name: str, statement: ast.expr, arguments: Sequence[ast.expr], callee: Callee
) -> tuple[WrittenExample, *tuple[ast.expr, ...]] | None:
    keywords = statement.keywords if isinstance(statement, ast.Call) else []
    if name in _EQUAL and len(arguments) >= 2:
        return _equal(arguments[0], arguments[1], callee)
    if name == "assertCountEqual":
        return None
    if name == "assertAlmostEqual" and len(arguments) == 2 and not keywords:
        found = _equal(arguments[0], arguments[1], callee)
        return (replace(found[0], tolerance=_ALMOST), *found[1:]) if found is not None else None
    if name in {"assertTrue", "assertFalse"} and len(arguments) >= 1 and _is_direct(arguments[0], callee):
        source = ast.unparse(arguments[0])
        return _with(f"bool({source})" if name == "assertTrue" else f"not {source}", "True", arguments[0])
    if name == "assertIsNone" and arguments and _is_direct(arguments[0], callee):
        return _with(ast.unparse(arguments[0]), "None", arguments[0])
    if name == "assertRaises" and len(arguments) >= 2 and not keywords:
        kind, function, *rest = arguments
        return _raises(kind, ast.Call(function, list(rest), []), callee)
    return None


def _raises(kind: ast.expr, call: ast.expr, callee: Callee) -> tuple[WrittenExample, *tuple[ast.expr, ...]] | None:
    name = ast.unparse(kind).rpartition(".")[2]
    is_class = isinstance(kind, (ast.Name, ast.Attribute)) and name[:1].isupper()
    if not is_class or not any(calls_of(call, callee)):
        return None
    if not (hasattr(builtins, name) or name in callee.known):
        return None
    return WrittenExample(ast.unparse(call), raises=name, form=Form.TEST), call
