"""Rewrites of a function by a script that change nothing of what it does: a check that compares must accept them."""

import ast
import copy
from collections.abc import Callable, Iterator

from pillion.bench.function_source import AnyFunction, has_docstring

_SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign)
_OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.Gt: ast.Lt,
    ast.LtE: ast.GtE,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}


def rewrites(text: str) -> Iterator[tuple[str, str]]:
    """The name and the text of each rewrite of one function (at column 0) that changes it.

    Raises:
        ValueError: `text` isn't one function. (A SyntaxError is passed on.)
    """
    tree = ast.parse(text)
    if len(tree.body) != 1 or not isinstance(tree.body[0], AnyFunction):
        raise ValueError("this isn't one function")
    before = ast.unparse(tree)
    for name, rewrite in _REWRITES.items():
        function = copy.deepcopy(tree.body[0])
        rewrite(function)
        after = ast.unparse(ast.fix_missing_locations(function))
        if after != before:
            yield name, f"{after}\n"


def _rename_locals(function: AnyFunction) -> None:
    nodes = list(ast.walk(function))
    kept = {name for each in nodes if isinstance(each, ast.Global | ast.Nonlocal) for name in each.names}
    kept |= {each.arg for each in nodes if isinstance(each, ast.arg)}
    kept |= {
        each.name for each in nodes if isinstance(each, AnyFunction | ast.ClassDef | ast.ExceptHandler) and each.name
    }
    kept |= {(each.asname or each.name).split(".")[0] for each in nodes if isinstance(each, ast.alias)}
    kept |= {name for each in nodes for name in _captured(each)}
    bound = {each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)} - kept
    for each in nodes:
        if isinstance(each, ast.Name) and each.id in bound:
            each.id = f"{each.id}_here"


def _captured(node: ast.AST) -> list[str]:
    match node:
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            return [name]
    return []


def _turn_conditions(function: AnyFunction) -> None:
    for node in ast.walk(function):
        match node:
            case ast.IfExp() | ast.If(orelse=[ast.stmt(), ast.stmt(), *_]):
                pass
            case ast.If(orelse=[inner]) if not isinstance(inner, ast.If):
                pass
            case _:
                continue
        node.test, node.body, node.orelse = _negated(node.test), node.orelse, node.body


def _negated(test: ast.expr) -> ast.expr:
    match test:
        case ast.UnaryOp(ast.Not(), operand):
            return operand
        case ast.Compare(left, [operator], [right]) if type(operator) in _OPPOSITES:
            return ast.Compare(left, [_OPPOSITES[type(operator)]()], [right])
    return ast.UnaryOp(ast.Not(), test)


def _add_hints(function: AnyFunction) -> None:
    for each in (*function.args.args, *function.args.kwonlyargs):
        if each.arg not in {"self", "cls"} and each.annotation is None:
            each.annotation = ast.Name("object", ast.Load())


def _document(function: AnyFunction) -> None:
    words = ast.Expr(ast.Constant("Does what it did before."))
    function.body = [words, *function.body[1 if has_docstring(function) else 0 :]]


def _nest_after_return(function: AnyFunction) -> None:
    """`if c: return a` and what follows → with `else:`."""
    for at, each in enumerate(function.body[:-1]):
        if isinstance(each, ast.If) and not each.orelse and isinstance(each.body[-1], ast.Return | ast.Raise):
            each.orelse = function.body[at + 1 :]
            function.body = function.body[: at + 1]
            return


def _reorder(function: AnyFunction) -> None:
    """Two neighbouring assignments of constants or names change places if neither reads what the other writes."""
    for node in ast.walk(function):
        for block in (getattr(node, name, None) for name in ("body", "orelse")):
            if not isinstance(block, list):
                continue
            for at in range(len(block) - 1):
                if _are_independent(block[at], block[at + 1]):
                    block[at], block[at + 1] = block[at + 1], block[at]
                    return


def _are_independent(one: ast.stmt, other: ast.stmt) -> bool:
    match one, other:
        case ast.Assign([ast.Name(first)], value), ast.Assign([ast.Name(second)], another):
            plain = all(isinstance(each, ast.Constant | ast.Name | ast.List) for each in (value, another))
            read = {each.id for node in (value, another) for each in ast.walk(node) if isinstance(each, ast.Name)}
            return plain and first != second and not read & {first, second}
    return False


