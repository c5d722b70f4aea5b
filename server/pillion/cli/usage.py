"""How wrong usage is told."""

import argparse
from typing import NoReturn

from pillion.text.hidden import visible


class Parser(argparse.ArgumentParser):
    """Repeats what was typed (or what a shell made of `*`) without letting it steer the terminal."""

    def error(self, message: str) -> NoReturn:
        """See argparse."""
        super().error(visible(message))
