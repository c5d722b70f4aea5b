"""Pieces of syntax trees that the rewriting looks for and makes."""

import ast
import builtins

from pillion.sandbox.slices.python_modules import Module

# The types whose names mean the same in the sandbox.
NATIVE_TYPES = frozenset(
    {"int", "str", "float", "list", "dict", "tuple", "set", "frozenset", "bytes", "bool", "complex", "range", "slice"}
)


def helper_call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name("_pillion", ast.Load()), name, ast.Load()), list(arguments), [])


def lacking_function(name: str, reason: str) -> ast.expr:
    return lambda_of([], helper_call("lacks", ast.Constant(f"calls {name}, which {reason}")), "_a", "_k")


def lambda_of(names: list[str], body: ast.expr, star: str = "", stars: str = "") -> ast.Lambda:
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(each) for each in names],
        vararg=ast.arg(star) if star else None,
        kwonlyargs=[],
        kw_defaults=[],
        kwarg=ast.arg(stars) if stars else None,
        defaults=[],
    )
    return ast.Lambda(arguments, body)


def as_functions(generator: ast.GeneratorExp) -> list[ast.expr] | None:
    """Iterable, the function that makes an element, and the one that says whether it counts; for one loop only."""
    if len(generator.generators) != 1:
        return None
    loop = generator.generators[0]
    match loop.target:
        case ast.Name(id=name):
            names, unpacks = [name], False
        case ast.Tuple(elts=elements) if all(isinstance(each, ast.Name) for each in elements):
            names, unpacks = [each.id for each in elements if isinstance(each, ast.Name)], True
        case _:
            return None
    if len(set(names)) != len(names) or loop.is_async:
        return None
    condition: ast.expr = ast.Constant(True)
    if loop.ifs:
        condition = loop.ifs[0] if len(loop.ifs) == 1 else ast.BoolOp(ast.And(), loop.ifs)
    return [loop.iter, lambda_of(names, generator.elt), lambda_of(names, condition), ast.Constant(unpacks)]


def drop_annotations(node: ast.FunctionDef) -> None:
    node.returns = None
    if hasattr(node, "type_params"):
        node.type_params = []
    given = node.args
    for each in [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]:
        if each is not None:
            each.annotation = None


def unpacked(target: ast.expr) -> list[ast.expr]:
    if isinstance(target, (ast.Tuple, ast.List)):
        return [each for part in target.elts for each in unpacked(part)]
    return [target]


def slice_call(key: ast.expr) -> ast.expr:
    if not isinstance(key, ast.Slice):
        return key
    parts = [each or ast.Constant(None) for each in (key.lower, key.upper, key.step)]
    return ast.Call(ast.Name("slice", ast.Load()), parts, [])


def is_builtin_error(node: ast.expr) -> bool:
    kind = getattr(builtins, node.id, None) if isinstance(node, ast.Name) else None
    return isinstance(kind, type) and issubclass(kind, BaseException)


def is_text(node: ast.expr) -> bool:
    match node:
        case ast.JoinedStr() | ast.Constant(value=str()):
            return True
        case ast.BinOp(left=left, op=ast.Mod() | ast.Add()):
            return is_text(left)
        case ast.Call(func=ast.Attribute(value=of, attr="format" | "join")):
            return is_text(of)
        case ast.Call(func=ast.Name(id="str" | "repr")):
            return True
    return False


def is_native(kind: ast.expr) -> bool:
    if isinstance(kind, ast.Tuple):
        return all(is_native(each) for each in kind.elts)
    return isinstance(kind, ast.Name) and kind.id in NATIVE_TYPES


def is_module_name(node: ast.expr, module: Module) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    imported = module.imports.get(node.id) if isinstance(node, ast.Name) else None
    return imported is not None or (isinstance(node, ast.Name) and node.id == "_pillion")
