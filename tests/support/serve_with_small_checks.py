"""A language server that runs code with the tests' own small checks: what they show doesn't change with the real ones."""

import sys
from functools import partial

from pillion.auditors.running import run_checks
from pillion.cli import main
from tests.support.small_run_checks import SmallComparison, SmallExamples

CALLS = ("total([])", "total([1, 2])", "total([3])")

if __name__ == "__main__":
    run_checks._MAKERS = (SmallExamples, partial(SmallComparison, calls=CALLS))
    sys.exit(main(["serve", "--stdio"]))
