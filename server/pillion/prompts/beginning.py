"""The beginning of an answer: the fence, and the code of a symbol that stays as it is, up to its body.

If an engine goes on from it, the model writes only the body: half of the tokens, or less. A stub's beginning ends with
the indentation of its body: some models end the code at once where they may.
"""

import re

from pillion.actions.action_row import Action, Output
from pillion.edits.invariants import SAME_SIGNATURES
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import DocStyle
from pillion.syntax.symbols import Symbol

_KINDS = frozenset({"function", "method", "class"})
_FENCE_AT_THE_MARGIN = re.compile(r"^(?:```|~~~)", re.MULTILINE)


def beginning_of(action: Action, symbol: Symbol, document: ParsedText, shown: str) -> str:
    """The beginning of the answer to `action` on `symbol`, whose code the prompt has as `shown`; empty if the model has
    to write all of it.

    Only the answer to an action whose edits must keep the signatures has one: the others may change the header, and
    nobody knows before whether they do. The answer to a TODO is only the code in its place.
    """
    keeps_header = action.output is Output.CODE and SAME_SIGNATURES in action.invariants
    if not keeps_header or symbol.todo or symbol.kind not in _KINDS or _FENCE_AT_THE_MARGIN.search(shown):
        return ""
    text = document.text
    if document.language.doc_style is DocStyle.DOCSTRING:
        end = _end_of_python_header(symbol, text)
    else:
        end = _end_of_brace_header(symbol, text)
    if end is None:
        return ""
    row = text.count("\n", symbol.start, end)
    lines = shown.split("\n")[: row + 1]
    if len(lines) <= row:
        return ""
    # The prompt's line may be the document's without its indentation, so columns are counted from its end.
    line_end = text.find("\n", end)
    behind = (min(line_end, symbol.end) if line_end >= 0 else symbol.end) - end
    lines[-1] = lines[-1][: len(lines[-1]) - behind]
    code = "\n".join(line.rstrip("\r") for line in lines)
    if not code.strip():
        return ""
    indentation = _body_indentation(symbol, text) if action.scope.unwritten and symbol.is_stub else ""
    return f"```{document.language.id}\n{code.rstrip()}\n{indentation}"


def _body_indentation(symbol: Symbol, text: str) -> str:
    """How much further than its header a stub's body is indented; empty if nothing shows that."""
    if symbol.placeholder is not None:
        place = symbol.placeholder[0]
    elif symbol.docstring is not None:
        place = text.find(symbol.docstring, symbol.header_end, symbol.end)
    else:
        return ""
    header = text[text.rfind("\n", 0, symbol.start) + 1 : symbol.start]
    line = text[text.rfind("\n", 0, place) + 1 : place]
    return "" if line.strip() or header.strip() or not line.startswith(header) else line.removeprefix(header)


def _end_of_python_header(symbol: Symbol, text: str) -> int | None:
    """The end of the header's or the docstring's last line; None if there is more code on that line."""
    end = symbol.header_end
    if symbol.docstring is not None:
        end = text.find(symbol.docstring, symbol.header_end, symbol.end) + len(symbol.docstring)
        if end < symbol.header_end or "\n" not in text[symbol.header_end : end]:
            return None
    line_end = text.find("\n", end)
    line_end = symbol.end if line_end < 0 else min(line_end, symbol.end)
    rest = text[end:line_end].strip()
    return line_end if not rest or rest.startswith("#") else None


def _end_of_brace_header(symbol: Symbol, text: str) -> int | None:
    """The place behind the body's brace; None if the body has no brace, or if more than the header is before it: what
    a C++ constructor sets there belongs to the body."""
    if text[symbol.body_start : symbol.body_start + 1] != "{":
        return None
    return symbol.body_start + 1 if not text[symbol.header_end : symbol.body_start].strip() else None
