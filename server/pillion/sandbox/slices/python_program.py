"""What has to be rewritten in a whole program once its classes are known: properties, own exceptions, enumerations."""

import ast
import builtins
from collections.abc import Callable

from pillion.sandbox.slices.python_classes import ENUMS, Classes

Helper = Callable[..., ast.Call]
_ORDER = {
    ast.Lt: ("__lt__", "__gt__"),
    ast.LtE: ("__le__", "__ge__"),
    ast.Gt: ("__gt__", "__lt__"),
    ast.GtE: ("__ge__", "__le__"),
}
_READERS = frozenset({"list", "tuple", "set", "sorted", "len", "enumerate", "zip", "map", "filter", "reversed", "iter"})


class ProgramPass(ast.NodeTransformer):
    """One statement after the other. `helper(name, …)` is a call of a function of stand_ins/pillion_helpers.py."""

    def __init__(self, classes: Classes, helper: Helper) -> None:
        self._helper = helper
        self._properties = classes.properties
        self._errors = classes.errors
        self._enums = {name for name, each in classes.known.items() if each.foreign_bases & ENUMS}
        self._has_len = any("__len__" in each.methods() for each in classes.known.values())
        methods = {name for each in classes.known.values() for name in each.methods()}
        decorators = " ".join(ast.unparse(one) for each in classes.known.values() for one in each.node.decorator_list)
        self._has_order = bool(methods & {"__lt__", "__le__", "__gt__", "__ge__"}) or "order=True" in decorators
        self._has_number = bool(methods & {"__float__", "__int__", "__trunc__", "__index__"})
        self._known = {*classes.known, *vars(builtins)} - {"int", "float"}
        self._has_format = "__format__" in methods
        self._count = 0

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        """One within a function may be no more than plain."""
        bases = {each.id if isinstance(each, ast.Name) else "?" for each in node.bases}
        decorated = any(isinstance(each, ast.FunctionDef) and each.decorator_list for each in node.body)
        if bases - {"object", "abc.ABC"} or decorated or node.keywords:
            lacking = self._helper("value_lacking", ast.Constant(f"uses {node.name}, a class within a function"))
            return ast.Assign([ast.Name(node.name, ast.Store())], lacking)
        node.bases = []
        self.generic_visit(node)
        return node

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.expr:
        """Own classes' formats."""
        self.generic_visit(node)
        if self._has_format and node.conversion == -1:
            spec = node.format_spec or ast.Constant("")
            return ast.FormattedValue(self._helper("formatted", node.value, spec), -1, None)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """A property is a method, there."""
        if node.attr == "__members__" and isinstance(node.value, ast.Name) and node.value.id in self._enums:
            return self._helper("enum_names", node.value)
        self.generic_visit(node)
        if node.attr not in self._properties or not isinstance(node.ctx, ast.Load):
            return node
        item = ast.Name("_o", ast.Load())
        getter = f"_get_{node.attr}"
        get = _lambda("_o", ast.Call(ast.Attribute(item, getter, ast.Load()), [], []))
        plain = _lambda("_o", ast.Attribute(item, node.attr, ast.Load()))
        return self._helper("attribute_of", node.value, ast.Constant(getter), get, plain)

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        """So is its setter."""
        self.generic_visit(node)
        match node.targets:
            case [ast.Attribute(value=of, attr=name)] if name in self._properties:
                return ast.Expr(self._helper("set_attribute", of, ast.Constant(name), node.value))
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        """The same for `+=`."""
        match node.target:
            case ast.Attribute(value=ast.Name(id=of), attr=name) if name in self._properties:
                load = ast.Attribute(ast.Name(of, ast.Load()), name, ast.Load())
                store = ast.Attribute(ast.Name(of, ast.Load()), name, ast.Store())
                return self.visit_Assign(ast.Assign([store], ast.BinOp(load, node.op, node.value)))
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Sizes of own classes, members of enumerations."""
        match node.func:
            case ast.Name(id="len") if self._has_len and len(node.args) == 1:
                self.generic_visit(node)
                return self._helper("size", *node.args)
            case ast.Name(id=name) if name in self._enums:
                self.generic_visit(node)
                return self._helper("enum_of", node.func, *node.args)
            case ast.Name(id="sorted") if self._has_order:
                self.generic_visit(node)
                call = self._helper("ordered", *node.args)
                call.keywords = node.keywords
                return call
            case ast.Name(id="min" | "max" as name) if self._has_order:
                self.generic_visit(node)
                options = ast.Dict(
                    [ast.Constant(each.arg) for each in node.keywords], [each.value for each in node.keywords]
                )
                values = ast.Tuple(node.args, ast.Load())
                return self._helper("extreme", ast.Constant(name), node.func, values, options)
            case ast.Attribute(value=of, attr="sort") if self._has_order:
                self.generic_visit(node)
                call = self._helper("sort_in_place", of)
                call.keywords = node.keywords
                return call
            case ast.Name(id=name) if self._may_be_number(name, node):
                self.generic_visit(node)
                return self._helper("as_number", node.func, *node.args)
            case ast.Name(id=name) if name in _READERS:
                node.args = [self._members(each) for each in node.args]
        self.generic_visit(node)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """`Colour["RED"]`."""
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id in self._enums:
            return self._helper("enum_named", node.value, node.slice)
        return node

    def visit_For(self, node: ast.For) -> ast.stmt:
        """`for each in Colour`."""
        node.iter = self._members(node.iter)
        self.generic_visit(node)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        """The same in a comprehension."""
        node.iter = self._members(node.iter)
        self.generic_visit(node)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """`x in Colour`."""
        node.comparators = [self._members(each) for each in node.comparators]
        self.generic_visit(node)
        if self._has_order and len(node.ops) == 1 and type(node.ops[0]) in _ORDER:
            name, mirrored = _ORDER[type(node.ops[0])]
            one, other = ast.Name("_x", ast.Load()), ast.Name("_y", ast.Load())
            plain = _lambda("_x", ast.Compare(one, node.ops, [other]))
            plain.args.args.append(ast.arg("_y"))
            names = ast.Constant(name), ast.Constant(mirrored)
            return self._helper("compare", node.left, *names, node.comparators[0], plain)
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.stmt:
        """The interpreter raises only exceptions of its own: ours travel in their message."""
        self.generic_visit(node)
        if self._errors:
            node.cause = None
            if node.exc is not None:
                node.exc = self._helper("thrown", node.exc)
        return node

    def visit_Try(self, node: ast.Try) -> ast.stmt:
        """One handler that looks which of the code's own fits."""
        self.generic_visit(node)
        if not self._errors or not node.handlers:
            return node
        self._count += 1
        caught = f"_caught_{self._count}"
        chain: list[ast.stmt] = [ast.Raise(None, None)]
        for each in reversed(node.handlers):
            body = each.body
            if each.name:
                own = self._helper("own_error", ast.Name(caught, ast.Load()))
                body = [ast.Assign([ast.Name(each.name, ast.Store())], own), *body]
            kind = each.type or ast.Name("Exception", ast.Load())
            chain = [ast.If(self._helper("fits", ast.Name(caught, ast.Load()), kind), body, chain)]
        node.handlers = [ast.ExceptHandler(ast.Name(self._widest(node.handlers), ast.Load()), caught, chain)]
        return node

    def _may_be_number(self, name: str, node: ast.Call) -> bool:
        """Whether the call may be one of int or float with a number of the program's own."""
        if not self._has_number or name in self._known or name.startswith("_pillion_") or node.keywords:
            return False
        return len(node.args) == 1 and not isinstance(node.args[0], ast.Starred)

    def _widest(self, handlers: list[ast.ExceptHandler]) -> str:
        names = {
            each.id
            for handler in handlers
            if handler.type
            for each in ast.walk(handler.type)
            if isinstance(each, ast.Name)
        }
        return "BaseException" if names & {"SystemExit", "KeyboardInterrupt", "GeneratorExit"} else "Exception"

    def _members(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Name) and node.id in self._enums:
            return ast.Attribute(node, "_members", ast.Load())
        return node


def _lambda(name: str, body: ast.expr) -> ast.Lambda:
    return ast.Lambda(ast.arguments([], [ast.arg(name)], None, [], [], None, []), body)
