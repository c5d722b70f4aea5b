"""Classes with bases, properties and class methods → classes that have all of it themselves.

The interpreter's classes have methods and plain class variables, and no bases.
"""

import ast
from collections.abc import Callable, Iterator

from pillion.errors import CannotRunError
from pillion.sandbox.slices.python_class_parts import (
    Class,
    ancestors,
    arguments_kept,
    decoration_of,
    function,
    is_error,
    is_setter,
    merged,
    plain_decorator,
    simple_statements,
    total,
)
from pillion.sandbox.slices.python_named_tuples import tuple_fields, tuple_like
from pillion.sandbox.slices.python_scope import bound_names, copied
from pillion.sandbox.slices.python_super import SuperCalls

# Bases that give nothing which the code can see.
_NOTHING = frozenset(
    {
        "object", "abc.ABC", "typing.Protocol", "typing.Generic", "collections_abc.Hashable", "collections_abc.Sized",
        "collections_abc.Callable", "collections_abc.Iterable", "contextlib.AbstractContextManager", "numbers.Number",
        "numbers.Rational", "numbers.Real", "numbers.Complex", "numbers.Integral", "collections_abc.Iterator",
        "collections_abc.Container", "collections_abc.Collection", "typing.Hashable", "typing.Sized",
    }
)  # fmt: skip
ENUMS = frozenset({"enum.Enum"})
# The interpreter never calls these.
_UNSEEN = frozenset(
    {
        "__getattr__", "__getattribute__", "__setattr__", "__delattr__",
        "__iadd__", "__isub__", "__imul__", "__ior__", "__iand__",
        "__missing__", "__reversed__", "__get__", "__set__", "__instancecheck__",
        "__complex__", "__new__",
    }
)  # fmt: skip
# Nothing that is asked for by a call comes of these.
_SILENT = frozenset(
    {"__del__", "__class_getitem__", "__set_name__", "__init_subclass__", "__slots__", "__subclasshook__"}
)
Want = Callable[[str], ast.expr]


class Classes:
    """All classes of a program's top level. `want` gives the expression for a helper of stand_ins/pillion_helpers.py."""

    def __init__(self, statements: list[ast.stmt], want: Want) -> None:
        self._want = want
        self.known: dict[str, Class] = {}
        self.properties: set[str] = set()
        self._tuples: dict[str, tuple[list[str], list[ast.expr]]] = {}
        for node in statements:
            match node:
                case ast.ClassDef():
                    self._enter(node)
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                    fields = tuple_fields(call)
                    if fields is not None:
                        self._tuples[name] = fields

    def _enter(self, node: ast.ClassDef) -> None:
        bases = [each.id if isinstance(each, ast.Name) else f"?{node.name}" for each in node.bases]
        for base in node.bases:
            fields = tuple_fields(base) if isinstance(base, ast.Call) else None
            if fields is not None:
                self._tuples[f"?{node.name}"] = fields
        made = Class(node.name, node, bases)
        parents = [self.known[each] for each in bases if each in self.known]
        made.family = [made, *merged([list(each.family) for each in parents] + [parents])]
        foreign = made.foreign_bases - _NOTHING
        errors = [each for each in foreign if is_error(each)]
        made.error = errors[0] if errors else ""
        self.known[node.name] = made
        for each in node.body:
            if isinstance(each, ast.FunctionDef) and decoration_of(each) in ("property", "cached_property"):
                self.properties.add(each.name)

    @property
    def errors(self) -> dict[str, Class]:
        """The exception classes."""
        return {name: each for name, each in self.known.items() if each.error}

    def written(self, node: ast.ClassDef) -> list[ast.stmt]:
        """One class as the interpreter reads it, and what has to follow it.

        Raises:
            CannotRunError: it can't be written so.
        """
        made = self.known[node.name]
        if any(not ast.unparse(each.value).endswith("ABCMeta") for each in node.keywords if each.arg == "metaclass"):
            raise CannotRunError(f"uses {node.name}, a class with a metaclass")
        foreign = made.foreign_bases - _NOTHING - {made.error}
        foreign = {each for each in foreign if not (made.error and is_error(each))}
        if "typing.TypedDict" in foreign:
            return [ast.Assign([ast.Name(node.name, ast.Store())], ast.Name("dict", ast.Load()))]
        if "typing.NamedTuple" in foreign:
            return self._named_tuple(made)
        fields = self._tuple_fields(foreign)
        if fields is not None:
            return self._tuple_like(made, *fields)
        if foreign - ENUMS:
            raise CannotRunError(f"uses {node.name}, a class derived from {min(foreign - ENUMS)}")
        return _Writer(self, made, self._want, is_enum=bool(foreign)).statements()

    def _tuple_fields(self, foreign: set[str]) -> tuple[list[str], list[ast.expr]] | None:
        found = [self._tuples[each] for each in foreign if each in self._tuples]
        return found[0] if len(found) == 1 == len(foreign) else None

    def _named_tuple(self, made: Class) -> list[ast.stmt]:
        fields = [each for each in made.node.body if isinstance(each, ast.AnnAssign)]
        rest = [each for each in made.node.body if each not in fields and not isinstance(each, (ast.Expr, ast.Pass))]
        names = [each.target.id for each in fields if isinstance(each.target, ast.Name)]
        defaults = [each.value for each in fields if each.value is not None]
        made.node.body = rest
        made.node.bases = []
        made.bases = []
        return self._tuple_like(made, names, defaults)

    def _tuple_like(self, made: Class, names: list[str], defaults: list[ast.expr]) -> list[ast.stmt]:
        """A named tuple with methods of its own: a class whose values behave as tuples where that can be had."""
        own = made.methods()
        if not own.keys() - _SILENT:
            call = self._want("namedtuple")
            values = ast.List([ast.Constant(each) for each in names], ast.Load())
            keyword = ast.keyword("defaults", ast.List(defaults, ast.Load()))
            made_of = ast.Call(call, [ast.Constant(made.name), values], [keyword])
            return [ast.Assign([ast.Name(made.name, ast.Store())], made_of)]
        if "__new__" in own:
            raise CannotRunError(f"uses {made.name}, a class that defines __new__")
        body = [each for each in tuple_like(names, defaults) if each.name not in own]
        made.node.body = [*body, *made.node.body]
        return _Writer(self, made, self._want, is_enum=False).statements()


