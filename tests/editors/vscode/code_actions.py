"""The menus of code actions: by the light bulb and by the keys."""

import asyncio

from playwright.async_api import Locator, Page
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

# A menu that is asked for just after the cursor moved sometimes never opens.
_SETTLES_S = 0.4
_OPENS_WITHIN_MS = 2000
_TRIES = 15

QUICK_FIX = "Control+."
REFACTOR = "Control+Shift+R"
_BULB = '.monaco-editor :is(.lightBulbWidget, [class*="codicon-gutter-lightbulb"]):visible'
_ROW = ".action-widget:not(.action-list-submenu-panel) .monaco-list-row.action"


class CodeActions:
    """What is offered at the cursor."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._rows = page.locator(_ROW)

    async def choose_by_bulb(self, title: str) -> None:
        """Clicks the light bulb at the cursor's line and chooses an action."""
        offered: list[str] = []
        for _ in range(_TRIES):
            await asyncio.sleep(_SETTLES_S)
            try:
                await self._page.locator(_BULB).first.click(timeout=_OPENS_WITHIN_MS)
                await self._rows.first.wait_for(timeout=_OPENS_WITHIN_MS)
            except PlaywrightTimeoutError:
                continue  # it comes a moment after the cursor, and moves with it
            offered = await self.offered()
            if await self._chosen(title):
                return
        raise AssertionError(f"the light bulb never offered “{title}”; it offered {offered}")

    async def choose(self, title: str, keys: str = QUICK_FIX) -> None:
        """Opens the menu with these keys and chooses an action."""
        offered: list[str] = []
        for _ in range(_TRIES):
            offered = await self.menu(keys) or offered
            if await self._chosen(title):
                return
        raise AssertionError(f"the menu never offered “{title}”; it offered {offered}")

    async def menu(self, keys: str = QUICK_FIX) -> list[str]:
        """Opens the menu and returns the titles in it; none if it didn't open."""
        await asyncio.sleep(_SETTLES_S)
        await self._page.keyboard.press(keys)
        try:
            await self._rows.first.wait_for(timeout=_OPENS_WITHIN_MS)
        except PlaywrightTimeoutError:
            return []
        return await self.offered()

    async def offered(self) -> list[str]:
        """The titles in the menu that is open."""
        return [" ".join(each.split()) for each in await self._rows.all_inner_texts()]

    async def close(self) -> None:
        """Closes the menu."""
        await self._page.keyboard.press("Escape")

    async def choose_from_open_menu(self, title: str) -> None:
        """Chooses an action from the menu as it stands."""
        assert await self._chosen(title), f"the menu has no “{title}”; it has {await self.offered()}"

    async def _chosen(self, title: str) -> bool:
        wanted = self._rows.filter(has_text=title).first
        try:
            await wanted.wait_for(timeout=_OPENS_WITHIN_MS)
            await self._focus(wanted)
        except PlaywrightTimeoutError:
            await self.close()
            return False
        await self._page.keyboard.press("Enter")
        return True

    async def _focus(self, row: Locator) -> None:
        """Goes down to the row, as a click on it is lost while the menu still moves.

        Raises:
            PlaywrightTimeoutError: the menu is gone.
        """
        for _ in range(2 * await self._rows.count() + 2):
            if "focused" in str(await row.get_attribute("class", timeout=_OPENS_WITHIN_MS)).split():
                return
            await self._page.keyboard.press("ArrowDown")
            await asyncio.sleep(0.05)
        raise PlaywrightTimeoutError("the row was never focused")
