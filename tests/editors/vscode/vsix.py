"""Packages of extensions: ours, and those that tests write."""

import os
import subprocess
from pathlib import Path

_SOURCE = Path(__file__).parents[3] / "vscode-client"
_INSTALLED = _SOURCE / "node_modules" / ".package-lock.json"
_BUILD_WITHIN_S = 600


def the_vsix() -> Path:
    """The file that $PILLION_VSIX names, else one that is built from this checkout; its sources are checked elsewhere."""
    if named := os.environ.get("PILLION_VSIX"):
        return Path(named)
    install = [] if _is_installed() else [["npm", "ci", "--no-audit", "--no-fund"]]
    for command in (*install, ["npm", "run", "pack"]):
        done = subprocess.run(
            command, cwd=_SOURCE, capture_output=True, text=True, check=False, timeout=_BUILD_WITHIN_S
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return max(_SOURCE.glob("*.vsix"), key=lambda path: path.stat().st_mtime)


def _is_installed() -> bool:
    """Whether npm has installed what the lock file names: what make goes by."""
    return _INSTALLED.is_file() and _INSTALLED.stat().st_mtime >= (_SOURCE / "package-lock.json").stat().st_mtime


def pack(folder: Path) -> Path:
    """The package of an extension that a test has written."""
    packed = folder / "packed.vsix"
    command = ["node", str(_SOURCE / "node_modules/@vscode/vsce/vsce"), "package", "--out", str(packed)]
    command += ["--no-dependencies", "--allow-missing-repository", "--skip-license"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=_BUILD_WITHIN_S)
    assert done.returncode == 0, done.stdout + done.stderr
    return packed
