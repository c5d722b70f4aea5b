"""The fields of a documentation in a model's answer, without what breaks off."""

import json
import re

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from pillion.config.limits import FIELD_CHARACTERS, SUMMARY_CHARACTERS
from pillion.errors import DraftRejectedError
from pillion.text.json_text import objects_in, without_lone_surrogates

# The end of a sentence; places that can't be one; and the text up to the last end of a sentence.
_ENDS = re.compile(r"[.!?…:;)\]}`'\"]$")
_DANGLES = re.compile(r"\w.{12,}(?:,|\s(?:and|or|the|of|with))$", re.DOTALL)
_LAST_END = re.compile(r"^(.*[.!?])\s", re.DOTALL)
# The text up to the last comma or the like, if it has three words.
_LAST_CLAUSE = re.compile(r"^((?:\S+\s+){2}.*\S)\s*[,;:–—(]\s", re.DOTALL)
# What stands in an example of the answer, and not in an answer.
PLACEHOLDER = re.compile(r"^(?:\.{3}|…|<[^>]*>|\[[^\]]*\]|string|summary|n/a|none|todo)\.?$", re.IGNORECASE)


class DocstringFields(BaseModel):
    """The fields that the model fills in."""

    model_config = ConfigDict(extra="ignore")

    summary: str = ""
    parameters: dict[str, str] = {}
    returns: str | None = None
    yields: str | None = None
    raises: dict[str, str] = {}

    @field_validator("parameters", "raises", mode="before")
    @classmethod
    def _only_words(cls, value: object) -> object:
        """Engines without schemas may send null: that name then has no description."""
        if isinstance(value, list):
            value = {
                each["name"]: each for each in value if isinstance(each, dict) and isinstance(each.get("name"), str)
            }
        said = {name: _described(words) for name, words in value.items()} if isinstance(value, dict) else {}
        return {name: words for name, words in said.items() if words is not None}

    @field_validator("returns", "yields", mode="before")
    @classmethod
    def _only_a_sentence(cls, value: object) -> object:
        return _described(value)


def _described(value: object) -> str | None:
    """A text, or the description in an object that has a type besides."""
    words = value.get("description") if isinstance(value, dict) else value
    return words if isinstance(words, str) else None


def parse_fields(reply: str, *, summary_needed: bool = True) -> DocstringFields:
    """The fields in a model's JSON reply, without text that breaks off. Where a documentation is only completed, no
    summary is needed.

    Raises:
        DraftRejectedError: the reply isn't JSON, or says nothing, or only half a sentence.
    """
    try:
        fields = DocstringFields.model_validate_json(_json_object(reply))
        if summary_needed and "summary" not in fields.model_fields_set:
            raise DraftRejectedError("the model's answer isn't the JSON it was asked for", code="fields")
    except ValidationError as exc:
        raise DraftRejectedError("the model's answer isn't the JSON it was asked for", code="fields") from exc
    if not summary_needed:
        fields = fields.model_copy(update={"summary": "Nothing."})
    if not fields.summary.strip() or PLACEHOLDER.match(fields.summary.strip()):
        raise DraftRejectedError("the model left the summary empty", code="fields")
    summary = _whole(fields.summary, SUMMARY_CHARACTERS)
    if not summary:
        raise DraftRejectedError("the summary breaks off in the middle of a sentence", code="fields")
    whole: dict[str, object] = {"summary": summary}
    for key in ("parameters", "raises"):
        whole[key] = {name: _whole_field(words) for name, words in getattr(fields, key).items()}
    for key in ("returns", "yields"):
        words = getattr(fields, key)
        whole[key] = _whole_field(words) if words else words
    return fields.model_copy(update=whole)


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
    """The JSON object that has fields: engines without schemas wrap it in fences, words, or the call of a tool."""
    waiting = objects_in(without_lone_surrogates(reply))
    while waiting:
        each = waiting.pop(0)
        if "summary" in each or {"returns", "yields", "raises"} & each.keys():
            return json.dumps(each)
        waiting += [inner for inner in each.values() if isinstance(inner, dict)]
    return reply
