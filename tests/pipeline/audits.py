"""What scripted auditors are asked, what they say, and a draft for them to read."""

import json

from pillion.events import AuditAnswered, UnitClosed
from pillion.fake_engine.records import RequestLog, Rule
from pillion.pipeline.outcome import Outcome
from tests.pipeline.jobs import Rig

BODY = """\
    if year < 1968:
        return 0.0
    if year < 2007:
        return 0.16
    surcharge = 0.0
    if year == 2020:
        surcharge = -0.03
    base = 0.19
    rounded = round(base + surcharge, 2)
    if rounded > 1:
        raise ValueError(year)
    allowed = {0.16, 0.19}
    if rounded not in allowed:
        rounded = min(allowed)
    return rounded
"""
HEADER = "def rate(year: int) -> float:"
DRAFT = f"Here it is:\n\n```python\n{HEADER}\n{BODY}```\n"
NOTHING = '{"findings": []}'
CRITERIA = ("Returns 0.16 before 2007.", "Never returns more than 1.")
# What only the last message of each question has; the examples before it have all of them.
ASKS_CRITERIA, ASKS_VERDICT, HAS_CODE = "What must this code do?", "That was the last part.", "```"


def finding(quote: str, **more: str) -> dict[str, str]:
    return {"quote": quote, "severity": "warning", "category": "bug", "message": "That is wrong."} | more


def answer(*found: dict[str, str], unmet: object = ()) -> str:
    return json.dumps({"findings": found, "unmet": unmet})


def settles(*criteria: object) -> Rule:
    """Answers the question for criteria."""
    return Rule(json.dumps({"criteria": criteria or CRITERIA}), match_last=ASKS_CRITERIA)


def step_of(entry: RequestLog) -> str:
    """What a request of the audit's asks for."""
    if entry.path == "/completion":
        return "decision"
    if entry.schema is None:
        limit = entry.options.get("max_tokens", entry.options.get("options", {}).get("num_predict"))
        return "reading" if limit == 1 else "other"
    asked = entry.schema["properties"]
    if "criteria" in asked:
        return "criteria"
    return "verdict" if ASKS_VERDICT in entry.messages[-1]["content"] else "part"


def steps(log: list[RequestLog]) -> list[str]:
    """The same for all, without the reading ahead, of which there is as much as there is time for."""
    return [step for entry in log if (step := step_of(entry)) != "reading"]


def of_step(log: list[RequestLog], step: str) -> list[RequestLog]:
    """The requests for this."""
    return [entry for entry in log if step_of(entry) == step]


def assert_done(outcome: Outcome, body: str = BODY) -> None:
    """The draft became its edit, whatever the audit did."""
    assert outcome.rejected == ""
    assert body.strip() in outcome.after_text


def assert_each_unit_once(jobs: Rig) -> None:
    """Every unit was judged, in order, and none twice."""
    judged = [number for event in jobs.of(AuditAnswered) for number in event.units]
    assert judged == [event.unit.index for event in jobs.of(UnitClosed)]
