"""Which attributes Python's own values have that the sandbox's don't."""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from types import FunctionType

# Methods that helpers of stand_ins/pillion_helpers.py stand for; each asks what it is called on.
METHODS = frozenset(
    [
        "translate",
        "format_map",
        "bit_length",
        "bit_count",
        "to_bytes",
        "is_integer",
        "as_integer_ratio",
        "hex",
        "conjugate",
        "difference_update",
        "intersection_update",
        "symmetric_difference_update",
        "sub",
        "subn",
        "index",
        "count",
        "expand",
        "expandtabs",
        "cache_clear",
        "move_to_end",
        "match",
        "search",
        "fullmatch",
        "finditer",
        "findall",
        "_make",
        "__contains__",
        "__getitem__",
        "__setitem__",
        "__delitem__",
        "__len__",
        "__iter__",
        "__next__",
        "__eq__",
        "__ne__",
    ]
)
CLASS_METHODS = frozenset({("str", "maketrans"), ("bytes", "maketrans"), ("int", "from_bytes"), ("float", "fromhex")})
_KINDS: Mapping[str, type] = {
    **{kind.__name__: kind for kind in (str, bytes, int, float, bool, complex, list, tuple, dict, set, frozenset)},
    **{kind.__name__: kind for kind in (range, slice, type(None), type, Counter, defaultdict, deque, FunctionType)},
    "Pattern": re.Pattern,
    "Match": re.Match,
    "builtin_function_or_method": type(len),
    "list_iterator": type(iter([])),
}


def kinds_with(attribute: str) -> tuple[str, ...]:
    """The names of the types whose values have an attribute in Python."""
    return tuple(name for name, kind in _KINDS.items() if hasattr(kind, attribute) or _is_of_type(kind, attribute))


def is_method(attribute: str) -> bool:
    """Whether it is a method of one of them."""
    return any(callable(getattr(kind, attribute, None)) for kind in _KINDS.values())


def _is_of_type(kind: type, attribute: str) -> bool:
    return kind is FunctionType and attribute in ("__name__", "__doc__", "__module__", "__dict__")
