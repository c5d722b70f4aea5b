"""A user who types, undoes, saves, closes and reopens at any moment, while jobs run and engines fail: nothing is lost.

Each line that the user types is found again in the text, the server's text is the editor's, and each job ends.
"""

import asyncio
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from tests.conftest import two_gpus_toml, write_config
from tests.support.editor import FINAL_STATES, Editor
from tests.support.engines import SharedEngines

NAMES = ("total", "mean", "spread")
SOURCE = "".join(
    f"def {name}(prices):\n    result = 0\n    for price in prices:\n        result = result + price\n    return result\n\n\n"
    for name in NAMES
)
JOB_WITHIN_S = 30.0
# How often each is done.
_WEIGHTS = {"type": 5, "undo": 1, "save": 1, "close": 1, "reopen": 2, "run": 4, "cancel": 1, "accept": 2, "wait": 4}
STEPS = tuple(step for step, weight in _WEIGHTS.items() for _ in range(weight))


def reply(name: str) -> str:
    return f"```python\ndef {name}(prices):\n    # all of them\n    result = sum(prices)\n    return result\n```"


# What an engine may do with a request.
ENGINES: dict[str, list[Rule]] = {
    "right": [Rule(reply(name), match_last=f"def {name}(") for name in NAMES],
    "refused": [Rule("I can't help with that.")],
    "broken off": [Rule(reply("total"), fault=Fault("drop", after_tokens=5))],
    "an error": [Rule("", fault=Fault("status", status=500, body="out of memory"))],
    "another function": [Rule("```python\ndef other(a):\n    return a\n```")],
    "wrong code": [Rule("```python\ndef total(prices):\n    return (\n```")],
}


class Person:
    """One user with one document. `lines` are those that the user has typed and not undone, but for those that a model
    was shown: it may leave them out."""

    def __init__(self, editor: Editor, path: Path) -> None:
        self.editor = editor
        self.uri = path.as_uri()
        self.path = path
        self.lines: list[str] = []
        self.text = SOURCE
        self.jobs: dict[str, str] = {}  # with the names of their functions
        self._number = 0

    @property
    def is_open(self) -> bool:
        return self.uri in self.editor.documents

    def now(self) -> str:
        """The text in the editor, or in the file if it is closed."""
        return self.editor.documents[self.uri].text if self.is_open else self.text

    async def do(self, step: str, where: int) -> None:
        """One step; one that makes no sense now does nothing."""
        action: Callable[[int], object] = getattr(self, f"_{step}")
        result = action(where)
        if asyncio.iscoroutine(result):
            await result
        await asyncio.sleep(0)

    def _type(self, where: int) -> None:
        if self.is_open:
            self._number += 1
            rows = self.now().split("\n")
            row = where % len(rows)
            start = sum(len(each) + 1 for each in rows[:row])
            indent = rows[row][: len(rows[row]) - len(rows[row].lstrip())]
            line = f"# typed {self._number}."
            self.lines.append(line)
            self.editor.type(self.uri, start, start, f"{indent}{line}\n")

    def _undo(self, where: int) -> None:
        """Takes the newest typed line away again, wherever it is by now."""
        text = self.now()
        if self.is_open and self.lines and self.lines[-1] in text:
            at = text.index(self.lines.pop())
            start = text.rfind("\n", 0, at) + 1
            self.editor.type(self.uri, start, text.index("\n", at) + 1, "")

    def _save(self, where: int) -> None:
        if self.is_open:
            self.path.write_text(self.now(), encoding="utf-8")
            identifier = types.TextDocumentIdentifier(self.uri)
            self.editor.client.text_document_did_save(types.DidSaveTextDocumentParams(identifier))

    def _close(self, where: int) -> None:
        if self.is_open:
            self._save(where)
            self.text = self.now()
            self.editor.close(self.uri)

    def _reopen(self, where: int) -> None:
        if not self.is_open:
            self.text = self.path.read_text(encoding="utf-8")
            self.editor.open(self.uri, self.text)

    async def _run(self, where: int) -> None:
        name = NAMES[where % len(NAMES)]
        before = self.now().partition(f"def {name}(")[0]
        if not self.is_open:
            return
        self._give_up_lines_of(name)
        line = before.count("\n")
        self.jobs[await self.editor.run_anywhere("refactor", self.uri, line)] = name

    def _give_up_lines_of(self, name: str) -> None:
        """A model, or a person who says yes to its draft, may leave out what is in this function now."""
        shown = self.now().partition(f"def {name}(")[2].partition("\ndef ")[0]
        self.lines = [each for each in self.lines if each not in shown]

    async def _cancel(self, where: int) -> None:
        await self.editor.command("pillion.cancel")

    async def _accept(self, where: int) -> None:
        """A yes to an offer, also to one that conflicts with what was typed since: then the draft replaces that."""
        states = {each["id"]: each["state"] for each in self.editor.events}
        offered = [job for job, state in states.items() if state == "offered"]
        if offered:
            job = offered[where % len(offered)]
            self._give_up_lines_of(self.jobs[job])
            try:
                await self.editor.command("pillion.accept", job)
            except JsonRpcInvalidParams as exc:  # it has ended, and the editor hasn't heard of it yet
                if "has nothing on offer" not in str(exc):
                    raise

    async def _wait(self, where: int) -> None:
        await asyncio.sleep(0.05 * (where % 4))

    def ended(self, job: str) -> bool:
        return any(each["id"] == job and each["state"] in FINAL_STATES for each in self.editor.events)