def _name_results(function: AnyFunction) -> None:
    """`return f(x)` → `result = f(x)`, `return result`."""
    for node in ast.walk(function):
        for name in ("body", "orelse"):
            block = getattr(node, name, None)
            if (
                isinstance(block, list)
                and block
                and isinstance(last := block[-1], ast.Return)
                and last.value is not None
            ):
                named = ast.Assign([ast.Name("result_here", ast.Store())], last.value)
                block[-1:] = [named, ast.Return(ast.Name("result_here", ast.Load()))]


def _spell_out(function: AnyFunction) -> None:
    """`n += 1` → `n = n + 1`."""

    class _Spell(ast.NodeTransformer):
        def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
            if isinstance(node.target, ast.Name) and isinstance(node.value, ast.Constant):
                read = ast.Name(node.target.id, ast.Load())
                return ast.Assign([node.target], ast.BinOp(read, node.op, node.value))
            return node

    function.body = [_Spell().visit(each) for each in function.body]


def _choose_by_expression(function: AnyFunction) -> None:
    """`if c: return a`, `else: return b` → `return a if c else b`."""
    for block in _blocks(function):
        for at, each in enumerate(block):
            match each:
                case ast.If(test, [ast.Return(ast.expr() as one)], [ast.Return(ast.expr() as other)]):
                    block[at] = ast.Return(ast.IfExp(test, one, other))


def _nest_conditions(function: AnyFunction) -> None:
    """`if a and b:` → `if a:`, `if b:`."""
    for node in ast.walk(function):
        match node:
            case ast.If(ast.BoolOp(ast.And(), [first, *others]), body, []):
                rest = others[0] if len(others) == 1 else ast.BoolOp(ast.And(), others)
                node.test, node.body = first, [ast.If(rest, body, [])]


def _mirror_comparisons(function: AnyFunction) -> None:
    """`n > 0` → `0 < n`."""
    for node in ast.walk(function):
        match node:
            case ast.Compare(left, [operator], [ast.Constant() as right]) if type(operator) in _MIRRORED:
                node.left, node.ops, node.comparators = right, [_MIRRORED[type(operator)]()], [left]


def _break_loops(function: AnyFunction) -> None:
    """`while c:` → `while True:`, `if not c: break`."""
    for node in ast.walk(function):
        if isinstance(node, ast.While) and not node.orelse and not isinstance(node.test, ast.Constant):
            node.body = [ast.If(ast.UnaryOp(ast.Not(), node.test), [ast.Break()], []), *node.body]
            node.test = ast.Constant(True)


def _name_conditions(function: AnyFunction) -> None:
    """`if f(x):` → `is_so_here = f(x)`, `if is_so_here:`."""
    for block in _blocks(function):
        for at in reversed(range(len(block))):
            each = block[at]
            if isinstance(each, ast.If):
                named = ast.Assign([ast.Name("is_so_here", ast.Store())], each.test)
                block[at : at + 1] = [named, ast.If(ast.Name("is_so_here", ast.Load()), each.body, each.orelse)]


def _extract(function: AnyFunction) -> None:
    """The body → a function in the function, which is called with all that came in."""
    if isinstance(function, ast.AsyncFunctionDef) or any(
        isinstance(each, ast.Name) and each.id in {"super", "locals", "__class__"} for each in ast.walk(function)
    ):
        return
    given = function.args
    plain = [ast.arg(each.arg) for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    starred = [ast.arg(each.arg) for each in (given.vararg, given.kwarg) if each is not None]
    inner = copy.deepcopy(function)
    inner.name, inner.decorator_list, inner.returns = "extracted_here", [], None
    inner.args = ast.arguments([], [*plain, *starred], None, [], [], None, [])
    read: list[ast.expr] = [ast.Name(each.arg, ast.Load()) for each in (*plain, *starred)]
    function.body = [inner, ast.Return(ast.Call(ast.Name(inner.name, ast.Load()), read, []))]


def _blocks(function: AnyFunction) -> list[list[ast.stmt]]:
    found = []
    for node in ast.walk(function):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                found.append(block)
    return found


_REWRITES: dict[str, Callable[[AnyFunction], None]] = {
    "renamed locals": _rename_locals,
    "turned conditions": _turn_conditions,
    "type hints": _add_hints,
    "documented": _document,
    "else after return": _nest_after_return,
    "reordered": _reorder,
    "named results": _name_results,
    "spelled out": _spell_out,
    "chosen by expressions": _choose_by_expression,
    "nested conditions": _nest_conditions,
    "mirrored comparisons": _mirror_comparisons,
    "broken loops": _break_loops,
    "named conditions": _name_conditions,
    "extracted": _extract,
}
