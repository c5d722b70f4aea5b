"""From a model's reply to replacements: the symbol it rewrote, where the symbol stands, and nothing else."""

from tree_sitter import Node

from pillion.edits.company import helper_replacements, import_replacements
from pillion.edits.fences import extract_code
from pillion.edits.indentation import indent_unit, leading, reindent
from pillion.edits.replacement import Replacement, smallest_replacements
from pillion.errors import DraftRejectedError
from pillion.syntax.check import first_error
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import Symbol


def code_replacements(reply: str, symbol: Symbol, document: ParsedText) -> tuple[Replacement, ...]:
    """The smallest replacements that put the reply's version of `symbol` into `document`.

    The user's own header stays as it is written when the parameters are the same, and so does the docstring: neither
    is what was asked for. What the draft needs besides (imports, helper functions) comes along.

    Raises:
        DraftRejectedError: there is no code in the reply, or it doesn't define the symbol.
    """
    code = extract_code(reply).replace("\r\n", "\n")
    if not code.strip():
        raise DraftRejectedError("the model answered without any code", code="empty")
    draft = ParsedText.of(document.language, code)
    node = draft.symbols.find(symbol.name)
    if node is None:
        error = first_error(draft)
        reason = f"can't be parsed ({error})" if error is not None else f"doesn't define “{symbol.name}”"
        raise DraftRejectedError(f"the model's answer {reason}", code="symbol")
    written = draft.symbols.read(node)
    both_wrapped = symbol.start != symbol.definition_start and written.start != written.definition_start
    start = symbol.start if both_wrapped else symbol.definition_start
    draft_start = written.start if both_wrapped else written.definition_start
    line_start = code.rfind("\n", 0, draft_start) + 1
    own_lines = code[line_start if not code[line_start:draft_start].strip() else draft_start : written.end]
    base = leading(document.text[document.text.rfind("\n", 0, symbol.start) + 1 :])
    unit = indent_unit(symbol.text, indent_unit(document.text))
    rewritten = reindent(own_lines, base=base, unit=unit, language=document.language)
    rewritten = _with_users_header(rewritten, start, symbol, document)
    rewritten = _with_users_docstring(rewritten, symbol, document, base + unit)
    before = document.text[start : symbol.end]
    if "\r\n" in document.text:
        rewritten = rewritten.replace("\r\n", "\n").replace("\n", "\r\n")
    changes = [change.moved(start) for change in smallest_replacements(before, rewritten)]
    return (
        *import_replacements(draft, document),
        *changes,
        *helper_replacements(draft, rewritten, symbol, document),
    )


def _symbol_in(text: str, symbol: Symbol, document: ParsedText) -> tuple[ParsedText, Node] | None:
    parsed = ParsedText.of(document.language, text)
    node = parsed.symbols.find(symbol.name)
    return (parsed, node) if node is not None else None


def _with_users_header(text: str, start: int, symbol: Symbol, document: ParsedText) -> str:
    found = _symbol_in(text, symbol, document)
    if found is None:
        return text
    written = found[0].symbols.read(found[1])
    if written.parameters != symbol.parameters or written.kind == "class" or symbol.kind == "class":
        return text
    if written.header_end <= written.start or written.body_start < written.header_end:
        return text
    return document.text[start : symbol.header_end] + text[written.header_end :]


def _with_users_docstring(text: str, symbol: Symbol, document: ParsedText, indent: str) -> str:
    """Python: documentation is the user's word on what the code should do, and not the model's to change."""
    found = _symbol_in(text, symbol, document)
    if symbol.docstring is None or found is None:
        return text
    parsed, node = found
    theirs = parsed.symbols.docstring_node(node)
    if theirs is not None:
        start, end = parsed.offsets.to_char(theirs.start_byte), parsed.offsets.to_char(theirs.end_byte)
        return text[:start] + symbol.docstring + text[end:]
    body_start = parsed.symbols.read(node).body_start
    line_start = text.rfind("\n", 0, body_start) + 1
    if text[line_start:body_start].strip():
        return text  # the body stands on the header's line
    return text[:line_start] + indent + symbol.docstring + "\n" + text[line_start:]
