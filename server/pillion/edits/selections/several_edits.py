"""Makes replacements of several symbols from one reply: each symbol as if it were alone."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from pillion.edits.broken_drafts import fault_of
from pillion.edits.code import find_drafted, wanted_code
from pillion.edits.reply_code import NO_CODE
from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import name_of, text_of
from pillion.syntax.symbols import Symbol
from pillion.text.replacement import Replacement, apply_replacements, composed

OfSymbol = Callable[[str, Symbol, ParsedText], tuple[Replacement, ...]]
"""Makes the replacements of one symbol from a reply."""

# Longer than any fence in code.
_FENCE = "`" * 12


def several_replacements(
    reply: str, selected: Symbol, parts: Sequence[Symbol], document: ParsedText, of_symbol: OfSymbol
) -> tuple[Replacement, ...]:
    """The replacements of those `parts` of what is selected that the reply has, and what they need elsewhere, once for
    all of them. The other parts stay as they are.

    Raises:
        DraftRejectedError: the reply has none of them, or one of them can't be used.
    """
    codes = codes_of(reply, selected, document)
    same = _as_they_are(codes, parts, document)
    shown = [each for each in parts if each in same or any(_defines(code, each, document) for code in codes)]
    _refuse_faults(codes, [each for each in parts if each not in shown], document)
    said = _without_patches(reply, codes)
    made, bodies = tuple[Replacement, ...](), list[Replacement]()
    now, brings_new = document, _bring_new(codes, document)
    found = bool(same)
    # One after the other: each sees what came along with those before it.
    for part in [each for each in parts if each not in same]:
        node = document.symbols.same_in(now.symbols, part)
        if node is None:
            raise DraftRejectedError(f"“{part.name}” would be gone", code="gone")
        symbol = now.symbols.read(node)
        try:
            more = of_symbol(said, symbol, now)
        except DraftRejectedError as exc:
            if part in shown or exc.code != "symbol":
                raise
            continue
        found = True
        bodies += more
        if brings_new or not all(symbol.header_end <= each.start and each.end <= symbol.end for each in more):
            # A new body changes nothing for the others; something else may.
            made, bodies = composed(made, sorted(bodies)), []
            now = ParsedText.of(document.language, apply_replacements(document.text, made))
    made = composed(made, sorted(bodies))
    if not found:
        names = " or ".join(f"“{each.name}”" for each in parts)
        raise DraftRejectedError(f"the model's answer doesn't define {names}", code="symbol")
    return made


def codes_of(reply: str, selected: Symbol, document: ParsedText) -> list[str]:
    """The reply's blocks of code, without those that show only what there was before.

    Raises:
        DraftRejectedError: there are none.
    """
    codes = [each for each in wanted_code(selected, document).codes(reply) if each.strip()]
    if not codes:
        raise DraftRejectedError(NO_CODE, code="empty")
    return [each for each in codes if each.split() != selected.text.split()] or codes


def _as_they_are(codes: Sequence[str], parts: Sequence[Symbol], document: ParsedText) -> list[Symbol]:
    """Those that the reply repeats without a change."""
    written: dict[str, list[list[str]]] = {}
    for code in codes:
        drafted = ParsedText.of(document.language, code)
        for node in drafted.symbols.walk():
            written.setdefault(name_of(node), []).append(text_of(node).split())
    names = Counter(each.name for each in parts)
    alone = [each for each in parts if names[each.name] == 1]
    return [each for each in alone if written.get(each.name) == [_definition(each, document).split()]]


def _definition(part: Symbol, document: ParsedText) -> str:
    node = document.symbols.same_in(document.symbols, part)
    return text_of(node) if node is not None else ""


def _defines(code: str, part: Symbol, document: ParsedText) -> bool:
    try:
        return find_drafted(code, part, document) is not None
    except DraftRejectedError:  # which of several it is, is said later
        return True


def _bring_new(codes: Sequence[str], document: ParsedText) -> bool:
    """Whether the codes have a symbol that the document doesn't: it comes along with the first part that needs it."""
    drafts = (ParsedText.of(document.language, code) for code in codes)
    return any(not document.symbols.named_nodes(name_of(node)) for draft in drafts for node in draft.symbols.walk())


def _refuse_faults(codes: Sequence[str], missing: Sequence[Symbol], document: ParsedText) -> None:
    """Checks that no symbol is missing because its code can't be parsed.

    Raises:
        DraftRejectedError: one is.
    """
    for part in missing:
        named = re.compile(rf"(?<!\w){re.escape(part.name)}\s*[(<:={{]")
        for code in codes:
            fault = fault_of(code, part, document) if named.search(code) is not None else None
            if fault is not None:
                raise DraftRejectedError(f"the model's answer can't be parsed ({fault})", code="symbol")


def _without_patches(reply: str, codes: Sequence[str]) -> str:
    """The reply; in place of a patch, the patched file."""
    plain = reply.replace("\r\n", "\n")
    if any(each.strip() in plain for each in codes):
        return reply
    return "\n".join(f"{_FENCE}\n{each.rstrip()}\n{_FENCE}" for each in codes)
