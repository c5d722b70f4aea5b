"""Reads a model auditor's answers: findings with their places, criteria, and the unmet criteria.

A model may say anything. Words that aren't in the requested form are ignored.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

from pillion.findings.finding import CRITERIA, Finding, Severity
from pillion.findings.finding_list import MAX_FINDINGS
from pillion.findings.place import InDraft, InPassage
from pillion.prompts.audit_conversation import CATEGORIES, MAX_CRITERIA, MIN_QUOTE_CHARACTERS
from pillion.text.json_text import without_lone_surrogates

_LONGEST_MESSAGE_CHARACTERS = 300


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore")

    quote: str
    message: str
    severity: str = "information"
    category: str = "bug"


def read_answer(reply: str, text: str) -> list[Finding[InPassage]]:
    """The findings in an auditor's JSON reply about `text`.

    A finding must quote the text. Findings with a wrong quote are dropped, and so are answers that aren't JSON: a
    model's mistakes must not look like findings. A reply that was cut off is read up to its last complete part.
    A model's finding is never an `error`.
    """
    found: list[Finding[InPassage]] = []
    for each in _listed(reply, "findings")[:MAX_FINDINGS]:
        with suppress(ValidationError):
            said = _Said.model_validate(each)
            place, message = _locate(said.quote, text), _one_line(said.message)
            if place is not None and message:
                severity: Severity = "warning" if said.severity == "warning" else "information"
                category = said.category if said.category in CATEGORIES else "bug"
                found.append(Finding(text[place.start : place.end], severity, category, message, place))
    return found


def is_answer(reply: str) -> bool:
    """Whether a reply has the requested form, whatever it says."""
    return any(f'"{key}"' in reply for key in ("findings", "criteria", "unmet"))


def read_criteria(reply: str) -> tuple[str, ...]:
    """The acceptance criteria in an auditor's reply: distinct, short, and not more than it was asked for."""
    said = (_one_line(each) for each in _listed(reply, "criteria") if isinstance(each, str))
    return tuple(dict.fromkeys(each for each in said if each))[:MAX_CRITERIA]


def read_unmet(reply: str, criteria: Sequence[str]) -> tuple[str, ...]:
    """The criteria that aren't met, as the reply says."""
    numbers = {each for each in _listed(reply, "unmet") if type(each) is int}  # true is no number
    return tuple(criterion for number, criterion in enumerate(criteria, 1) if number in numbers)


def unmet_findings(unmet: Sequence[str], beginning: str) -> list[Finding[InDraft]]:
    """A finding for each criterion, at the first line of code of the draft that begins like this: a criterion is about
    the whole draft."""
    line = next((line for line in beginning.splitlines() if line.strip()), "")
    quote = line.strip()
    start = beginning.find(quote)
    place = InDraft(start, start + len(quote))
    return [Finding(quote, "information", CRITERIA, f"Perhaps not met: {each}", place) for each in unmet]


def _listed(reply: str, key: str) -> list[Any]:
    """The list under `key` in the reply's JSON object. If the reply was cut off, the list may be shorter."""
    start, end = reply.find("{"), reply.rfind("}")
    # An object may break off inside its first list, before any brace was closed.
    text = reply[start : end + 1 if end > start else None] if start >= 0 else ""
    try:
        answer = from_json(without_lone_surrogates(text), allow_partial=True)
    except ValueError:
        return []
    listed = answer.get(key) if isinstance(answer, dict) else None
    return listed if isinstance(listed, list) else []


def _one_line(text: str) -> str:
    """A model's words for a person: one line of printable text, of a readable length."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:_LONGEST_MESSAGE_CHARACTERS]


def _locate(quote: str, text: str) -> InPassage | None:
    """The place of the quote's first line of code, without white space at its ends; None if the text lacks it."""
    line = next((stripped for each in quote.splitlines() if (stripped := each.strip())), "")
    if len(line) < MIN_QUOTE_CHARACTERS or not any(character.isalnum() for character in line):
        return None  # a brace, or a name of one letter, is no quote
    at = text.find(line)
    return InPassage(at, at + len(line)) if at >= 0 else None
