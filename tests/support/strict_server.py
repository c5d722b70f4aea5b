"""The language server, with an audit that is sure of what it says: each of its findings counts as an error.

A model's findings are warnings at most. This stands for an auditor that isn't a model: it gives the same outcomes.
"""

import sys
from dataclasses import replace
from typing import Any

from pillion.cli import main
from pillion.pipeline import job, runtime
from pillion.pipeline.outcome import Outcome


async def run_job(*arguments: Any, _run_job: Any = job.run_job) -> Outcome:
    """A job whose findings are errors."""
    outcome: Outcome = await _run_job(*arguments)
    errors = (replace(finding, severity="error", source="calls") for finding in outcome.findings)
    return replace(outcome, findings=tuple(errors))


if __name__ == "__main__":
    runtime.run_job = run_job  # type: ignore[attr-defined, assignment]  # the same, but for the default
    sys.exit(main(["serve", "--stdio"]))
