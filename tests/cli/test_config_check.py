"""`pillion config check`: what the file says, and, with --live, whether the engines are there."""

import json
import os
import stat
from pathlib import Path

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from tests.cli.test_commands import pillion
from tests.conftest import two_gpus_toml, write_config

GGUF = b"GGUF and more"


@pytest.mark.parametrize(
    ("model", "mistake"),
    [
        (
            "nowhere.gguf",
            "endpoints.own.model: The model file 'nowhere.gguf' can't be read: No such file or directory.",
        ),
        ("./models/none", "endpoints.own.model: The model file './models/none' can't be read: No such file"),
        ("~nobody-here/m.gguf", "can't be read: No such file"),
        ("folder.gguf", "can't be read: Is a directory"),
        ("pipe.gguf", "it is a pipe, and not a file"),
        ("text.gguf", "text.gguf isn't a GGUF file."),
        ("a\\u0000b.gguf", "can't be read: that is no file's name"),
        ("gpt-7", "No model is called 'gpt-7'. Known models: smollm2-135m"),
        ("", "endpoints.own.model"),
        ("good.gguf", ""),
        ("smollm2-135m", ""),
        ("qwen2.5-1.5b", ""),
    ],
)
def test_a_model_that_can_never_be_used_is_a_mistake(model: str, mistake: str, tmp_path: Path) -> None:
    (tmp_path / "folder.gguf").mkdir()
    os.mkfifo(tmp_path / "pipe.gguf")
    (tmp_path / "text.gguf").write_text("hello")
    (tmp_path / "good.gguf").write_bytes(GGUF)
    assert stat.S_ISFIFO((tmp_path / "pipe.gguf").stat().st_mode)
    config = write_config(tmp_path, f'[endpoints.own]\nprotocol = "embedded"\nmodel = "{model}"\n')
    result = pillion("config", "check", home=tmp_path, config=config)
    assert result.returncode == (2 if mistake else 0), result.stderr
    assert (mistake or "no mistakes") in result.stdout.replace("\n", " ")
    said = json.loads(pillion("config", "check", "--json", home=tmp_path, config=config).stdout)
    assert bool(said) is bool(mistake)


def test_live_says_how_each_endpoint_is(tmp_path: Path, large: FakeEngine) -> None:
    text = two_gpus_toml(large.url, "http://127.0.0.1:9") + (
        f'[endpoints.keyless]\nprotocol = "openai"\nurl = "{large.url}/v1"\nmodel = "large"\napi_key_env = "NO_SUCH_KEY"\n'
        f'[endpoints.other]\nprotocol = "ollama"\nurl = "{large.url}"\nmodel = "other"\n'
        '[endpoints.lost]\nprotocol = "ollama"\nurl = "http://me:hidden@no-such-host.invalid/?key=hidden"\nmodel = "m"\n'
    )
    config = write_config(tmp_path, text)
    plain = pillion("config", "check", home=tmp_path, config=config)
    assert (plain.returncode, "no mistakes" in plain.stdout) == (0, True)
    live = pillion("config", "check", "--live", home=tmp_path, config=config)
    assert live.returncode == 1, live.stderr
    lines = live.stdout.splitlines()
    words = " ".join(lines)
    assert "gpu0: ok" in lines
    assert "gpu1: unreachable. Nobody answers at http://127.0.0.1:9/v1" in words
    assert "keyless: key missing. The endpoint 'keyless' takes its key from NO_SUCH_KEY, which isn't set." in words
    assert "other: model missing. other doesn't have the model 'other'. Run: ollama pull other" in words
    assert "lost: unreachable. There is no machine with the name no-such-host.invalid" in words
    assert "hidden" not in live.stdout + live.stderr
    data = json.loads(pillion("config", "check", "--live", "--json", home=tmp_path, config=config).stdout)
    assert data["problems"] == []
    assert {each["endpoint"]: each["seen"] for each in data["endpoints"]} == {
        "gpu0": "ok",
        "gpu1": "unreachable",
        "keyless": "key missing",
        "other": "model missing",
        "lost": "unreachable",
    }
    assert large.log() == [], "no tokens are spent"


def test_live_is_content_where_all_is_well(tmp_path: Path, two_gpus: Path) -> None:
    live = pillion("config", "check", "--live", home=tmp_path, config=two_gpus)
    assert (live.returncode, live.stdout.splitlines()[-2:]) == (0, ["gpu0: ok", "gpu1: ok"])


def test_secrets_of_an_address_are_not_shown(tmp_path: Path) -> None:
    url = "http://me:hidden@127.0.0.1:9/v1?key=hidden&version=2"
    config = write_config(tmp_path, f'[endpoints.gpu0]\nprotocol = "openai"\nurl = "{url}"\nmodel = "m"\n')
    for arguments in (("show",), ("show", "--json"), ("check",), ("check", "--live"), ("check", "--live", "--json")):
        result = pillion("config", *arguments, home=tmp_path, config=config)
        assert "hidden" not in result.stdout + result.stderr, arguments
    asked = pillion("ask", "explain it", home=tmp_path, config=config)
    assert asked.returncode == 1
    assert "http://127.0.0.1:9/v1?key=…&version=…" in asked.stderr.replace("\n         ", " ")
    assert "hidden" not in asked.stderr


