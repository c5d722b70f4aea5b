"""VS Code's notifications: the toasts in the lower right corner, with their buttons and progress."""

from playwright.async_api import Locator, Page

from tests.editors.polling import WAIT_S, until


class Notifications:
    """The notifications of one window."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._toasts = page.locator(".notification-toast")

    async def shown(self) -> list[str]:
        """The words of those shown now."""
        found = await self._toasts.locator(".notification-list-item-message").all_inner_texts()
        return [" ".join(each.split()) for each in found]

    async def so_far(self) -> list[str]:
        """The first words of each that has been shown since the window opened."""
        seen: list[str] = await self._page.evaluate("window.pillionSeen.toasts")
        return [" ".join(each.split()) for each in seen]

    async def with_words(self, words: str, within_s: float = WAIT_S) -> str:
        """The notification that has these words, once it is there."""
        shown = await until(
            self.shown, lambda found: any(words in each for each in found), f"a notification with “{words}”", within_s
        )
        return next(each for each in shown if words in each)

    async def gone(self, words: str) -> None:
        """Waits until no notification has these words."""
        await until(
            self.shown, lambda found: not any(words in each for each in found), f"no notification with “{words}”"
        )

    async def press(self, words: str, button: str) -> None:
        """Presses a button of the notification that has these words."""
        await self.with_words(words)
        toast = self._toast(words)
        # What can be pressed at once is shown; the rest when the mouse is over it.
        await toast.hover()
        await toast.get_by_role("button", name=button).first.click()

    async def buttons(self, words: str) -> list[str]:
        """The labels of a notification's buttons."""
        await self.with_words(words)
        labels = await self._toast(words).locator(".notification-list-item-buttons-container a").all_inner_texts()
        return [each.strip() for each in labels if each.strip()]

    async def clipped(self, words: str) -> list[str]:
        """Those of them that have less room than their words need."""
        await self.with_words(words)
        found = await self._toast(words).locator(".notification-list-item-buttons-container a").all()
        widths = "each => [each.innerText, each.scrollWidth > each.clientWidth]"
        return [label for label, is_clipped in [await each.evaluate(widths) for each in found] if is_clipped]

    def _toast(self, words: str) -> Locator:
        return self._toasts.filter(has_text=words).first
