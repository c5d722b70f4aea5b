"""What a program's text says of how its runs may be compared."""

import re

from pillion.auditors.running.differences import PRINTED

_MOST = 200_000
_RAISES = re.compile(r"\b(?:raise|throw new)\s+(?:\w+\.)*(\w+)")
_SETS = re.compile(r"\bset\(|\bfrozenset\(|(?<![\w\]])\{[^{}:]+\}|\bSet\b|\.(?:union|intersection|difference)\(")
# Strings hold braces too.
_STRING = re.compile(r"""[fFrRbBuU]*("{3}.*?"{3}|'{3}.*?'{3}|"[^"\n]*"|'[^'\n]*')""", re.DOTALL)
_BY_CHANCE = re.compile(
    r"\b(?:random|secrets|uuid\d?|perf_counter\w*|monotonic\w*|urandom)\b|\btime\.time\(|\bid\(|\bhash\("
)
# What is still to be written, and what ends a program or an iterator.
_NO_ANSWERS = frozenset({"NotImplementedError", "StopIteration", "SystemExit", "KeyboardInterrupt"})
# No result depends on it: the order of sets is nobody's promise.
_HASH_METHOD = re.compile(r"def __hash__\(\w+\):\n\s+return [^\n]*")
_LISTENER = f"""
{PRINTED} = []
def print(*each, sep=" ", end="\\n", file=None, flush=False):
    {PRINTED}.append((" " if sep is None else sep).join([str(one) for one in each]) + ("\\n" if end is None else end))
"""


def raised(text: str) -> frozenset[str]:
    """The exceptions that a Python symbol's own statements raise."""
    return frozenset(_RAISES.findall(_STRING.sub("''", text[:_MOST]))) - _NO_ANSWERS


def announced(text: str) -> frozenset[str]:
    """The exceptions that a symbol raises itself and that its documentation speaks of."""
    text = text[:_MOST]
    names = set(_RAISES.findall(text))
    words = " ".join(match[0] for match in _STRING.finditer(text) if match[1].startswith(('"""', "'''")))
    words += " ".join(re.findall(r"(?m)^\s*(?:#|//|\*).*$", text))
    return frozenset(name for name in names if re.search(rf"\b{name}\b", words))


def is_unordered(source: str) -> bool:
    """Whether a Python program makes sets, whose order nobody promises."""
    return _SETS.search(_STRING.sub("''", source[:_MOST])) is not None


def is_by_chance(source: str, entry: str = "") -> bool:
    """Whether a program, of which `entry` is called, asks for random numbers, the time or identities."""
    source = _STRING.sub("''", source[:_MOST])
    if not entry.endswith("__hash__"):
        source = _HASH_METHOD.sub("", source)
    return _BY_CHANCE.search(source) is not None


def prints(source: str) -> bool:
    """Whether a Python program prints something."""
    return re.search(r"\bprint\(", source) is not None


def listening(source: str) -> str:
    """The Python program with what it prints in a list."""
    return source + _LISTENER
