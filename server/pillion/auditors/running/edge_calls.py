"""Calls at the edges of what a Python function takes: nothing in a list, zero, an empty text.

They come of the annotations, or of the documentation's own examples, of which one argument is changed at a time.
"""

import ast
import re
from collections.abc import Iterator, Sequence

from pillion.auditors.running.reading.python_notation import expression_of
from pillion.auditors.running.reading.written_example import Callee, WrittenExample

_MOST_CALLS = 24
# For each type: a usual value, and the edges.
_VALUES: dict[str, tuple[str, tuple[str, ...]]] = {
    "int": ("3", ("0", "1")),
    "float": ("2.5", ("0.0",)),
    "str": ('"ab"', ('""', '"a"')),
    "bool": ("True", ("False",)),
    "bytes": ('b"ab"', ('b""',)),
}
_OPTIONAL = re.compile(r"(?:Optional\[(?P<inner>.+)\]|(?P<left>.+?)\s*\|\s*None)")
_CONTAINER = re.compile(
    r"(?:typing\.|collections\.abc\.)?(?P<kind>[Ll]ist|Sequence|Iterable|Collection|[Ss]et|frozenset|[Dd]ict|Mapping|[Tt]uple)\[(?P<of>.+)\]"
)
_EMPTY = frozenset({"[]", "{}", "set()", "()", '""', "''", 'b""'})
_ZERO = frozenset({"0", "0.0"})


def is_empty(source: str) -> bool:
    """Whether a value has nothing in it."""
    return source in _EMPTY


def is_zero(source: str) -> bool:
    """Whether a value is a number's zero."""
    return source in _ZERO


def edge_calls(callee: Callee, examples: Sequence[WrittenExample]) -> list[tuple[str, str]]:
    """The calls as source text, each with the argument that is at an edge."""
    found = dict.fromkeys([*_of_examples(callee, examples), *_of_annotations(callee)])
    known = {"".join(each.call.split()) for each in examples}
    return [each for each in found if "".join(each[0].split()) not in known][:_MOST_CALLS]


def _of_examples(callee: Callee, examples: Sequence[WrittenExample]) -> Iterator[tuple[str, str]]:
    for each in examples:
        node = None if each.setup or each.raises else expression_of(each.call)
        if not isinstance(node, ast.Call) or node.keywords or ast.unparse(node.func) != callee.name:
            continue
        sources = [ast.unparse(argument) for argument in node.args]
        for number, argument in enumerate(node.args):
            for edge in _edges_like(argument):
                changed = [*sources[:number], edge, *sources[number + 1 :]]
                yield f"{callee.name}({', '.join(changed)})", edge


def _edges_like(argument: ast.expr) -> tuple[str, ...]:
    match argument:
        case ast.List():
            return ("[]",)
        case ast.Dict():
            return ("{}",)
        case ast.Set():
            return ("set()",)
        case ast.Constant(value=bool()):
            return ()
        case ast.Constant(value=int()):
            return ("0",)
        case ast.Constant(value=float()):
            return ("0.0",)
        case ast.Constant(value=str()):
            return ('""',)
    return ()


def _of_annotations(callee: Callee) -> Iterator[tuple[str, str]]:
    wanted = callee.parameters[: max(callee.required, 1)]
    values = [_values_of(callee.annotations.get(name, "")) for name in wanted]
    known = [each for each in values if each is not None]
    if not known or len(known) < len(wanted):
        return
    usual = [each[0] for each in known]
    yield f"{callee.name}({', '.join(usual)})", ""
    for number, (_, edges) in enumerate(known):
        for edge in edges:
            changed = [*usual[:number], edge, *usual[number + 1 :]]
            yield f"{callee.name}({', '.join(changed)})", edge


def _values_of(kind: str) -> tuple[str, tuple[str, ...]] | None:
    kind = kind.strip().strip("'\"")
    if kind in _VALUES:
        return _VALUES[kind]
    optional = _OPTIONAL.fullmatch(kind)
    if optional is not None:
        inner = _values_of(optional["inner"] or optional["left"])
        return (inner[0], (*inner[1], "None")) if inner is not None else None
    container = _CONTAINER.fullmatch(kind)
    if container is None:
        return None
    name, of = container["kind"].lower(), container["of"]
    if name in {"dict", "mapping"}:
        key, _, value = of.partition(",")
        parts = [_values_of(key), _values_of(value)]
        return (f"{{{parts[0][0]}: {parts[1][0]}}}", ("{}",)) if parts[0] and parts[1] else None
    inner = _values_of(of.removesuffix(", ..."))
    if inner is None or (name == "tuple" and not of.endswith(", ...")):
        return None
    if name in {"set", "frozenset"}:
        return f"{name}([{inner[0]}])", (f"{name}()",)
    opened, closed = ("(", ",)") if name == "tuple" else ("[", "]")
    edges = [f"{opened}{each}{closed}" for each in inner[1] if each != "None"]
    return f"{opened}{inner[0]}{closed}", ("()" if name == "tuple" else "[]", *edges)
