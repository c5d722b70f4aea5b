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

from playwright.async_api import Browser
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.conftest import two_gpus_toml, write_config
from tests.editors.polling import until
from tests.editors.vscode.code_server import install_extension
from tests.editors.vscode.sessions import open_session
from tests.editors.vscode.vsix import the_vsix
from tests.editors.vscode.window import Window, running_browser

PICTURES = Path(__file__).parents[2] / "vscode-client" / "images"
MODELS = {"large": "qwen2.5:7b", "small": "qwen2.5:1.5b"}
FILE = "billing.py"
HEAD = '''"""Invoices: what a customer owes, and by when."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Item:
    """One line of an invoice."""

    text: str
    quantity: int
    price_cents: int
'''
TOTAL = """

def total_cents(items: list[Item]) -> int:
    result = 0
    for item in items:
        result = result + item.quantity * item.price_cents
    return result
"""
DUE = '''

def due_date(issued: date, days: int = 30) -> date:
    """Return the day to pay by; never on a weekend."""
    raise NotImplementedError
'''
QUOTE = "return day"
CODE = f'''def due_date(issued: date, days: int = 30) -> date:
    """Return the day to pay by; never on a weekend."""
    day = issued + timedelta(days=days)
    if day.weekday() == 5:
        day += timedelta(days=2)
    {QUOTE}
'''
MESSAGE = "A Sunday is left as it is: 6 is not checked."
FINDINGS = f"""{{"findings": [
    {{"quote": "{QUOTE}", "severity": "warning", "category": "edge case", "message": "{MESSAGE}"}},
    {{"quote": "day = issued + timedelta(days=days)", "severity": "information", "category": "input",
      "message": "Negative days give a date before the invoice."}}
]}}"""
# Long enough for a picture in its midst.
LONG = CODE + "    # The next day that is none of a weekend, counted from the day of the invoice.\n" * 60
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
    "editor.scrollBeyondLastLine": False,
    "editor.hover.above": False,
    "editor.stickyScroll.enabled": False,
    "diffEditor.renderSideBySide": True,
    "diffEditor.useInlineViewWhenSpaceIsLimited": False,
}
DRAFTS_TOKENS_PER_S, AUDITS_TOKENS_PER_S = 24.0, 70.0
# What comes up is transparent at first.
FADES_WITHIN_S = 0.8
# What only a VS Code in a browser has.
HIDDEN = """:is([id="status.host"], [id="status.forwardedPorts"], [id*="keyboardLayout" i]) {
    display: none !important;
}"""


class Scene(NamedTuple):
    """A window with the engines behind it."""

    window: Window
    large: FakeEngine
    small: FakeEngine


async def implement(scene: Scene, code: str = CODE) -> None:
    """Has `due_date` written."""
    scene.large.script(Rule(f"```python\n{code}```"))
    scene.small.script(Rule(FINDINGS, match=QUOTE), Rule('{"findings": []}'))
    await scene.window.go_to_text(FILE, "raise NotImplementedError")
    await scene.window.actions.choose("Pillion: Implement due_date")


async def review(scene: Scene) -> None:
    """A draft waits, with what was found in it; the mouse is on a finding."""
    window = scene.window
    await implement(scene)
    await window.review.draft_with(QUOTE)
    await until(window.review.squiggles, lambda count: count >= 2, "the findings")
    await window.review.complete()
    await window.review.focus()
    if await window.page.locator(".editor-group-container").count() > 1:
        await window.quick.command("View: Toggle Maximize Editor Group")
    await _point_at_finding(window)


async def _point_at_finding(window: Window) -> None:
    """Puts the mouse on it until its words are shown: a move while the editor is still laid out is lost."""
    line = window.page.locator(".editor.modified .view-line", has_text=QUOTE).first
    shown = window.page.locator(".monaco-hover:not(.hidden) .monaco-hover-content", has_text=MESSAGE)
    for _ in range(10):
        await line.hover(position={"x": 70, "y": 10})
        try:
            await shown.first.wait_for(timeout=3000)
        except PlaywrightTimeoutError:
            await line.hover(position={"x": 5, "y": 5})
            continue
        return
    raise AssertionError("the finding’s words were never shown")


