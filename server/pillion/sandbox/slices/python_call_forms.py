"""Rewrites the calls and attributes of Python that the sandbox's interpreter lacks, or that mean something else there."""

import ast
import builtins
from collections.abc import Sequence

from pillion.sandbox.slices.python_attributes import CLASS_METHODS, METHODS, is_method, kinds_with
from pillion.sandbox.slices.python_expressions import (
    NATIVE_TYPES,
    as_functions,
    helper_call,
    is_module_name,
    is_native,
    lambda_of,
)
from pillion.sandbox.slices.python_modules import Module

# What reads all of its first argument before it does anything else.
_CONSUMERS = frozenset({"list", "tuple", "set", "frozenset", "dict", "sum", "sorted", "min", "max", "iter", "len"})
_LAZY = frozenset({"map", "filter", "zip", "enumerate", "reversed"})


class CallForms(ast.NodeTransformer):
    """Of one statement. `_local` are the names that the functions around a node bind; `_consumed` are the nodes that
    something reads to their ends."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._consumed: set[int] = set()
        self._local: list[set[str]] = []

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Calls of what is missing, or works otherwise."""
        consumed = id(node) in self._consumed
        match node.func:
            case ast.Name(id=name) if not self._is_shadowed(node.func):
                return self._builtin_call(node, name, consumed)
            case ast.Attribute(value=ast.Name(id=kind), attr=name) if kind in NATIVE_TYPES and not self._is_bound(kind):
                return self._class_call(node, kind, name)
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
                self._visit_call_arguments(node)
                return node
            case ast.Attribute(value=value, attr=name):
                if name in ("join", "extend", "update", "fromkeys") and len(node.args) == 1:
                    self._consume(node.args[0])
                of = self.visit(value)
                self._visit_call_arguments(node)
                if name in METHODS and not is_module_name(value, self._module):
                    call = helper_call(f"method_{name}", of, *node.args)
                    call.keywords = node.keywords
                    return call
                node.func = ast.Attribute(of, name, ast.Load())
                return node
        self.generic_visit(node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """A method that isn't called at once is no value, there."""
        of = node.value
        loads = isinstance(node.ctx, ast.Load) and not is_module_name(of, self._module)
        is_type = loads and isinstance(of, ast.Name) and of.id in NATIVE_TYPES and not self._is_bound(of.id)
        if is_type and hasattr(getattr(builtins, of.id), node.attr) and not node.attr.startswith("__"):  # type: ignore[attr-defined]
            return self._unbound(of.id, node.attr)  # type: ignore[attr-defined]
        kinds = kinds_with(node.attr) if loads and (node.attr in METHODS or not node.attr.startswith("__")) else ()
        if kinds and is_method(node.attr):
            item = ast.Name("_o", ast.Load())
            values = ast.Starred(ast.Name("_a", ast.Load()), ast.Load())
            if node.attr in METHODS:
                called = helper_call(f"method_{node.attr}", item, values)
            else:
                called = ast.Call(ast.Attribute(item, node.attr, ast.Load()), [values], [])
            called.keywords = [ast.keyword(None, ast.Name("_k", ast.Load()))]
            method = lambda_of(["_o"], lambda_of([], called, "_a", "_k"))
            plain = lambda_of(["_o"], ast.Attribute(item, node.attr, ast.Load()))
            return helper_call("bound", self.visit(of), _constants(kinds), method, plain)
        if loads and node.attr in ("__name__", "__qualname__", "__doc__"):
            return helper_call(f"attribute{node.attr.rstrip('_')}", self.visit(of))
        self.generic_visit(node)
        return node

    def _builtin_call(self, node: ast.Call, name: str, consumed: bool) -> ast.expr:
        if name in _CONSUMERS and len(node.args) == 1:
            self._consume(node.args[0])
        if name in ("any", "all", "next") and node.args:
            early = self._early(name, node)
            if early is not None:
                return early
        if name in _LAZY:
            for each in node.args:
                self._consume(each)
        self._visit_call_arguments(node)
        match name, node.args:
            case "hasattr", [of, ast.Constant(value=str(attribute))]:
                return helper_call("has", of, ast.Constant(attribute), _constants(kinds_with(attribute)))
            case "getattr", [of, ast.Constant(value=str(attribute))] if attribute.isidentifier():
                return self.visit_Attribute(ast.Attribute(of, attribute, ast.Load()))
            case "isinstance", [of, kind] if not is_native(kind) or self._is_any_bound(kind):
                return helper_call("is_a", of, kind)
            case "bytes", [one] if not isinstance(one, (ast.Constant, ast.Starred)) and not node.keywords:
                return helper_call("to_bytes", one)
            case "object", []:
                return helper_call("Sentinel")
            case "super", []:
                return node
            case (("eval" | "exec" | "globals" | "vars" | "locals" | "open" | "input" | "breakpoint" | "compile"), _):
                return helper_call("lacks", ast.Constant(f"uses {name}"))
        if name in _LAZY and not consumed:
            return ast.Call(ast.Name("iter", ast.Load()), [node], [])
        return node

    def _class_call(self, node: ast.Call, kind: str, name: str) -> ast.expr:
        self._visit_call_arguments(node)
        if (kind, name) in CLASS_METHODS:
            call = helper_call(f"{kind}_{name}", *node.args)
            call.keywords = node.keywords
            return call
        if (kind, name) in {("dict", "fromkeys"), ("bytes", "fromhex")} or not node.args or name.startswith("__"):
            return node
        first, *rest = node.args
        if isinstance(first, ast.Starred):
            return node
        return self.visit_Call(ast.Call(ast.Attribute(first, name, ast.Load()), rest, node.keywords))

    def _unbound(self, kind: str, name: str) -> ast.expr:
        values = [ast.Starred(ast.Name("_a", ast.Load()), ast.Load())]
        if (kind, name) in CLASS_METHODS:
            return lambda_of([], helper_call(f"{kind}_{name}", *values), "_a")
        if (kind, name) in {("dict", "fromkeys"), ("bytes", "fromhex")}:
            return lambda_of(
                [], ast.Call(ast.Attribute(ast.Name(kind, ast.Load()), name, ast.Load()), list(values), []), "_a"
            )
        item = ast.Name("_o", ast.Load())
        if name in METHODS:
            return lambda_of(["_o"], helper_call(f"method_{name}", item, *values), "_a")
        return lambda_of(["_o"], ast.Call(ast.Attribute(item, name, ast.Load()), list(values), []), "_a")

    def _early(self, name: str, node: ast.Call) -> ast.expr | None:
        """`any`, `all` and `next` stop at the first that decides; a list would be made to its end first."""
        generator = node.args[0]
        if not isinstance(generator, ast.GeneratorExp) or any(
            isinstance(each, (ast.NamedExpr, ast.Await)) for each in ast.walk(generator)
        ):
            return None
        parts = as_functions(generator)
        if parts is None:
            return None
        return helper_call(
            f"{name}_of", *(self.visit(each) for each in parts), *(self.visit(each) for each in node.args[1:])
        )

    def _visit_call_arguments(self, node: ast.Call) -> None:
        node.args = [self.visit(each) for each in node.args]
        node.keywords = [self.visit(each) for each in node.keywords]

    def _consume(self, node: ast.expr) -> None:
        self._consumed.add(id(node))

    def _is_shadowed(self, node: ast.expr) -> bool:
        return not isinstance(node, ast.Name) or self._is_bound(node.id) or node.id in self._module.imports

    def _is_any_bound(self, kind: ast.expr) -> bool:
        return any(isinstance(each, ast.Name) and self._is_bound(each.id) for each in ast.walk(kind))

    def _is_bound(self, name: str) -> bool:
        return self._module.binds(name) or any(name in each for each in self._local)


def _constants(values: Sequence[str]) -> ast.expr:
    return ast.Tuple([ast.Constant(each) for each in values], ast.Load())
