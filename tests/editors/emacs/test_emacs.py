"""Emacs with the documented setups for its two LSP clients."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.neovim.test_actions import written
from tests.support.editor import private_environment
from tests.support.rates import BASE_MESSAGE, CUT, CUT_MESSAGE, FINDINGS, IMPLEMENTED
from tests.support.shop import SOURCE

FOLDER = Path(__file__).parent
TYPED = "# while it drafts\n"


def seen_in_emacs(client: str, home: Path, config: Path) -> dict[str, Any]:
    """What a user of this client meets: `with_CLIENT.el` says what is done."""
    emacs = shutil.which("emacs")
    assert emacs is not None, "This test needs Emacs: apt-get install emacs-nox elpa-lsp-mode elpa-eglot"
    environment = private_environment(home, config)
    snippet = subprocess.run(
        [sys.executable, "-P", "-m", "pillion", "editor", f"emacs-{client}"],
        env=environment, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    (home / "pillion.el").write_text(snippet.stdout)
    shop = home / "shop.py"
    shop.write_text(SOURCE)
    script = FOLDER / f"with_{client.replace('-', '_')}.el"
    result = subprocess.run(
        [emacs, "--batch", "--load", str(script)],
        env=environment | {"SNIPPET": str(home / "pillion.el"), "SHOP": str(shop), "TYPED": TYPED},
        capture_output=True, text=True, timeout=120, cwd=home, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    seen: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return seen


@pytest.mark.parametrize("client", ["lsp-mode", "eglot"])
def test_action_diagnostics_hover(
    client: str, tmp_path: Path, two_gpus: Path, large: FakeEngine, small: FakeEngine
) -> None:
    large.script(Rule(IMPLEMENTED))
    hover = Rule("It takes a percentage off a price.", match="discount")
    small.script(Rule(FINDINGS, match=CUT), hover, Rule('{"findings": []}'))
    seen = seen_in_emacs(client, tmp_path, two_gpus)
    assert seen["server"] == "pillion"
    assert any("Implement rate" in title for title in seen["actions"])
    assert seen["text"] == TYPED + written()
    # eglot hadn't told of what was typed: it refused the first edit, once it had asked, and got another.
    assert seen.get("questions", 0) == (2 if client == "eglot" else 0)
    # eglot puts the source and the code before it.
    found = [each.rpartition("]: ")[2] for each in seen["diagnostics"]]
    assert sorted(found) == sorted([BASE_MESSAGE, CUT_MESSAGE])
    assert "takes a percentage off" in seen["hover"]