class _Writer:
    def __init__(self, classes: Classes, made: Class, want: Want, *, is_enum: bool) -> None:
        self._classes = classes
        self._made = made
        self._want = want
        self._is_enum = is_enum
        self._members: dict[str, ast.stmt] = {}
        self._before: list[ast.stmt] = []
        self._after: list[ast.stmt] = []
        self._values: list[tuple[str, ast.expr]] = []

    def statements(self) -> list[ast.stmt]:
        made, node = self._made, self._made.node
        for each in reversed(made.family):
            for statement in each.node.body:
                for simple in simple_statements(statement):
                    self._take(copied(simple), each)
        methods = {name for name, each in self._members.items() if isinstance(each, ast.FunctionDef)}
        unseen = methods & (_UNSEEN if made.name not in ("Generated",) else set())
        if unseen:
            raise CannotRunError(f"uses {made.name}, a class that defines {min(unseen)}")
        # The interpreter takes every object for true.
        if "__bool__" in methods or ("__len__" in methods and "_values" not in methods):
            raise CannotRunError(f"uses {made.name}, a class that says whether it is true")
        if made.error and "__str__" not in methods:
            self._members["__str__"] = function("def __str__(self):\n    return _error_text(self)")
        body = list(self._members.values()) or [ast.Pass()]
        if made.error:
            body = [_Named({"_error_text": self._want("error_text")}).visit(each) for each in body]
        if any(ast.unparse(each).endswith("total_ordering") for each in node.decorator_list):
            body += [each for each in total(methods) if each.name not in methods]
            node.decorator_list = [
                each for each in node.decorator_list if not ast.unparse(each).endswith("total_ordering")
            ]
        written = ast.ClassDef(
            node.name, [], [], body, [plain_decorator(each, node.name) for each in node.decorator_list]
        )
        if hasattr(node, "type_params"):  # Python 3.12 and newer
            vars(written)["type_params"] = []
        if any("order=True" in ast.unparse(each) for each in node.decorator_list):
            written.body += [each for each in self._field_order() if each.name not in methods]
        written.decorator_list = self._inherited_decorators(written.decorator_list)
        return [*self._before, written, *self._after, *self._relations()]

    def _take(self, statement: ast.stmt, of: Class) -> None:
        name = self._made.name
        bound = bound_names(statement)
        if bound and bound <= _SILENT:
            return
        match statement:
            case ast.FunctionDef():
                self._take_method(statement, of)
            case ast.Assign(targets=[ast.Name(id=key)], value=value):
                if self._is_enum and not key.startswith("_"):
                    self._values.append((key, value))
                else:
                    self._members.pop(key, None)
                    self._members[key] = statement
            case ast.AnnAssign(target=ast.Name(id=key)):
                self._members[key] = statement
            case ast.Expr() | ast.Pass():
                pass
            case ast.ClassDef():
                raise CannotRunError(f"uses {name}, a class with a class in it")
            case _:
                raise CannotRunError(f"uses {name}, a class whose body does more than define")

    def _take_method(self, node: ast.FunctionDef, of: Class) -> None:
        self._without_super(node, of)
        decoration = decoration_of(node)
        if is_setter(node):
            node.name = f"_set_{node.name}"
        elif decoration in ("property", "cached_property"):
            node.name = f"_get_{node.name}"
        elif decoration in ("staticmethod", "classmethod"):
            self._members.pop(node.name, None)
            self._add_callable(node, decoration)
            return
        elif node.decorator_list:
            decorated: ast.expr = ast.Attribute(ast.Name(self._made.name, ast.Load()), node.name, ast.Load())
            for each in reversed(node.decorator_list):
                decorated = ast.Call(each, [decorated], [])
            target = ast.Attribute(ast.Name(self._made.name, ast.Load()), node.name, ast.Store())
            self._after.append(ast.Assign([target], decorated))
        node.decorator_list = []
        if self._made.error and node.name == "__init__":
            node.body.insert(0, arguments_kept(node))
        self._members[node.name] = node

    def _keep_former(self, of: Class, name: str) -> str:
        """A method of a base that an overriding one calls; it gets another name."""
        former = f"_{of.name}_{name}"
        if former not in self._members:
            node = copied(of.methods()[name])
            if node.decorator_list:
                raise CannotRunError(f"calls {of.name}.{name} by super, which is decorated")
            self._members[former] = node
            node.name = former
            self._without_super(node, of)
        return former

    def _without_super(self, node: ast.FunctionDef, of: Class) -> None:
        try:
            SuperCalls(self._made.family, of, self._keep_former, is_error=bool(self._made.error)).visit(node)
        except CannotRunError as exc:
            node.body = [ast.Expr(ast.Call(self._want("lacks"), [ast.Constant(str(exc))], []))]

    def _add_callable(self, node: ast.FunctionDef, decoration: str) -> None:
        name, function = node.name, f"_{self._made.name}_{node.name}"
        node.name, node.decorator_list = function, []
        owner = ast.Name(self._made.name, ast.Load())
        arguments: list[ast.expr] = [ast.Name(function, ast.Load())]
        if decoration == "classmethod":
            arguments.append(owner)
        value = ast.Call(self._want("OnClass"), arguments, [])
        self._after = [each for each in self._after if getattr(each, "name", "") != function]
        self._after += [node, ast.Assign([ast.Attribute(owner, name, ast.Store())], value)]

    def _inherited_decorators(self, own: list[ast.expr]) -> list[ast.expr]:
        # A class derived from a data class isn't one itself, but has its constructor.
        for each in self._made.family[1:]:
            if not own and not any(
                isinstance(m, ast.FunctionDef) and m.name == "__init__" for m in self._made.node.body
            ):
                own = [plain_decorator(node, each.name) for node in each.node.decorator_list]
        return own

    def _field_order(self) -> list[ast.FunctionDef]:
        names = [name for name, each in self._members.items() if isinstance(each, ast.AnnAssign)]
        mine, others = ("".join(f"{of}.{each}, " for each in names) for of in ("self", "other"))
        signs = {"__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}
        return [
            function(f"def {name}(self, other):\n    return ({mine}) {sign} ({others})") for name, sign in signs.items()
        ]

    def _relations(self) -> Iterator[ast.stmt]:
        me = ast.Name(self._made.name, ast.Load())
        for parent in self._made.family[1:]:
            pair = ast.Tuple([ast.Name(parent.name, ast.Load()), me], ast.Load())
            yield ast.Expr(ast.Call(ast.Attribute(self._want("CHILDREN"), "append", ast.Load()), [pair], []))
        if self._made.error:
            kinds = sorted(self._made.foreign_bases - _NOTHING)
            names = [each for kind in kinds for each in ancestors(kind)]
            value = ast.Tuple([ast.Name(each, ast.Load()) for each in dict.fromkeys(names)], ast.Load())
            yield ast.Assign([ast.Attribute(me, "_kinds", ast.Store())], value)
            if not any("__init__" in each.methods() for each in self._made.family):
                init = ast.Attribute(me, "__init__", ast.Store())
                yield ast.Assign([init], self._want("error_init"))
        if self._values:
            pairs = [ast.Tuple([ast.Constant(key), value], ast.Load()) for key, value in self._values]
            yield ast.Expr(ast.Call(self._want("enumerated"), [me, ast.List(list(pairs), ast.Load())], []))


class _Named(ast.NodeTransformer):
    def __init__(self, names: dict[str, ast.expr]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._names.get(node.id, node)
