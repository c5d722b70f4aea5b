"""`pillion bench`: measurements on this machine, in one part for each subject."""

import argparse
from types import ModuleType

from pillion.cli import (
    bench_audit,
    bench_auditor,
    bench_classify,
    bench_drafts,
    bench_engine,
    bench_latency,
    bench_lsp,
    bench_refactors,
    bench_runs,
    bench_soak,
)
from pillion.cli.usage import add_part

# name → what it is for, and the module with add_arguments(parser) and run(arguments) -> exit code.
PARTS: dict[str, tuple[str, ModuleType]] = {
    "lsp": ("measure the language server: start, code actions, changes, memory", bench_lsp),
    "latency": (
        "measure how quick it is while a draft streams, and what a token costs",
        bench_latency,
    ),
    "soak": ("see whether its memory grows over a long day", bench_soak),
    "audit": ("measure what the audit beside the draft saves, against one after it", bench_audit),
    "auditor": ("measure the auditors: how many seeded bugs they find, and what they say that is wrong", bench_auditor),
    "runs": ("measure how soon a function of a draft has been run", bench_runs),
    "drafts": (
        "measure drafts: how many are applied, refused and right, and how much of them is kept",
        bench_drafts,
    ),
    "refactors": (
        "measure refactorings: how many are applied, and whether any that was changed what the function does",
        bench_refactors,
    ),
    "classify": ("measure how often free text finds the right tier, and what mistakes cost", bench_classify),
    "engine": (
        "measure the embedded engine: its speed alone, beside busy programs, and with both seats at work",
        bench_engine,
    ),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parts = parser.add_subparsers(title="what to measure", metavar="WHAT", required=True, dest="what")
    for name, (purpose, module) in PARTS.items():
        part = add_part(parts, name, purpose)
        module.add_arguments(part)
        part.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Measures the chosen part."""
    _, module = PARTS[arguments.what]
    return int(module.run(arguments))
