"""Rewrites Python to what the sandbox's interpreter reads, where that means the same."""

import ast
from collections.abc import Sequence

from pillion.sandbox.slices.python_call_forms import CallForms
from pillion.sandbox.slices.python_expressions import (
    drop_annotations,
    helper_call,
    is_builtin_error,
    is_text,
    lacking_function,
    slice_call,
    unpacked,
)
from pillion.sandbox.slices.python_generators import as_list, is_generator
from pillion.sandbox.slices.python_modules import Module
from pillion.sandbox.slices.python_scope import function_scope, parameters

# Decorators that change nothing for who calls the function once.
_NO_DIFFERENCE = frozenset(
    {
        "typing.final", "typing.override", "typing.no_type_check", "typing.runtime_checkable",
        "typing.dataclass_transform", "abc.abstractmethod",
        "functools.wraps", "functools.update_wrapper", "warnings.deprecated",
    }
)  # fmt: skip
# Of a method, the cache would have to know its instance.
_CACHES = frozenset({"functools.lru_cache", "functools.cache"})
_FOR_PEOPLE = frozenset({"__doc__", "__name__", "__qualname__", "__module__", "__wrapped__", "__annotations__"})
_EXTENDED = frozenset({"typing_extensions", "collections.abc"})


def canonical(node: ast.expr, module: Module) -> str:
    """A name as its definer calls it: `functools.wraps`, `property`. Empty if it isn't a name."""
    if isinstance(node, ast.Call):
        return canonical(node.func, module)
    if isinstance(node, ast.Attribute):
        of = canonical(node.value, module)
        return f"{of}.{node.attr}" if of else ""
    if not isinstance(node, ast.Name):
        return ""
    imported = module.imports.get(node.id)
    if imported is None:
        return node.id
    name = imported.module if imported.module not in _EXTENDED else "typing"
    return f"{name}.{imported.attribute}" if imported.attribute else name


def simplified(node: ast.stmt, module: Module) -> list[ast.stmt]:
    """A statement of a module's top level, rewritten."""
    visited = Simplification(module).visit(node)
    statements = visited if isinstance(visited, list) else [visited]
    return [each for each in statements if each is not None]


