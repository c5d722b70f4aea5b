"""The review of a draft: a diff editor with the draft at the right, and ways to accept and to reject it."""

import asyncio

from playwright.async_api import Locator, Page

from tests.editors.polling import until
from tests.editors.vscode.text import text_in

# The extension hears of another tab a moment later, and only then its keys hold.
_SETTLES_S = 0.6


# The numbers of the lines on the screen, with how far each is from the top.
_LINES = """editor => [...editor.querySelectorAll('.line-numbers')]
    .map(each => `${each.innerText}@${Math.round(each.getBoundingClientRect().top)}`).sort()"""


class Review:
    """The diff editor that is open."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._diff = page.locator(".monaco-diff-editor:visible")

    async def opened(self) -> None:
        """Waits for it."""
        await self._diff.first.wait_for()

    async def closed(self) -> None:
        """Waits until it is gone."""
        await self._diff.first.wait_for(state="hidden")

    async def is_open(self) -> bool:
        """Whether it is there now."""
        return await self._diff.count() > 0

    async def draft(self) -> str:
        """The text at the right, as far as it is on the screen."""
        return await text_in(self._diff.locator(".editor.modified"))

    async def draft_with(self, words: str) -> str:
        """The draft once it has these words."""
        return await until(self.draft, lambda text: words in text, f"a draft with “{words}”")

    async def focus(self) -> None:
        """Puts the keyboard into the review, by its tab."""
        await self._page.locator('.tabs-container .tab[data-resource-name][aria-label*="Pillion: "]').first.click()
        await asyncio.sleep(_SETTLES_S)

    async def lines(self) -> tuple[list[str], list[str]]:
        """Which lines of both sides are on the screen, and where."""
        sides = [self._diff.locator(f".editor.{each}").first for each in ("original", "modified")]
        left, right = [await each.evaluate(_LINES) for each in sides]
        return left, right

    async def scrolls_by(self, key: str) -> None:
        """Presses a key in the draft, and waits until other lines are on the screen."""
        before = await self.lines()
        await self._diff.locator(".editor.modified .view-lines").first.click()
        await self._page.keyboard.press(key)
        await until(self.lines, lambda sides: sides[1] != before[1], f"it to scroll by {key}")

    async def lenses(self) -> list[str]:
        """The lines of code lenses in the draft, with all that is in each."""
        found = await self._diff.locator(".codelens-decoration").all_inner_texts()
        return [" ".join(each.split()) for each in found]

    async def press_lens(self, words: str) -> None:
        """Presses a code lens."""
        await self._diff.locator(".codelens-decoration a").filter(has_text=words).first.click()

    async def squiggles(self) -> int:
        """How many places in the draft are underlined."""
        return await self._diff.locator(".editor.modified .cdr[class*='squiggly']").count()

    async def press_button(self, title: str) -> None:
        """Presses a button of the editor's title bar, once it can be pressed. Only the group in use shows them."""
        await self.focus()
        button = self._button(title)
        await button.wait_for()
        await until(
            lambda: button.get_attribute("aria-disabled"), lambda value: value != "true", f"“{title}” to be enabled"
        )
        await button.click()

    async def can_be_accepted(self) -> bool:
        """Whether the draft is whole, so that a lens offers to accept it."""
        return any("Accept" in line for line in await self.lenses())

    async def complete(self) -> None:
        """Waits for a draft that can be accepted."""
        await until(self.can_be_accepted, bool, "a draft that can be accepted")

    def _button(self, title: str) -> Locator:
        return self._page.locator(f'.editor-actions a.action-label[aria-label^="{title}"]:visible').first
