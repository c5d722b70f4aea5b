"""Makes replacements of what is selected from a model's reply: of statements, of several symbols, of the whole file."""

from functools import partial

from pillion.edits.code import code_replacements, told_replacements
from pillion.edits.selections.file_edits import file_replacements, told_file_replacements
from pillion.edits.selections.several_edits import several_replacements
from pillion.edits.selections.statement_edits import refuse_lost_lines, statement_replacements
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import FILE, STATEMENTS, Symbol
from pillion.text.replacement import Replacement


def rewritten_selection(reply: str, selected: Symbol, document: ParsedText) -> tuple[Replacement, ...]:
    """The replacements in what is selected, and what they need elsewhere; headers and docstrings stay the user's.

    Raises:
        DraftRejectedError: the reply has no code for it, or changes code around it.
    """
    if selected.kind == STATEMENTS:
        return statement_replacements(reply, selected, document)
    if selected.kind == FILE:
        return file_replacements(reply, selected, document, code_replacements)
    return several_replacements(reply, selected, selected.parts, document, code_replacements)


def told_selection(reply: str, selected: Symbol, document: ParsedText, told: str) -> tuple[Replacement, ...]:
    """The same, but the reply's headers, decorators and documentation are taken, too.

    Raises:
        DraftRejectedError: the reply has no code for it, or changes code around it.
    """
    of_symbol = partial(told_replacements, told=told)
    if selected.kind == STATEMENTS:
        made = statement_replacements(reply, selected, document)
        refuse_lost_lines(made, selected, document, told)
        return made
    if selected.kind == FILE:
        return told_file_replacements(reply, selected, document, of_symbol, told)
    return several_replacements(reply, selected, selected.parts, document, of_symbol)
