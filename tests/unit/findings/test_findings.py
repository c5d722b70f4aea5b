"""What an auditor says becomes findings only where it quotes the draft."""

import json
from typing import Any

import pytest

from pillion.audit.replies import read_answer, read_criteria, read_unmet, unmet_findings
from pillion.findings.finding import Finding
from pillion.findings.finding_list import MAX_FINDINGS, FindingList, merged
from pillion.findings.moves import passage_to_draft
from pillion.findings.place import InDraft, InEdit, InPassage
from pillion.findings.relocation import relocate
from pillion.prompts.audit_conversation import CATEGORIES

TEXT = "def f(items):\n    first = items[1]\n    return first  # 🥞\n"


def said(**more: Any) -> dict[str, Any]:
    return {"quote": "items[1]", "severity": "warning", "category": "bug", "message": "It is the second."} | more


def reply(*found: Any) -> str:
    return json.dumps({"findings": found})


def found(quote: str = "items[1]", category: str = "bug", start: int = 26) -> Finding[InDraft]:
    return Finding(quote, "warning", category, "It is the second.", InDraft(start, start + len(quote)))


@pytest.mark.parametrize(
    ("answer", "quotes"),
    [
        pytest.param(reply(), [], id="none"),
        pytest.param(reply(said()), ["items[1]"], id="one"),
        pytest.param(reply(said(quote="items[2]")), [], id="quote-that-isnt-there"),
        pytest.param(reply(said(quote="  first = items[1]  ")), ["first = items[1]"], id="white-space-around"),
        pytest.param(reply(said(quote="\n\nitems[1]\n    return x")), ["items[1]"], id="first-line-of-several"),
        pytest.param(reply(said(quote="return first  # 🥞")), ["return first  # 🥞"], id="astral"),
        pytest.param(reply(said(quote="")), [], id="empty-quote"),
        pytest.param(reply(said(quote="):")), [], id="quote-without-a-word"),
        pytest.param(reply(said(quote="f")), [], id="quote-of-one-letter"),
        pytest.param(reply(said(message=" \n")), [], id="no-message"),
        pytest.param(reply(said(quote="items[2]"), said()), ["items[1]"], id="false-one-before"),
        pytest.param(reply({"message": "no quote"}, said(), 3, None), ["items[1]"], id="malformed-ones-around"),
        pytest.param(reply(said(quote=["items[1]"])), [], id="quote-of-another-type"),
        pytest.param(f"Sure:\n```json\n{reply(said())}\n```\nBye", ["items[1]"], id="wrapped"),
        pytest.param(reply(said(), said(quote="return first"))[:-60], ["items[1]"], id="cut-off"),
        pytest.param(reply(said())[:30], [], id="cut-off-in-the-first"),
        *(
            pytest.param(answer, [], id=f"not-json-{number}")
            for number, answer in enumerate(("", "{", "}", "}{", "LGTM", "{]}", "[1]", "{'findings': []}", '{"a": 1}'))
        ),
        pytest.param('{"findings": {"quote": "items[1]"}}', [], id="another-shape"),
        pytest.param('{"findings": null}', [], id="null"),
        pytest.param('{"findings": ' + "[" * 5000, [], id="nested-too-deeply"),
        pytest.param(reply(*[said(quote="items[2]")] * 10_000), [], id="10000-false-ones"),
        pytest.param(reply(*[said()] * 10_000), ["items[1]"] * MAX_FINDINGS, id="10000"),
    ],
)
def test_findings_quote_the_draft(answer: str, quotes: list[str]) -> None:
    findings = [passage_to_draft(each, 100) for each in read_answer(answer, TEXT)]
    assert [finding.quote for finding in findings] == quotes
    assert all(TEXT[each.start - 100 : each.end - 100] == each.quote for each in findings)


@pytest.mark.parametrize(
    ("severity", "kept"),
    [("warning", "warning"), ("information", "information"), ("error", "information"), ("fatal", "information")],
)
def test_a_model_never_says_error(severity: str, kept: str) -> None:
    assert [finding.severity for finding in read_answer(reply(said(severity=severity)), TEXT)] == [kept]


@pytest.mark.parametrize("category", [*CATEGORIES, "style"])
def test_categories(category: str) -> None:
    (finding,) = read_answer(reply(said(category=category)), TEXT)
    known = category if category in CATEGORIES else "bug"
    assert (finding.category, finding.code) == (known, f"audit/{known.replace(' ', '-')}")


def test_what_may_be_missing() -> None:
    answer = '{"findings": [{"quote": "items[1]", "message": "a\\n  b"}]}'
    assert read_answer(answer, TEXT) == [Finding("items[1]", "information", "bug", "a b", InPassage(26, 34))]


