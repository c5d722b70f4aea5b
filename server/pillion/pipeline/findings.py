"""Reads a model's findings out of its answer, and finds their places."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

from pillion.findings import Finding, Severity
from pillion.prompts.audit import CATEGORIES, MAX_FINDINGS, MIN_QUOTE_CHARACTERS


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore")

    quote: str
    message: str
    severity: str = "information"
    category: str = "bug"


def read_answer(reply: str, text: str, offset: int) -> list[Finding]:
    """The findings in an auditor's JSON reply on `text`, which stands at `offset` in the draft.

    A finding must quote the text; one whose quote isn't there is dropped, and so is an answer that isn't JSON:
    a model's mistakes must not look like findings. A reply that was cut off is read as far as it is complete.
    A model never says `error`.
    """
    found: list[Finding] = []
    for said in _said(reply):
        place = _locate(said.quote, text)
        message = " ".join(said.message.split())
        if place is None or not message:
            continue
        severity: Severity = "warning" if said.severity == "warning" else "information"
        category = said.category if said.category in CATEGORIES else "bug"
        found.append(
            Finding(text[place[0] : place[1]], severity, category, message, offset + place[0], offset + place[1])
        )
    return found


def _said(reply: str) -> Iterator[_Said]:
    """The first findings of a reply that have the form they were asked for in."""
    start, end = reply.find("{"), reply.rfind("}")
    try:
        answer = from_json(reply[start : end + 1], allow_partial=True) if start >= 0 else None
    except ValueError:
        return
    listed = answer.get("findings") if isinstance(answer, dict) else None
    for each in listed[:MAX_FINDINGS] if isinstance(listed, list) else ():
        with suppress(ValidationError):
            yield _Said.model_validate(each)


def _locate(quote: str, text: str) -> tuple[int, int] | None:
    """Where the quote's first line of code stands, white space at its ends aside; None if it doesn't."""
    line = next((stripped for each in quote.splitlines() if (stripped := each.strip())), "")
    if len(line) < MIN_QUOTE_CHARACTERS or not any(character.isalnum() for character in line):
        return None  # a brace or a lone name's letter quotes nothing
    at = text.find(line)
    return (at, at + len(line)) if at >= 0 else None


def add_new(findings: list[Finding], new: Sequence[Finding]) -> list[Finding]:
    """Adds those of `new` that aren't there yet, up to the limit a job has; returns what was added."""
    known = {(finding.quote, finding.category) for finding in findings}
    added: list[Finding] = []
    for finding in new:
        if len(findings) >= MAX_FINDINGS:
            break
        if (finding.quote, finding.category) not in known:
            known.add((finding.quote, finding.category))
            findings.append(finding)
            added.append(finding)
    return added


def relocate(findings: Sequence[Finding], text: str, start: int, end: int) -> tuple[Finding, ...]:
    """The findings with their places in the edited document, looked for in [start, end).

    The edit may have left out a line the auditor saw (the user's own header or docstring was kept): such a finding
    has no place any more and is dropped.
    """
    placed: list[Finding] = []
    for finding in findings:
        at = text.find(finding.quote, start, end)
        if at >= 0:
            placed.append(replace(finding, start=at, end=at + len(finding.quote)))
    return tuple(placed)
