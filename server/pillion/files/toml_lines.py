"""Writes settings as TOML."""

import json
from collections.abc import Mapping


def toml_lines(data: Mapping[str, object], prefix: str = "") -> list[str]:
    """TOML for tables of strings, numbers, booleans and lists: a configuration has nothing else."""
    lines: list[str] = []
    for key, value in data.items():
        if isinstance(value, Mapping):
            lines += [f"[{prefix}{key}]"] if any(not isinstance(v, Mapping) for v in value.values()) else []
            lines += toml_lines(value, f"{prefix}{key}.")
        else:
            lines.append(f"{key} = {_toml_value(value)}")
    return lines


def _toml_value(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_toml_value(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)
