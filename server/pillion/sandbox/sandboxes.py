"""The sandboxes of this machine, by language."""

import logging
from collections.abc import Callable, Mapping
from threading import Lock

from pillion.errors import CannotRunError
from pillion.sandbox.sandbox import Sandbox

# Each imports its interpreter when it is called: a missing wheel turns off the checks that need it, and nothing else.
Maker = Callable[[], Sandbox]
log = logging.getLogger(__name__)


def _monty() -> Sandbox:
    from pillion.sandbox.monty_sandbox import MontySandbox

    return MontySandbox()


def _javascript() -> Sandbox:
    from pillion.sandbox.javascript_sandbox import JavaScriptSandbox

    return JavaScriptSandbox()


# Languages with one maker share one sandbox.
MAKERS: Mapping[str, Maker] = {
    "python": _monty,
    "javascript": _javascript,
    "typescript": _javascript,
    "typescriptreact": _javascript,
}


class Sandboxes:
    """Makes each sandbox when it is first needed, and owns it. One that can't be made is tried once, and said once."""

    def __init__(self, makers: Mapping[str, Maker] = MAKERS, *, enabled: bool = True) -> None:
        self._makers = makers
        self._enabled = enabled
        self._lock = Lock()
        self._made: dict[Maker, Sandbox] = {}
        self._missing: dict[Maker, str] = {}
        self._closed = False

    @property
    def enabled(self) -> bool:
        """Whether anything is run at all."""
        return self._enabled

    def of(self, language: str) -> Sandbox:
        """The sandbox for a language; `language` is a Language's id.

        Raises:
            CannotRunError: there is none, and it says why.
        """
        if not self._enabled:
            raise CannotRunError("running is turned off (sandbox.enabled)")
        maker = self._makers.get(language)
        if maker is None:
            raise CannotRunError(f"there is no sandbox for {language}")
        with self._lock:
            if self._closed:  # what a late run started, nobody would end
                raise CannotRunError("the sandboxes are closed")
            if maker not in self._made and maker not in self._missing:
                try:
                    self._made[maker] = maker()
                except CannotRunError as exc:
                    self._missing[maker] = str(exc)
                except (ImportError, OSError, RuntimeError) as exc:  # no wheel, or one that isn't for this machine
                    self._missing[maker] = f"the sandbox for {language} isn't installed: {exc}"
                if maker in self._missing:
                    log.warning("drafts in %s are not run: %s", language, self._missing[maker])
            if maker in self._missing:
                raise CannotRunError(self._missing[maker])
            return self._made[maker]

    def close(self) -> None:
        """Closes those that were made. Nothing can be run afterwards."""
        with self._lock:
            self._closed = True
            made, self._made = self._made, {}
        for each in made.values():
            each.close()
