"""The text that an editor shows. Monaco keeps only the lines in view in the page, and in no certain order."""

from playwright.async_api import Locator

_LINES = """editor => [...editor.querySelectorAll('.view-lines:not(.line-delete) .view-line')]
    .map(line => [parseFloat(line.style.top), line.textContent])
    .sort((a, b) => a[0] - b[0])
    .map(([, text]) => text)
    .join('\\n')"""
_NO_BREAK_SPACE = "\u00a0"


async def text_in(editor: Locator) -> str:
    """The lines in view, from top to bottom; empty if there is no such editor. In a diff, deleted ones are left out."""
    if await editor.count() == 0:
        return ""
    text: str = await editor.first.evaluate(_LINES)
    return text.replace(_NO_BREAK_SPACE, " ")
