"""`pillion demo`: starts the language server as an editor would, and shows both engines at work."""

import argparse
import ast
import asyncio
import os
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pillion.cli.fixtures import fixture
from pillion.cli.output import console, print_json
from pillion.text.diffs import unified_diff
from pillion.tiers import Tier

if TYPE_CHECKING:
    from pillion.cli.demo_screen import Screen


@dataclass(frozen=True, slots=True)
class Step:
    """An action to run on the symbol whose definition begins with `marker`."""

    action: str
    tier: Tier
    marker: str


STEPS = (
    Step("docstring", Tier.SIMPLE, "def apply_discount"),
    Step("refactor", Tier.MODERATE, "def largest"),
    Step("implement", Tier.COMPLEX, "class Stack"),
)


@dataclass(slots=True)
class StepResult:
    """The result of a step."""

    action: str
    tier: str
    state: str
    seconds: float
    diff: str
    parses: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument(
        "--tiny", action="store_true", help="with the smallest model: quicker, but it writes code nobody would keep"
    )
    parser.add_argument("--json", action="store_true", help="print JSON at the end, and nothing else")


def run(arguments: argparse.Namespace) -> int:
    """Runs the demo. The exit code is 0 if every edit was applied, the file still parses, and the hover has text."""
    from pillion.cli.demo_screen import Screen
    from pillion.cli.ready_engines import fetch_if_known
    from pillion.config.model_sets import MODEL_SETS

    chosen = "tiny" if arguments.tiny else "quick"
    for name in MODEL_SETS[chosen].names:
        fetch_if_known(name)
    screen = Screen(console(stderr=arguments.json), quiet=arguments.json)
    results, hover, timeline, findings = asyncio.run(_run(screen, chosen))
    if arguments.json:
        data = {"steps": [asdict(each) for each in results], "hover": hover, "timeline": timeline, "findings": findings}
        print_json(data)
    good = all(each.state == "applied" and each.parses for each in results) and bool(hover)
    return 0 if good else 1


async def _run(screen: "Screen", chosen: str) -> tuple[list[StepResult], str, list[dict[str, Any]], list[str]]:
    from pillion.bench.pipe_editor import PipeEditor

    original = fixture("demo", "shop.py").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="pillion-demo-") as name:
        folder = Path(name)
        file = folder / "shop.py"
        file.write_text(original, encoding="utf-8")
        # No endpoints: the demo shows the two embedded engines, whatever the user has set up.
        (folder / "config.toml").write_text(f'models = "{chosen}"\n', encoding="utf-8")
        own = {"PILLION_CONFIG": str(folder / "config.toml"), "PILLION_STATE_DIR": str(folder / "state")}
        editor = PipeEditor(on_job=screen.job, on_message=screen.message, on_endpoints=screen.endpoints)
        await editor.start(folder, {**own, **_model_folder()})
        try:
            screen.introduce()
            editor.open(file.as_uri(), original)
            with screen.live():
                results = [await _step(editor, step, screen) for step in STEPS]
                line = _line_of(editor.text, "def apply_discount")
                hover = await _hover(editor, line, screen)
            findings = [f"shop.py:{each.range.start.line + 1}: {each.message}" for each in editor.diagnostics]
        finally:
            await editor.stop()
    screen.results(original, editor.text, hover, findings)
    return results, hover, screen.timeline(), findings


async def _step(editor: Any, step: Step, screen: "Screen") -> StepResult:
    before, began = editor.text, time.monotonic()
    screen.begin(step.action, step.tier)
    state = await editor.run(step.action, _line_of(before, step.marker))
    seconds = time.monotonic() - began
    parses = _parses(editor.text)
    screen.end(step.action, state, seconds, parses=parses)
    diff = unified_diff(before, editor.text, "shop.py")
    return StepResult(step.action, step.tier.value, state, round(seconds, 2), diff, parses)


async def _hover(editor: Any, line: int, screen: "Screen") -> str:
    began = time.monotonic()
    screen.begin("hover", Tier.SIMPLE)
    hover = str(await editor.hover(line, len("def ")))
    screen.end("hover", "shown" if hover else "failed", time.monotonic() - began, parses=True)
    return hover


def _line_of(text: str, marker: str) -> int:
    return text[: text.index(marker)].count("\n")


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _model_folder() -> dict[str, str]:
    """Tells the demo's server to look for the model in this process's model folder."""
    from pillion.cli.compose import model_store

    return {"PILLION_MODEL_DIR": str(model_store(os.environ).folder)}
