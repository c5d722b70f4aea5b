"""A suite: the file that the tests of a symbol go into, with all that its conventions say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pillion.errors import NothingToDoError
from pillion.text.file_uris import path_in

if TYPE_CHECKING:
    from pillion.syntax.document import ParsedText
    from pillion.syntax.symbols import Symbol


@dataclass(frozen=True, slots=True)
class UnderTest:
    """The symbol to test, in its document. `names`: what the document defines at its top level."""

    symbol: "Symbol"
    document: "ParsedText"
    path: Path
    workspace: Path
    names: frozenset[str]
    told: str = ""
    """The user's words, which may name a runner."""

    @property
    def top(self) -> str:
        """The name that a test file imports: that of the symbol, or of the class around it."""
        return self.symbol.path[0]


@dataclass(frozen=True, slots=True)
class Suite:
    """`text` is what the file has now; None if there is no file yet. `runner` runs the tests; if not `certain`, nothing
    in the project says so. `head` is what a new file begins with.

    `imports` makes the statements that bind these names of the tested document; `whole` the one that binds the
    document as a module, under a name. Both are empty if the language needs none.
    """

    uri: str
    text: str | None
    runner: str
    certain: bool
    head: str = ""
    imports: "Callable[[Sequence[str]], Sequence[str]]" = lambda names: ()
    whole: "Callable[[str], str]" = lambda name: ""
    group: str = ""
    """The name of the class or module that a new file has around its tests; empty if it needs none."""
    module: str = ""
    """The tested document's name as a module, as a model would write it: “shop.cart”, “./cart”."""

    @property
    def name(self) -> str:
        """The file's name."""
        return self.uri.rpartition("/")[2]


def symbol_to_test(
    symbol: "Symbol", document: "ParsedText", uri: str, workspace: Path | None, names: frozenset[str], told: str = ""
) -> UnderTest:
    """The symbol with its place on the disk.

    Raises:
        NothingToDoError: the document isn't a file.
    """
    path = path_in(uri)
    if path is None:
        raise NothingToDoError("Where tests go depends on the file's place, and this document isn't a file.")
    file = Path(path)
    root = workspace if workspace is not None and file.is_relative_to(workspace) else file.parent
    return UnderTest(symbol, document, file, root, names, told)
