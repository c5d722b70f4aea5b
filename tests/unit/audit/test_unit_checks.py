"""The deterministic auditors as the pipeline runs them: in threads, never trusted to be right or quick."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from pillion.audit.unit_checks import UnitChecks, check_edit
from pillion.auditors.auditor import Auditor, Passage, Sees
from pillion.auditors.calls.call_auditor import CallsAuditor
from pillion.findings.finding import Finding, Severity
from pillion.findings.finding_list import MAX_CHECKS
from pillion.findings.place import InDraft, InEdit, InPassage
from pillion.syntax.languages import language_by_id
from pillion.syntax.units import Unit
from tests.support.pools import only_this_task

FOR_EVER_S = 3600.0


def found(passage: Passage, quote: str, severity: Severity = "error", source: str = "looker") -> Finding[InPassage]:
    at = passage.text.index(quote)
    return Finding(quote, severity, "calls", f"There is {quote}.", InPassage(at, at + len(quote)), source)


@dataclass
class Looker:
    """Finds each of these words where it is; keeps what it was shown."""

    words: Sequence[str] = ("bad",)
    sees: Sees = Sees.UNIT
    name: str = "looker"
    shown: list[str] = field(default_factory=list)

    def audit(self, passage: Passage) -> list[Finding[InPassage]]:
        self.shown.append(passage.text[passage.start : passage.end])
        return [found(passage, word) for word in self.words if word in passage.text]


@dataclass
class Activity:
    """Does something else."""

    do: Callable[[], Any]
    sees: Sees = Sees.UNIT
    name: str = "broken"

    def audit(self, passage: Passage) -> Any:
        return self.do()


def passage(text: str) -> Passage:
    language = language_by_id("python")
    assert language is not None
    return Passage(text, 0, len(text), language)


def unit(index: int, start: int, text: str) -> Unit:
    return Unit(index, start, start + len(text), text)


def checks(*auditors: Auditor) -> tuple[UnitChecks, list[Finding[InDraft]]]:
    reported: list[Finding[InDraft]] = []
    return UnitChecks(auditors, passage(""), reported.extend), reported


def raising(error: BaseException) -> Callable[[], Any]:
    def do() -> Any:
        raise error

    return do


def breaking_off() -> Iterator[Finding[InPassage]]:
    yield found(passage("half"), "half")
    raise ValueError("in the middle")


# Units, while they close


async def test_findings_stand_in_the_draft() -> None:
    first, second = unit(0, 0, "good\nbad\n"), unit(1, 9, "ü🥞\n  bad\n")
    looker = Looker()
    auditing, reported = checks(looker)
    for each in (first, second):
        auditing.add(each)
        auditing.finish()
        await auditing.run()
    assert [(each.start, each.end) for each in reported] == [(5, 8), (14, 17)]
    assert (first.text + second.text)[14:17] == "bad"
    assert looker.shown == [first.text, second.text]


async def test_units_that_waited_go_together() -> None:
    looker = Looker()
    auditing, reported = checks(looker, Looker(("never",), Sees.EDIT))
    for each in (unit(3, 100, "good\n"), unit(4, 105, "bad\n")):
        auditing.add(each)
    auditing.finish()
    await auditing.run()
    assert looker.shown == ["good\nbad\n"]
    assert [each.start for each in reported] == [105]


async def test_a_void_drafts_findings_are_not_reported() -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow() -> list[Finding[InPassage]]:
        began.set()
        go_on.wait(60)
        return [found(passage("void"), "void")]

    auditing, reported = checks(Activity(slow))
    running = asyncio.create_task(auditing.run())
    auditing.add(unit(0, 0, "void\n"))
    assert await asyncio.to_thread(began.wait, 10)
    auditing.add(unit(1, 5, "void too\n"))
    auditing.start_over()
    go_on.set()
    auditing.finish()
    await running
    assert reported == []


BROKEN = {
    "raises": raising(ValueError("a mistake")),
    "recurses": raising(RecursionError()),
    "StopIteration": raising(StopIteration()),  # which no future can hold
    "None": lambda: None,
    "breaks off": breaking_off,
    "no findings": lambda: ["text"],
}


@pytest.mark.parametrize("do", BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_auditor_is_logged_and_the_others_count(
    do: Callable[[], Any], caplog: pytest.LogCaptureFixture
) -> None:
    auditing, reported = checks(Activity(do), Looker())
    auditing.add(unit(0, 0, "bad\n"))
    auditing.finish()
    async with asyncio.timeout(30):
        await auditing.run()
        edit = await check_edit(
            [Activity(do, Sees.EDIT), Looker(sees=Sees.EDIT)], passage("bad\n"), [InEdit(0, 4)], within_s=5
        )
    assert [each.quote for each in reported] == ["bad"]
    assert [(each.source, each.category, each.severity) for each in edit if each.source != "looker"] == [
        ("broken", "unchecked", "error")
    ], "an edit that nobody has checked doesn't look like a good one"
    assert [each.quote for each in edit if each.source == "looker"] == ["bad"]
    assert [record.getMessage() for record in caplog.records] == ["the auditor broken failed"] * 2
    await only_this_task()


@pytest.mark.quiet
async def test_the_loop_goes_on_while_an_auditor_computes() -> None:
    def busy() -> list[Finding[InPassage]]:
        until_s = time.monotonic() + 0.5
        while time.monotonic() < until_s:
            sum(range(1000))
        return []

    longest_s, last_s = 0.0, time.monotonic()

    async def watch() -> None:
        nonlocal longest_s, last_s
        while True:
            await asyncio.sleep(0)
            longest_s, last_s = max(longest_s, time.monotonic() - last_s), time.monotonic()

    stalls_s: list[float] = []
    for _ in range(3):  # what a machine that does other things as well misses once is no defect
        auditing, _ = checks(Activity(busy), Activity(busy))
        auditing.add(unit(0, 0, "x\n"))
        auditing.finish()
        longest_s, last_s = 0.0, time.monotonic()
        watching = asyncio.create_task(watch())
        await auditing.run()
        watching.cancel()
        stalls_s.append(longest_s)
        if longest_s < 0.1:
            break
    assert min(stalls_s) < 0.1


# The finished edit

TEXT = "import bad\n\nold = bad\n\nclass A:\n    @bad\n    def f(self):\n        return bad\n"
IMPORT, METHOD = InEdit(0, 11), InEdit(TEXT.index("@bad"), len(TEXT) - 1)


async def test_an_edit_is_shown_whole_and_units_as_regions() -> None:
    edit, units = Looker(sees=Sees.EDIT), Looker()
    new = await check_edit([edit, units], passage(TEXT), [METHOD, IMPORT], within_s=5)
    assert edit.shown == [TEXT]
    assert units.shown == ["import bad\n    @bad\n    def f(self):\n        return bad"], "whole lines, all that is new"
    assert all(TEXT[each.start : each.end] == "bad" for each in new)
    # Both found the first; what the auditor of units found is placed in the document.
    assert [each.start for each in new] == [7, 7]
    (later,) = await check_edit([Looker()], passage(TEXT), [METHOD], within_s=5)
    assert later.start == TEXT.index("@bad") + 1


async def test_a_call_is_known_by_the_import_that_came_in_another_unit() -> None:
    text = "from shutil import rmtree\n\n\ndef clean(path):\n    rmtree(path)\n"
    regions = [InEdit(text.index("def"), len(text)), InEdit(0, text.index("\n") + 1)]
    (found,) = await check_edit([CallsAuditor()], passage(text), regions, within_s=5)
    assert (found.quote, found.severity, found.start) == ("rmtree(path)", "error", text.index("rmtree(path)"))


async def test_what_nobody_has_touched_is_not_reported() -> None:
    edit = Looker(words=("old",), sees=Sees.EDIT)
    assert await check_edit([edit], passage(TEXT), [METHOD, IMPORT], within_s=5) == []


async def test_errors_are_heard_first_and_not_without_end() -> None:
    lines = "".join(f"x{number:05}\n" for number in range(10_000))
    text = passage(lines)

    def many() -> list[Finding[InPassage]]:
        return [
            Finding(
                f"x{number:05}",
                "error" if number == 9_999 else "warning",
                "lint",
                "No.",
                InPassage(7 * number, 7 * number + 6),
                "lint",
            )
            for number in range(10_000)
        ]

    new = await check_edit([Activity(many, Sees.EDIT)], text, [InEdit(0, len(lines))], within_s=5)
    assert len(new) == MAX_CHECKS
    assert [each.quote for each in new[:3]] == ["x09999", "x00000", "x00001"]


async def test_who_is_late_is_not_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    go_on = threading.Event()
    late = Activity(lambda: [found(passage("bad"), "bad")] if go_on.wait(60) else [], Sees.EDIT, "late")
    try:
        began_s = time.monotonic()
        new = await check_edit([late, Looker(sees=Sees.EDIT)], passage("bad\n"), [InEdit(0, 4)], within_s=1)
        assert time.monotonic() - began_s < 30
    finally:
        go_on.set()
    assert [(each.source, each.category) for each in new] == [("looker", "calls"), ("late", "unchecked")]
    assert [record.getMessage() for record in caplog.records] == ["the auditor late took more than 1 s"]
    await only_this_task()


async def test_who_cancels_leaves_nothing_behind() -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow() -> list[Finding[InPassage]]:
        began.set()
        go_on.wait(60)
        return []

    checking = asyncio.create_task(
        check_edit([Activity(slow, Sees.EDIT)], passage("x\n"), [InEdit(0, 2)], within_s=FOR_EVER_S)
    )
    try:
        assert await asyncio.to_thread(began.wait, 10)
        checking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await checking
        await only_this_task()
    finally:
        go_on.set()