async def findings(scene: Scene) -> None:
    """The findings of an edit that was applied, in the text and among the problems."""
    window = scene.window
    await window.problems()  # open before there is any: so none is selected
    await window.focus(FILE)
    await implement(scene)
    await window.text_with(FILE, "day.weekday() == 5")
    await window.save(FILE)
    await window.problems_with(MESSAGE)
    await window.ready()
    await window.go_to_text(FILE, QUOTE)


async def menu(scene: Scene) -> None:
    """The menu of a function, from its last line, once it names the engines."""
    actions = scene.window.actions
    await scene.window.go_to_text(FILE, "return result")
    for _ in range(20):
        if any("— gpu" in title for title in await actions.menu()):
            return
        await actions.close()
        await asyncio.sleep(FADES_WITHIN_S)
    raise AssertionError("the menu never named the engines")


async def status(scene: Scene) -> None:
    """The status bar, its menu and the progress, in mid-draft."""
    scene.large.change(tokens_per_s=DRAFTS_TOKENS_PER_S)
    scene.small.change(tokens_per_s=AUDITS_TOKENS_PER_S)
    await implement(scene, LONG)
    await scene.window.text_with(FILE, "raise NotImplementedError")
    await scene.window.status_with("tokens/s · gpu1 ")
    await scene.window.open_menu_of_status()
    await scene.window.notifications.with_words("0 tokens · ")


class Picture(NamedTuple):
    """What is in a picture, when edits wait in it, and the file."""

    take: Callable[[Scene], Awaitable[None]]
    review: str = "whenFlagged"
    source: str = HEAD + TOTAL + DUE


ROWS = {
    "review": Picture(review, review="always"),
    "findings": Picture(findings),
    "menu": Picture(menu, source=HEAD + DUE + TOTAL),
    "status": Picture(status),
}


def main() -> int:
    """Takes those named on the command line, or all."""
    with tempfile.TemporaryDirectory(prefix="pillion-pictures-") as name:
        extensions = Path(name) / "extensions"
        install_extension(the_vsix(), extensions, Path(name) / "installing")
        asyncio.run(_take_all(sys.argv[1:] or list(ROWS), Path(name), extensions))
    return 0


async def _take_all(names: list[str], folder: Path, extensions: Path) -> None:
    async with running_browser() as browser:
        for name in names:
            await _take(name, browser, folder / name, extensions)


async def _take(name: str, browser: Browser, home: Path, extensions: Path) -> None:
    picture = ROWS[name]
    home.mkdir()
    with ExitStack() as stack:
        large, small = (stack.enter_context(FakeEngine.start(model=model)) for model in MODELS.values())
        toml = two_gpus_toml(large.url, small.url)
        for placeholder, model in MODELS.items():
            toml = toml.replace(f'"{placeholder}"', f'"{model}"')
        opening = open_session(
            browser,
            home,
            {FILE: picture.source},
            extensions=extensions,
            config=write_config(home, toml),
            settings={**SETTINGS, "pillion.review": picture.review, "pillion.reviewView": "diff"},
        )
        async with opening as session:
            window = session.window
            await window.page.add_style_tag(content=HIDDEN)
            await window.open(FILE)
            await window.ready()
            await window.page.keyboard.press("Control+B")  # the explorer goes
            await picture.take(Scene(window, large, small))
            await asyncio.sleep(FADES_WITHIN_S)
            await window.page.screenshot(path=PICTURES / f"{name}.png")
    sys.stdout.write(f"{PICTURES / name}.png\n")


if __name__ == "__main__":
    sys.exit(main())
