"""The linters that Pillion can ask, as data, and how to read each linter's output.

A linter is a row here if it only reads: it must not run the workspace's code or scripts of its configuration
(ESLint's configuration is a program, so ESLint has no row).
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pillion.auditors.passage_findings import line_starts
from pillion.findings.finding import Severity


@dataclass(frozen=True, slots=True)
class Row:
    """One finding of a linter; `start` and `end` are code points in the text. `about_work`: it is about what code does,
    and no auditor of Pillion's own says it."""

    rule: str
    message: str
    start: int
    end: int
    severity: Severity
    about_work: bool = True


@dataclass(frozen=True, slots=True)
class Linter:
    """One linter. In `arguments`, `{file}` is the document's path; `{copy}` is a file with the text, in a new folder.

    Without `{copy}` the text comes on standard input. `config` is the text of a configuration file, `{config}`.
    `parse` turns the output and the text into rows. The linter's exit code is one of `good_codes` if it could check.
    """

    languages: frozenset[str]
    executable: str
    arguments: tuple[str, ...]
    parse: Callable[[bytes, str], Iterator[Row]]
    config: str = ""
    good_codes: frozenset[int] = frozenset({0, 1})


# Ruff reads the project's own configuration (data only), so Pillion selects no rules: the project does. Only the rule
# families about what code does are reported, not those about how it looks. Undefined names, syntax errors, secrets and
# calls have auditors of their own.
_RUFF_FAMILIES = ("F", "E722", "B", "PLE", "PLW0", "ASYNC", "RUF006")
_RUFF_OTHERS_SAY = ("F821", "F822", "F823", "F7", "B018")
# Rules about format strings, unpacked tuples and special methods: their code raises as soon as the line runs.
_RUFF_FAILS = (
    "F502",
    "F503",
    "F505",
    "F506",
    "F507",
    "F509",
    "F521",
    "F524",
    "F525",
    "F622",
    "F633",
    "PLE01",
    "PLE030",
)

# An Oxlint configuration may name plug-ins, which are programs. So the project's isn't read, and this one is used.
_OXLINT_FAILS = (
    "constructor-super",
    "no-class-assign",
    "no-const-assign",
    "no-import-assign",
    "no-new-native-nonconstructor",
    "no-obj-calls",
    "no-this-before-super",
)
_OXLINT_CONFIG = json.dumps(
    {"categories": {"correctness": "warn"}, "rules": {f"eslint/{rule}": "error" for rule in _OXLINT_FAILS}}
)


def _ruff_rows(printed: bytes, text: str) -> Iterator[Row]:
    starts = line_starts(text)

    def place(location: dict[str, int]) -> int:
        return starts[min(location["row"], len(starts)) - 1] + location["column"] - 1

    for each in _objects(json.loads(printed)):
        code = each["code"] or ""
        severity: Severity = "error" if code.startswith(_RUFF_FAILS) else "warning"
        about_work = code.startswith(_RUFF_FAMILIES) and not code.startswith(_RUFF_OTHERS_SAY)
        start, end = place(each["location"]), place(each["end_location"])
        yield Row(code, each["message"], start, end, severity, about_work)


def _oxlint_rows(printed: bytes, text: str) -> Iterator[Row]:
    data = text.encode("utf-8", "replace")
    for each in _objects(json.loads(printed)["diagnostics"]):
        if "code" not in each or not each["labels"]:
            continue  # what can't be parsed has an auditor of its own
        span = each["labels"][-1]["span"]
        start = len(data[: span["offset"]].decode("utf-8", "replace"))
        length = len(data[span["offset"] : span["offset"] + span["length"]].decode("utf-8", "replace"))
        severity: Severity = "error" if each["severity"] == "error" else "warning"
        rule = each["code"].partition("(")[2].rstrip(")") or each["code"]
        yield Row(rule, each["message"], start, start + length, severity)


def _objects(listed: Any) -> list[dict[str, Any]]:
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


LINTERS: tuple[Linter, ...] = (
    Linter(
        languages=frozenset({"python"}),
        executable="ruff",
        # A configuration may ask for fixes, which would be printed instead of the findings, and for a cache anywhere.
        arguments=(
            *("check", "--output-format", "json", "--no-fix", "--no-cache", "--force-exclude"),
            *("--stdin-filename", "{file}", "-"),
        ),
        parse=_ruff_rows,
    ),
    Linter(
        languages=frozenset({"javascript", "typescript", "typescriptreact"}),
        executable="oxlint",
        arguments=("--format", "json", "--disable-nested-config", "-c", "{config}", "{copy}"),
        parse=_oxlint_rows,
        config=_OXLINT_CONFIG,
    ),
)
