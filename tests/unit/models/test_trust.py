"""The line a model has to stand above, and the file that says where it stands."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pillion.config.loading import load
from pillion.models.known import KNOWN_MODELS
from pillion.models.trust import (
    KNOWN_MEASUREMENTS,
    RULE,
    Measured,
    TrustStore,
    Verdict,
    decisions_key,
    model_key,
)

GOOD = Measured("small", 0.75, 0.3, 0.1, functions=40, mutants=40, at="2026-01-02")
ENTRY = {"precision": 0.75, "recall": 0.3, "false_alarms_per_function": 0.1, "functions": 40, "mutants": 40, "at": "x"}


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        pytest.param({}, "above", id="good"),
        pytest.param({"precision": 0.5, "recall": 0.1, "false_alarms_per_function": 0.2}, "above", id="on the line"),
        pytest.param({"functions": 20, "mutants": 20}, "above", id="just enough functions"),
        pytest.param({"precision": 0.49}, "below", id="mostly wrong"),
        pytest.param({"recall": 0.09}, "below", id="finds nearly nothing"),
        pytest.param({"false_alarms_per_function": 0.21}, "below", id="cries wolf"),
        pytest.param({"functions": 19}, "unmeasured", id="too few clean functions"),
        pytest.param({"mutants": 19}, "unmeasured", id="too few bugs"),
        pytest.param({"precision": 0.0, "functions": 19}, "unmeasured", id="bad on too few"),
    ],
)
def test_the_line(change: dict[str, float], verdict: Verdict) -> None:
    measured = replace(GOOD, **change)  # type: ignore[arg-type]
    assert RULE.verdict(measured) == verdict


def test_a_model_nobody_measured(tmp_path: Path) -> None:
    assert TrustStore(tmp_path).verdict("small") == "unmeasured"
    assert RULE.verdict(None) != "above"
    assert list(tmp_path.iterdir()) == [], "asking writes nothing"


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    store = TrustStore(tmp_path / "new" / "folder")
    worse = replace(GOOD, model="large", precision=0.1)
    assert store.keep(replace(GOOD, at="before")) == store.keep(GOOD) == store.keep(worse) == store.path
    for each in (store, TrustStore(store.path.parent)):
        assert (each.measured("small"), each.verdict("small")) == (GOOD, "above")
        assert (each.measured("large"), each.verdict("large")) == (worse, "below")
    assert sorted(each.name for each in store.path.parent.iterdir()) == [".lock", "auditors.json"]
    if os.name == "posix":
        assert store.path.stat().st_mode & 0o777 == 0o600
        assert store.path.parent.stat().st_mode & 0o777 == 0o700


def test_the_users_own_figures_come_before_the_projects(tmp_path: Path) -> None:
    store = TrustStore(tmp_path, known=[replace(GOOD, at="project"), replace(GOOD, model="other")])
    assert (store.verdict("small"), store.verdict("other")) == ("above", "above")
    store.keep(replace(GOOD, precision=0.2))
    assert (store.verdict("small"), store.verdict("other")) == ("below", "above")
    store.keep(replace(GOOD, precision=0.2, functions=5))
    assert store.measured("small") == replace(GOOD, at="project"), "five functions say nothing"


def test_the_projects_own_figures_are_on_enough_functions() -> None:
    assert [each for each in KNOWN_MEASUREMENTS if not RULE.is_enough(each)] == []
    assert [each.model for each in KNOWN_MEASUREMENTS if each.model != model_key(each.model)] == []


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe", id="not UTF-8"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b"[" * 200_000, id="nested"),
        pytest.param(b'{"models": ' + b"9" * 10_000 + b"}", id="an endless number"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"models": []}', id="no table"),
        pytest.param(b'{"models": {"small": 1}}', id="no entry"),
        pytest.param(b" " * (1 << 20) + json.dumps({"models": {"small": ENTRY}}).encode(), id="too large"),
        *(
            pytest.param(json.dumps({"models": {"small": {**ENTRY, **wrong}}}).encode(), id=f"{wrong}")
            for wrong in (
                {"precision": None},
                {"precision": True},
                {"precision": "0.9"},
                {"precision": float("nan")},
                {"precision": 1.1},
                {"recall": -0.1},
                {"false_alarms_per_function": float("-inf")},
                {"functions": float("inf")},
                {"mutants": 10**400},
            )
        ),
        *(
            pytest.param(
                json.dumps({"models": {"small": {k: v for k, v in ENTRY.items() if k != key}}}).encode(), id=f"no {key}"
            )
            for key in ENTRY
        ),
    ],
)
def test_a_corrupt_or_foreign_file_holds_nothing_and_is_replaced(tmp_path: Path, content: bytes) -> None:
    store = TrustStore(tmp_path)
    store.path.write_bytes(content)
    assert store.verdict("small") == "unmeasured"
    assert store.keep(GOOD) == store.path
    assert store.verdict("small") == "above"


def test_what_a_later_version_adds_is_passed_over(tmp_path: Path) -> None:
    entries = {"small": {**ENTRY, "new": [1]}, "broken": {}, "large": {**ENTRY, "model": "somebody else"}}
    TrustStore(tmp_path).path.write_text(json.dumps({"format": 9, "models": entries}))
    store = TrustStore(tmp_path)
    assert [store.verdict(name) for name in ("small", "large", "broken")] == ["above", "above", "unmeasured"]


def test_a_folder_that_cant_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert TrustStore(tmp_path / "file").keep(GOOD) is None
    (tmp_path / "auditors.json").mkdir()
    assert TrustStore(tmp_path).keep(GOOD) is None
    assert TrustStore(tmp_path).verdict("small") == "unmeasured"
    assert sorted(each.name for each in tmp_path.iterdir()) == [".lock", "auditors.json", "file"], (
        "nothing is left over"
    )


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_keeps_nothing(tmp_path: Path) -> None:
    store = TrustStore(tmp_path)
    store.keep(GOOD)
    tmp_path.chmod(0o500)
    try:
        assert store.keep(replace(GOOD, model="large")) is None
        assert store.verdict("small") == "above"
    finally:
        tmp_path.chmod(0o700)


def test_writers_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    names = [f"model {number}" for number in range(16)]

    def keep(name: str) -> None:
        assert TrustStore(tmp_path).keep(replace(GOOD, model=name)) is not None
        assert TrustStore(tmp_path).verdict(name) == "above", "a reader never sees half a file"

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(keep, names))
    assert [name for name in names if TrustStore(tmp_path).verdict(name) != "above"] == []


@pytest.mark.parametrize(
    ("change", "margin_nats"),
    [
        pytest.param({}, 3.5, id="above the line"),
        pytest.param({"precision": 0.45}, None, id="below it"),
        pytest.param({"mutants": 10}, None, id="on too few"),
        pytest.param({"margin_nats": None}, None, id="without a margin"),
    ],
)
def test_the_margin_of_decision_tokens(tmp_path: Path, change: dict[str, Any], margin_nats: float | None) -> None:
    store = TrustStore(tmp_path, known=[])
    assert store.decision_margin("small") is None
    store.keep(GOOD)
    store.keep(replace(GOOD, **{"model": decisions_key("small"), "margin_nats": 3.5, **change}))
    for each in (store, TrustStore(tmp_path)):
        assert each.decision_margin("small") == margin_nats
        assert each.measured("small") == GOOD, "what it says when asked for findings is measured apart"


def test_the_projects_own_margins() -> None:
    files = {each.name: each.file_name for each in KNOWN_MODELS}
    store = TrustStore(Path("none"))
    assert store.decision_margin("qwen2.5-coder-1.5b") == store.decision_margin(files["qwen2.5-coder-1.5b"]) == 3.5
    assert store.decision_margin("qwen2.5-coder-0.5b") is None


@pytest.mark.parametrize("margin", [True, "3.5", -1, [3.5]])
def test_a_margin_that_is_none(tmp_path: Path, margin: object) -> None:
    key = decisions_key("small")
    store = TrustStore(tmp_path)
    store.path.write_text(json.dumps({"models": {key: {**ENTRY, "margin_nats": margin}}}))
    assert store.decision_margin("small") is None


@pytest.mark.parametrize(
    ("model", "key"),
    [
        ("qwen2.5:1.5b", "qwen2.5:1.5b"),
        ("Qwen/Qwen2.5-Coder-7B", "Qwen/Qwen2.5-Coder-7B"),
        (KNOWN_MODELS[0].name, KNOWN_MODELS[0].name),
        (f"/models/{KNOWN_MODELS[0].file_name}", KNOWN_MODELS[0].name),
        ("~/models/mine.gguf", "mine.gguf"),
        ("C:\\models\\mine.GGUF", "mine.GGUF"),
        ("mine.gguf", "mine.gguf"),
    ],
)
def test_the_name_that_figures_are_kept_under(tmp_path: Path, model: str, key: str) -> None:
    assert model_key(model) == key
    store = TrustStore(tmp_path)
    store.keep(replace(GOOD, model=model))
    assert store.verdict(key) == store.verdict(model) == "above"


def test_where_the_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert TrustStore.from_environment({"PILLION_STATE_DIR": "~/mine"}).path == tmp_path / "mine" / "auditors.json"
    default = TrustStore.from_environment({}).path
    assert (default.name, default.parent.name) == ("auditors.json", "pillion")
    _, problems = load({"PILLION_STATE_DIR": "~/mine", "PILLION_CONFIG": os.devnull})
    assert problems == [], "it is no setting"


def test_importing_it_loads_nothing_heavy() -> None:
    code = "import sys, pillion.models.trust; print(*{'pydantic', 'platformdirs', 'httpx', 'tree_sitter'} & {*sys.modules})"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""
