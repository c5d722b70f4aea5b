"""An instance for a method: what its class' constructor is given, from defaults, types and calls in the file."""

import ast
from collections.abc import Mapping, Sequence

from pillion.sandbox.slices.python_modules import Module
from pillion.sandbox.slices.python_scope import own_nodes
from pillion.syntax.python_trees import parse_expression

RECEIVER = "_receiver"
_DEEPEST = 3
_BY_TYPE: Mapping[str, str] = {
    "int": "3", "float": "1.5", "str": "'ab'", "bool": "True", "bytes": "b'ab'", "list": "[]", "List": "[]",
    "dict": "{}", "Dict": "{}", "set": "set()", "Set": "set()", "tuple": "()", "Tuple": "()", "Sequence": "[]",
    "Iterable": "[]", "Mapping": "{}", "Callable": "(lambda *a, **k: None)", "object": "None", "Any": "3",
}  # fmt: skip


def construction(name: str, module: Module, depth: int = 0) -> str:
    """A call of a class' constructor, as source."""
    node = _class(name, module)
    if node is None or depth > _DEEPEST:
        return f"{name}()"
    seen = _literal_call(node.name, module)
    if seen:
        return seen
    parts = []
    for field, annotation, keyword in _parameters(node, module):
        value = _value(field, annotation, module, depth)
        parts.append(f"{field}={value}" if keyword else value)
    return f"{name}({', '.join(parts)})"


def _class(name: str, module: Module) -> ast.ClassDef | None:
    for index in module.statements_of(name):
        node = module.body[index]
        if isinstance(node, ast.ClassDef):
            return node
    return None


def _parameters(node: ast.ClassDef, module: Module, depth: int = 0) -> list[tuple[str, ast.expr | None, bool]]:
    """Those without a default: name, annotation, whether it must be named."""
    for each in node.body:
        if isinstance(each, ast.FunctionDef) and each.name == "__init__":
            given = each.args
            plain = [*given.posonlyargs, *given.args]
            needed = plain[1 : len(plain) - len(given.defaults)]
            named = [arg for arg, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default is None]
            return [(arg.arg, arg.annotation, arg in named) for arg in [*needed, *named]]
    inherited: list[tuple[str, ast.expr | None, bool]] = []
    for base in node.bases:
        parent = _class(base.id, module) if isinstance(base, ast.Name) and depth < _DEEPEST else None
        if parent is not None:
            inherited += _parameters(parent, module, depth + 1)
    is_data = any("dataclass" in ast.unparse(each) for each in node.decorator_list)
    is_tuple = any("NamedTuple" in ast.unparse(each) for each in node.bases)
    if not is_data and not is_tuple:
        return inherited
    own = [
        (each.target.id, each.annotation, False)
        for each in node.body
        if isinstance(each, ast.AnnAssign)
        and isinstance(each.target, ast.Name)
        and each.value is None
        and "ClassVar" not in ast.unparse(each.annotation)
    ]
    return [*inherited, *own]


def _value(name: str, annotation: ast.expr | None, module: Module, depth: int) -> str:
    kind = annotation
    if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
        try:
            kind = parse_expression(kind.value).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return "3"
    while isinstance(kind, ast.BinOp):
        kind = kind.left
    if isinstance(kind, ast.Subscript):
        if isinstance(kind.value, ast.Name) and kind.value.id in ("Optional", "Final", "Annotated", "Union"):
            inner = kind.slice.elts[0] if isinstance(kind.slice, ast.Tuple) and kind.slice.elts else kind.slice
            return _value(name, inner, module, depth)
        kind = kind.value
    word = kind.id if isinstance(kind, ast.Name) else kind.attr if isinstance(kind, ast.Attribute) else ""
    if word in _BY_TYPE:
        return _BY_TYPE[word]
    if word and _class(word, module) is not None:
        return construction(word, module, depth + 1)
    if annotation is not None:
        return "None"
    return _by_name(name)


def _by_name(name: str) -> str:
    if name.endswith(("s", "list")) and not name.endswith("ss"):
        return "[]"
    return "'ab'" if name in ("name", "text", "path", "key", "title", "label", "message", "msg") else "3"


def _literal_call(name: str, module: Module) -> str:
    """A call with literals only that stands in the file's own code."""
    for statement in module.body:
        for node in _all_nodes([statement]):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                values = [*node.args, *(each.value for each in node.keywords)]
                if values and all(_is_literal(each) for each in values) and all(each.arg for each in node.keywords):
                    return ast.unparse(node)
    return ""


def _all_nodes(body: Sequence[ast.stmt]) -> list[ast.AST]:
    return [inner for each in own_nodes(list(body)) for inner in ast.walk(each)]


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True
