"""A documentation that is there, with the fields that it lacks."""

from dataclasses import replace

from pillion.edits.documentation.doc_comment_completion import completed_comment
from pillion.edits.documentation.doc_gaps import Gaps, gaps_of
from pillion.edits.documentation.docstring_completion import completed_docstring
from pillion.edits.documentation.docstring_fields import DocstringFields
from pillion.edits.documentation.docstrings import facts_of
from pillion.edits.documentation.python_docstrings import Facts, PythonStyle
from pillion.edits.indentation import base_of, unit_of
from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import Symbol
from pillion.text.replacement import Replacement, newline_of


def completed(fields: DocstringFields, symbol: Symbol, document: ParsedText, style: PythonStyle) -> list[Replacement]:
    """The additions to the symbol's documentation.

    Raises:
        DraftRejectedError: the fields say nothing that is missing.
    """
    text, newline = document.text, newline_of(document.text)
    facts = _missing(facts_of(fields, symbol), gaps_of(symbol))
    if not (facts.parameters or facts.returns or facts.yields or facts.raises):
        raise DraftRejectedError("the model described nothing that is missing", code="fields")
    base = base_of(symbol, text)
    if symbol.docstring is None:
        start = text.rindex(symbol.comment, 0, symbol.start)
        return completed_comment(
            symbol.comment, start, base, newline, facts, symbol.parameters, document.language.doc_style
        )
    start = text.index(symbol.docstring, symbol.start + len(symbol.header))
    line = text[text.rfind("\n", 0, start) + 1 : start]
    unit = unit_of(symbol, text)
    indent = line if not line.strip() else base + unit
    return completed_docstring(symbol.docstring, start, indent, unit, newline, facts, symbol.parameters, style)


def _missing(facts: Facts, gaps: Gaps) -> Facts:
    """What is said of the gaps."""
    return replace(
        facts,
        parameters={name: words for name, words in facts.parameters.items() if name in gaps.parameters},
        returns=facts.returns if gaps.returns else "",
        yields=facts.yields if gaps.yields else "",
        raises={name: words for name, words in facts.raises.items() if name in gaps.raises},
    )
