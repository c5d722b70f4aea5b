"""The worked examples in CONTRIBUTING.md, followed on a copy of the package."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.reply_cases import read_case, run_case

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
_CHANGE = re.compile(
    r"^`(?P<path>server/[^`]+)`(?P<new>, new)?:\n\n```\w+\n(?P<block>.*?)^```$", re.MULTILINE | re.DOTALL
)


class Change(NamedTuple):
    """A new file, or lines of a diff."""

    path: str
    new: bool
    block: str


def example(title: str) -> list[Change]:
    """What the section with this title says to change."""
    section = TEXT.split(f"### {title}\n", 1)[1].split("\n### ", 1)[0].split("\n## ", 1)[0]
    found = [Change(each["path"], bool(each["new"]), each["block"]) for each in _CHANGE.finditer(section)]
    assert found, title
    return found


def patched(text: str, diff: str) -> str:
    """The text with the diff's lines: each group of changes is found by the lines that stay or go around it."""
    at, lines = 0, diff.splitlines()
    for number, line in enumerate(lines):
        mark, words = line[:1] or " ", f"{line[1:]}\n"
        if mark == "+":
            text, at = text[:at] + words + text[at:], at + len(words)
            continue
        found = text.find(words, at)
        assert found >= 0, f"line {number}: {words}"
        text, at = (text[:found] + text[found + len(words) :], found) if mark == "-" else (text, found + len(words))
    return text


def followed(title: str, folder: Path) -> dict[str, str]:
    """The environment in which the package is a copy that has the example's changes."""
    shutil.copytree(ROOT / "server", folder / "server", ignore=shutil.ignore_patterns("__pycache__"))
    changes = example(title)
    assert len(changes) <= 3, "a new one of its kind touches three files at most"
    for change in changes:
        file = folder / change.path
        assert file.exists() is not change.new
        file.write_text(
            change.block if change.new else patched(file.read_text(encoding="utf-8"), change.block), encoding="utf-8"
        )
    return {**os.environ, "PYTHONPATH": str(folder / "server"), "PILLION_STATE_DIR": str(folder)}


def run(environment: dict[str, str], *arguments: str, said: str = "") -> str:
    """What a Python with the copy prints."""
    result = subprocess.run(
        [sys.executable, "-P", *arguments], env=environment, input=said, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


CHECKS = {
    "An action": """
from pillion.actions.classify import classify
from pillion.actions.action_registry import ACTIONS, action_by_id
from pillion.pool.prompt_factory import PromptLimits
from pillion.prompts.build import build_prompt
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
parsed = ParsedText.of(language_by_id("python"), "def a():\\n    return 1\\n")
action = action_by_id("shorten")
prompt = build_prompt(action, parsed.symbols.named("a"), parsed, PromptLimits(4096, 0))
assert "in fewer lines" in prompt.messages[-1].content
assert classify("shorten this").word == "shorten"
from pillion.errors import DraftRejectedError
from pillion.pipeline.draft import Draft
from pillion.pipeline.outcome import Task, make_outcome
from pillion.syntax.target import Target
text = "def a():\\n    b = 1\\n    return b\\n"
parsed = ParsedText.of(language_by_id("python"), text)
task = Task("file:///a.py", action, Target.of(parsed.symbols.named("a")), parsed)
draft = lambda code: Draft(f"```python\\n{code}```", "gpu0", 1, 0.0, 1.0, cut_off=False)
assert make_outcome(task, draft("def a():\\n    return 1\\n")).after_text == "def a():\\n    return 1\\n"
try:
    make_outcome(task, draft("def a():\\n    b = 2\\n    return b\\n"))
    raise AssertionError("its own invariant holds nothing")
except DraftRejectedError as exc:
    assert (exc.code, str(exc)) == ("shorter", "it isn't any shorter")
""",
    "An auditor": """
from pillion.auditors.auditor import Passage
from pillion.auditors.auditor_registry import AUDITORS
from pillion.syntax.languages import language_by_id
text = "def a():\\n    print(1)\\n"
passage = Passage(text, 0, len(text), language_by_id("python"))
(found,) = [each for auditor in AUDITORS for each in auditor.audit(passage) if each.source == "prints"]
assert (found.quote, found.severity) == ("print(", "warning"), found
""",
    "A language": """
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_path
language = language_by_path("rules.bzl")
parsed = ParsedText.of(language, "def _impl(ctx):\\n    fail('todo')\\n")
symbol = parsed.symbols.named("_impl")
assert (language.title, symbol.kind) == ("Starlark", "function")
""",
    "A wire dialect": """
import asyncio, json
from pillion.backends.backend import Done, Text
from pillion.backends.chat_request import ChatRequest, Message
from pillion.backends.create import create_backends
from pillion.config.schema import Config
from pillion.models.store import ModelStore
from pathlib import Path

async def main():
    async def answer(reader, writer):
        await reader.readuntil(b"\\r\\n\\r\\n")
        writer.write(b"HTTP/1.1 200 OK\\r\\nConnection: close\\r\\n\\r\\n")
        for event in ({"content": "a", "stop": False}, {"content": "b", "stop": True, "tokens_predicted": 2}):
            writer.write(b"data: " + json.dumps(event).encode() + b"\\n\\n")
        writer.close()
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    config = Config.model_validate({"endpoints": {"gpu0": {"protocol": "llamacpp", "url": url, "model": "m"}}})
    backend = create_backends(config, ModelStore(Path(".")))["gpu0"]
    heard = [event async for event in backend.stream(ChatRequest((Message("user", "hello"),), 10))]
    await backend.aclose()
    server.close()
    assert heard == [Text("a"), Text("b"), Done(completion_tokens=2)], heard

asyncio.run(main())
""",
    "An editor": """
import contextlib, io
from pillion.cli import main
out = io.StringIO()
with contextlib.redirect_stdout(out):
    assert main(["editor", "lapce"]) == 0
assert "serve" in out.getvalue()
""",
}


@pytest.mark.parametrize("title", CHECKS)
def test_an_example_is_true(title: str, tmp_path: Path) -> None:
    run(followed(title, tmp_path), "-c", CHECKS[title])


def test_a_new_action_is_on_the_command_line(tmp_path: Path) -> None:
    assert "Say the same in fewer lines" in run(followed("An action", tmp_path), "-m", "pillion", "action", "--help")


def test_a_reply_ends_as_its_file_says(tmp_path: Path) -> None:
    block = re.search(r"^````text\n(.*?)^````$", TEXT, re.MULTILINE | re.DOTALL)
    assert block is not None
    path = tmp_path / "case.txt"
    path.write_text(block[1], encoding="utf-8")
    case = read_case(path)
    assert "factor" in case.sections["after"]
    ended = run_case(case, tmp_path)
    assert (ended.end, ended.text) == ("after", case.sections["after"])