async def lived(steps: list[tuple[str, int]], config: Path, folder: Path, large: FakeEngine) -> None:
    path = folder / "shop.py"
    path.write_text(SOURCE, encoding="utf-8")
    editor = await Editor.start(folder, config)
    person = Person(editor, path)
    person.editor.open(person.uri, SOURCE)
    for step, where in steps:
        await person.do(step, where)
    async with asyncio.timeout(JOB_WITHIN_S):
        while not all(map(person.ended, person.jobs)):
            await asyncio.sleep(0.02)
    person._reopen(0)
    text = person.now()
    assert [each for each in person.lines if each not in text] == [], text
    await check_the_servers_text(person, large)
    assert await editor.quit() == 0


async def check_the_servers_text(person: Person, large: FakeEngine) -> None:
    """The engine is shown each function as the editor has it."""
    large.change(tokens_per_s=0.0)
    large.script(*ENGINES["refused"])
    rows = person.now().split("\n")
    starts = [row for row, line in enumerate(rows) if line.startswith("def ")]
    assert len(starts) == len(NAMES), "each function is still there, once"
    for start, end in pairwise([*starts, len(rows)]):
        job = await person.editor.run_anywhere("refactor", person.uri, start)
        ended = await person.editor.finished(job)
        assert ended["state"] == "refused", ended
        last = max(row for row in range(start, end) if rows[row].startswith("    "))
        shown = "\n".join(rows[start : last + 1])
        assert shown in large.log()[-1].prompt, shown


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 40)), min_size=20, max_size=40),
    engine=st.sampled_from(["right", "right", *ENGINES]),
    tokens_per_s=st.sampled_from([0.0, 100.0]),
)
def test_nothing_is_lost(
    tmp_path_factory: pytest.TempPathFactory,
    shared_engines: SharedEngines,
    steps: list[tuple[str, int]],
    engine: str,
    tokens_per_s: float,
) -> None:
    large, small = shared_engines.as_new("large"), shared_engines.as_new("small")
    for each in (large, small):
        each.script(*ENGINES[engine])
        each.change(tokens_per_s=tokens_per_s)
    folder = tmp_path_factory.mktemp("home")
    config = write_config(folder, 'review = "never"\n' + two_gpus_toml(large.url, small.url))
    asyncio.run(lived(steps, config, folder, large))
