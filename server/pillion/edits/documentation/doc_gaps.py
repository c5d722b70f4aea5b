"""What a function's signature shows and its documentation doesn't say: what the docstring action asks a model for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pillion.syntax.symbols import Symbol

_PLAIN_STRING = re.compile(r"""[rRuU]?(\"{3}|'{3}|"|')""")
# “Return the total.” needs no section of its own.
_GIVES = re.compile(r"""^[\s*"'/!rRuU]*(?:returns?|yields?|gets?|gives?|produces?|generates?)\b""", re.IGNORECASE)
_RESULT = re.compile(
    r"^[ \t]*(?:Returns?|Yields?)[ \t]*:|^[ \t]*(?:Returns?|Yields?)[ \t]*\r?\n[ \t]*-{3,}", re.MULTILINE
)
_RESULT_TAG = re.compile(r":(?:returns?|rtype|yields?|ytype)\b|[@\\](?:returns?|result|yields?)\b")
# A parameter's own line; `NAME` is the parameter.
_ENTRIES = (
    r"^[ \t]+\*{0,2}NAME\b[ \t]*(?:\(.*\))?[ \t]*(?::|--|–|-[ \t])",
    r"^[ \t]*(?:\*{0,2}\w+,[ \t]*)*\*{0,2}NAME(?:,[ \t]*\*{0,2}\w+)*[ \t]*(?::.*)?$",
    r":(?:param|parameter|arg|argument|key|keyword|type)\b[^:\n]*\bNAME[ \t]*:",
    r"[@\\](?:param|arg|argument)\b(?:\[[\w,]+\])?[ \t]*(?:\{.*\}[ \t]*)?\[?\.{0,3}NAME\b",
    r"`{1,2}\*{0,2}NAME`{1,2}[ \t]*(?::|--|–|-[ \t])",
)
_RAISED = (
    r"^[ \t]+[\w.]*\bNAME\b[ \t]*(?::|--|–|-[ \t]|$)",
    r"^[ \t]*[\w.]*\bNAME[ \t]*$",
    r":(?:raises?|except|exception)\b[^:\n]*\bNAME[ \t]*:",
    r"[@\\](?:throws?|exception|raises?)[ \t]+\{?[\w.]*NAME\b",
    r"`{1,2}NAME`{1,2}",
)


@dataclass(frozen=True, slots=True)
class Gaps:
    """The fields that a documentation lacks."""

    summary: bool = False
    parameters: tuple[str, ...] = ()
    returns: bool = False
    yields: bool = False
    raises: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.summary or self.parameters or self.returns or self.yields or self.raises)


def gaps_of(symbol: Symbol) -> Gaps:
    """What the symbol's documentation lacks; of one that has none, everything."""
    if not symbol.documented:
        return Gaps(True, symbol.parameters, symbol.returns_value, symbol.yields, symbol.raises)
    said = symbol.docstring if symbol.docstring is not None else symbol.comment
    if symbol.is_stub:
        return Gaps()  # what it will return and raise isn't known yet
    if not said or (symbol.docstring is not None and not _is_plain(said)) or not symbol.callable:
        return Gaps()
    has_result = bool(_GIVES.match(said) or _RESULT.search(said) or _RESULT_TAG.search(said))
    return Gaps(
        False,
        tuple(_unsaid(symbol.parameters, said, _ENTRIES)),
        symbol.returns_value and not has_result,
        symbol.yields and not has_result,
        tuple(_unsaid(symbol.raises, said, _RAISED)),
    )


def _is_plain(said: str) -> bool:
    """Python: whether the docstring is one string, and not several in a row."""
    opening = _PLAIN_STRING.match(said)
    return (
        opening is not None and said.endswith(opening[1]) and opening[1] not in said[opening.end() : -len(opening[1])]
    )


def _unsaid(names: Iterable[str], said: str, patterns: tuple[str, ...]) -> Iterable[str]:
    for name in names:
        word = re.escape(name.rpartition(".")[2])
        if not any(re.search(each.replace("NAME", word), said, re.MULTILINE) for each in patterns):
            yield name