def test_ask_says_that_a_model_went_round_in_circles(tmp_path: Path, two_gpus: Path, small: FakeEngine) -> None:
    small.script(Rule("It is a list. ", fault=Fault("loop")))
    result = pillion("ask", "explain it", home=tmp_path, config=two_gpus)
    assert result.returncode == 0
    assert result.stdout.startswith("It is a list. It is a list.")
    assert "gpu1 repeated itself and was stopped after " in result.stderr
    data = json.loads(pillion("ask", "explain it", "--json", home=tmp_path, config=two_gpus).stdout)
    assert data["broken_off"].startswith("repeated itself and was stopped after ")
    small.script(Rule("one two three", fault=Fault("endless")))
    long = pillion("ask", "explain it", home=tmp_path, config=two_gpus)
    assert "gpu1 was cut off after 1,024 tokens." in long.stderr


def test_ask_goes_on_to_the_next_endpoint(tmp_path: Path, large: FakeEngine, small: FakeEngine) -> None:
    text = two_gpus_toml(large.url, small.url).replace('simple = ["gpu1"]', 'simple = ["gpu1", "gpu0"]')
    large.script(Rule("Like this."))
    for poor in (Rule(" \n"), Rule("", thinking="hm"), Rule("It is a list. ", fault=Fault("loop"))):
        small.script(poor)
        result = pillion("ask", "explain it", home=tmp_path, config=write_config(tmp_path, text))
        assert (result.returncode, result.stdout[-11:]) == (0, "Like this.\n")
        assert "gpu1 failed: gpu1 " in result.stderr
    keyed = text.replace('model = "small"', 'model = "small"\napi_key_env = "BAD_KEY"')
    for key, words in (("", "BAD_KEY, which isn't set"), ("sk-\u00e9t\u00e9", "not of ASCII")):
        result = pillion("ask", "explain it", home=tmp_path, config=write_config(tmp_path, keyed), BAD_KEY=key)
        assert (result.returncode, result.stdout) == (0, "Like this.\n")
        assert words in result.stderr.replace("\n", " ")
        assert "sk-" not in result.stderr


LANES = '[lanes]\nsimple = ["gpu0"]\ncomplex = ["gpu7"]\n'


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param("localhost:11434", "“http://” is missing: write “http://localhost:11434”", id="a name and a port"),
        pytest.param(
            "192.168.0.7:11434/v1", "“http://” is missing: write “http://192.168.0.7:11434/v1”", id="a number"
        ),
        pytest.param("gpu-box", "“http://” is missing: write “http://gpu-box”", id="a name"),
        pytest.param("[::1]:8080", "“http://” is missing: write “http://[::1]:8080”", id="IPv6"),
        pytest.param("me:secret@box:1", "“http://” is missing: write “http://", id="a password"),
        pytest.param("ftp://box", "must be an engine's address, such as “http://localhost:11434”", id="another scheme"),
        pytest.param("http://", "must be an engine's address", id="no host"),
        pytest.param("", "must be an engine's address", id="nothing"),
    ],
)
def test_an_address_that_is_none(url: str, said: str, tmp_path: Path) -> None:
    config = write_config(tmp_path, f'[endpoints.gpu0]\nprotocol = "ollama"\nurl = "{url}"\nmodel = "m"\n{LANES}')
    check = pillion("config", "check", "--live", home=tmp_path, config=config)
    assert check.returncode == 2
    assert f"endpoints.gpu0.url: {said}" in check.stdout
    assert "secret" not in check.stdout
    assert "lanes.complex: names the endpoint 'gpu7', which isn't configured (there are: gpu0)" in check.stdout
    assert "driver" not in check.stdout
    assert check.stdout.endswith("No engine was asked: none of yours can be used before this is mended.\n")
    data = json.loads(pillion("config", "check", "--live", "--json", home=tmp_path, config=config).stdout)
    assert (len(data["problems"]), data["endpoints"]) == (2, [])


def test_live_asks_those_that_have_no_mistake(tmp_path: Path, large: FakeEngine) -> None:
    broken = '[endpoints.gpu1]\nprotocol = "ollama"\nurl = "box:1"\nmodel = "m"\n'
    config = write_config(
        tmp_path, f'[endpoints.gpu0]\nprotocol = "ollama"\nurl = "{large.url}"\nmodel = "large"\n{broken}'
    )
    check = pillion("config", "check", "--live", home=tmp_path, config=config)
    assert check.returncode == 2
    assert check.stdout.splitlines()[1:] == ["gpu0: ok"]


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        pytest.param("[endpoints.gpu0\n", "(it can't be used: these are the defaults)", id="no TOML"),
        pytest.param("[hover]\nbuget_s = 1\n", "(without what is wrong)", id="one mistake"),
    ],
)
def test_a_file_with_mistakes_is_no_success(text: str, remark: str, tmp_path: Path) -> None:
    config = write_config(tmp_path, text)
    shown = pillion("config", "show", home=tmp_path, config=config)
    assert shown.returncode == 2
    assert shown.stdout.startswith(f"# {config} {remark}\n")
    assert str(config) in shown.stderr
    as_json = pillion("config", "show", "--json", home=tmp_path, config=config)
    assert (as_json.returncode, as_json.stderr) == (2, shown.stderr)
    json.loads(as_json.stdout)
