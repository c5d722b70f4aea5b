"""Which of several symbols of one name is the user's: by owner, signature and place; a tie is refused."""

import pytest

from pillion.edits.namesakes import counterpart
from pillion.errors import DraftRejectedError
from tests.support.texts import parsed

TWO_RUNS = "class A:\n    def run(self): return 1\nclass B:\n    def run(self, x): return 2\ndef run(): return 3\n"
PROPERTY = "class A:\n    @property\n    def x(self): ...\n    @x.setter\n    def x(self, v): ...\n"
TWICE = "if a:\n    def f(): return 1\nelse:\n    def f(): return 2\n"
RUST = "impl A {\n    fn f() {}\n}\nimpl B for A {\n    fn f() {}\n}\n"
GO = "func (a A) F() int {\n\treturn 1\n}\nfunc (b *B) F() int {\n\treturn 1\n}\n"


@pytest.mark.parametrize(
    ("language", "draft", "of", "index", "row"),
    [
        pytest.param("python", TWO_RUNS, TWO_RUNS, 1, 1, id="own-class"),
        pytest.param("python", TWO_RUNS, TWO_RUNS, 3, 3, id="other-class"),
        pytest.param("python", TWO_RUNS, TWO_RUNS, 4, 4, id="function"),
        pytest.param("python", "def run(self, x): return 3\n", TWO_RUNS, 3, 0, id="method-alone"),
        pytest.param("python", PROPERTY, PROPERTY, 1, 2, id="getter"),
        pytest.param("python", PROPERTY, PROPERTY, 2, 4, id="setter"),
        pytest.param("python", "class run: ...\ndef run(): ...\n", TWO_RUNS, 4, 1, id="kind"),
        pytest.param("python", TWICE, TWICE, 1, 3, id="place"),
        pytest.param("python", "def f(): return 3\n", TWICE, 1, 0, id="one-of-two"),
        pytest.param("rust", RUST, RUST, 3, 4, id="trait"),
        pytest.param("rust", "fn f() {}\n", RUST, 3, 0, id="method-of-a-trait-alone"),
        pytest.param("go", GO, GO, 1, 3, id="receiver"),
        pytest.param("go", "func (c *B) F() int64 {\n\treturn 1\n}\n", GO, 1, 0, id="receiver-of-another-name"),
        pytest.param("python", "def g(): ...\n", TWICE, 1, None, id="none"),
    ],
)
def test_the_counterpart_in_a_draft(language: str, draft: str, of: str, index: int, row: int | None) -> None:
    document = parsed(language, of)
    symbol = [document.symbols.read(node) for node in document.symbols.walk()][index]
    node = counterpart(parsed(language, draft), symbol, document)
    assert (node.start_point.row if node is not None else None) == row


@pytest.mark.parametrize(
    ("language", "draft", "of", "index", "reason"),
    [
        pytest.param("python", "class B:\n    def run(self): ...\n", TWO_RUNS, 1, "in “B”, and .* in “A”", id="class"),
        pytest.param("python", "class A:\n    @x.setter\n    def x(self, v): 1\n", PROPERTY, 1, "another “x”", id="setter"),
        pytest.param("python", "def f(): 1\ndef f(): 2\ndef f(): 3\n", TWICE, 0, "3 versions of “f”", id="tie"),
        pytest.param("rust", "impl B for A {\n    fn f() {}\n}\n", RUST, 1, "in “B for A”", id="trait"),
        pytest.param("go", "func (a A) F() int {\n\treturn 1\n}\n", GO, 1, "in “A”, and .* in “B”", id="receiver"),
    ],
)  # fmt: skip
def test_another_symbol_of_that_name_is_refused(language: str, draft: str, of: str, index: int, reason: str) -> None:
    document = parsed(language, of)
    symbol = [document.symbols.read(node) for node in document.symbols.walk()][index]
    with pytest.raises(DraftRejectedError, match=reason):
        counterpart(parsed(language, draft), symbol, document)
