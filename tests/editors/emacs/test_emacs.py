"""Emacs with lsp-mode and the documented setup. (eglot comes with Emacs 29; Debian 12 has 28.)"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from pillion.bench.fake.process import FakeEngine
from pillion.bench.fake.records import Rule
from tests.editors.neovim.test_actions import written
from tests.support.editor import private_environment
from tests.support.rates import BASE_MESSAGE, CUT, CUT_MESSAGE, FINDINGS, IMPLEMENTED
from tests.support.shop import SOURCE

SCRIPT = Path(__file__).with_name("shop.el")


def test_action_diagnostics_hover(tmp_path: Path, two_gpus: Path, large: FakeEngine, small: FakeEngine) -> None:
    emacs = shutil.which("emacs")
    assert emacs is not None, "This test needs Emacs with lsp-mode: apt-get install emacs-nox elpa-lsp-mode"
    large.script(Rule(IMPLEMENTED))
    hover = Rule("It takes a percentage off a price.", match="discount")
    small.script(Rule(FINDINGS, match=CUT), hover, Rule('{"findings": []}'))
    environment = private_environment(tmp_path, two_gpus)
    snippet = subprocess.run(
        [sys.executable, "-P", "-m", "pillion", "editor", "emacs-lsp-mode"],
        env=environment, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    (tmp_path / "pillion.el").write_text(snippet.stdout)
    shop = tmp_path / "shop.py"
    shop.write_text(SOURCE)
    result = subprocess.run(
        [emacs, "--batch", "--load", str(SCRIPT)],
        env=environment | {"SNIPPET": str(tmp_path / "pillion.el"), "SHOP": str(shop)},
        capture_output=True, text=True, timeout=120, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    seen = json.loads(result.stdout.splitlines()[-1])
    assert seen["server"] == "pillion"
    assert any("Implement rate" in title for title in seen["actions"])
    assert seen["text"] == written()
    assert sorted(seen["diagnostics"]) == sorted([BASE_MESSAGE, CUT_MESSAGE])
    assert "takes a percentage off" in seen["hover"]
