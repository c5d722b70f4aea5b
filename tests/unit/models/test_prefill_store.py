"""What is remembered of models that go on from the beginning of an answer."""

import json
import os
from pathlib import Path

import pytest

from pillion.models.prefill_store import PrefillStore

DAY_S = 24 * 3600.0


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    store = PrefillStore(tmp_path / "new")
    assert store.found("a") is None
    store.keep("a", "last")
    store.keep("b", "")
    store.keep("c", "flagged")
    store.keep("c", None)
    for each in (store, PrefillStore(tmp_path / "new")):
        assert [each.found(key) for key in "abc"] == ["last", "", None]
    if os.name == "posix":
        assert store.path.stat().st_mode & 0o777 == 0o600


def test_nothing_is_believed_for_ever(tmp_path: Path) -> None:
    now = [1000.0]
    store = PrefillStore(tmp_path, now_s=lambda: now[0])
    store.keep("a", "last")
    now[0] += 13 * DAY_S
    store.keep("b", "last")
    assert (store.found("a"), store.found("b")) == ("last", "last")
    now[0] += 2 * DAY_S
    assert (store.found("a"), store.found("b")) == (None, "last")
    now[0] = 0.0
    assert store.found("b") is None, "a clock that was set back"


def test_the_file_stays_small(tmp_path: Path) -> None:
    store = PrefillStore(tmp_path)
    entry = {"way": "last", "at_s": 0}
    store.path.write_text(json.dumps({"models": {str(number): entry for number in range(500)}}), encoding="utf-8")
    store = PrefillStore(tmp_path, now_s=lambda: 1.0)
    store.keep("new", "last")
    kept = json.loads(store.path.read_text(encoding="utf-8"))["models"]
    assert (len(kept), "new" in kept, "499" in kept, "0" in kept) == (200, True, True, False)


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"models": []}', '{"models": {"a": 7}}', '{"models": {"a": {"way": 7, "at_s": 1}}}',
     '{"models": {"a": {"way": "last", "at_s": "x"}}}', "[" * 10_000, "\x00"],
)  # fmt: skip
def test_a_file_that_is_none_holds_none(tmp_path: Path, content: str) -> None:
    store = PrefillStore(tmp_path, now_s=lambda: 2.0)
    store.path.write_text(content, encoding="utf-8")
    assert store.found("a") is None
    store.keep("a", "last")
    assert store.found("a") == "last"


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    store = PrefillStore(tmp_path / "file" / "folder")
    store.keep("a", "last")
    assert store.found("a") is None
