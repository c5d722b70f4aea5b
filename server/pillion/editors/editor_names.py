"""The names that people use for their editors, and the setup that each means."""

import difflib
import re

from pillion.editors.setups import EDITORS, EditorSetup
from pillion.errors import UsageError

# Names of programs, packages and forks. Emacs has two setups; lsp-mode's can run beside other servers.
_ALIASES = {
    "nvim": "neovim",
    "neo-vim": "neovim",
    "nvim-0.7": "neovim-0.7",
    "hx": "helix",
    "emacs": "emacs-lsp-mode",
    "lsp-mode": "emacs-lsp-mode",
    "eglot": "emacs-eglot",
    "subl": "sublime",
    "sublime-text": "sublime",
    "kwrite": "kate",
    "zeditor": "zed",
    "code": "vscode",
    "vs-code": "vscode",
    "visual-studio-code": "vscode",
    "code-server": "vscode",
    "code-oss": "vscode",
    "codium": "vscode",
    "vscodium": "vscode",
    "cursor": "vscode",
    "windsurf": "vscode",
}
_SETUPS = {editor.name: editor for editor in EDITORS}
# "nvim.exe", "Visual Studio Code 1.103", "neovim v0.11.4": a program's ending or version doesn't matter for its name.
_ENDING = re.compile(r"\.exe$|[ _-]v?\d+(\.\d+)*$")
_ALIKE = 0.6


def editor_named(name: str) -> EditorSetup:
    """The editor that a name means.

    Raises:
        UsageError: the name is unknown; the hint has the nearest name, or all names.
    """
    found = _known(name) or _known(_ENDING.sub("", name.strip().lower()))
    if found is not None:
        return found
    hint = f"Known editors: {', '.join(_SETUPS)}."
    near = difflib.get_close_matches(_plain(name), [*_SETUPS, *_ALIASES], n=1, cutoff=_ALIKE)
    hint += f" Did you mean {_ALIASES.get(near[0], near[0])}?" if near else " `pillion serve --stdio` suits any other."
    raise UsageError(f"There is no setup for {name!r}.", hint=hint)


def _known(name: str) -> EditorSetup | None:
    plain = _plain(name)
    return _SETUPS.get(_ALIASES.get(plain, plain))


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "-", name.strip().lower())
