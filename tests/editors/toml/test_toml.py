"""Real TOML tools with Pillion's files: they take what holds, underline what doesn't, and complete keys and values."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pillion.config.json_schema import EXAMPLE, SCHEMA_FILE
from tests.editors.toml.servers import SERVERS, lint, opened
from tests.unit.config.test_json_schema import DOES_NOT_HOLD, HOLDS, OLLAMA

pytestmark = pytest.mark.parametrize("tool", SERVERS)

PAGE = (Path(__file__).parents[3] / "docs" / "editors.md").read_text(encoding="utf-8")
WORKSPACE_SCHEMA = "pillion-workspace.schema.json"
DOCUMENTED_PATH = f"/path/to/{WORKSPACE_SCHEMA}"
ENDPOINT = '[endpoints.x]\nprotocol = ""\n\n'
PREFERENCES = [
    pytest.param("[hover]\nenabled = false\n", True, id="a-preference"),
    pytest.param("[hover]\nenabld = false\n", False, id="unknown-key"),
    pytest.param('[hover]\nenabled = "no"\n', False, id="wrong-type"),
    pytest.param('review = "never"\n', False, id="the-users-alone"),
    pytest.param(OLLAMA, False, id="an-endpoint"),
]


def pillion(*arguments: str, config: Path) -> str:
    """What the command prints."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pillion", *arguments],
        env=os.environ | {"PILLION_CONFIG": str(config)}, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what Pillion writes: a new configuration file, its schema, and the one of a workspace's file."""
    folder = tmp_path_factory.mktemp("written")
    file = folder / "config.toml"
    pillion("config", "init", config=file)
    assert file.read_text(encoding="utf-8") == EXAMPLE
    (folder / WORKSPACE_SCHEMA).write_text(pillion("config", "schema", "--workspace", config=file), encoding="utf-8")
    return folder


@pytest.fixture
def config(written: Path, tmp_path: Path) -> Path:
    """The configuration file, its schema beside it."""
    return Path(shutil.copytree(written, tmp_path / "a folder")) / "config.toml"


@pytest.fixture(params=["directive", "rule"])
def workspace_file(request: pytest.FixtureRequest, written: Path, tmp_path: Path) -> Path:
    """A workspace's file that has the schema in the ways that the documentation names: in its first line, or by a rule."""
    schema = Path(shutil.copytree(written, tmp_path / "schemas")) / WORKSPACE_SCHEMA
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    file = workspace / ".pillion.toml"
    if request.param == "directive":
        file.write_text(f"#:schema ../schemas/{WORKSPACE_SCHEMA}\n", encoding="utf-8")
        return file
    name = {"taplo": ".taplo.toml", "tombi": "tombi.toml"}[request.getfixturevalue("tool")]
    rule = re.search(rf"`{re.escape(name)}`[^`]*```toml\n(.*?)```", PAGE, re.DOTALL)
    assert rule is not None
    assert DOCUMENTED_PATH in rule[1]
    (workspace / name).write_text(rule[1].replace(DOCUMENTED_PATH, str(schema)), encoding="utf-8")
    file.write_text("", encoding="utf-8")
    return file


@pytest.mark.parametrize("toml", HOLDS)
def test_what_holds_is_fine(tool: str, toml: str, config: Path) -> None:
    config.write_text(f"{EXAMPLE}\n{toml}", encoding="utf-8")
    fine, said = lint(tool, config)
    assert fine, said


@pytest.mark.parametrize("toml", DOES_NOT_HOLD)
def test_what_does_not_hold_is_not(tool: str, toml: str, config: Path) -> None:
    config.write_text(f"{EXAMPLE}\n{toml}", encoding="utf-8")
    assert not lint(tool, config)[0]


@pytest.mark.parametrize(("toml", "fine"), PREFERENCES)
def test_a_workspaces_file(tool: str, toml: str, workspace_file: Path, *, fine: bool) -> None:
    workspace_file.write_text(workspace_file.read_text(encoding="utf-8") + toml, encoding="utf-8")
    found, said = lint(tool, workspace_file)
    assert found == fine, said


@pytest.mark.parametrize(
    ("text", "line", "character", "expected"),
    [
        pytest.param("\n", 0, 0, {"review", "hover", "audit", "limits", "embedded", "endpoints", "lanes"}, id="tables"),
        pytest.param("[endpoints.x]\n\n", 1, 0, {"protocol"}, id="the-first-key-of-an-endpoint"),
        pytest.param(ENDPOINT, 1, 12, {"ollama", "openai", "embedded"}, id="protocols"),
        pytest.param(ENDPOINT, 2, 0, {"url", "model", "api_key_env", "num_ctx"}, id="keys-of-an-endpoint"),
        pytest.param("[audit]\n\n", 1, 0, {"enabled", "budget_s", "findings"}, id="keys-of-a-table"),
        pytest.param('review = ""\n', 0, 10, {"always", "whenFlagged", "never"}, id="values"),
    ],
)
async def test_completion(tool: str, text: str, line: int, character: int, expected: set[str], config: Path) -> None:
    lines = EXAMPLE.count("\n")
    async with opened(tool, config, text=EXAMPLE + text) as editor:
        offered = await editor.completions(lines + line, character, min(expected))
    assert expected <= set(offered)


async def test_completion_in_a_workspaces_file(tool: str, workspace_file: Path) -> None:
    begun = workspace_file.read_text(encoding="utf-8")
    async with opened(tool, workspace_file, text=f"{begun}[hover]\n\n") as editor:
        offered = await editor.completions(begun.count("\n") + 1, 0, "enabled")
    assert {"budget_s", "max_tokens"} <= set(offered)


@pytest.mark.parametrize("wrong", ["temprature = 1", 'slots = "two"'])
async def test_what_is_wrong_is_underlined_while_it_is_typed(tool: str, wrong: str, config: Path) -> None:
    async with opened(tool, config, text=f"{EXAMPLE}{OLLAMA}{wrong}\n") as editor:
        assert await editor.problem_with("temprature" if "temprature" in wrong else "nteger")


def test_the_schema_is_the_one_beside_it(tool: str, config: Path) -> None:
    config.write_text(f"{EXAMPLE}\nreviw = 1\n", encoding="utf-8")
    (config.parent / SCHEMA_FILE).write_text("{}", encoding="utf-8")
    assert lint(tool, config)[0]
