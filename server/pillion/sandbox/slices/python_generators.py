"""Generator functions → functions that make all the values first, and give an iterator over them."""

import ast

from pillion.errors import CannotRunError
from pillion.sandbox.slices.python_scope import own_nodes

_MADE = "_made"


def is_generator(node: ast.FunctionDef) -> bool:
    """Whether calling it gives a generator."""
    return any(isinstance(each, (ast.Yield, ast.YieldFrom)) for each in own_nodes(node.body))


def as_list(node: ast.FunctionDef) -> None:
    """Rewrites a generator function in place.

    What its body raises is raised when the values before it have been read, and a generator without an end is broken
    off after so many values, as stand_ins/pillion_helpers.py says.

    Raises:
        CannotRunError: what is sent to it matters.
    """
    statements = {id(each.value) for each in own_nodes(node.body) if isinstance(each, ast.Expr)}
    for each in own_nodes(node.body):
        if isinstance(each, (ast.Yield, ast.YieldFrom)) and id(each) not in statements:
            raise CannotRunError(f"uses {node.name}, a generator that is sent values")
    inner = ast.FunctionDef(
        name="_make",
        args=ast.arguments([], [ast.arg(_MADE)], None, [], [], None, []),
        body=[_Body().visit(each) for each in node.body],
        decorator_list=[],
        returns=None,
        type_comment=None,
    )
    assigned = _Assigned.of(node)
    if assigned:
        inner.body.insert(0, ast.Nonlocal(sorted(assigned)))
    helper = ast.Attribute(ast.Name("_pillion", ast.Load()), "generated", ast.Load())
    result = ast.Return(ast.Call(helper, [ast.Name("_make", ast.Load())], []))
    if hasattr(inner, "type_params"):
        inner.type_params = []
    node.body = [inner, result]


class _Assigned:
    @staticmethod
    def of(node: ast.FunctionDef) -> set[str]:
        """The parameters that the body assigns: they stay those of the outer function."""
        given = node.args
        names = {
            each.arg
            for each in [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
            if each is not None
        }
        stored = {
            each.id
            for each in own_nodes(node.body)
            if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)
        }
        stored |= {each.name for each in own_nodes(node.body) if isinstance(each, ast.ExceptHandler) and each.name}
        stored |= {each.name for each in own_nodes(node.body) if isinstance(each, (ast.FunctionDef, ast.ClassDef))}
        return names & stored


class _Body(ast.NodeTransformer):
    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return node

    def visit_Yield(self, node: ast.Yield) -> ast.AST:
        return self._call("add", node.value or ast.Constant(None))

    def visit_YieldFrom(self, node: ast.YieldFrom) -> ast.AST:
        return self._call("add_all", node.value)

    def visit_Return(self, node: ast.Return) -> ast.AST:
        return ast.Return(None)

    def _call(self, name: str, value: ast.expr) -> ast.expr:
        return ast.Call(ast.Attribute(ast.Name(_MADE, ast.Load()), name, ast.Load()), [value], [])
