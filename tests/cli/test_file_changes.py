"""`pillion action` with an outcome of several files: what is printed can be applied, and what is written is whole."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.support import splitting
from tests.support.editor import private_environment
from tests.support.shop import SOURCE

GIT = shutil.which("git")
ROOT = Path(splitting.__file__).parents[2]
ANSWER = "create parts/tax.py RATE = 1\\n\ncreate empty.py\nedit\nedit b.py 0 2\nrename c.py d.py"
DONE = {
    "shop.py": SOURCE.replace("result = 0", "result = 1"),
    "parts/tax.py": "RATE = 1\n",
    "empty.py": "",
    "b.py": "b = 2\n",
    "d.py": "c = 0\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("shop.py", "b.py", "c.py"):
        (tmp_path / name).write_text(SOURCE if name == "shop.py" else f"{name[0]} = 0\n")
    return tmp_path


def there(folder: Path) -> dict[str, str]:
    return {each.relative_to(folder).as_posix(): each.read_text() for each in folder.rglob("*.py")}


def split(folder: Path, config: Path, *options: str) -> subprocess.CompletedProcess[str]:
    line = SOURCE[: SOURCE.index("def total")].count("\n") + 1
    return subprocess.run(
        [sys.executable, "-P", splitting.__file__, "action", "split", f"shop.py:{line}", *options],
        cwd=folder,
        env={**private_environment(folder, config), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_written_all_at_once(folder: Path, two_gpus: Path, large: FakeEngine) -> None:
    large.script(Rule(ANSWER))
    result = split(folder, two_gpus, "--write", "--json")
    assert result.returncode == 0, result.stderr
    assert there(folder) == DONE
    said = json.loads(result.stdout)
    assert [each["kind"] for each in said["changes"]] == ["create", "create", "edit", "edit", "rename"]
    assert [Path(each["uri"]).name for each in said["changes"]] == ["tax.py", "empty.py", "shop.py", "b.py", "c.py"]
    assert "".join(each["diff"] for each in said["changes"]) == said["diff"]
    assert not list(folder.rglob(".pillion-*"))


@pytest.mark.skipif(GIT is None, reason="there is no git")
def test_the_diff_is_one_that_git_applies(folder: Path, two_gpus: Path, large: FakeEngine) -> None:
    large.script(Rule(ANSWER))
    result = split(folder, two_gpus)
    assert result.returncode == 0, result.stderr
    assert "--- /dev/null\n+++ b/parts/tax.py\n" in result.stdout
    assert there(folder) != DONE
    subprocess.run([str(GIT), "apply", "-"], cwd=folder, input=result.stdout, text=True, check=True)
    assert there(folder) == DONE


@pytest.mark.skipif(os.name != "posix", reason="links are POSIX'")
@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("create b.py x = 1", "“b.py” is there already"),
        ("create ../b.py x = 1", "isn't in the workspace"),
        ("create out/b.py x = 1", "a link leads to"),
        ("rename b.py c.py", "“c.py” is there already"),
    ],
)
def test_nothing_is_overwritten_and_nothing_written_elsewhere(
    folder: Path, two_gpus: Path, large: FakeEngine, answer: str, says: str
) -> None:
    (folder / "out").symlink_to(folder.parent)
    before = there(folder)
    large.script(Rule(f"edit\n{answer}"))
    result = split(folder, two_gpus, "--write")
    assert result.returncode == 1
    assert says in result.stderr
    assert there(folder) == before
