"""Takes the four pictures of VS Code that the README and the extension's page show: `make screenshots`.

The engines are the fake ones, so the pictures are the same each time: what they say is below.
"""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from pillion.bench.fake.process import FakeEngine
from pillion.bench.fake.records import Rule
from tests.conftest import two_gpus_toml, write_config
from tests.editors.polling import until
from tests.editors.vscode.code_actions import REFACTOR
from tests.editors.vscode.code_server import CodeServer, install_extension
from tests.editors.vscode.conftest import SERVER_COMMAND
from tests.editors.vscode.vsix import the_vsix
from tests.editors.vscode.window import Window, open_window

PICTURES = Path(__file__).parents[2] / "vscode-client" / "images"
FILE = "billing.py"
SOURCE = '''"""Invoices: what a customer owes, and by when."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Line:
    """One line of an invoice."""

    text: str
    quantity: int
    unit_price_cents: int


def total_cents(lines: list[Line]) -> int:
    result = 0
    for line in lines:
        result = result + line.quantity * line.unit_price_cents
    return result


def due_date(issued: date, days: int = 30) -> date:
    """Return the day by which to pay; never a Saturday or a Sunday."""
    raise NotImplementedError
'''
QUOTE = "while day.weekday() == 5:"
DRAFT = f'''```python
def due_date(issued: date, days: int = 30) -> date:
    """Return the day by which to pay; never a Saturday or a Sunday."""
    day = issued + timedelta(days=days)
    {QUOTE}
        day = day + timedelta(days=1)
    return day
```'''
FINDINGS = f"""{{"findings": [
    {{"quote": "{QUOTE}", "severity": "warning", "category": "edge case",
      "message": "A Sunday is left as it is: weekday() is 6 then."}},
    {{"quote": "day = issued + timedelta(days=days)", "severity": "information", "category": "input",
      "message": "Negative days give a date before the invoice."}}
]}}"""
SETTINGS = {
    "workbench.colorTheme": "Default Dark Modern",
    "editor.fontSize": 14,
    "editor.lineHeight": 22,
    "editor.renderWhitespace": "none",
    "editor.occurrencesHighlight": "off",
    "editor.cursorBlinking": "solid",
    "breadcrumbs.enabled": False,
    "explorer.compactFolders": False,
    "window.commandCenter": False,
    "workbench.layoutControl.enabled": False,
    "workbench.sideBar.location": "right",
    "workbench.activityBar.location": "hidden",
    "diffEditor.renderSideBySide": True,
    "diffEditor.useInlineViewWhenSpaceIsLimited": False,
}
SLOW_TOKENS_PER_S = 3.0


class Scene(NamedTuple):
    """A window with the engines behind it."""

    window: Window
    large: FakeEngine
    small: FakeEngine


async def implement(scene: Scene) -> None:
    """Has `due_date` written."""
    scene.large.script(Rule(DRAFT))
    scene.small.script(Rule(FINDINGS, match=QUOTE), Rule('{"findings": []}'))
    await scene.window.go_to_text(FILE, "raise NotImplementedError")
    await scene.window.actions.choose("Pillion: Implement due_date")


async def review(scene: Scene) -> None:
    """A draft waits beside its file, with what was found in it."""
    await implement(scene)
    await scene.window.review.draft_with("return day")
    await until(scene.window.review.squiggles, lambda count: count >= 2, "the findings")
    await scene.window.review.complete()


async def findings(scene: Scene) -> None:
    """The findings of an edit that was applied, in the text and among the problems."""
    await implement(scene)
    await scene.window.text_with(FILE, "return day")
    await scene.window.save(FILE)
    await scene.window.problems_with("Sunday")
    await scene.window.focus(FILE)
    await scene.window.go_to_text(FILE, QUOTE)


async def menu(scene: Scene) -> None:
    """The menu of a function."""
    await scene.window.go_to_text(FILE, "total_cents")
    for _ in range(10):
        if await scene.window.actions.menu(REFACTOR):
            return
    raise AssertionError("the menu never opened")


async def status(scene: Scene) -> None:
    """The status bar and the progress, in mid-draft."""
    scene.large.change(tokens_per_s=SLOW_TOKENS_PER_S)
    await implement(scene)
    await scene.window.status_with("tokens/s · gpu1 audits")
    await scene.window.notifications.with_words("drafting on gpu0 · ")
    await scene.window.open_menu_of_status()


class Picture(NamedTuple):
    """What is in a picture, and when edits wait in it."""

    take: Callable[[Scene], Awaitable[None]]
    review: str


ROWS = {
    "review": Picture(review, "always"),
    "findings": Picture(findings, "whenFlagged"),
    "menu": Picture(menu, "whenFlagged"),
    "status": Picture(status, "whenFlagged"),
}


def main() -> int:
    """Takes those named on the command line, or all."""
    with tempfile.TemporaryDirectory(prefix="pillion-pictures-") as name:
        folder = Path(name)
        extensions = folder / "extensions"
        install_extension(the_vsix(), extensions, folder / "installing")
        for picture in sys.argv[1:] or ROWS:
            asyncio.run(_take(picture, folder / picture, extensions))
    return 0


async def _take(name: str, home: Path, extensions: Path) -> None:
    picture = ROWS[name]
    workspace = home / "billing"
    workspace.mkdir(parents=True)
    (workspace / FILE).write_text(SOURCE, encoding="utf-8")
    with ExitStack() as stack:
        large = stack.enter_context(FakeEngine.start(model="large"))
        small = stack.enter_context(FakeEngine.start(model="small"))
        config = write_config(home, two_gpus_toml(large.url, small.url))
        running = CodeServer.running(
            home,
            extensions,
            environment={"PILLION_CONFIG": str(config)},
            settings={**SETTINGS, "pillion.review": picture.review},
            machine_settings={"pillion.server.command": SERVER_COMMAND},
        )
        server = stack.enter_context(running)
        async with open_window(server.url, workspace) as window:
            await window.open(FILE)
            await window.ready()
            await window.page.keyboard.press("Control+B")  # the explorer goes
            await picture.take(Scene(window, large, small))
            await window.page.screenshot(path=PICTURES / f"{name}.png")
    sys.stdout.write(f"{PICTURES / name}.png\n")


if __name__ == "__main__":
    sys.exit(main())
