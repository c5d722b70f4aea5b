"""A docstring is written in the style that the file, or the files beside it, show."""

from pathlib import Path

import pytest

from pillion.edits.documentation.project_style import docstring_style
from pillion.edits.documentation.python_docstrings import PythonStyle
from tests.support.texts import parsed

GOOGLE = 'def f(a):\n    """F.\n\n    Args:\n        a: A.\n    """\n'
NUMPY = 'def f(a):\n    """F.\n\n    Parameters\n    ----------\n    a : int\n        A.\n    """\n'
SPHINX = 'def f(a):\n    """F.\n\n    :param a: A.\n    """\n'
PLAIN = 'def f(a):\n    """F.\n\n    Note: Returns nothing.\n    """\n'


@pytest.mark.parametrize(
    ("own", "beside", "style"),
    [
        pytest.param(GOOGLE, {}, PythonStyle.GOOGLE, id="google"),
        pytest.param(NUMPY, {}, PythonStyle.NUMPY, id="numpy"),
        pytest.param(NUMPY.replace("\n", "\r\n"), {}, PythonStyle.NUMPY, id="carriage returns"),
        pytest.param(SPHINX, {}, PythonStyle.SPHINX, id="sphinx"),
        pytest.param(SPHINX.replace("param", "return"), {}, PythonStyle.GOOGLE, id="no field of Sphinx"),
        pytest.param(PLAIN, {}, PythonStyle.GOOGLE, id="none"),
        pytest.param(GOOGLE + SPHINX * 2, {}, PythonStyle.SPHINX, id="the most frequent"),
        pytest.param(PLAIN, {"b.py": NUMPY}, PythonStyle.NUMPY, id="the neighbour's"),
        pytest.param(SPHINX, {"b.py": NUMPY * 3}, PythonStyle.SPHINX, id="its own comes first"),
        pytest.param(PLAIN, {"a.py": PLAIN, "b.py": SPHINX}, PythonStyle.SPHINX, id="the second neighbour's"),
        pytest.param(PLAIN, {"a.js": NUMPY, "b.txt": NUMPY}, PythonStyle.GOOGLE, id="other languages"),
        pytest.param(PLAIN, {"a.py": "\udcff", "b.py": NUMPY}, PythonStyle.NUMPY, id="a file that isn't UTF-8"),
        pytest.param(PLAIN, {"a.py": NUMPY + " " * 300_000, "b.py": SPHINX}, PythonStyle.SPHINX, id="a large file"),
    ],
)
def test_the_style(tmp_path: Path, own: str, beside: dict[str, str], style: PythonStyle) -> None:
    for name, text in beside.items():
        (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert docstring_style(parsed("python", own), (tmp_path / "shop.py").as_uri()) is style


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "file:///nowhere/at/all/shop.py"])
def test_a_document_without_neighbours(uri: str) -> None:
    assert docstring_style(parsed("python", PLAIN), uri) is PythonStyle.GOOGLE
