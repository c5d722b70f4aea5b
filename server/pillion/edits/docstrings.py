"""Renders a model's fields as a docstring in the language's own style, as an insertion."""

import json
import re
import textwrap
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from pillion.config.limits import FIELD_CHARACTERS, SUMMARY_CHARACTERS
from pillion.edits.indentation import base_of, unit_of
from pillion.errors import DraftRejectedError
from pillion.syntax.languages import DocStyle, Language
from pillion.syntax.symbols import Symbol
from pillion.text.json_text import objects_in, without_lone_surrogates
from pillion.text.replacement import Replacement, newline_of

_WIDTH = 88
_RETURN_TAGS = {DocStyle.JSDOC: "@returns", DocStyle.JAVADOC: "@return"}
# The end of a sentence; places that can't be one; and the text up to the last end of a sentence.
_ENDS = re.compile(r"[.!?…:;)\]}`'\"]$")
_DANGLES = re.compile(r"\w.{12,}(?:,|\s(?:and|or|the|of|with))$", re.DOTALL)
_LAST_END = re.compile(r"^(.*[.!?])\s", re.DOTALL)
# The text up to the last comma or the like, if it has three words.
_LAST_CLAUSE = re.compile(r"^((?:\S+\s+){2}.*\S)\s*[,;:–—(]\s", re.DOTALL)
# What a model says of a parameter if it only repeats the signature.
_DEFAULT = re.compile(r"^(?:the |its )?defaults?(?: value)?(?: is| to|:| =)? ", re.IGNORECASE)
_TOKEN = re.compile(r"\w+|[^\w\s]")
_PLACEHOLDER = re.compile(r"^(?:\.{3}|…|<[^>]*>|\[[^\]]*\]|string|summary|n/a|none|todo)\.?$", re.IGNORECASE)


class DocstringFields(BaseModel):
    """The fields that the model fills in."""

    model_config = ConfigDict(extra="ignore")

    summary: str
    parameters: dict[str, str] = {}
    returns: str | None = None

    @field_validator("parameters", mode="before")
    @classmethod
    def _only_words(cls, value: object) -> object:
        """Engines without schemas may send null or nested values: the parameter then has no description."""
        return (
            {name: words for name, words in value.items() if isinstance(words, str)} if isinstance(value, dict) else {}
        )

    @field_validator("returns", mode="before")
    @classmethod
    def _only_a_sentence(cls, value: object) -> object:
        return value if isinstance(value, str) else None


def parse_fields(reply: str) -> DocstringFields:
    """The fields in a model's JSON reply, without text that breaks off.

    Raises:
        DraftRejectedError: the reply isn't JSON, or says nothing, or only half a sentence.
    """
    try:
        fields = DocstringFields.model_validate_json(_json_object(reply))
    except ValidationError as exc:
        raise DraftRejectedError("the model's answer isn't the JSON it was asked for", code="fields") from exc
    if not fields.summary.strip() or _PLACEHOLDER.match(fields.summary.strip()):
        raise DraftRejectedError("the model left the summary empty", code="fields")
    summary = _whole(fields.summary, SUMMARY_CHARACTERS)
    if not summary:
        raise DraftRejectedError("the summary breaks off in the middle of a sentence", code="fields")
    described = {name: _whole_field(words) for name, words in fields.parameters.items()}
    returns = _whole_field(fields.returns) if fields.returns else fields.returns
    return fields.model_copy(update={"summary": summary, "parameters": described, "returns": returns})


def _whole(words: str, most_characters: int) -> str:
    """The words without a last sentence that breaks off, perhaps at the schema's limit; empty if there is no other."""
    words = words.rstrip()
    if _ENDS.search(words) or (len(words) < most_characters - 1 and not _DANGLES.search(words)):
        return words
    ended = _LAST_END.search(words)
    return ended[1] if ended is not None else ""


def _whole_field(words: str) -> str:
    """The same for a field, of which a clause says enough: “the limit” of “the limit, or none at a”."""
    if (whole := _whole(words, FIELD_CHARACTERS)) or not words.strip():
        return whole
    found = _LAST_CLAUSE.search(words)
    clause = found[1] if found is not None else ""
    if clause.count("(") > clause.count(")"):
        clause = clause[: clause.rindex("(")].rstrip()
    return "" if _DANGLES.search(clause) else clause


