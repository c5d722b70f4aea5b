"""The choice of models in the user's file: it is written, and everything else stays as it was."""

from pathlib import Path

import pytest

from pillion.config.choice_file import keep_choice
from pillion.config.loading import load
from pillion.config.model_sets import MODEL_SETS
from pillion.config.schema import Config
from pillion.errors import ConfigError

ENDPOINT = '[endpoints.a]\nprotocol = "ollama"\nurl = "http://a"\nmodel = "models = 1"\n'


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("# mine\n", ["# mine"], id="a comment"),
        pytest.param('#:schema ./x.json\n# mine\nreview = "never"\n', ["# mine", 'review = "never"'], id="a schema"),
        pytest.param("#:schema ./x.json", ["#:schema ./x.json"], id="a schema without a line end"),
        pytest.param(f'models = "good"  # as I like it\n{ENDPOINT}', ENDPOINT.splitlines(), id="chosen before"),
        pytest.param(f"\n# a table\n{ENDPOINT}", ["# a table", *ENDPOINT.splitlines()], id="tables"),
        pytest.param(ENDPOINT.replace("\n", "\r\n"), ENDPOINT.splitlines(), id="Windows"),
        pytest.param(f"\ufeff{ENDPOINT}", ENDPOINT.splitlines(), id="a byte order mark"),
        pytest.param("[hover]\nenabled = false", ["[hover]", "enabled = false"], id="no line end"),
    ],
)
@pytest.mark.parametrize("chosen", ["quick", 'C:\\my "models"\\x.gguf'])
def test_only_the_choice_changes(tmp_path: Path, before: str, kept: list[str], chosen: str) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(before.encode())
    environ = {"PILLION_CONFIG": str(file)}
    assert keep_choice(environ, "tiny") == file
    assert keep_choice(environ, chosen) == file
    after = file.read_bytes().decode()
    config, problems = load(environ)
    assert (config.models, [each.key for each in problems]) == (chosen, [])
    assert [line for line in after.removeprefix("\ufeff").splitlines() if line in kept] == kept
    assert after.count("models = ") == 1 + before.count('"models = 1"')
    assert ("\r\n" in after) == ("\r\n" in before)
    if before.startswith("#:schema"):
        assert after.startswith("#:schema ./x.json\n")


def test_a_file_is_made(tmp_path: Path) -> None:
    environ = {"PILLION_CONFIG": str(tmp_path / "new" / "config.toml")}
    keep_choice(environ, "good")
    config, problems = load(environ)
    assert (config.models, problems) == ("good", [])
    assert [each.model for each in config.endpoints.values()] == list(MODEL_SETS["good"].names)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        pytest.param("[hover", "isn't TOML", id="broken"),
        pytest.param('x = """\nmodels = 3\n"""\n', "is written in a way that only you can change", id="in a string"),
        pytest.param(None, "can't be", id="a folder"),
    ],
)
def test_what_cannot_be_written_is_said(tmp_path: Path, before: str | None, words: str) -> None:
    file = tmp_path / "config.toml"
    if before is None:
        file.mkdir()
    else:
        file.write_text(before)
    with pytest.raises(ConfigError, match=words) as caught:
        keep_choice({"PILLION_CONFIG": str(file)}, "quick")
    assert "“quick”" in caught.value.hint
    assert before is None or file.read_text() == before


@pytest.mark.parametrize(
    ("chosen", "models"),
    [
        pytest.param(None, ["smollm2-135m"] * 2, id="nothing"),
        pytest.param("tiny", ["smollm2-135m"] * 2, id="tiny"),
        pytest.param("quick", ["qwen2.5-coder-0.5b"] * 2, id="quick"),
        pytest.param("good", ["qwen2.5-coder-1.5b", "qwen2.5-coder-0.5b"], id="good"),
        pytest.param("/my/own.gguf", ["/my/own.gguf"] * 2, id="a model"),
    ],
)
def test_what_the_engines_run(chosen: str | None, models: list[str]) -> None:
    config = Config(models=chosen)
    assert [config.endpoints[name].model for name in ("driver", "passenger")] == models
    assert not config.names_endpoints


def test_endpoints_of_ones_own_stay(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'models = "good"\n{ENDPOINT}')
    config, _ = load({"PILLION_CONFIG": str(file)})
    assert (list(config.endpoints), config.names_endpoints) == (["a"], True)
