"""Real code to try things on: functions of Python's own library."""

import random
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import Symbol
from tests.support.texts import parsed

_OF_A_FILE, _MOST_BYTES = 5, 60_000


def functions(seed: int) -> Iterator[tuple[ParsedText, Symbol]]:
    """Some functions and methods of each file, in an order that depends on nothing but the seed."""
    library = Path(sysconfig.get_path("stdlib"))
    paths = [*sorted(library.glob("*.py")), *sorted(library.glob("[a-z]*/*.py"))]
    paths = [each for each in paths if each.parent.name not in {"test", "site-packages"}]
    choice = random.Random(seed)  # noqa: S311
    choice.shuffle(paths)
    for path in paths:
        if path.stat().st_size > _MOST_BYTES:
            continue
        document = parsed("python", path.read_bytes().decode("utf-8", "ignore"))
        symbols = [document.symbols.read(node) for node in document.symbols.walk()]
        called = [each for each in symbols if each.callable]
        for symbol in choice.sample(called, min(_OF_A_FILE, len(called))):
            yield document, symbol
