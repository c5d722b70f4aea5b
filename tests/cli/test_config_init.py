"""`pillion config init`: a first file, never over one that is there."""

import json
import subprocess
import sys
from pathlib import Path

from pillion.config.json_schema import DIRECTIVE, EXAMPLE, SCHEMA_FILE, config_schema, workspace_schema


def pillion(*words: str, config: Path) -> subprocess.CompletedProcess[str]:
    """Runs the command with this configuration file."""
    return subprocess.run(
        [sys.executable, "-m", "pillion", *words],
        env={
            "PILLION_CONFIG": str(config),
            "HOME": str(config.parent),
            "COLUMNS": "200",
            "PILLION_DISCOVERY__ENABLED": "false",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_first_file_and_the_schema_it_names(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "config.toml"
    done = pillion("config", "init", config=file)
    assert (done.returncode, done.stderr) == (0, "")
    assert str(file) in done.stdout
    assert file.read_text(encoding="utf-8") == EXAMPLE
    named = file.parent / file.read_text(encoding="utf-8").splitlines()[0].removeprefix("#:schema ")
    assert json.loads(named.read_text(encoding="utf-8")) == config_schema()
    assert sorted(each.name for each in file.parent.iterdir()) == ["config.toml", SCHEMA_FILE]


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('review = "always"\n', encoding="utf-8")
    (tmp_path / SCHEMA_FILE).write_text("{}", encoding="utf-8")
    done = pillion("config", "init", config=file)
    assert done.returncode == 0
    assert "stays as it is" in done.stdout
    assert DIRECTIVE in done.stdout, "it says how the file gets its schema"
    assert file.read_text(encoding="utf-8") == 'review = "always"\n'
    assert json.loads((tmp_path / SCHEMA_FILE).read_text(encoding="utf-8")) == config_schema(), "that is this version's"


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file", encoding="utf-8")
    done = pillion("config", "init", config=tmp_path / "folder" / "config.toml")
    assert done.returncode == 2
    assert "can't be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_schemas_are_printed(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    assert json.loads(pillion("config", "schema", config=file).stdout) == config_schema()
    assert json.loads(pillion("config", "schema", "--workspace", config=file).stdout) == workspace_schema()
