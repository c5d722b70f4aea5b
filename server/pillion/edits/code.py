"""Makes replacements from a model's reply: the rewritten symbol takes the symbol's place, and nothing else changes."""

import re
from dataclasses import dataclass

from tree_sitter import Node

from pillion.edits.broken_drafts import fault_of, refuse_broken
from pillion.edits.companions import companion_replacements
from pillion.edits.indentation import base_of, indent_unit, reindent, unit_of
from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import DocStyle, Language
from pillion.syntax.nodes import is_lone_string, text_of
from pillion.syntax.symbols import Symbol
from pillion.text.fences import extract_blocks, has_code
from pillion.text.replacement import Replacement, smallest_replacements

_GAP = re.compile(r"[ \t]*\r?\n((?:[ \t]*\r?\n)*)")
_NO_GAP = re.compile(r"\n[ \t]*[^\s]")
_MEMBER = re.compile(r"\n[ \t]*(?:@|(?:async[ \t]+)?def\b|class\b)")
_NO_CODE = "the model answered without any code"


@dataclass(frozen=True, slots=True)
class _Draft:
    """A draft in which the symbol was found at `node`; the draft's own text begins at `shift` in the parsed text."""

    parsed: ParsedText
    node: Node
    shift: int


def code_replacements(reply: str, symbol: Symbol, document: ParsedText) -> tuple[Replacement, ...]:
    """The smallest replacements that put the reply's version of `symbol` into `document`.

    If the parameters are the same, the user's own header and docstring stay as they are: the task was not to change
    them. Imports and helper functions that the draft needs are added.

    Raises:
        DraftRejectedError: the reply has no code, doesn't define the symbol, or breaks off in it.
    """
    draft = _read(reply, symbol, document)
    refuse_broken(draft.parsed, draft.node, symbol, document, wrapped=draft.shift > 0)
    written = draft.parsed.symbols.read(draft.node)
    both_wrapped = symbol.start != symbol.definition_start and written.start != written.definition_start
    start = symbol.start if both_wrapped else symbol.definition_start
    draft_start = written.start if both_wrapped else written.definition_start
    code = draft.parsed.text
    line_start = code.rfind("\n", 0, draft_start) + 1
    own_lines = code[line_start if not code[line_start:draft_start].strip() else draft_start : written.end]
    base, unit = base_of(symbol, document.text), unit_of(symbol, document.text, indent_unit(code))
    rewritten = reindent(own_lines, base=base, unit=unit, language=document.language)
    rewritten = _with_users_header(rewritten, start, symbol, document)
    rewritten = _with_users_docstring(rewritten, symbol, document.language, base + unit)
    before = document.text[start : symbol.end]
    if document.language.doc_style is DocStyle.JSDOC and before.endswith(";") and not rewritten.endswith(";"):
        rewritten += ";"  # the model drafted a constant as a function
    if "\r\n" in (before if "\n" in before else document.text):
        rewritten = rewritten.replace("\r\n", "\n").replace("\n", "\r\n")
    changes = [change.moved(start) for change in smallest_replacements(before, rewritten)]
    companions = companion_replacements(draft.parsed, draft.node, rewritten, symbol, document)
    return tuple(sorted((*changes, *companions)))


def _read(reply: str, symbol: Symbol, document: ParsedText) -> _Draft:
    """The first of the reply's blocks that defines the symbol: an example or a command may come before it."""
    blocks = [block for each in extract_blocks(reply) if (block := each.replace("\r\n", "\n")).strip()]
    if not blocks:
        raise DraftRejectedError(_NO_CODE, code="empty")
    for block in blocks:
        draft = _find(block, symbol, document.language)
        if draft is not None:
            return draft
    error = fault_of(blocks[0], symbol, document)
    if error is not None and not has_code(reply):
        raise DraftRejectedError(_NO_CODE, code="empty")
    reason = f"can't be parsed ({error})" if error is not None else f"doesn't define “{symbol.name}”"
    raise DraftRejectedError(f"the model's answer {reason}", code="symbol")


def find_drafted(code: str, symbol: Symbol, language: Language) -> ParsedText | None:
    """`code`, parsed so that it defines `symbol`; None if it doesn't."""
    draft = _find(code, symbol, language)
    return draft.parsed if draft is not None else None


def _find(code: str, symbol: Symbol, language: Language) -> _Draft | None:
    parsed = ParsedText.of(language, code)
    node = parsed.symbols.counterpart(symbol)
    if node is not None:
        return _Draft(parsed, node, 0)
    # Models answer with the symbol alone. But JavaScript's methods and Java's constructors need a class around them,
    # and a JavaScript constant needs `const`.
    if symbol.kind not in language.around:
        return None
    head, tail = language.around[symbol.kind]
    parsed = ParsedText.of(language, f"{head}{code}{tail}")
    node = parsed.symbols.counterpart(symbol)
    return _Draft(parsed, node, len(head)) if node is not None else None


def _with_users_header(text: str, start: int, symbol: Symbol, document: ParsedText) -> str:
    found = _find(text, symbol, document.language)
    if found is None:
        return text
    written = found.parsed.symbols.read(found.node)
    if not written.takes_the_same(symbol) or not (written.callable and symbol.callable):
        return text
    if written.header_end <= written.start or written.body_start < written.header_end:
        return text
    return document.text[start : symbol.header_end] + text[written.header_end - found.shift :]


def _with_users_docstring(text: str, symbol: Symbol, language: Language, indent: str) -> str:
    """Python: puts the user's docstring back. It is the user's word on what the code should do; models must not change
    it."""
    found = _find(text, symbol, language)
    if symbol.docstring is None or found is None:
        return text
    parsed = found.parsed
    theirs = parsed.symbols.docstring_node(found.node)
    if theirs is not None:
        last = theirs
        # A model that documents the code although it is documented.
        while (below := last.next_named_sibling) is not None and _is_new_string(below, symbol):
            last = below
        start, end = parsed.offsets.to_char(theirs.start_byte), parsed.offsets.to_char(last.end_byte)
        return text[:start] + symbol.docstring + _below_docstring(text[end:], symbol)
    written = parsed.symbols.read(found.node)
    line_start = text.rfind("\n", 0, written.body_start) + 1
    if text[line_start : written.body_start].strip():  # the body stands on the header's line
        header, body = text[: written.body_start].rstrip(), text[written.body_start :]
        return f"{header}\n{indent}{symbol.docstring}\n{indent}{body}"
    return text[:line_start] + indent + symbol.docstring + _below_docstring("\n" + text[line_start:], symbol)


def _is_new_string(statement: Node, symbol: Symbol) -> bool:
    return is_lone_string(statement) and text_of(statement) not in symbol.text


def _below_docstring(rest: str, symbol: Symbol) -> str:
    """The text below a docstring, as far from it as in the user's code; a class's members don't follow directly."""
    if _NO_GAP.match(rest) is None:
        return rest
    _, _, users = symbol.text.partition(symbol.docstring or "")
    gap = _GAP.match(users)
    lines = gap[1].count("\n") if gap is not None else 0
    if symbol.kind == "class" and _MEMBER.match(rest) is not None:
        lines = max(lines, 1)
    return "\n" * lines + rest
