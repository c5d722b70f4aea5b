"""VS Code's box in the upper middle: the command palette, lists to pick from, and questions with an input line."""

from playwright.async_api import Locator, Page
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from tests.editors.polling import until

_OPENS_WITHIN_MS = 3000
_TRIES = 10


class QuickInput:
    """The box, whoever opened it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._box = page.locator(".quick-input-widget:visible")
        self._input = self._box.locator("input.input")

    async def command(self, title: str) -> None:
        """Runs a command by its whole title in the palette, such as “View: Split Editor”."""
        for _ in range(_TRIES):
            await self._page.keyboard.press("F1")
            try:
                await self._input.wait_for(timeout=_OPENS_WITHIN_MS)
            except PlaywrightTimeoutError:
                continue  # a key pressed while the window loads is lost
            await self._input.fill(f">{title}")
            row = await self._row_called(title)
            if row is not None:
                await row.click()
                return
            await self._page.keyboard.press("Escape")
        raise AssertionError(f"the palette has no “{title}”: it had {await self.rows()}")

    async def has_command(self, title: str) -> bool:
        """Whether the palette offers a command of this title now."""
        await self._page.keyboard.press("F1")
        await self._input.wait_for()
        await self._input.fill(f">{title}")
        found = await self._row_called(title)
        await self._page.keyboard.press("Escape")
        return found is not None

    async def opened(self) -> None:
        """Waits for the box."""
        await self._box.wait_for()

    async def closed(self) -> None:
        """Waits until it is gone."""
        await self._box.wait_for(state="hidden")

    async def title(self) -> str:
        """What stands above, and the words in the empty input line."""
        above = await self._box.locator(".quick-input-title").inner_text()
        return f"{above} {await self._input.get_attribute('placeholder') or ''}".strip()

    async def text(self) -> str:
        """All the words in the box."""
        return await self._box.inner_text()

    async def write(self, text: str) -> None:
        """Fills the input line."""
        await self._input.fill(text)

    async def accept(self) -> None:
        """Presses Enter."""
        await self._input.press("Enter")

    async def cancel(self) -> None:
        """Presses Escape."""
        await self._page.keyboard.press("Escape")

    async def rows(self) -> list[str]:
        """What can be picked, each row with its description and detail."""
        return [_one_line(each) for each in await self._rows().all_inner_texts()]

    async def focused(self) -> str:
        """The row that Enter would pick."""
        return _one_line(await self._box.locator(".monaco-list-row.focused").first.inner_text())

    async def focused_with(self, *words: str) -> str:
        """The same, once it has all these words."""
        what = f"a focused row with {words}"
        return await until(self.focused, lambda row: all(each in row for each in words), what)

    async def rows_with(self, words: str) -> list[str]:
        """The rows, once one of them has these words."""
        return await until(self.rows, lambda rows: any(words in each for each in rows), f"a row with “{words}”")

    async def pick(self, words: str) -> None:
        """Picks the first row with these words."""
        await self.rows_with(words)
        await self._rows().filter(has_text=words).first.click()

    async def pick_row(self, index: int) -> None:
        """Picks a row by its place in `rows`."""
        await self._rows().nth(index).click()

    def _rows(self) -> Locator:
        return self._box.locator(".quick-input-list .monaco-list-row")

    async def _row_called(self, title: str) -> Locator | None:
        row = self._rows().filter(has=self._page.locator(".label-name").get_by_text(title, exact=True)).first
        try:
            await row.wait_for(timeout=_OPENS_WITHIN_MS)
        except PlaywrightTimeoutError:
            return None
        return row


def _one_line(text: str) -> str:
    return " ".join(text.split())
