"""`super()` → the method of the base that it means."""

import ast
from collections.abc import Callable, Sequence
from typing import Protocol

from pillion.errors import CannotRunError


class HasMethods(Protocol):
    """A class of the program."""

    name: str

    def methods(self) -> dict[str, ast.FunctionDef]:
        """By their names."""


class SuperCalls(ast.NodeTransformer):
    """Rewrites one method of `of`, as it is in a class with this family. `keep(base, name)` has the base's method kept
    under the name that it returns."""

    def __init__(
        self, family: Sequence[HasMethods], of: HasMethods, keep: Callable[..., str], *, is_error: bool
    ) -> None:
        self._family = list(family)
        self._of = of
        self._keep = keep
        self._is_error = is_error
        self._first = ""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """The method itself, or a function in it."""
        if not self._first:
            given = [*node.args.posonlyargs, *node.args.args]
            self._first = given[0].arg if given else "self"
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """`super().method(…)`, `Exception.__init__(self, …)`."""
        self.generic_visit(node)
        match node.func:
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super"), args=given), attr=name):
                if given and not self._are_own(given):
                    raise CannotRunError(f"calls super({', '.join(map(ast.unparse, given))})")
                return self._call(name, node.args, node.keywords)
            case ast.Attribute(value=ast.Name(id=base), attr="__init__") if self._is_foreign(base):
                return self._call("__init__", node.args[1:], node.keywords, beyond=True)
        return node

    def _call(
        self, name: str, arguments: list[ast.expr], keywords: list[ast.keyword], *, beyond: bool = False
    ) -> ast.AST:
        me = ast.Name(self._first, ast.Load())
        position = next(index for index, each in enumerate(self._family) if each.name == self._of.name)
        for base in () if beyond else self._family[position + 1 :]:
            if name in base.methods():
                return ast.Call(ast.Attribute(me, self._keep(base, name), ast.Load()), arguments, keywords)
        if name == "__init__" and self._is_error:
            value = ast.Tuple(arguments, ast.Load())
            return ast.Call(ast.Name("setattr", ast.Load()), [me, ast.Constant("args"), value], [])
        if name in ("__init__", "__init_subclass__", "__post_init__"):
            return ast.Constant(None)
        raise CannotRunError(f"uses {self._of.name}.{name}, which calls a base that the sandbox lacks")

    def _are_own(self, given: list[ast.expr]) -> bool:
        """Whether `super(Class, self)` means what `super()` does."""
        match given:
            case [ast.Name(id=kind), ast.Name(id=me)]:
                return kind == self._of.name and me == self._first
        return False

    def _is_foreign(self, name: str) -> bool:
        return name == "object" or (
            self._is_error and name[:1].isupper() and name not in {each.name for each in self._family}
        )
