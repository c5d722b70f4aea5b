"""Kept drafts in Neovim 0.11: they are applied after all, or deleted, from their list."""

from pathlib import Path

from pillion.fake_engine.process import FakeEngine
from tests.editors.neovim.conftest import OpenShop
from tests.editors.neovim.test_actions import written
from tests.editors.neovim.test_review import ALWAYS, on_offer, script
from tests.support.rates import LINE
from tests.support.shop import SOURCE


def test_a_kept_draft_is_applied_and_another_deleted(
    open_shop: OpenShop, tmp_path: Path, large: FakeEngine, small: FakeEngine
) -> None:
    script(large, small)
    nvim = open_shop(ALWAYS)
    for _ in range(2):
        nvim.act(LINE, "Implement rate")
        on_offer(nvim)
        nvim.nvim.command("PillionReject")
        nvim.until(nvim.review, lambda review: review is None)
    (tmp_path / "elsewhere.txt").write_text("no code\n")
    nvim.nvim.command(f"edit {tmp_path / 'elsewhere.txt'}")
    requests = len(large.log())
    nvim.choose("kept: implement rate", "Apply it")
    nvim.nvim.command("PillionDrafts")
    on_offer(nvim)
    assert nvim.text() == SOURCE
    nvim.nvim.command("PillionAccept")
    nvim.until(nvim.text, lambda text: text == written())
    assert len(large.log()) == requests, "no model is asked"

    def kept() -> int:
        return len(list(tmp_path.rglob("implement-*.md")))

    nvim.until(kept, lambda count: count == 1)
    menus = len(nvim.offered())
    nvim.choose("kept: implement rate", "Delete it", "No")
    nvim.nvim.command("PillionDrafts")
    nvim.until(nvim.offered, lambda found: len(found) == menus + 3)
    assert kept() == 1
    nvim.choose("kept: implement rate", "Delete it", "Yes")
    nvim.nvim.command("PillionDrafts")
    nvim.until(kept, lambda count: count == 0)
