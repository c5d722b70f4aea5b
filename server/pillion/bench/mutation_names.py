"""Seeded bugs in names: the wrong variable, or a name that doesn't exist."""

import ast
from collections.abc import Iterator

from pillion.bench.function_source import AnyFunction, Edit, FunctionSource, has_docstring

_INVENTED_FUNCTIONS = {
    "abs": "absolute",
    "any": "any_of",
    "dict": "to_dict",
    "enumerate": "with_index",
    "getattr": "get_attribute",
    "hasattr": "has_attribute",
    "int": "to_int",
    "isinstance": "is_instance",
    "iter": "make_iterator",
    "len": "length",
    "list": "to_list",
    "map": "map_over",
    "max": "maximum",
    "min": "minimum",
    "next": "next_item",
    "open": "open_file",
    "range": "irange",
    "repr": "to_repr",
    "set": "to_set",
    "sorted": "sort_items",
    "str": "to_string",
    "sum": "total_of",
    "tuple": "to_tuple",
    "zip": "zip_with",
}
_INVENTED_METHODS = {
    "add": "add_item",
    "append": "push",
    "count": "count_of",
    "endswith": "ends_with",
    "extend": "append_all",
    "find": "index_of",
    "get": "get_or_none",
    "group": "group_text",
    "items": "entries",
    "join": "join_with",
    "lower": "to_lower",
    "match": "matches",
    "pop": "remove_last",
    "read": "read_all",
    "replace": "replace_all",
    "split": "split_by",
    "startswith": "starts_with",
    "strip": "trim",
    "upper": "to_upper",
    "write": "write_text_to",
}
_INVENTED_IMPORTS = (
    "import fast_string_utils",
    "import typed_collections",
    "from collections import OrderedSet",
    "from functools import memoize_method",
    "from itertools import split_every",
    "from os.path import ensure_folder",
    "from string import slugify",
)


def wrong_variable(source: FunctionSource) -> Iterator[Edit]:
    called = {id(node.func) for node in source.nodes if isinstance(node, ast.Call)}
    known = _local_names(source)
    for node in source.nodes:
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or id(node) in called:
            continue
        if node.id in known:
            for other, line in known.items():
                if other != node.id and line < node.lineno:
                    yield source.replaced(node, other)


def _local_names(source: FunctionSource) -> dict[str, int]:
    """The parameters and the names that the body assigns, without self and cls; each with the line after which it is
    known."""
    arguments = source.function.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    known = {each.arg: 0 for each in parameters if each.arg not in {"self", "cls"}}
    inner = {
        id(name)
        for node in source.nodes
        if isinstance(node, ast.comprehension | ast.Lambda | AnyFunction) and node is not source.function
        for name in ast.walk(node)
    }
    for node in source.nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in inner:
            known.setdefault(node.id, node.lineno)
    return known


def invented_function(source: FunctionSource) -> Iterator[Edit]:
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Name(name) as function) if name in _INVENTED_FUNCTIONS:
                yield source.replaced(function, _INVENTED_FUNCTIONS[name])


def invented_method(source: FunctionSource) -> Iterator[Edit]:
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Attribute(attr=name) as function) if name in _INVENTED_METHODS:
                end = source.end(function)
                yield Edit(end - len(name), end, _INVENTED_METHODS[name])


def invented_import(source: FunctionSource) -> Iterator[Edit]:
    body = source.function.body
    first = body[1 if has_docstring(source.function) and len(body) > 1 else 0]
    start = source.start(first)
    for line in _INVENTED_IMPORTS:
        yield Edit(start, start, f"{line}\n{source.indentation(first)}")
