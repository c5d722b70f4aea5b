"""Says once which engines were found on this machine, and what their models do."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pillion.pipeline.runtime import Runtime


class FoundNotice:
    """Calls `show` with what was found, and again only if that has changed."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._said = ""

    def tell(self, runtime: "Runtime | None") -> None:
        """New requests use these engines from now on."""
        found = runtime.discovery.said if runtime is not None else ""
        if found and found != self._said:
            self._said = found
            self._show(found)
