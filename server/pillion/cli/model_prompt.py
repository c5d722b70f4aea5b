"""Asks in a terminal which models Pillion's own engines shall run."""

import os
import sys
from typing import TYPE_CHECKING

from pillion.cli.output import console

if TYPE_CHECKING:
    from pillion.pipeline.runtime import Runtime


def asked_for_models(runtime: "Runtime") -> bool:
    """Asks, and keeps the answer in the user's configuration. False if there is no terminal or no answer.

    Raises:
        ConfigError: the answer can't be kept.
    """
    from pillion.config.choice_file import keep_choice
    from pillion.models.expectations import expectations

    screen = console(stderr=True)
    if not (screen.is_terminal and sys.stdin is not None and sys.stdin.isatty()):
        screen.print("(`pillion model use quick` or `good` gets models whose code is worth keeping.)", style="dim")
        return False
    offered = [each for each in expectations(runtime.store, runtime.speeds.all()) if not each.unfit]
    screen.print("Which models shall run on this machine? They are fetched once; `pillion model use` changes it.")
    for each in offered:
        screen.print(f"  {each.name:6} {each.about}: {each.size_in_words}, {each.speed_in_words}")
    screen.print(f"{', '.join(each.name for each in offered)} [quick]: ", end="")
    answer = sys.stdin.readline().strip().lower() or "quick"
    chosen = next((each.name for each in offered if each.name.startswith(answer)), "")
    if not chosen:
        screen.print("Nothing was chosen.")
        return False
    keep_choice(os.environ, chosen)
    return True
