"""Makes replacements from a model's reply: the rewritten symbol takes the symbol's place, and nothing else changes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from tree_sitter import Node

from pillion.edits.broken_drafts import fault_of, refuse_broken, refuse_unfinished
from pillion.edits.companions import companion_replacements
from pillion.edits.headers import refuse_misfit, with_docstring, with_header, with_missing_docstring
from pillion.edits.indentation import base_of, indent_unit, reindent, unit_of
from pillion.edits.members import refuse_lost_members
from pillion.edits.namesakes import counterpart
from pillion.edits.new_name import renamed
from pillion.edits.preamble import Preamble, bare, documentation_of, left_out, may_lose_docs, preamble_of
from pillion.edits.reply_code import NO_CODE, Defined, WantedCode
from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import DocStyle, Language
from pillion.syntax.nodes import name_of
from pillion.syntax.symbols import Symbol
from pillion.text.replacement import Replacement, smallest_replacements

_Finder = Callable[[ParsedText, Symbol, ParsedText], Node | None]
_CONSTANT = "variable_declarator"


@dataclass(frozen=True, slots=True)
class _Draft:
    """A draft in which the symbol was found at `node`; the draft's own text begins at `shift` in the parsed text."""

    parsed: ParsedText
    node: Node
    shift: int

    def text_between(self, start: int, end: int) -> str:
        """The draft's text from `start`, with the white space before it, to `end`."""
        code = self.parsed.text
        line_start = code.rfind("\n", 0, start) + 1
        return code[line_start if not code[line_start:start].strip() else start : end]


def code_replacements(reply: str, symbol: Symbol, document: ParsedText) -> tuple[Replacement, ...]:
    """The smallest replacements that put the reply's body of `symbol` into `document`.

    The user's own header and docstring stay as they are: the task was not to change them. Imports and helper
    functions that the draft needs are added.

    Raises:
        DraftRejectedError: the reply has no code, doesn't define the symbol, breaks off in it, or needs another header.
    """
    draft = _read(reply, symbol, document)
    refuse_broken(draft.parsed, draft.node, symbol, document, wrapped=draft.shift > 0)
    refuse_unfinished(reply, draft.node, symbol, document)
    refuse_misfit(draft.parsed, draft.node, symbol, document)
    written = draft.parsed.symbols.read(draft.node)
    both_wrapped = symbol.start != symbol.definition_start and written.start != written.definition_start
    start = symbol.start if both_wrapped else symbol.definition_start
    base, unit = _place(draft, symbol, document)
    begins, ends = written.start if both_wrapped else written.definition_start, _end_with_comments(draft, document)
    own_lines = draft.text_between(begins, ends)
    rewritten = reindent(own_lines, base=base, unit=unit, language=document.language)
    rewritten = with_header(rewritten, start, symbol, document, base, unit)
    rewritten = with_docstring(rewritten, symbol, document.language, base + unit)
    return _replacements(draft, start, rewritten, symbol, document)


def told_replacements(reply: str, symbol: Symbol, document: ParsedText, told: str) -> tuple[Replacement, ...]:
    """The smallest replacements that put all of the reply's version of `symbol` into `document`: header, decorators
    and documentation, too. What the reply leaves out of these stays the user's, unless the user's words (`told`) are
    about it.

    Raises:
        DraftRejectedError: the reply has no code, doesn't define the symbol, or breaks off in it.
    """
    node = document.symbols.same_in(document.symbols, symbol)
    if node is None:
        raise ValueError(f"{symbol.name} was read from another text")
    draft = _read(reply, symbol, document, told)
    refuse_broken(draft.parsed, draft.node, symbol, document, wrapped=draft.shift > 0)
    refuse_unfinished(reply, draft.node, symbol, document)
    name = name_of(draft.node)  # perhaps a new one
    symbol = replace(symbol, name=name, path=(*symbol.path[:-1], name))
    if not symbol.callable:
        refuse_lost_members(draft.parsed, draft.node, document, node, told)
    users, theirs = preamble_of(document, node), preamble_of(draft.parsed, draft.node)
    if users.outer.type == _CONSTANT:  # one of several in a declaration
        users, theirs = bare(users.outer), bare(draft.node)
    base, unit = _place(draft, symbol, document)
    rewritten = _with_preamble(draft, theirs, users, told, document, base, unit)
    if not may_lose_docs(told):
        rewritten = with_missing_docstring(rewritten, symbol, document.language, base + unit)
    start = document.offsets.to_char(users.first.start_byte)
    return _replacements(draft, start, rewritten, symbol, document)


def _with_preamble(
    draft: _Draft, theirs: Preamble, users: Preamble, told: str, document: ParsedText, base: str, unit: str
) -> str:
    """The draft's definition with what stands before it, and with what the draft left out there."""
    language, name, char = document.language, name_of(draft.node), draft.parsed.offsets.to_char
    documentation = documentation_of(theirs, users, name, told, language)
    skipped = {each.start_byte for each in theirs.comments[: len(theirs.comments) - len(documentation)]}
    first = next((each for each in (*theirs.above, theirs.outer) if each.start_byte not in skipped), theirs.outer)
    begins, defines = char(first.start_byte), char(theirs.outer.start_byte)
    ends = max(char(theirs.outer.end_byte), _end_with_comments(draft, document))
    moved = reindent(draft.text_between(begins, ends), base=base, unit=unit, language=language)
    lines, above = moved.split("\n"), draft.parsed.text.count("\n", begins, defines)
    signature = draft.parsed.symbols.signature_of(draft.node)
    missing = left_out(theirs, users, documented=bool(documentation), told=told, drafted_header=signature)
    behind = ""
    if draft.node.type == _CONSTANT and missing.is_default_export:  # a constant can't be one
        missing, behind = replace(missing, export=None), f"\n\n{base}export default {name};"
    drafted_above = "".join(f"{each}\n" for each in lines[:above]) + base if above else ""
    definition = "\n".join(lines[above:]).lstrip(" \t")
    return missing.above(base) + drafted_above + missing.before(document, base) + definition + behind


