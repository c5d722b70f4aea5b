"""What a symbol reaches, through a file and the modules that it imports, as one program of one namespace."""

import ast
import builtins
import re
from collections.abc import Callable

from pillion.errors import CannotRunError
from pillion.sandbox.slices.monty_modules import BUILTINS
from pillion.sandbox.slices.python_library import Defined, Library, Missing, Package, Provided, Target
from pillion.sandbox.slices.python_modules import Module
from pillion.sandbox.slices.python_named_tuples import makes_named_tuple
from pillion.sandbox.slices.python_scope import (
    Comprehension,
    Function,
    Imported,
    Scope,
    class_scope,
    comprehension_scope,
    copied,
    function_scope,
    imports_of_statement,
)

# The modules of stand_ins/ whose functions the rewriting calls: `_pillion.lacks(…)`.
HELPERS = ("pillion_helpers", "pillion_orders", "pillion_methods", "pillion_errors")
_HELPER_NAME = "_pillion"
_MOST_STATEMENTS = 1000
# Of their classes, a base says what a class is, and gives it no code.
_MARKERS = frozenset({"typing", "enum", "abc", "collections_abc", "numbers"})
# Names that only classes use, and that go away with what they do there.
_REWRITTEN = frozenset({"super", "classmethod", "staticmethod", "property"})
Rewrite = Callable[[ast.stmt, Module], list[ast.stmt]]


class Reach:
    """Collects statements. `rewrite` makes each one fit for the sandbox before its names are followed."""

    def __init__(self, library: Library, main: Module, rewrite: Rewrite) -> None:
        self.library = library
        self.main = main
        self._rewrite = rewrite
        self._left: list[tuple[Module, int]] = []
        self._statements: dict[tuple[str, int], list[ast.stmt]] = {}
        self._modules: dict[str, Module] = {}
        self._wanted: set[tuple[str, str]] = set()
        self._names: dict[tuple[str, str], str] = {}
        self._imports: dict[str, str] = {}
        self._aliases: dict[str, ast.expr] = {}
        self.missing: set[str] = set()

    def want(self, module: Module, name: str) -> str:
        """Has a module's name defined in the program, and says how it is called there."""
        key = (module.key, name)
        if key not in self._wanted:
            self._wanted.add(key)
            if module.key not in self._modules:
                self._modules[module.key] = module
            self._left += [(module, index) for index in module.statements_of(name)]
            self._names[key] = self._program_name(module, name)
        return self._names[key]

    def follow(self) -> None:
        """Collects all that the wanted names reach."""
        while self._left:
            module, index = self._left.pop()
            key = (module.key, index)
            if key in self._statements:
                continue
            if len(self._statements) > _MOST_STATEMENTS:
                raise CannotRunError("reaches too much of the code around it")
            self._statements[key] = []
            statement = copied(module.body[index]) if module.shared else module.body[index]
            rewritten = [statement] if module.key in HELPERS else self._rewrite(statement, module)
            made = [_undocumented(Resolver(self, module).resolved(each)) for each in rewritten]
            self._statements[key] = made if module.key in HELPERS else [self._guarded(each) for each in made]

    def statements(self) -> list[tuple[Module, ast.stmt]]:
        """The program's statements with their modules: helpers first, then the modules, each in the order of its text, the document last."""
        modules = sorted(self._modules.values(), key=self._depth)
        return [
            (module, each)
            for module in modules
            for index in range(len(module.body))
            for each in self._statements.get((module.key, index), ())
        ]

    def imports(self) -> list[ast.stmt]:
        """The imports of the sandbox's own modules, as statements."""
        return [
            ast.Import([ast.alias(module, None if module == name else name)])
            for name, module in sorted(self._imports.items())
        ]

    def aliases(self) -> list[ast.stmt]:
        """What makes the document's own imported names known to calls."""
        return [ast.Assign([ast.Name(name, ast.Store())], value) for name, value in sorted(self._aliases.items())]

    def expression(self, target: Target, shown: str) -> ast.expr:
        """How the program says it."""
        match target:
            case Defined(module, name):
                return ast.Name(self.want(module, name), ast.Load())
            case Provided(module, name):
                alias = f"_{module.replace('.', '_')}"
                self._imports[alias] = module
                return ast.Attribute(ast.Name(alias, ast.Load()), name, ast.Load())
            case Package(name):
                return self.helper("lacks", ast.Constant(f"passes the module {name} around"))
            case Missing(name):
                return self.helper("lacks", ast.Constant(f"uses {name or shown}"))

    def value(self, name: str) -> ast.expr:
        """A function of ours."""
        target = self.library.helper(name)
        assert isinstance(target, Defined), name
        return ast.Name(self.want(target.module, name), ast.Load())

    def helper(self, name: str, *arguments: ast.expr) -> ast.Call:
        """A call of a function of ours."""
        return ast.Call(self.value(name), list(arguments), [])

    def alias(self, name: str, value: ast.expr) -> None:
        """The document calls it `name`."""
        if not (isinstance(value, ast.Call) or (isinstance(value, ast.Name) and value.id == name)):
            self._aliases[name] = value

    def _guarded(self, statement: ast.stmt) -> ast.stmt:
        """A value that can't be made when the program is loaded stops only the calls that need it."""
        if not isinstance(statement, ast.Assign) or not any(isinstance(each, ast.Call) for each in ast.walk(statement)):
            return statement
        if not all(isinstance(each, ast.Name) for each in statement.targets) or makes_named_tuple(statement.value):
            return statement
        absent = ast.Call(self.value("Absent"), [ast.Constant("needs a value that can't be made here")], [])
        kinds = ast.Tuple([ast.Name("Exception", ast.Load()), ast.Name("KeyboardInterrupt", ast.Load())], ast.Load())
        handler = ast.ExceptHandler(kinds, None, [ast.Assign(statement.targets, absent)])
        return ast.Try([statement], [handler], [], [])

    def _program_name(self, module: Module, name: str) -> str:
        if module is self.main:
            return name
        taken = self.main.binds(name) or name in self.main.imports or name in self._names.values()
        if name[:1].isupper() and not taken and not hasattr(builtins, name):
            return name
        key = re.sub(r"\W", "_", module.key.rsplit("/", 1)[-1].removesuffix(".py"))
        candidate = f"_{key}_{name.lstrip('_')}"
        while candidate in self._names.values() or self.main.binds(candidate):
            candidate += "_"
        return candidate

    def _depth(self, module: Module) -> tuple[int, int]:
        if module is self.main:
            return 2, 0
        order = list(self._modules)
        if module.key in HELPERS:
            return -1, HELPERS.index(module.key)
        # What was found later is what the earlier ones need.
        return int(module.file is not None), -order.index(module.key)


