"""Prints as JSON whether this Python can run the bundled server: the libraries it lacks, and whether it can make
an environment for them. Run with -P, which only Python 3.11 and newer know."""

import importlib.metadata
import importlib.util
import json
import re
import sys
from pathlib import Path


def numbers(version: str) -> tuple[int, ...]:
    """`1.20.3rc1` → (1, 20, 3)."""
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("rc")[0]))


def is_met(requirement: str) -> bool:
    """Whether `name>=1.2` or `name~=1.2.3` is installed."""
    name, operator, wanted = re.fullmatch(r"([\w.-]+)(>=|~=)([\d.]+)", requirement).groups()
    try:
        here = numbers(importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return False
    series = numbers(wanted)[:-1]
    return here >= numbers(wanted) and (operator == ">=" or here[: len(series)] == series)


# What has a marker is not for every machine: the server does without it, and says so.
lines = [line for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines() if line and ";" not in line]
answer = {
    "version": ".".join(map(str, sys.version_info[:3])),
    "missing": [line for line in lines if not is_met(line)],
    "environments": all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")),
}
sys.stdout.write(json.dumps(answer))
