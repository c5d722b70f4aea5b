"""Renders a model's fields as a docstring in the language's and the project's own style, as an insertion."""

import re
import textwrap
from collections.abc import Iterable, Mapping

from pillion.edits.documentation.docstring_fields import PLACEHOLDER, DocstringFields
from pillion.edits.documentation.python_docstrings import Facts, PythonStyle, facts_in_style
from pillion.edits.indentation import base_of, unit_of
from pillion.syntax.languages import DocStyle, Language
from pillion.syntax.symbols import Symbol
from pillion.text.replacement import Replacement, newline_of

_WIDTH = 88
_RETURN_TAGS = {DocStyle.JSDOC: "@returns", DocStyle.JAVADOC: "@return"}
_THROWN = {DocStyle.JSDOC: "@throws {{{name}}} {words}", DocStyle.JAVADOC: "@throws {name} {words}"}
# What a model says of a parameter if it only repeats the signature.
_DEFAULT = re.compile(r"^(?:the |its )?defaults?(?: value)?(?: is| to|:| =)? ", re.IGNORECASE)
_TOKEN = re.compile(r"\w+|[^\w\s]")
_TYPES = re.compile(r"[ \t]*#[ \t]*(?:type|mypy|pyright|pylint)\b")
_RESULT = re.compile(r"\)\s*->\s*(.+?)\s*:\s*$", re.DOTALL)


def docstring_replacement(
    fields: DocstringFields,
    symbol: Symbol,
    text: str,
    language: Language,
    style: PythonStyle = PythonStyle.GOOGLE,
) -> Replacement:
    """The insertion that documents `symbol` in `text`; `style` is that of Python's docstrings.

    Parameters and exceptions that the symbol doesn't have are dropped: small models invent some.
    """
    base = base_of(symbol, text)
    newline = newline_of(text)
    facts = facts_of(fields, symbol)
    summary = as_sentence(fields.summary)
    if language.doc_style is DocStyle.DOCSTRING:
        return _python(summary, facts, style, symbol, text, base, newline)
    if language.doc_style in _RETURN_TAGS:
        lines = [summary, *_tagged(facts, language.doc_style)]
        body = [f" * {line}" for line in _wrapped([line.replace("*/", "* /") for line in lines], base)]
        lines = ["/**", *body, " */"]
    else:
        prefix = language.doc_style.value
        described = [f"`{name}`: {words}" for name, words in facts.parameters.items()]
        if language.doc_style is DocStyle.SLASHES_2:
            summary = _go_summary(symbol.name, summary)
        lines = [f"{prefix} {line}".rstrip() for line in _wrapped([summary, *described], base)]
        if facts.returns:
            lines.append(f"{prefix} Returns {_lower_first(facts.returns)}")
    return Replacement(symbol.start, symbol.start, "".join(f"{line}{newline}{base}" for line in lines))


def facts_of(fields: DocstringFields, symbol: Symbol) -> Facts:
    """What the fields say of what the symbol really has, in the symbol's order."""

    def about(names: Iterable[str], words: Mapping[str, str]) -> dict[str, str]:
        cleaned = {name: _clean(words.get(name, "")) for name in names}
        return {name: each for name, each in cleaned.items() if each and not _says_nothing(each, symbol)}

    result = _RESULT.search(symbol.header)
    return Facts(
        about(symbol.parameters, fields.parameters),
        _clean(fields.returns or "") if symbol.returns_value else "",
        _clean(fields.yields or "") if symbol.yields else "",
        about(symbol.raises, fields.raises),
        " ".join(result[1].split()) if result is not None else "",
    )


def _tagged(facts: Facts, style: DocStyle) -> Iterable[str]:
    for name, words in facts.parameters.items():
        yield f"@param {name} {words}"
    if facts.returns:
        yield f"{_RETURN_TAGS[style]} {facts.returns}"
    if facts.yields:
        yield f"@yields {facts.yields}"
    for name, words in facts.raises.items():
        yield _THROWN[style].format(name=name, words=words)


def _says_nothing(words: str, symbol: Symbol) -> bool:
    """Whether a parameter's description is a placeholder, or only a part of the signature: a name, type or default."""
    told = _TOKEN.findall(_DEFAULT.sub("", words).rstrip(".").strip("`'\""))
    signature = _TOKEN.findall(symbol.signature)
    echoed = any(signature[at : at + len(told)] == told for at in range(len(signature)))
    return bool(PLACEHOLDER.match(words)) or echoed


def _python(
    summary: str, facts: Facts, style: PythonStyle, symbol: Symbol, text: str, base: str, newline: str
) -> Replacement:
    unit = unit_of(symbol, text)
    body_line_start = text.rfind("\n", 0, symbol.body_start) + 1
    before_body = text[body_line_start : symbol.body_start]
    own_line = not before_body.strip()
    indent = before_body if own_line else base + unit
    lines = [*_wrapped([summary], indent), *facts_in_style(facts, style, unit, _WIDTH - len(indent))]
    quoted = [line.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') for line in lines]
    if quoted[-1].endswith('"'):
        quoted[-1] += " "
    closing = [] if len(quoted) == 1 else [indent + '"""']
    block = [indent + '"""' + quoted[0], *((indent + line).rstrip() for line in quoted[1:]), *closing]
    if not closing:
        block[0] += '"""'
    rendered = newline.join(block)
    if own_line:
        # Before the first statement and the comments above it, after their white space.
        at = _above_comments(symbol, text, body_line_start, indent) + len(indent)
        return Replacement(at, at, rendered[len(indent) :] + newline + indent)
    # def f(): return 1 — the body moves to lines of its own.
    colon = len(text[: symbol.body_start].rstrip(" \t"))
    return Replacement(colon, symbol.body_start, newline + rendered + newline + indent)


def _above_comments(symbol: Symbol, text: str, line_start: int, indent: str) -> int:
    """Where the lines of the comments right above this line begin. A comment with types stays above a docstring."""
    while True:
        above = text.rfind("\n", 0, line_start - 1) + 1
        line = text[above:line_start]
        if above < symbol.header_end or not line.startswith(f"{indent}#") or _TYPES.match(line):
            return line_start
        line_start = above


def _clean(words: str) -> str:
    return " ".join(words.split()).strip(" -:")


def as_sentence(words: str) -> str:
    words = _clean(words)
    words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "!", "?")) else words + "."


def _lower_first(words: str) -> str:
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _go_summary(name: str, summary: str) -> str:
    """Go's own rule: a doc comment begins with the name."""
    return summary if re.match(rf"{re.escape(name)}\b", summary) else f"{name} {_lower_first(summary)}"


def _wrapped(paragraphs: list[str], indent: str) -> list[str]:
    width = max(40, _WIDTH - len(indent) - 3)
    return [line for paragraph in paragraphs for line in textwrap.wrap(paragraph, width) or [""]]
