"""Drafts as files: their names say what they are of, whatever the function is called."""

from pathlib import Path

import pytest

from pillion.lsp.drafts import DraftFolder


@pytest.mark.parametrize(
    ("symbol", "name", "told"),
    [
        pytest.param("rate", "implement-rate-7f.md", "rate", id="plain"),
        pytest.param("", "implement-7f.md", "", id="none"),
        pytest.param("operator==", "implement-operator_-7f.md", "operator_", id="operator"),
        pytest.param("../../etc", "implement-_etc-7f.md", "_etc", id="path"),
        pytest.param("a-b", "implement-a_b-7f.md", "a_b", id="hyphen"),
        pytest.param("\U00020000" * 60, f"implement-{chr(0x20000) * 15}-7f.md", chr(0x20000) * 15, id="long"),
    ],
)
def test_a_kept_draft_says_what_it_is_of(symbol: str, name: str, told: str, tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path)
    path = folder.keep("7f", "implement", symbol, "text")
    assert path == tmp_path / "drafts" / name
    (kept,) = folder.kept()
    assert (kept["path"], kept["action"], kept["symbol"], kept["bytes"]) == (str(path), "implement", told, 4)


def test_a_draft_that_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("in the way")
    assert DraftFolder(tmp_path).keep("7f", "implement", "rate", "text") is None
