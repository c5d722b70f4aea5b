"""The editors that Pillion has a setup for, as data, and each one's text with this machine's command in it."""

import json
import shutil
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pillion

_FOLDER = Path(pillion.__file__).parent / "editors"
_NEOVIM = _FOLDER / "neovim"
_PLUGIN = "plugin/pillion.lua"
_PLACEHOLDER, _FIRST_ARGUMENT = '"@COMMAND@"', '"serve"'


@dataclass(frozen=True, slots=True)
class EditorSetup:
    """One editor. `file` is under editors/, `where` is the file for its text, `notes` is what the user should know."""

    name: str
    title: str
    file: str
    where: str
    notes: tuple[str, ...]


_REPLACES = "It has one server for each language, so Pillion takes the place of the one you have there."

EDITORS: tuple[EditorSetup, ...] = (
    EditorSetup(
        "neovim",
        "Neovim 0.11.2 or newer",
        f"neovim/{_PLUGIN}",
        "~/.config/nvim/plugin/pillion.lua",
        (
            "It needs the Lua module beside it: `pillion editor neovim --install` writes both. By hand, copy it:",
            f"{_NEOVIM / 'lua' / 'pillion'} → ~/.config/nvim/lua/pillion",
            f"{_NEOVIM / 'doc'} → ~/.config/nvim/doc, then :helptags ~/.config/nvim/doc",
            "Then open a file and type :Pillion.",
        ),
    ),
    EditorSetup(
        "neovim-0.7",
        "Neovim 0.7 to 0.11.1",
        "snippets/neovim-0.7.lua",
        "~/.config/nvim/plugin/pillion.lua",
        ("Actions (<leader>p), diagnostics and hover (K); reviews and streamed progress need 0.11.2.",),
    ),
    EditorSetup(
        "helix",
        "Helix",
        "snippets/helix.toml",
        "~/.config/helix/languages.toml",
        ("Then `space a` on a function.", "Leave out the languages and servers you don't have."),
    ),
    EditorSetup(
        "emacs-lsp-mode",
        "Emacs with lsp-mode",
        "snippets/emacs-lsp-mode.el",
        "~/.emacs.d/init.el",
        ("Then `M-x lsp` in a file and `M-x lsp-execute-code-action` on a function.",),
    ),
    EditorSetup(
        "emacs-eglot",
        "Emacs with eglot",
        "snippets/emacs-eglot.el",
        "~/.emacs.d/init.el",
        (_REPLACES, "Then `M-x eglot` in a file and `M-x eglot-code-actions` on a function."),
    ),
    EditorSetup(
        "sublime",
        "Sublime Text with the LSP package",
        "snippets/sublime.json",
        "Packages/User/LSP.sublime-settings (Preferences: LSP Settings)",
        ("Then `LSP: Code Action` on a function.",),
    ),
    EditorSetup(
        "kate",
        "Kate",
        "snippets/kate.json",
        "Settings, Configure Kate, LSP Client, User Server Settings",
        (
            _REPLACES,
            "Kate asks once whether it may start the server. Then `Alt+Return` on a function; messages are in Output.",
        ),
    ),
    EditorSetup(
        "zed",
        "Zed, Python only",
        "snippets/zed.json",
        "~/.config/zed/settings.json",
        (
            "Zed starts only servers that it or an extension knows, and Pillion has no extension for it.",
            "So this has Zed start Pillion where it would start python-lsp-server. Nobody has tried it yet.",
        ),
    ),
    EditorSetup(
        "vscode",
        "VS Code and what is built on it",
        "snippets/vscode.json",
        "settings.json (“Preferences: Open User Settings (JSON)”)",
        (
            "It needs Pillion's extension: `make vscode` builds it and prints the command that installs it.",
            "The extension finds a Pillion by itself; this setting has it take the one that you ran just now.",
        ),
    ),
)


def own_command() -> tuple[str, ...]:
    """The command that starts this Pillion: its name if the PATH leads to it, else its path."""
    script, on_path = _script(), shutil.which("pillion")
    if script is not None and on_path is not None and Path(on_path).resolve() == script:
        return ("pillion",)
    return absolute_command()


def absolute_command() -> tuple[str, ...]:
    """The same for editors that aren't started from a shell, whose PATH may be different."""
    script = _script()
    # Another program of this name on the PATH isn't this Pillion. A virtual environment's Python is a link to a file
    # that doesn't belong to the environment.
    return (str(script),) if script is not None else (str(Path(sys.executable).absolute()), "-P", "-m", "pillion")


def _script() -> Path | None:
    path = Path(sysconfig.get_path("scripts"), "pillion.exe" if sys.platform == "win32" else "pillion")
    return path.resolve() if path.is_file() else None


def setup_text(editor: EditorSetup, command: Sequence[str]) -> str:
    """The text for the editor's file; `command` starts Pillion, and its arguments come after it."""
    return _filled(_FOLDER / editor.file, command)


def neovim_files(command: Sequence[str]) -> dict[str, str]:
    """Everything that Neovim 0.11.2 needs: path below its configuration folder → text."""
    paths = sorted(path for pattern in ("*.lua", "*.txt") for path in _NEOVIM.rglob(pattern) if path.is_file())
    return {path.relative_to(_NEOVIM).as_posix(): _filled(path, command) for path in paths}


def _filled(path: Path, command: Sequence[str]) -> str:
    text = path.read_text(encoding="utf-8")
    if _PLACEHOLDER not in text:
        return text
    # All of these languages accept a JSON string as their own; only Lisp has no commas between strings.
    program, *arguments = (json.dumps(each, ensure_ascii=False) for each in command)
    between = " " if path.suffix == ".el" else ", "
    if _FIRST_ARGUMENT not in text:  # the extension adds what makes it a server
        return text.replace(_PLACEHOLDER, between.join([program, *arguments]))
    return text.replace(_PLACEHOLDER, program).replace(_FIRST_ARGUMENT, between.join([*arguments, _FIRST_ARGUMENT]))
