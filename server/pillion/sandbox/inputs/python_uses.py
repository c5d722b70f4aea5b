"""How code uses its parameters, and what they must look like for that."""

import ast
from collections.abc import Mapping

from pillion.sandbox.inputs import use_tables as tables
from pillion.sandbox.inputs.python_ways import Way, Ways, is_text
from pillion.sandbox.inputs.use_tables import Kinds

AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef
_DEEPEST = 2
# Texts that are numbers.
_DIGITS = ("'12'", "'7'", "'300'")


class Uses(Ways, ast.NodeVisitor):
    """Collects what a function does with its parameters."""

    def __init__(self, functions: Mapping[str, AnyFunction], depth: int = 0) -> None:
        super().__init__()
        self._functions = functions
        self._depth = depth

    def read(self, function: AnyFunction, ways: Mapping[str, Way]) -> None:
        """Reads one function whose parameters have these ways."""
        self._ways = dict(ways)
        nodes = list(ast.walk(function))
        for _ in range(2):  # a name may be used above the place that binds it
            for node in nodes:
                self.bind(node)
        for statement in function.body:
            self.visit(statement)

    def visit_Call(self, node: ast.Call) -> None:
        match node:
            case ast.Call(ast.Attribute(ast.Constant(str()), "join"), [joined]):
                way = self.way(joined)
                self.see(way, tables.ELEMENTS)
                self.see((*way, "[]") if way is not None else None, tables.TEXT)
            case ast.Call(ast.Attribute(ast.Call(ast.Name("str"), [written]), method)):
                self.see(self.way(written), tables.TEXT if method in tables.METHODS else None)
            case ast.Call(ast.Attribute(value, method)):
                way = self.way(value)
                if way is not None:
                    self._see_method(way, method, node)
                elif method in tables.WITH_TEXT:
                    for each in node.args:
                        self.see(self.way(each), tables.TEXTS)
                elif isinstance(value, ast.Name | ast.Attribute):
                    module = value.id if isinstance(value, ast.Name) else value.attr
                    arguments = node.args[:1] if tables.MODULES.get(module) == tables.LIST else node.args
                    for each in arguments:
                        self.see(self.way(each), tables.MODULES.get(module))
                    if module in {"self", "cls"}:
                        self._follow(method, node, skipped=1)
            case ast.Call(ast.Name("isinstance"), [value, types]):
                self.see(self.way(value), _kinds_of_types(types))
            case ast.Call(ast.Name(function)):
                self._see_function(function, node)
        self.generic_visit(node)

    def _see_method(self, way: Way, method: str, node: ast.Call) -> None:
        if method == "get" and node.args and is_text(node.args[0]):
            self.see((*way, f"{{{node.args[0].value}"))  # type: ignore[attr-defined]
        kinds = tables.METHODS.get(method)
        if kinds is None:
            self.see((*way, f".{method}"), tables.CALLABLE)
            return
        texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
        if kinds == tables.TEXTS and texts:
            kinds = (
                tables.TEXT
                if isinstance(texts[0], str)
                else frozenset({"bytes"})
                if isinstance(texts[0], bytes)
                else kinds
            )
        self.see(way, kinds, _DIGITS if method in {"isdigit", "isdecimal", "isnumeric"} else ())
        if method in tables.WITH_TEXT:
            for each in node.args:
                self.see(self.way(each), tables.TEXTS)

    def _see_function(self, function: str, node: ast.Call) -> None:
        called = self._ways.get(function)
        if called is not None:
            self.see(called, tables.CALLABLE)
        kinds = tables.FUNCTIONS.get(function)
        if kinds is not None:
            arguments = node.args if function in {"range", "zip", "divmod", "pow"} else node.args[:1]
            if function in {"map", "filter"}:
                arguments = node.args[1:]
                self.see(self.way(node.args[0]) if node.args else None, tables.CALLABLE)
            for each in arguments:
                self.see(self.way(each), kinds, _DIGITS if function in {"int", "float"} else ())
            if function == "sum" and node.args and (way := self.way(node.args[0])) is not None:
                self.see((*way, "[]"), tables.NUMBER)
        elif function in {"min", "max"} and len(node.args) == 1:
            self.see(self.way(node.args[0]), tables.ELEMENTS)
        for keyword in node.keywords:
            if keyword.arg == "key":
                self.see(self.way(keyword.value), tables.CALLABLE)
        self._follow(function, node)

    def _follow(self, name: str, node: ast.Call, skipped: int = 0) -> None:
        """What another function of the file does with what it is given."""
        function = self._functions.get(name)
        if function is None or self._depth >= _DEEPEST:
            return
        names = [each.arg for each in function.args.args[skipped:]]
        given = [*zip(names, node.args, strict=False), *((each.arg, each.value) for each in node.keywords if each.arg)]
        ways = {name: way for name, value in given if (way := self.way(value)) is not None}
        if ways:
            inner = Uses(self._functions, self._depth + 1)
            inner.read(function, ways)
            for way, evidence in inner.found.items():
                self.found[way].kinds += evidence.kinds
                self.found[way].values += evidence.values

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self._calculate(node.left, node.op, node.right)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._calculate(node.target, node.op, node.value)
        self.generic_visit(node)

    def _calculate(self, left: ast.expr, operator: ast.operator, right: ast.expr) -> None:
        if isinstance(operator, ast.Mod) and self.kind(left) == "str":
            return
        for one, other in ((left, right), (right, left)):
            way, kind = self.way(one), self.kind(other)
            if way is None:
                continue
            if kind == "float":
                self.see(way, values=[repr(other.value) if isinstance(other, ast.Constant) else "0.5"])
            if isinstance(operator, ast.BitAnd | ast.BitOr | ast.BitXor | ast.LShift | ast.RShift):
                self.see(way, tables.SETS if kind == "set" else tables.INTEGER)
            elif not isinstance(operator, ast.Add | ast.Mult):
                self.see(way, tables.NUMBER)
            elif isinstance(operator, ast.Add):
                self.see(way, _like(kind))
            elif kind in {"int", "float"}:
                self.see(way, tables.NUMBER | tables.SEQUENCE)

    def visit_Compare(self, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
            if isinstance(operator, ast.In | ast.NotIn):
                self._look_for(left, right)
                continue
            for one, other in ((left, right), (right, left)):
                way = self.way(one)
                if way is None:
                    continue
                values = [repr(other.value)] if isinstance(other, ast.Constant) else []
                kind = self.kind(other)
                self.see(way, _like(kind) if kind else None, values)
        self.generic_visit(node)

    def _look_for(self, left: ast.expr, right: ast.expr) -> None:
        way = self.way(left)
        if way is not None:
            several = right.elts if isinstance(right, ast.Tuple | ast.List | ast.Set) else []
            constants: list[object] = [each.value for each in several if isinstance(each, ast.Constant)]
            if isinstance(right, ast.Constant) and isinstance(right.value, str):
                constants = [*right.value[:6]]
            kinds = _like(type(constants[0]).__name__) if constants else None
            self.see(way, kinds, [repr(each) for each in constants])
        way = self.way(right)
        if way is not None:
            self.see(way, tables.ITERABLE)
            if isinstance(left, ast.Constant):
                self.see((*way, "[]"), _like(type(left.value).__name__), [repr(left.value)])

    def visit_Subscript(self, node: ast.Subscript) -> None:
        way = self.way(node.value)
        if way is not None:
            if is_text(node.slice):
                self.see((*way, f"{{{node.slice.value}"))  # type: ignore[attr-defined]
                self.see(way, tables.MAPPING)
            elif self.way(node.slice) == (*way, "[]"):
                self.see(way, tables.MAPPING)  # `for key in table: … table[key]`
            elif isinstance(node.slice, ast.Slice) or self.kind(node.slice) == "int":
                self.see(way, tables.SEQUENCE if isinstance(node.ctx, ast.Load) else tables.LIST)
            elif not isinstance(node.ctx, ast.Load):
                self.see(way, frozenset({"list", "dict"}))
            else:
                self.see(way, tables.SEQUENCE | tables.MAPPING)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        way = self.way(node.value)
        if way is not None and node.attr not in tables.METHODS:
            self.see((*way, f".{node.attr}"))
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if not isinstance(node.op, ast.Not):
            self.see(self.way(node.operand), tables.NUMBER)
        self.generic_visit(node)

    def visit_Starred(self, node: ast.Starred) -> None:
        self.see(self.way(node.value), tables.ITERABLE)
        self.generic_visit(node)

    def visit_Match(self, node: ast.Match) -> None:
        way = self.way(node.subject)
        for each in ast.walk(node):
            if isinstance(each, ast.MatchValue) and isinstance(each.value, ast.Constant):
                self.see(way, _like(type(each.value.value).__name__), [repr(each.value.value)])
        self.generic_visit(node)


def _like(kind: str) -> Kinds | None:
    if kind in {"int", "float"}:
        return tables.NUMBER
    return frozenset({kind}) if kind in {"str", "bytes", "list", "dict", "set", "tuple", "bool"} else None


def _kinds_of_types(types: ast.expr) -> Kinds | None:
    names = {each.id for each in ast.walk(types) if isinstance(each, ast.Name)}
    kinds = names & {"int", "float", "str", "bytes", "bool", "list", "tuple", "dict", "set"}
    return frozenset(kinds) or None