def _place(draft: _Draft, symbol: Symbol, document: ParsedText) -> tuple[str, str]:
    """The symbol's indentation, and one step of it."""
    return base_of(symbol, document.text), unit_of(symbol, document.text, indent_unit(draft.parsed.text))


def _replacements(
    draft: _Draft, start: int, rewritten: str, symbol: Symbol, document: ParsedText
) -> tuple[Replacement, ...]:
    """The changes from `start` to the symbol's end, and those elsewhere that the draft needs."""
    before = document.text[start : symbol.end]
    is_constant = draft.node.type == _CONSTANT
    if document.language.doc_style is DocStyle.JSDOC and is_constant and before.endswith(";") and rewritten[-1:] != ";":
        rewritten += ";"
    if "\r\n" in (before if "\n" in before else document.text):
        rewritten = rewritten.replace("\r\n", "\n").replace("\n", "\r\n")
    changes = [change.moved(start) for change in smallest_replacements(before, rewritten)]
    companions = companion_replacements(draft.parsed, draft.node, rewritten, symbol, document)
    return tuple(sorted((*changes, *companions)))


def _end_with_comments(draft: _Draft, document: ParsedText) -> int:
    """The end of the draft's symbol; in Python with the new comments below its last statement, which are in no block:
    one of them may stand for the rest of the code."""
    written, code = draft.parsed.symbols.read(draft.node), draft.parsed.text
    if document.language.doc_style is not DocStyle.DOCSTRING:
        return written.end
    column = len(base_of(written, code))
    end = at = written.end
    known = {line.strip() for line in document.text.splitlines()}
    for line in code[at:].split("\n")[1:]:
        at = code.index("\n", at) + 1
        words = line.strip()
        if words and not (words.startswith("#") and len(line) - len(line.lstrip()) > column):
            break
        if words and words not in known:
            end = at + len(line.rstrip())
    return end


def _read(reply: str, symbol: Symbol, document: ParsedText, told: str = "") -> _Draft:
    """The first of the reply's blocks that defines the symbol: an example or a command may come before it. It may
    have a new name that the user's words (`told`) have."""
    blocks = [block for block in wanted_code(symbol, document, told).codes(reply) if block.strip()]
    if not blocks:
        raise DraftRejectedError(NO_CODE, code="empty")
    refusal: DraftRejectedError | None = None
    for find in (counterpart, partial(renamed, told=told)):
        for block in blocks:
            try:
                draft = _find(block, symbol, document, find)
            except DraftRejectedError as exc:
                refusal = refusal or exc
                continue
            if draft is not None:
                return draft
    if refusal is not None:
        raise refusal
    error = fault_of(blocks[0], symbol, document)
    reason = f"can't be parsed ({error})" if error is not None else f"doesn't define “{symbol.name}”"
    raise DraftRejectedError(f"the model's answer {reason}", code="symbol")


def wanted_code(symbol: Symbol, document: ParsedText, told: str = "") -> WantedCode:
    """Which of a reply's blocks has the code for `symbol`, perhaps with a new name that the user's words have."""

    def define(code: str, symbol: Symbol, document: ParsedText) -> Defined | None:
        for find in (counterpart, partial(renamed, told=told)):
            try:
                draft = _find(code, symbol, document, find)
            except DraftRejectedError:  # which of several it is, nobody can say
                continue
            if draft is not None:
                return draft.parsed, draft.node
        return None

    return WantedCode(symbol, document, define)


def find_drafted(code: str, symbol: Symbol, document: ParsedText) -> Defined | None:
    """`code`, parsed so that it defines `symbol`, and where; None if it doesn't.

    Raises:
        DraftRejectedError: nobody can say which of several it is.
    """
    draft = _find(code, symbol, document, counterpart)
    return (draft.parsed, draft.node) if draft is not None else None


def _find(code: str, symbol: Symbol, document: ParsedText, find: _Finder) -> _Draft | None:
    parsed = _parsed(document.language, code)
    node = find(parsed, symbol, document)
    if node is not None:
        return _Draft(parsed, node, 0)
    # Models answer with the symbol alone. But JavaScript's methods and Java's constructors need a class around them,
    # and a JavaScript constant needs `const`.
    if symbol.kind not in document.language.around:
        return None
    head, tail = document.language.around[symbol.kind]
    parsed = _parsed(document.language, f"{head}{code}{tail}")
    node = find(parsed, symbol, document)
    return _Draft(parsed, node, len(head)) if node is not None else None


@lru_cache(maxsize=8)
def _parsed(language: Language, code: str) -> ParsedText:
    """The same reply is searched for each of a file's symbols."""
    return ParsedText.of(language, code)
