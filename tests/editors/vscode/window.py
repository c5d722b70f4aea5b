"""One window of VS Code on a folder, driven as a person would: by keys, menus and the mouse."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from playwright.async_api import Browser, Locator, Page, async_playwright
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from tests.editors.polling import WAIT_S, until
from tests.editors.vscode.code_actions import CodeActions
from tests.editors.vscode.notifications import Notifications
from tests.editors.vscode.quick_input import QuickInput
from tests.editors.vscode.review import Review
from tests.editors.vscode.text import text_in

SIZE = (1280, 800)
READY = "check Pillion"
# code_server.py binds it.
START_OVER_KEY = "Control+Alt+Shift+F9"
_APPLIED = '[id="pillion.pillion.pillion.applied"]'
_MARKED = """editor => [...editor.querySelectorAll('.view-overlays .cdr[class*="ced-"]')]
    .filter(each => getComputedStyle(each).backgroundColor !== 'rgba(0, 0, 0, 0)').length"""
_ADDITIONS = """editor => [...editor.querySelectorAll('.view-line [class*="ced-"]')]
    .map(each => getComputedStyle(each, '::after').content.replace(/^"|"$/g, '').replaceAll('\\\\"', '"'))
    .filter(each => each && each !== 'none')"""
_NOWHERE = (640, 798)
_CHROMIUM = "/usr/bin/chromium"
# A window that looks outside would wait for answers that never come.
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
_RECORDER = Path(__file__).with_name("recorder.js")
_LOADS_WITHIN_MS = 90_000
_TRIES = 10
_GONE_WITHIN_MS = 5_000


class Window:
    """A window. Its parts are what a person sees: `actions`, `quick`, `notifications`, `review`."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self.folder = folder
        self.actions = CodeActions(page)
        self.quick = QuickInput(page)
        self.notifications = Notifications(page)
        self.review = Review(page)
        # A webview is a frame in a frame.
        self.answers = page.frame_locator("iframe.webview.ready").frame_locator("#active-frame").locator("main")

    async def open(self, name: str) -> None:
        """Opens a file of the folder from the explorer."""
        item = self.page.get_by_role("treeitem", name=name)
        await item.wait_for(timeout=_LOADS_WITHIN_MS)
        for _ in range(_TRIES):
            await item.dblclick()
            await self.page.mouse.move(*_NOWHERE)
            try:
                await self.editor(name).wait_for(timeout=5000)
            except PlaywrightTimeoutError:
                continue  # the explorer was still being filled
            return
        raise AssertionError(f"{name} never opened")

    def editor(self, name: str) -> Locator:
        """The editor on a file of the folder, outside a diff editor."""
        return self.page.locator(f'.editor-instance > .monaco-editor[data-uri$="/{name}"]').first

    async def focus(self, name: str) -> None:
        """Puts the keyboard into the file's editor, by its tab; the mouse goes where nothing shows a hover."""
        await self.page.locator(f'.tabs-container .tab[data-resource-name="{name}"]').first.click()
        await self.page.mouse.move(*_NOWHERE)
        await self.editor(name).locator(".native-edit-context, textarea.inputarea").first.focus()

    async def go_to(self, line: int, column: int = 1) -> None:
        """Puts the cursor at a place, counted from one, of the editor that has the keyboard."""
        for _ in range(_TRIES):
            await self.page.keyboard.press("Control+G")
            try:
                await self.quick.opened()
                await self.quick.write(f":{line}:{column}")
                await self.quick.accept()
                await until(self.place, lambda found: found == (line, column), "the cursor", within_s=3)
            except (AssertionError, PlaywrightTimeoutError):
                continue  # the keys went elsewhere
            return
        raise AssertionError(f"the cursor never came to {line}:{column}; it is at {await self.place()}")

    async def go_to_text(self, name: str, text: str) -> None:
        """Puts the cursor at the beginning of `text` in a file that is saved."""
        whole = self.read(name)
        before = whole[: whole.index(text)]
        await self.go_to(before.count("\n") + 1, len(before) - before.rfind("\n"))

    async def place(self) -> tuple[int, int] | None:
        """The cursor's line and column, as the status bar says; None while it says nothing."""
        item = self.page.locator('[id="status.editor.selection"]')
        words = (await item.inner_text()).split() if await item.count() else []
        if len(words) < 4 or words[0] != "Ln":
            return None
        return int(words[1].rstrip(",")), int(words[3].rstrip(","))

    async def type(self, text: str) -> None:
        """Types at the cursor: what the keyboard would put there, without completions."""
        await self.page.keyboard.insert_text(text)

    async def text(self, name: str) -> str:
        """What the file's editor shows, saved or not."""
        return await text_in(self.editor(name))

    async def text_with(self, name: str, words: str, within_s: float = WAIT_S) -> str:
        """The same, once it has these words."""
        return await until(lambda: self.text(name), lambda text: words in text, f"“{words}” in {name}", within_s)

    async def answer_with(self, words: str, within_s: float = WAIT_S) -> str:
        """What the editors other than the folder's files show, on one line, once it has these words."""
        others = self.page.locator(f'.editor-instance > .monaco-editor:not([data-uri*="{self.folder}"])')

        async def read() -> str:
            return _one_line(" ".join([await text_in(others.nth(number)) for number in range(await others.count())]))

        return await until(read, lambda text: words in text, f"“{words}” in an editor", within_s)

    @property
    def answer(self) -> Locator:
        """The newest in the view of answers."""
        return self.answers.locator("article").first

    async def explanation(self) -> str:
        """What it says, on one line; empty while the view isn't open."""
        return _one_line(await self.answer.inner_text(timeout=2000)) if await self.answer.count() else ""

    async def explanation_with(self, words: str, within_s: float = WAIT_S) -> str:
        """The same, once it has these words."""

        async def read() -> str:
            try:
                return await self.explanation()
            except PlaywrightTimeoutError:
                return ""  # it was closed, or loads anew

        return await until(read, lambda text: words in text, f"“{words}” among the answers", within_s)

    async def is_changed(self, name: str) -> bool:
        """Whether the file has changes that aren't saved."""
        tab = self.page.locator(f'.tabs-container .tab.dirty[data-resource-name="{name}"]')
        return await tab.count() > 0

    async def save(self, name: str) -> str:
        """Saves the file and returns what is on the disk then."""
        await self.focus(name)
        await self.page.keyboard.press("Control+S")
        await until(lambda: self.is_changed(name), lambda changed: not changed, f"{name} to be saved")

        async def on_disk() -> str:
            return self.read(name)

        return await until(on_disk, bool, f"{name} on the disk")  # VS Code empties a file before it writes it

    def read(self, name: str) -> str:
        """What is on the disk."""
        return (self.folder / name).read_bytes().decode("utf-8")

    async def problems(self) -> list[str]:
        """The rows of the Problems panel below the files' names, which is opened if it isn't."""
        panel = self.page.locator(".markers-panel:visible")
        if await panel.count() == 0:
            await self.quick.command("Problems: Focus on Problems View")
            await panel.wait_for()
        rows = await panel.locator(".monaco-list-row").filter(has=self.page.locator(".marker-icon")).all_inner_texts()
        return [_one_line(each) for each in rows]

    async def problems_with(self, words: str, within_s: float = WAIT_S) -> list[str]:
        """The problems, once one of them has these words."""
        return await until(self.problems, lambda rows: any(words in row for row in rows), f"“{words}”", within_s)

    async def problems_without(self, words: str) -> list[str]:
        """The problems, once none of them has these words."""
        return await until(self.problems, lambda rows: not any(words in row for row in rows), f"no “{words}”")

    async def hover(self) -> str:
        """The words of the hover at the cursor; empty if none is shown."""
        shown = self.page.locator(".monaco-hover:not(.hidden) .monaco-hover-content")
        if await shown.count() == 0:
            await self.page.keyboard.press("Control+K")
            await self.page.keyboard.press("Control+I")
            await asyncio.sleep(0.5)
        return _one_line(" ".join(await shown.all_inner_texts()))

    async def hover_with(self, words: str, within_s: float = WAIT_S) -> str:
        """The same, once it has these words."""
        return await until(self.hover, lambda text: words in text, f"a hover with “{words}”", within_s)

    async def status(self) -> str:
        """The extension's item in the status bar: the icon's name and the words; empty while there is none."""
        status: str = await self.page.evaluate("window.pillionStatus()")
        return _one_line(status)

    async def status_with(self, words: str, within_s: float = WAIT_S) -> str:
        """The same, once it has these words."""
        return await until(self.status, lambda text: words in text, f"a status with “{words}”", within_s)

    async def ready(self) -> None:
        """Waits until the extension says that it is ready."""
        await until(self.status, lambda text: text == READY, f"the status “{READY}”", _LOADS_WITHIN_MS / 1000)

    async def applied(self) -> str:
        """What the status bar says of an edit that has just been applied; empty if it says nothing."""
        item = self.page.locator(_APPLIED)
        return _one_line(await item.inner_text()) if await item.count() else ""

    async def applied_with(self, words: str) -> str:
        """The same, once it has these words."""
        return await until(self.applied, lambda text: words in text, f"“{words}” of an edit")

    async def press_applied(self) -> None:
        """Clicks it, and again if it moved away under the mouse, as the items beside it do when their texts change."""
        item = self.page.locator(f"{_APPLIED} a")
        for _ in range(_TRIES):
            await item.click()
            try:
                await item.wait_for(state="hidden", timeout=_GONE_WITHIN_MS)
            except PlaywrightTimeoutError:
                continue
            return
        raise AssertionError("the click does nothing")

    async def marked(self, name: str) -> int:
        """How many lines of the file's editor have a colour behind them."""
        count: int = await self.editor(name).evaluate(_MARKED)
        return count

    async def additions(self, name: str) -> list[str]:
        """What a draft adds at the ends of lines, as the file's editor shows it."""
        found: list[str] = await self.editor(name).evaluate(_ADDITIONS)
        return [_one_line(each) for each in found]

    async def lenses(self, name: str) -> list[str]:
        """The lines of code lenses in the file's editor, with all that is in each."""
        found = await self.editor(name).locator(".codelens-decoration").all_inner_texts()
        return [_one_line(each) for each in found]

    async def press_lens(self, name: str, words: str) -> None:
        """Presses a code lens in the file's editor."""
        await self.editor(name).locator(".codelens-decoration a").filter(has_text=words).first.click()

    def below(self, name: str) -> Locator:
        """What a draft has below lines of the file's editor: code, and buttons that decide on it."""
        return self.editor(name).locator(".review-widget:visible")

    async def statuses_so_far(self) -> list[str]:
        """Each different thing it has said since the window opened."""
        seen: list[str] = await self.page.evaluate("window.pillionSeen.statuses")
        return [_one_line(each) for each in seen]

    async def reload(self) -> None:
        """Loads the window anew, as *Reload Window* does, and waits until it is there; the extension starts meanwhile. VS
        Code may have had no time to note which editors were open."""
        await self.page.reload(timeout=_LOADS_WITHIN_MS)
        await self.page.locator(".monaco-workbench .part.statusbar").wait_for(timeout=_LOADS_WITHIN_MS)

    async def start_over(self) -> None:
        """As if it had just been opened: no editors, no messages, a fresh server that has read its configuration."""
        await self.page.keyboard.press("Escape")
        await self.page.evaluate("window.pillionForget()")
        await self.page.keyboard.press(START_OVER_KEY)
        await until(self._nothing_open, bool, "the editors and messages to be gone")
        await until(self.statuses_so_far, lambda seen: seen[-1:] == [READY] and len(seen) > 1, "a fresh server")
        await self.page.evaluate("window.pillionForget()")

    async def _nothing_open(self) -> bool:
        refuse_to_save = self.page.locator(".monaco-dialog-box").get_by_role("button", name="Don't Save")
        if await refuse_to_save.count():
            await refuse_to_save.click()
        return await self.page.locator(".tabs-container .tab, .notification-toast, .markers-panel:visible").count() == 0

    async def open_menu_of_status(self) -> None:
        """Clicks the status item."""
        await self.page.locator('[id="pillion.pillion.pillion.status"] a').first.click()
        await self.quick.opened()


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """A Chromium, in which windows are opened."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_CHROMIUM, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def open_window(browser: Browser, url: str, folder: Path) -> AsyncIterator[Window]:
    """A window of a code-server on a folder, with a browser profile of its own."""
    context = await browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]})
    try:
        page = await context.new_page()
        await page.add_init_script(path=_RECORDER)
        await page.goto(f"{url}/?folder={quote(str(folder))}", timeout=_LOADS_WITHIN_MS)
        await page.locator(".monaco-workbench .part.statusbar").wait_for(timeout=_LOADS_WITHIN_MS)
        yield Window(page, folder)
    finally:
        await context.close()


def _one_line(text: str) -> str:
    return " ".join(text.split())
