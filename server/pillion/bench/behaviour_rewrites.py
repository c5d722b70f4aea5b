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


_REWRITES: dict[str, Callable[[AnyFunction], None]] = {
    "renamed locals": _rename_locals,
    "turned conditions": _turn_conditions,
    "type hints": _add_hints,
    "documented": _document,
    "else after return": _nest_after_return,
    "reordered": _reorder,
    "named results": _name_results,
    "spelled out": _spell_out,
}
