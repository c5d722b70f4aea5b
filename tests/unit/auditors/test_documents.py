"""What is said of a document: claims about code that isn't there, and what it loads when it is shown."""

from pathlib import Path

import pytest

from pillion.auditors.auditor import Auditor, Passage
from pillion.auditors.documents.claims import ClaimsAuditor
from pillion.auditors.documents.remote_content import RemoteContentAuditor
from pillion.syntax.languages import language_by_id

SHOP = "class Item:\n    rate = 1\n\n    def price(self):\n        return self.rate\n\n\ndef total_of(items):\n    return 0\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "shop.py").write_text(SHOP, encoding="utf-8")
    (tmp_path / "README.md").write_text("# Shop\n", encoding="utf-8")
    return tmp_path


def quotes(auditor: Auditor, text: str, workspace: Path) -> list[str]:
    python = language_by_id("python")
    assert python is not None
    passage = Passage(text, 0, len(text), python, "", workspace / "design.md", workspace)
    found = auditor.audit(passage)
    assert all(text[each.start : each.end] == each.quote and each.severity != "error" for each in found)
    return [each.quote for each in found]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("The entry is `src/main.py`.", ["src/main.py"], id="a file"),
        pytest.param("The entry is `src/shop.py`, see `README.md` and `src/`.", [], id="files that are there"),
        pytest.param("It is in `tax.py`.", ["tax.py"], id="a bare file"),
        pytest.param("`shop.py` has it, also as `./src/shop.py`.", [], id="a bare file that is there"),
        pytest.param("`Item.discount()` reduces it.", ["Item.discount()"], id="a member"),
        pytest.param("`Item.price()` and `Item.rate` and `shop.total_of(items)` have it.", [], id="members"),
        pytest.param("`load_prices()` reads them.", ["load_prices()"], id="a call"),
        pytest.param("`total_of()`, `print()`, `json.loads()`, `len(x)` and `setTimeout()` are called.", [], id="calls"),
        pytest.param("`numpy.einsum()` and `HashMap` are fast.", [], id="of others"),
        pytest.param("A new `tax.py` has `tax_of()`. It calls `tax_of()` often.", [], id="introduced"),
        pytest.param("It calls `tax_of()`.\n\n## Proposed\n\n`tax_of()` is added.", [], id="introduced below"),
        pytest.param("## Steps\n\n### First\n\n`tax.py` has `tax_of()`.", [], id="a section about what is new"),
        pytest.param("## Steps\n\nx\n\n## Overview\n\n`tax.py` has it.", ["tax.py"], id="the section after it"),
        pytest.param("`tax_of()` is fast:\n\n```python\ndef tax_of(): ...\n```\n", [], id="defined in a block"),
        pytest.param("```sh\nls `src/main.py`\n```\n", [], id="in a block"),
        pytest.param("`tax.py` adds taxes up, and `main.py` creates it.", ["tax.py", "main.py"], id="what code does"),
        pytest.param("We should split it into `a.py`.", [], id="wished"),
        pytest.param("`and/or`, `n/a`, `GET /items`, `https://x.y/z.py`, `*.py`, `v1.2`, `Node.js`", [], id="no paths"),
        pytest.param("# The design of `tax.py`\n\nIt has `src/main.py`.", ["src/main.py"], id="below the title"),
        pytest.param("", [], id="nothing"),
    ],
)  # fmt: skip
def test_claims(text: str, said: list[str], workspace: Path) -> None:
    assert quotes(ClaimsAuditor(), text, workspace) == said


def test_without_a_whole_index_nothing_is_claimed(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(700):
        (workspace / f"f{number}.py").write_text("", encoding="utf-8")
    assert quotes(ClaimsAuditor(), "The entry is `src/main.py`.", workspace) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("![x](https://example.com/x.png)", 1),
        ("![x](//example.com/x.png)", 1),
        ("![x](docs/x.png) and [a link](https://example.com)", 0),
        ('<img src="https://example.com/x.png">', 1),
        ("<script>alert(1)</script>", 1),
        ("<iframe src='x'>", 1),
        ("[x](javascript:alert(1))", 1),
        ("[x](command:workbench.action.quit)", 1),
        ("`<script>` is code", 0),
        ("```html\n<script></script>\n```\n", 0),
    ],
)
def test_what_is_loaded_or_run(text: str, said: int, workspace: Path) -> None:
    assert len(quotes(RemoteContentAuditor(), text, workspace)) == said
