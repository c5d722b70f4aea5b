"""`python -m pillion` is the `pillion` command."""

import sys

from pillion.cli import main

if __name__ == "__main__":
    sys.exit(main())
