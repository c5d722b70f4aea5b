"""The extension's own page, as VS Code shows it."""

from contextlib import suppress

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from tests.editors.polling import until
from tests.editors.vscode.conftest import StartSession

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIDTHS = "[...document.querySelectorAll('img')].map(each => each.complete ? each.naturalWidth : 0)"


async def picture_widths(page: Page) -> list[int]:
    """The pictures' widths in px, in whichever frame the page is; 0: it isn't there."""
    for frame in page.frames:
        with suppress(PlaywrightError):  # it is still being loaded, or has gone
            if frame is not page.main_frame and (found := await frame.evaluate(WIDTHS)):
                return list(found)
    return []


async def test_it_has_its_pictures(open_shop: StartSession) -> None:
    window = (await open_shop()).window
    await window.page.keyboard.press("Control+Shift+X")
    await window.page.locator(".extensions-list .monaco-list-row", has_text="Pillion").first.click()
    widths = await until(lambda: picture_widths(window.page), lambda found: len(found) >= 4 and all(found), "pictures")
    assert min(widths) > 500