@pytest.mark.parametrize(
    ("there", "new", "added"),
    [
        pytest.param([], [found()], 1, id="first"),
        pytest.param([found()], [found()], 0, id="there-already"),
        pytest.param([], [found(), found()], 1, id="twice"),
        pytest.param([found()], [found(category="naming")], 1, id="another-category"),
        pytest.param([found()], [found("return first")], 1, id="another-quote"),
        pytest.param([found(str(n)) for n in range(4)], [found("a"), found("b")], 1, id="limit"),
        pytest.param([found(str(n)) for n in range(5)], [found("a")], 0, id="full"),
    ],
)
def test_at_most_five_and_none_twice(there: list[Finding[InDraft]], new: list[Finding[InDraft]], added: int) -> None:
    findings = FindingList()
    findings.add(there)
    assert findings.add(new) == new[:added]
    assert findings.all() == (*there, *new[:added])


def checked(quote: str, start: int) -> Finding[InDraft]:
    return Finding(quote, "error", "calls", "It deletes.", InDraft(start, start + len(quote)), source="calls")


@pytest.mark.parametrize(
    ("order", "kept"),
    [
        pytest.param([checked("items[1]", 26), found()], [checked("items[1]", 26)], id="the-same-place"),
        pytest.param([found(), checked("items", 26)], [checked("items", 26)], id="the-model-was-first"),
        pytest.param([checked("items[1]", 26), found("return first", start=60)], None, id="another-place"),
        pytest.param([checked("a", 1), checked("a", 1)], [checked("a", 1)], id="twice"),
        pytest.param([checked("a", 1), checked("b", 2)], None, id="two"),
    ],
)
def test_what_an_auditor_said_a_model_need_not_repeat(
    order: list[Finding[InDraft]], kept: list[Finding[InDraft]] | None
) -> None:
    expected = sorted(order if kept is None else kept, key=lambda each: each.start)
    assert list(merged(order)) == expected


def test_auditors_are_heard_beyond_the_models_five() -> None:
    findings = FindingList()
    findings.add(found(str(n), start=100 * n) for n in range(5))
    assert len(findings.add([checked("x", 1000 + n) for n in range(20)])) == 1, "the same message of the same quote"
    assert len(findings.add([checked(f"x{n}", 2000 + 9 * n) for n in range(100)])) == 29


@pytest.mark.parametrize(
    ("answer", "criteria"),
    [
        ('{"criteria": ["Returns one.", "Is quick."]}', ("Returns one.", "Is quick.")),
        ('{"criteria": ["a", "a", "", " ", 3, null, "b\\u001b[2J"]}', ("a", "b [2J")),
        ('{"criteria": ["1","2","3","4","5","6"]}', ("1", "2", "3", "4")),
        ('{"criteria": ["whole", "cut o', ("whole",)),
        ('{"criteria": {"a": 1}}', ()),
        ("I can't", ()),
        ("", ()),
    ],
)
def test_criteria(answer: str, criteria: tuple[str, ...]) -> None:
    assert read_criteria(answer) == criteria


@pytest.mark.parametrize(
    ("answer", "unmet"),
    [
        ('{"findings": [], "unmet": []}', ()),
        ('{"findings": [], "unmet": [2]}', ("b",)),
        ('{"unmet": [3, 1, 1]}', ("a", "c")),
        ('{"unmet": [0, 4, -1, "1", 2.5, null]}', ()),
        ('{"unmet": "all"}', ()),
    ],
)
def test_unmet(answer: str, unmet: tuple[str, ...]) -> None:
    assert read_unmet(answer, ("a", "b", "c")) == unmet
    code = "\n  def f():\n    pass\n"
    for finding, criterion in zip(unmet_findings(unmet, code), unmet, strict=True):
        assert (finding.quote, finding.severity, finding.code) == ("def f():", "information", "audit/criteria")
        assert criterion in finding.message
        assert code[finding.start : finding.end] == finding.quote


AFTER = "import os\n\nfirst = items[1]\n\ndef f(items):\n    return items[1]\n"


@pytest.mark.parametrize(
    ("quote", "start", "end", "place"),
    [
        pytest.param("items[1]", 28, len(AFTER), AFTER.rindex("items[1]"), id="in-the-edit"),
        pytest.param("import os", 28, len(AFTER), None, id="outside"),
        pytest.param("items[2]", 0, len(AFTER), None, id="left-out"),
        pytest.param("items[1]", 0, AFTER.rindex("items[1]"), 19, id="first-of-two"),
        pytest.param("items[1]", 28, AFTER.rindex("items[1]") + 3, None, id="cut-by-the-end"),
    ],
)
def test_findings_find_their_place_in_the_edited_text(quote: str, start: int, end: int, place: int | None) -> None:
    placed = relocate([found(quote)], AFTER, [InEdit(start, end)])
    assert [finding.start for finding in placed] == ([place] if place is not None else [])
    assert all(AFTER[finding.start : finding.end] == quote for finding in placed)
