"""`pillion bench`: measurements on this machine, one part per thing that is measured."""

import argparse
from types import ModuleType

from pillion.cli import bench_audit, bench_auditor, bench_latency, bench_lsp, bench_soak

# name → what it is for, and the module with add_arguments(parser) and run(arguments) -> exit code.
PARTS: dict[str, tuple[str, ModuleType]] = {
    "lsp": ("the language server: start, codeAction, didChange, memory", bench_lsp),
    "latency": ("the language server while a draft streams: how quick it answers, what a token costs", bench_latency),
    "soak": ("the language server over a long day: whether its memory grows", bench_soak),
    "audit": ("the audit beside the draft: against one endpoint, and against audit after draft", bench_audit),
    "auditor": ("the auditors: how many seeded bugs they find, and what they say that is wrong", bench_auditor),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parts = parser.add_subparsers(title="what to measure", metavar="WHAT", required=True, dest="what")
    for name, (purpose, module) in PARTS.items():
        part = parts.add_parser(name, help=purpose)
        module.add_arguments(part)
        part.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Measures the chosen part."""
    _, module = PARTS[arguments.what]
    return int(module.run(arguments))
