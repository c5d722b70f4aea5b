"""One code-server: VS Code's own server side, with folders, settings and a process group of its own."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError

import psutil

VERSION = "4.100.3"
_START_WITHIN_S = 60.0
_KEPT_VARIABLES = ("PATH", "LANG", "PYTHONPATH", "PILLION_MODEL_DIR")

# Nothing that moves, suggests, tells news, types or saves by itself.
QUIET: Mapping[str, Any] = {
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "workbench.reduceMotion": "on",
    "workbench.enableExperiments": False,
    "telemetry.telemetryLevel": "off",
    "extensions.autoUpdate": False,
    "extensions.autoCheckUpdates": False,
    "extensions.ignoreRecommendations": True,
    "git.enabled": False,
    "remote.autoForwardPorts": False,
    "files.autoSave": "off",
    "editor.minimap.enabled": False,
    "editor.autoIndent": "none",
    "editor.autoClosingBrackets": "never",
    "editor.autoClosingQuotes": "never",
    "editor.quickSuggestions": {"other": "off", "comments": "off", "strings": "off"},
    "editor.hover.delay": 100,
    "security.workspace.trust.startupPrompt": "never",
    "security.workspace.trust.banner": "never",
}

# Takes a window back to how it was when it opened.
START_OVER: Mapping[str, Any] = {
    "key": "ctrl+alt+shift+f9",
    "command": "runCommands",
    "args": {
        "commands": [
            "pillion.restartServer",
            "workbench.action.closeAllEditors",
            "workbench.action.closePanel",
            "workbench.view.explorer",
            "notifications.clearAll",
        ]
    },
}


def entry() -> Path:
    """The script that starts code-server, where install.sh put it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    script = cache / "pillion-tests" / f"code-server-{VERSION}" / "node_modules/code-server/out/node/entry.js"
    assert script.is_file(), f"{script} is missing: run tests/editors/install.sh"
    return script


@dataclass(frozen=True)
class CodeServer:
    """A running one."""

    url: str
    home: Path
    process: psutil.Process

    @classmethod
    @contextmanager
    def running(
        cls,
        home: Path,
        extensions: Path,
        *,
        environment: Mapping[str, str],
        settings: Mapping[str, Any],
        machine_settings: Mapping[str, Any],
        trusting: bool = True,
    ) -> Iterator["CodeServer"]:
        """Started with everything it writes below `home`; ended with all the processes that it started.

        `settings` are the user's, `machine_settings` those that only this machine may set. With `trusting`, every
        workspace is trusted; else none is, and nobody is asked.
        """
        data = home / "data"
        _write_json(data / "User" / "settings.json", {**QUIET, **settings})
        _write_json(data / "User" / "keybindings.json", [START_OVER])
        _write_json(data / "Machine" / "settings.json", machine_settings)
        port = free_port()
        command = [
            *("node", str(entry()), "--bind-addr", f"127.0.0.1:{port}", "--auth", "none"),
            *("--user-data-dir", str(data), "--extensions-dir", str(extensions)),
            *("--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"),
            *(["--disable-workspace-trust"] if trusting else []),
        ]
        with (home / "code-server.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                env={**private_environment(home), **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            server = cls(f"http://127.0.0.1:{port}", home, psutil.Process(process.pid))
            server._wait_until_healthy(process)
            yield server
        finally:
            _end_group(process)

    def pillions(self) -> list[psutil.Process]:
        """The language servers that windows of this one have started, and that still run."""
        return [each for each in self.process.children(recursive=True) if _is_language_server(each)]

    def _wait_until_healthy(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_WITHIN_S
        while not _answers(f"{self.url}/healthz"):
            log = (self.home / "code-server.log").read_text(encoding="utf-8", errors="replace")
            assert process.poll() is None, log
            assert time.monotonic() < deadline, log
            time.sleep(0.05)


def install_extension(vsix: Path, extensions: Path, home: Path) -> None:
    """Installs an extension from its file into a folder for extensions."""
    command = ["node", str(entry()), "--user-data-dir", str(home / "data"), "--extensions-dir", str(extensions)]
    done = subprocess.run(
        [*command, "--install-extension", str(vsix)],
        env=private_environment(home),
        capture_output=True,
        text=True,
        check=False,
        timeout=2 * _START_WITHIN_S,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def private_environment(home: Path) -> dict[str, str]:
    """An environment in which nothing of the user's own is read or written, and nothing is looked for outside."""
    folders = {"HOME": home / "home", "TMPDIR": home / "tmp"}
    folders |= {f"XDG_{kind}_HOME": home / "xdg" / kind.lower() for kind in ("CONFIG", "CACHE", "DATA", "STATE")}
    folders["XDG_RUNTIME_DIR"] = home / "xdg" / "runtime"
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    # VSCODE_CLI: the environment is this one, not what a login shell would make of it.
    quiet = {"EXTENSIONS_GALLERY": "{}", "VSCODE_CLI": "1"}
    return kept | {name: str(folder) for name, folder in folders.items()} | quiet


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write_json(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2), encoding="utf-8")


def _answers(url: str) -> bool:
    # No proxies: what the environment has for the outside must not take the calls to this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as response:
            return int(response.status) == 200
    except (URLError, OSError):
        return False


def _is_language_server(process: psutil.Process) -> bool:
    try:
        return process.cmdline()[-2:] == ["serve", "--stdio"] and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it may end at any moment
        return False


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Language servers are in sessions of their own at times, so the children are looked for first."""
    try:
        children = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        children = []
    for send in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, send)
        except ProcessLookupError:
            break
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            continue
    _, left = psutil.wait_procs(children, timeout=3)
    for child in left:
        child.kill()
    process.wait()
