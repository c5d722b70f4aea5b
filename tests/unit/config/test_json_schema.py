"""The schema says what the loader says: what it takes, what it doesn't, and each key in words."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pillion.config.json_schema import DIRECTIVE, EXAMPLE, SCHEMA_FILE, config_schema, workspace_schema
from pillion.config.loading import load
from pillion.config.schema import Config, Location, Protocol, Review

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
EXAMPLES = [block for block in re.findall(r"```toml\n(.*?)```", README, re.DOTALL) if "[endpoints" in block]
SHOWN = "\n".join(line.removeprefix("# ") for line in EXAMPLE.splitlines() if re.match(r"# (\[|\w+ = )", line))
OLLAMA = '[endpoints.a]\nprotocol = "ollama"\nurl = "http://127.0.0.1:1"\nmodel = "m"\n'
# tests/editors/toml has the same read by real TOML language servers.
HOLDS = [
    *EXAMPLES,
    pytest.param(SHOWN, id="a-new-file"),
    pytest.param("", id="empty"),
    pytest.param('[endpoints.a]\nprotocol = "embedded"\n', id="embedded-without-model"),
    pytest.param(f'{OLLAMA}keep_alive = 5\nthink = false\ntemperature = 0.5\n[lanes]\nsimple = [["a"]]', id="more"),
    pytest.param('review = "always"\n[hover]\nenabled = false\n[limits]\nmax_document_lines = 10', id="preferences"),
]
DOES_NOT_HOLD = [
    pytest.param('reviw = "always"', id="unknown-key"),
    pytest.param('review = "sometimes"', id="no-such-value"),
    pytest.param(f"{OLLAMA}num_ctx = 1", id="too-small"),
    pytest.param(f'{OLLAMA}slots = "two"', id="wrong-type"),
    pytest.param(f"{OLLAMA}temprature = 1", id="unknown-key-of-an-endpoint"),
    pytest.param('[endpoints.a]\nprotocol = "olama"\nurl = "http://a"\nmodel = "m"', id="no-such-protocol"),
    pytest.param('[endpoints.a]\nprotocol = "ollama"\nmodel = "m"', id="no-url"),
    pytest.param('[endpoints.a]\nprotocol = "openai"\nurl = "http://a/v1"', id="no-model"),
    pytest.param('[endpoints.a]\nprotocol = "embedded"\nurl = "http://a"', id="embedded-with-url"),
    pytest.param(f'{OLLAMA}[lanes]\nsimpel = ["a"]', id="no-such-lane"),
]


def mistakes(toml: str, schema: dict[str, Any]) -> list[str]:
    """What an editor would underline."""
    jsonschema.Draft7Validator.check_schema(schema)
    return [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(tomllib.loads(toml))]


@pytest.mark.parametrize("toml", HOLDS)
def test_what_holds_is_not_underlined(toml: str, tmp_path: Path) -> None:
    assert mistakes(toml, config_schema()) == []
    file = tmp_path / "config.toml"
    file.write_text(toml, encoding="utf-8")
    assert load({"PILLION_CONFIG": str(file)})[1] == []


@pytest.mark.parametrize("toml", DOES_NOT_HOLD)
def test_what_does_not_hold_is_underlined(toml: str, tmp_path: Path) -> None:
    assert mistakes(toml, config_schema()) != []
    file = tmp_path / "config.toml"
    file.write_text(toml, encoding="utf-8")
    assert load({"PILLION_CONFIG": str(file)})[1] != []


@pytest.mark.parametrize(
    ("toml", "fine"),
    [
        pytest.param("[hover]\nenabled = false", True, id="a-preference"),
        pytest.param(OLLAMA, False, id="endpoints"),
        pytest.param('[lanes]\nsimple = ["a"]', False, id="lanes"),
        pytest.param('review = "never"', False, id="the-users-alone"),
        pytest.param('[audit]\nfindings = "never"', False, id="the-users-alone-in-a-table"),
        pytest.param("[sandbox]\nenabled = false", False, id="where-drafts-run"),
    ],
)
def test_a_workspace_is_offered_preferences_only(toml: str, *, fine: bool) -> None:
    assert (mistakes(toml, workspace_schema()) == []) == fine


def keys(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key that may be written, with its schema."""
    for name, value in node.get("properties", {}).items():
        yield f"{path}{name}", value
    for name, value in node.get("$defs", {}).items():
        yield from keys(value, f"{name}.")


@pytest.mark.parametrize("schema", [config_schema(), workspace_schema()], ids=["user", "workspace"])
def test_every_key_is_described(schema: dict[str, Any]) -> None:
    described = dict(keys(schema))
    definitions = schema["$defs"]
    silent = [
        name
        for name, value in described.items()
        if not value.get("description")
        and not definitions.get(value.get("$ref", "").rpartition("/")[2], {}).get("description")
    ]
    assert silent == []
    assert "null" not in str(schema)


def test_values_to_choose_from_are_listed() -> None:
    definitions = config_schema()["$defs"]
    for kind in (Protocol, Location, Review):
        assert definitions[kind.__name__]["enum"] == [member.value for member in kind]


def test_every_field_is_in_it() -> None:
    assert set(config_schema()["properties"]) == set(Config.model_fields)


def test_a_new_file_names_its_schema() -> None:
    assert EXAMPLE.splitlines()[0] == DIRECTIVE
    assert DIRECTIVE.endswith(SCHEMA_FILE)
    assert tomllib.loads(EXAMPLE) == {}