class Simplification(CallForms):
    """One statement's."""

    def __init__(self, module: Module) -> None:
        super().__init__(module)
        self._in_class = False

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt | list[ast.stmt]:
        """No annotations, no decorators that change nothing, no `yield`."""
        names = [self._name(each) for each in node.decorator_list]
        if "typing.overload" in names:
            return []
        dropped = _NO_DIFFERENCE | _CACHES if self._in_class else _NO_DIFFERENCE
        kept = [each for each, name in zip(node.decorator_list, names, strict=True) if name not in dropped]
        in_class, self._in_class = self._in_class, False
        node.decorator_list = [self.visit(each) for each in kept]
        drop_annotations(node)
        scope = function_scope(node)
        if is_generator(node):
            as_list(node)
        self._visit_arguments(node.args)
        self._local.append(scope.names | scope.imports.keys())
        node.body = self._visited(node.body)
        self._local.pop()
        self._in_class = in_class
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.stmt:
        """A coroutine isn't run."""
        return ast.Assign([ast.Name(node.name, ast.Store())], lacking_function(node.name, "is a coroutine"))

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        """A lambda may hold a `yield`, which nobody writes."""
        self._visit_arguments(node.args)
        self._local.append({each.arg for each in parameters(node)})
        node.body = self.visit(node.body)
        self._local.pop()
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        """Its annotations are its fields if it is a data class or a named tuple."""
        node.decorator_list = [each for each in node.decorator_list if self._name(each) not in _NO_DIFFERENCE]
        if hasattr(node, "type_params"):
            node.type_params = []
        in_class, self._in_class = self._in_class, True
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        node.body = self._visited(node.body) or [ast.Pass()]
        self._in_class = in_class
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        """An annotation is dropped. In a class it stays, as a word that needs nothing."""
        if node.value is not None:
            node.value = self.visit(node.value)
        if self._in_class and isinstance(node.target, ast.Name):
            words = {each.id for each in ast.walk(node.annotation) if isinstance(each, ast.Name)}
            words |= {each.attr for each in ast.walk(node.annotation) if isinstance(each, ast.Attribute)}
            text = node.annotation.value if isinstance(node.annotation, ast.Constant) else ""
            special = next(
                (each for each in ("ClassVar", "InitVar", "KW_ONLY") if each in words or each in str(text)), ""
            )
            node.annotation = ast.Constant(special or "object")
            return node
        if node.value is None:
            return ast.Pass()
        return ast.Assign([self.visit(node.target)], node.value)

    def visit_TypeAlias(self, node: ast.stmt) -> ast.stmt:
        """A type's name is nothing that runs."""
        return ast.Pass()

    def visit_Delete(self, node: ast.Delete) -> list[ast.stmt]:
        """A name that is deleted is only forgotten; a part of a container is taken out of it."""
        made: list[ast.stmt] = []
        targets = [each for target in node.targets for each in unpacked(target)]
        for target in targets:
            match target:
                case ast.Name():
                    continue
                case ast.Subscript(value=value, slice=ast.Slice(lower=lower, upper=upper, step=None)):
                    part = ast.Subscript(
                        self.visit(value), ast.Slice(self._or_none(lower), self._or_none(upper)), ast.Store()
                    )
                    made.append(ast.Assign([part], ast.List([], ast.Load())))
                case ast.Subscript(value=value, slice=key):
                    made.append(ast.Expr(helper_call("delete", self.visit(value), self.visit(slice_call(key)))))
                case _:
                    made.append(ast.Expr(helper_call("lacks", ast.Constant("deletes an attribute"))))
        return made or [ast.Pass()]

    def visit_Raise(self, node: ast.Raise) -> ast.stmt:
        """The interpreter's own exceptions take one string."""
        if isinstance(node.exc, ast.Call) and is_builtin_error(node.exc.func) and not self._is_shadowed(node.exc.func):
            arguments = node.exc.args
            if node.exc.keywords or len(arguments) > 1 or any(not is_text(each) for each in arguments):
                node.exc = helper_call("error", node.exc.func, *arguments)
        node.cause = None if node.cause is None or isinstance(node.cause, ast.Constant) else node.cause
        self.generic_visit(node)
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        """What the sandbox lacks is said by an exception that nothing but a bare `except` would catch."""
        if node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "BaseException"):
            node.type = ast.Name("Exception", ast.Load())
        self.generic_visit(node)
        return node

    def visit_TryStar(self, node: ast.stmt) -> ast.stmt:
        """Groups of exceptions aren't there."""
        return ast.Expr(helper_call("lacks", ast.Constant("uses except*")))

    def visit_AsyncFor(self, node: ast.stmt) -> ast.stmt:
        """Only in coroutines, which aren't run."""
        return ast.Pass()

    visit_AsyncWith = visit_AsyncFor

    def visit_For(self, node: ast.For) -> ast.stmt:
        """A loop reads its iterable."""
        self._consume(node.iter)
        self.generic_visit(node)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        """So does a comprehension."""
        self._consume(node.iter)
        self.generic_visit(node)
        return node

    def visit_Starred(self, node: ast.Starred) -> ast.AST:
        """So does a star."""
        self._consume(node.value)
        self.generic_visit(node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt | list[ast.stmt]:
        """So does an unpacking. What a function is called is for people only."""
        if all(isinstance(each, ast.Attribute) and each.attr in _FOR_PEOPLE for each in node.targets):
            return ast.Pass()
        if all(isinstance(each, (ast.Tuple, ast.List)) for each in node.targets):
            self._consume(node.value)
        self.generic_visit(node)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        """`items += made` takes lists only, there."""
        self._consume(node.value)
        self.generic_visit(node)
        if isinstance(node.op, ast.Add) and not isinstance(
            node.value, (ast.Constant, ast.JoinedStr, ast.List, ast.ListComp)
        ):
            name = node.target.id if isinstance(node.target, ast.Name) else ""
            node.value = helper_call("added", ast.Name(name, ast.Load()) if name else ast.Constant(None), node.value)
        return node

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.expr:
        """Is a list, there: it becomes an iterator where something can be read from it twice."""
        consumed = id(node) in self._consumed
        self.generic_visit(node)
        return node if consumed else ast.Call(ast.Name("iter", ast.Load()), [node], [])

    def _visit_arguments(self, arguments: ast.arguments) -> None:
        arguments.defaults = [self.visit(each) for each in arguments.defaults]
        arguments.kw_defaults = [self.visit(each) if each else None for each in arguments.kw_defaults]

    def _visited(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        made: list[ast.stmt] = []
        for each in body:
            visited = self.visit(each)
            made += visited if isinstance(visited, list) else [visited]
        return made or [ast.Pass()]

    def _or_none(self, node: ast.expr | None) -> ast.expr | None:
        return None if node is None else self.visit(node)

    def _name(self, node: ast.expr) -> str:
        return canonical(node, self._module).replace("typing_extensions.", "typing.")