def _json_object(reply: str) -> str:
    """The JSON object that has a summary: engines without schemas wrap it in fences, words, or the call of a tool."""
    waiting = objects_in(without_lone_surrogates(reply))
    while waiting:
        each = waiting.pop(0)
        if "summary" in each:
            return json.dumps(each)
        waiting += [inner for inner in each.values() if isinstance(inner, dict)]
    return reply


def docstring_replacement(fields: DocstringFields, symbol: Symbol, text: str, language: Language) -> Replacement:
    """The insertion that documents `symbol` in `text`.

    Parameters the symbol doesn't have are dropped: small models invent some.
    """
    base = base_of(symbol, text)
    newline = newline_of(text)
    described = {
        name: words
        for name in symbol.parameters
        if (words := _clean(fields.parameters.get(name, ""))) and not _says_nothing(words, symbol)
    }
    returns = _clean(fields.returns or "") if symbol.returns_value else ""
    summary = _sentence(fields.summary)
    if language.doc_style is DocStyle.DOCSTRING:
        return _python(summary, described, returns, symbol, text, base, newline)
    if (tag := _RETURN_TAGS.get(language.doc_style)) is not None:
        lines = [summary, *(f"@param {name} {words}" for name, words in described.items())]
        if returns:
            lines.append(f"{tag} {returns}")
        body = [f" * {line}" for line in _wrapped([line.replace("*/", "* /") for line in lines], base)]
        lines = ["/**", *body, " */"]
    else:
        prefix = language.doc_style.value
        facts = [f"`{name}`: {words}" for name, words in described.items()]
        if language.doc_style is DocStyle.SLASHES_2:
            summary = _go_summary(symbol.name, summary)
        lines = [f"{prefix} {line}".rstrip() for line in _wrapped([summary, *facts], base)]
        if returns:
            lines.append(f"{prefix} Returns {_lower_first(returns)}")
    return Replacement(symbol.start, symbol.start, "".join(f"{line}{newline}{base}" for line in lines))


def _says_nothing(words: str, symbol: Symbol) -> bool:
    """Whether a parameter's description is a placeholder, or only a part of the signature: a name, type or default."""
    told = _TOKEN.findall(_DEFAULT.sub("", words).rstrip(".").strip("`'\""))
    signature = _TOKEN.findall(symbol.signature)
    echoed = any(signature[at : at + len(told)] == told for at in range(len(signature)))
    return bool(_PLACEHOLDER.match(words)) or echoed


def _python(
    summary: str,
    described: Mapping[str, str],
    returns: str,
    symbol: Symbol,
    text: str,
    base: str,
    newline: str,
) -> Replacement:
    unit = unit_of(symbol, text)
    body_line_start = text.rfind("\n", 0, symbol.body_start) + 1
    before_body = text[body_line_start : symbol.body_start]
    own_line = not before_body.strip()
    indent = before_body if own_line else base + unit
    lines = _wrapped([summary], indent)
    sections: list[str] = []
    if described:
        sections += ["", "Args:", *(unit + f"{name}: {words}" for name, words in described.items())]
    if returns:
        sections += ["", "Returns:", unit + returns]
    lines += sections
    quoted = [line.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') for line in lines]
    if quoted[-1].endswith('"'):
        quoted[-1] += " "
    closing = [] if len(quoted) == 1 else [indent + '"""']
    block = [indent + '"""' + quoted[0], *((indent + line).rstrip() for line in quoted[1:]), *closing]
    if not closing:
        block[0] += '"""'
    rendered = newline.join(block)
    if own_line:
        # Before the first statement, after its white space.
        return Replacement(symbol.body_start, symbol.body_start, rendered[len(indent) :] + newline + indent)
    # def f(): return 1 — the body moves to lines of its own.
    colon = len(text[: symbol.body_start].rstrip(" \t"))
    return Replacement(colon, symbol.body_start, newline + rendered + newline + indent)


def _clean(words: str) -> str:
    return " ".join(words.split()).strip(" -:")


def _sentence(words: str) -> str:
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
