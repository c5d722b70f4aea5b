"""The style in which a project writes, as its files show it."""

from collections.abc import Iterator
from pathlib import Path

from pillion.edits.documentation.python_docstrings import PythonStyle, style_in
from pillion.errors import FileError
from pillion.files.bounded_read import KIB, read_text
from pillion.syntax.document import ParsedText
from pillion.text.file_uris import path_in

_MOST_NEIGHBOURS = 12
_MOST_BYTES = 256 * KIB


def docstring_style(document: ParsedText, uri: str) -> PythonStyle:
    """The style of the document's own docstrings, else that of the files beside it, else Google's. Reads files."""
    path = path_in(uri)
    neighbours = _beside(Path(path), document.language.extensions) if path is not None else ()
    return style_in([document.text]) or style_in(neighbours) or PythonStyle.GOOGLE


def _beside(path: Path, extensions: tuple[str, ...]) -> Iterator[str]:
    """The texts of some files in the same folder, as far as they can be read."""
    try:
        names = sorted(each for each in path.parent.iterdir() if each.suffix in extensions and each != path)
    except OSError:
        return
    for each in names[:_MOST_NEIGHBOURS]:
        try:
            yield read_text(each, _MOST_BYTES)
        except FileError:
            continue