def _undocumented(statement: ast.stmt) -> ast.stmt:
    for node in ast.walk(statement):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return statement


class Resolver(ast.NodeTransformer):
    """Replaces what a statement's names stand for, and has it collected."""

    def __init__(self, reach: Reach, module: Module) -> None:
        self._reach = reach
        self._module = module
        self._scopes: list[Scope] = []

    def resolved(self, node: ast.stmt) -> ast.stmt:
        """The statement for the program."""
        visited = self.visit(node)
        assert isinstance(visited, ast.stmt)
        return visited

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A name."""
        return self._expression(self._meaning(node), node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """An attribute, which may be one of a module."""
        target = self._chain(node)
        if target is not None:
            return self._expression(target, node)
        self.generic_visit(node)
        return node

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> ast.stmt:
        """An import within a function: its names are followed where they are used."""
        scope = next((each for each in reversed(self._scopes) if not each.is_class), None)
        kept = [name for name, _ in imports_of_statement(node) if scope and name in scope.names]
        targets = [self._target(each) for _, each in imports_of_statement(node) if self._module is self._reach.main]
        self._reach.missing.update(each.name for each in targets if isinstance(each, Missing))
        if not kept:
            return ast.Pass()
        values = [
            ast.Assign([ast.Name(name, ast.Store())], self._reach.expression(self._target(imported), name))
            for name, imported in imports_of_statement(node)
        ]
        return values[0] if len(values) == 1 else ast.If(ast.Constant(True), list(values), [])

    visit_ImportFrom = visit_Import

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
        """A function: decorators and defaults belong to the outside."""
        node.name = self._own_name(node.name)
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        self._defaults(node)
        self._scopes.append(function_scope(node))
        node.body = self._body(node.body)
        self._scopes.pop()
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        """A function of one expression."""
        self._defaults(node)
        self._scopes.append(function_scope(node))
        node.body = self.visit(node.body)
        self._scopes.pop()
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        """A class."""
        node.name = self._own_name(node.name)
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        node.bases = [self._base(each) for each in node.bases]
        self._scopes.append(class_scope(node))
        node.body = self._body(node.body)
        self._scopes.pop()
        return node

    def visit_ListComp(self, node: Comprehension) -> ast.expr:
        """A comprehension: the first iterable belongs to the outside."""
        first = self.visit(node.generators[0].iter)
        node.generators[0].iter = ast.Constant(None)
        self._scopes.append(comprehension_scope(node))
        self.generic_visit(node)
        self._scopes.pop()
        node.generators[0].iter = first
        return node

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def visit_Global(self, node: ast.Global) -> ast.stmt:
        """Names of the module, as the program calls them."""
        node.names = [self._reach.want(self._module, each) for each in node.names]
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        """A handler: its name may be one of the module."""
        if node.name and not self._scopes:
            node.name = self._own_name(node.name)
        self.generic_visit(node)
        return node

    def _body(self, body: list[ast.stmt]) -> list[ast.stmt]:
        return [self.visit(each) for each in body]

    def _defaults(self, node: Function) -> None:
        node.args.defaults = [self.visit(each) for each in node.args.defaults]
        node.args.kw_defaults = [self.visit(each) if each else None for each in node.args.kw_defaults]

    def _base(self, node: ast.expr) -> ast.expr:
        """A base class: one of ours by its name in the program, another by its whole name with dots."""
        plain = node.value if isinstance(node, ast.Subscript) else node
        target = self._meaning(plain) if isinstance(plain, ast.Name) else self._chain(plain)
        match target:
            case Defined(module, name) if module.key in _MARKERS:
                return ast.Name(f"{module.key}.{name}", ast.Load())
            case Defined(module, name):
                return ast.Name(self._reach.want(module, name), ast.Load())
            case Provided(name=name) | Missing(name=name):
                prefix = f"{target.module}." if isinstance(target, Provided) else ""
                return ast.Name(f"{prefix}{name}", ast.Load())
            case None if isinstance(plain, ast.Name):
                return plain
        self.generic_visit(node)
        return node

    def _own_name(self, name: str) -> str:
        return name if self._scopes else self._reach.want(self._module, name)

    def _meaning(self, node: ast.Name) -> Target | None:
        for depth, scope in enumerate(reversed(self._scopes)):
            if scope.is_class and depth:
                continue
            if node.id in scope.names:
                return None
            if node.id in scope.imports:
                return self._target(scope.imports[node.id])
        if node.id == _HELPER_NAME:
            return Package(_HELPER_NAME)
        found = self._reach.library.lookup(self._module, node.id)
        if found is None and not self._module.binds(node.id) and node.id not in BUILTINS:
            builtin = self._reach.library.attribute(Package("builtins"), node.id)
            if isinstance(builtin, Defined):
                return builtin
            return Missing(node.id) if hasattr(builtins, node.id) and node.id not in _REWRITTEN else None
        return found

    def _chain(self, node: ast.expr) -> Target | None:
        """What an attribute of a module, and so on, is; None if it isn't one of a module."""
        if isinstance(node, ast.Name):
            return self._meaning(node)
        if not isinstance(node, ast.Attribute):
            return None
        of = self._chain(node.value)
        if isinstance(of, Missing) and not isinstance(node.value, ast.Name):
            return of
        return self._reach.library.attribute(of, node.attr) if isinstance(of, (Package, Missing)) else None

    def _target(self, imported: Imported) -> Target:
        return self._reach.library.target(imported, self._module.file)

    def _expression(self, target: Target | None, node: ast.Name | ast.Attribute) -> ast.expr:
        if target is None:
            return node
        if isinstance(value := self._reach.expression(target, ast.unparse(node)), ast.Name):
            value.ctx = node.ctx
        if self._module is self._reach.main and isinstance(node, ast.Name) and node.id in self._module.imports:
            self._reach.alias(node.id, value)
        return value
