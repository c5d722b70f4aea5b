"""Reading the configuration: every mistake is named and costs only the setting it is in."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pillion.config.loading import Problem, load, user_config_file
from pillion.config.schema import Config
from pillion.tiers import Lane

README = """
[endpoints.gpu0]
protocol = "ollama"
url = "http://127.0.0.1:11434"
model = "qwen2.5:7b"
[endpoints.gpu1]
protocol = "ollama"
url = "http://127.0.0.1:11435"
model = "qwen2.5:1.5b"
[endpoints.cloud]
protocol = "openai"
url = "https://api.example.com/v1"
model = "big-model"
location = "cloud"
api_key_env = "EXAMPLE_API_KEY"
[lanes]
simple = ["gpu1", "gpu0"]
moderate = [["gpu0", "gpu1"]]
complex = ["gpu0", "cloud"]
audit = ["gpu1", "gpu0"]
hover = ["gpu1"]
"""
ENDPOINTS = README.split("[lanes]")[0]


def load_text(folder: Path, text: str | bytes, **more: Any) -> tuple[Config, list[Problem]]:
    file = folder / "config.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load({"PILLION_CONFIG": str(file), **more.pop("environ", {})}, **more)


def said(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.key, problem.message) for problem in problems]


def test_the_example_of_the_readme(tmp_path: Path) -> None:
    config, problems = load_text(tmp_path, README)
    assert problems == []
    assert str(config.endpoints["gpu1"].url) == "http://127.0.0.1:11435/"
    assert config.endpoints["cloud"].api_key_env == "EXAMPLE_API_KEY"
    assert config.lanes.of(Lane.COMPLEX) == (("gpu0",), ("cloud",))
    assert config.lanes.of(Lane.MODERATE) == (("gpu0", "gpu1"),)
    assert config.uses_cloud


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        pytest.param("[hover]\nbudgt_s = 3", "hover.budgt_s", "did you mean “budget_s”?", id="key"),
        pytest.param("[hovr]\nbudget_s = 3", "hovr", "did you mean “hover”?", id="table"),
        pytest.param("[lanes]\nsimpl = []", "lanes.simpl", "did you mean “simple”?", id="lane"),
        pytest.param(
            "[hover]\nxyzzy = 3", "hover.xyzzy", "known here: budget_s, enabled, max_tokens", id="nothing-near"
        ),
        pytest.param(
            f"{ENDPOINTS}num_ctxt = 1", "endpoints.cloud.num_ctxt", "did you mean “num_ctx”?", id="key-of-an-endpoint"
        ),
        pytest.param("[hover]\nbudget_s = -1", "hover.budget_s", "greater than 0", id="out-of-range"),
        pytest.param('[hover]\nenabled = "maybe"', "hover.enabled", "boolean", id="wrong-type"),
        pytest.param('hover = "x"', "hover", "must be a table, [hover]", id="no-table"),
        pytest.param("lanes = 3", "lanes", "must be a table, [lanes]", id="lanes-number"),
        pytest.param('lanes = ""', "lanes", "must be a table", id="lanes-falsy"),
        pytest.param("endpoints = [1]", "endpoints", "must be a table", id="endpoints-list"),
        pytest.param("endpoints = false", "endpoints", "must be a table", id="endpoints-falsy"),
        pytest.param(
            "[endpoints]\ngpu0 = 3", "endpoints.gpu0", "must be a table, [endpoints.gpu0]", id="endpoint-number"
        ),
        pytest.param('[lanes]\nsimple = "driver"', "lanes.simple", "list", id="lane-string"),
        pytest.param("[lanes]\nsimple = [1]", "lanes.simple.0", "an endpoint's name, or a list of names", id="entry"),
        pytest.param(
            '[lanes]\nsimple = ["driver", ["driver", 2]]', "lanes.simple.1", "a list of names", id="entry-of-a-pool"
        ),
        pytest.param(
            '[lanes]\nsimple = ["gpu7"]',
            "lanes.simple",
            "names the endpoint 'gpu7', which isn't configured (there are: driver, passenger)",
            id="unknown-endpoint",
        ),
        pytest.param(
            '[lanes]\nsimple = ["auditing"]', "lanes.simple", "is called 'passenger': write that", id="renamed"
        ),
        pytest.param(
            '[lanes]\ncomplex = [["drafting", "passenger"]]',
            "lanes.complex",
            "is called 'driver': write that",
            id="renamed-in-a-pool",
        ),
        pytest.param(
            f'{ENDPOINTS}[lanes]\nsimple = ["auditing"]', "lanes.simple", "isn't configured", id="no-default-endpoint"
        ),
        pytest.param(
            '[endpoints.x]\nprotocol = "embedded"\nurl = "http://x"',
            "endpoints.x",
            "has no url",
            id="embedded-with-url",
        ),
        pytest.param('[endpoints.x]\nprotocol = "openai"\nmodel = "m"', "endpoints.x", "needs a url", id="no-url"),
        pytest.param(
            '[endpoints.x]\nprotocol = "llama"',
            "endpoints.x.protocol",
            "'ollama', 'openai' or 'embedded'",
            id="protocol",
        ),
    ],
)
def test_a_mistake_names_its_place(tmp_path: Path, text: str, key: str, message: str) -> None:
    _, problems = load_text(tmp_path, text)
    assert any(problem.key == key and message in problem.message for problem in problems), problems
    assert {problem.source for problem in problems} == {str(tmp_path / "config.toml")}
    assert str(problems[0]).startswith(f"{tmp_path / 'config.toml'}: {problems[0].key}: ")
    assert problems[0].brief.startswith(f"config.toml: {problems[0].key}: ")


@pytest.mark.parametrize(
    ("key", "wrong", "missing"),
    [("model", "modle", "model"), ("protocol", "protocoll", "protocol")],
)
def test_a_misspelt_key_that_an_endpoint_needs(tmp_path: Path, key: str, wrong: str, missing: str) -> None:
    text = ENDPOINTS.replace(f"{key} =", f"{wrong} =", 1)
    config, problems = load_text(tmp_path, text)
    assert said(problems) == [
        (f"endpoints.gpu0.{wrong}", f"unknown key; did you mean “{key}”?"),
        ("endpoints.gpu0", f"'{missing}' is missing"),
    ]
    assert list(config.endpoints) == ["gpu1", "cloud"]


def test_a_mistake_costs_only_its_setting(tmp_path: Path) -> None:
    config, problems = load_text(tmp_path, f"hovr = 1\n{README}[hover]\nbudget_s = 5\nmax_tokens = 0\n")
    assert [problem.key for problem in problems] == ["hovr", "hover.max_tokens"]
    assert (config.hover.budget_s, config.hover.max_tokens) == (5, 120)
    assert list(config.endpoints) == ["gpu0", "gpu1", "cloud"]


def test_a_broken_endpoint_is_one_mistake_and_not_one_for_each_lane(tmp_path: Path) -> None:
    config, problems = load_text(tmp_path, README.replace('"ollama"', '"olama"', 1))
    assert [problem.key for problem in problems] == ["endpoints.gpu0.protocol"]
    assert config.lanes.of(Lane.SIMPLE) == (("gpu1",),)
    assert config.lanes.of(Lane.COMPLEX) == (("cloud",),)


def test_every_unknown_endpoint_is_said(tmp_path: Path) -> None:
    config, problems = load_text(tmp_path, f'{ENDPOINTS}[lanes]\nsimple = ["a", ["gpu0", "b"]]\nhover = ["c"]\n')
    assert [(problem.key, problem.message.split("'")[1]) for problem in problems] == [
        ("lanes.simple", "a"),
        ("lanes.simple", "b"),
        ("lanes.hover", "c"),
    ]
    assert config.lanes.of(Lane.SIMPLE) == (("gpu0",),)
    # A lane that lost all of its entries is as if it hadn't been written, and the cloud isn't used for that.
    assert config.lanes.of(Lane.HOVER) == (("gpu1",), ("gpu0",))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("[hover", "isn't TOML", id="not-toml"),
        pytest.param("a = 1\na = 2", "isn't TOML", id="twice"),
        pytest.param("a = " + "9" * 5000, "isn't TOML", id="huge-number"),
        pytest.param("a = " + "[" * 5000, "nested too deeply", id="deep"),
        pytest.param(b"# \xe9\n", "isn't UTF-8 (byte 2 is 0xe9)", id="latin-1"),
        pytest.param("[hover]\n".encode("utf-16"), "isn't UTF-8 (byte 0 is 0xff)", id="utf-16"),
    ],
)
def test_a_file_that_cant_be_read_is_said_and_left_out(tmp_path: Path, content: str | bytes, message: str) -> None:
    config, problems = load_text(tmp_path, content)
    assert len(problems) == 1
    assert message in problems[0].message
    assert config == Config()


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    config, problems = load_text(tmp_path, "\ufeff[hover]\nbudget_s = 5")
    assert (problems, config.hover.budget_s) == ([], 5)


def test_a_missing_file_is_a_mistake_only_where_it_was_named(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.toml")
    assert load({"PILLION_CONFIG": missing})[1] == [
        Problem(missing, "", "PILLION_CONFIG names this file, and it doesn't exist")
    ]
    assert load({"PILLION_CONFIG": str(tmp_path)})[1][0].message.startswith("can't be read")


@pytest.mark.parametrize("name", ["HOME", "XDG_CONFIG_HOME"])
def test_no_file_and_an_empty_variable_are_no_mistakes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv(name, str(tmp_path))
    assert load({"PILLION_CONFIG": ""}) == (Config(), [])
    assert load({}) == (Config(), [])


def test_a_home_that_isnt_there_is_a_missing_file() -> None:
    assert user_config_file({"PILLION_CONFIG": "~nobody-here/c.toml"}) == Path("~nobody-here/c.toml")
    assert load({"PILLION_CONFIG": "~nobody-here/c.toml"})[1][0].message.endswith("it doesn't exist")


ATTEMPTS: dict[str, dict[str, Any]] = {
    "endpoints": {"evil": {"protocol": "openai", "url": "http://evil.example/v1", "model": "m"}},
    "lanes": {"simple": ["cloud"]},
}


@pytest.mark.parametrize("key", ATTEMPTS)
def test_only_the_users_file_sets_endpoints_and_lanes(tmp_path: Path, key: str) -> None:
    expected = load_text(tmp_path, README)[0]
    (tmp_path / ".pillion.toml").write_text(f"{key} = {toml(ATTEMPTS[key])}")
    for more, source in (
        ({"workspace": tmp_path}, str(tmp_path / ".pillion.toml")),
        ({"editor_settings": {key: ATTEMPTS[key]}}, "the editor's settings"),
        ({"environ": {f"PILLION_{key.upper()}__SIMPLE": "cloud"}}, "the environment"),
        ({"environ": {f"PILLION_{key.upper()}": "cloud"}}, "the environment"),
    ):
        config, problems = load_text(tmp_path, README, **more)
        assert config == expected
        assert [(problem.source, problem.key) for problem in problems] == [(source, key)]
        assert "only your own configuration file" in problems[0].message


def test_the_nearer_preference_wins(tmp_path: Path) -> None:
    (tmp_path / ".pillion.toml").write_text("hover = {budget_s = 2, max_tokens = 20}\naudit = {budget_s = 2}")
    config, problems = load_text(
        tmp_path,
        "hover = {budget_s = 1, max_tokens = 10, enabled = false}\naudit = {budget_s = 1}\nlimits = {max_document_lines = 1}",
        workspace=tmp_path,
        editor_settings={"hover": {"budget_s": 3}, "audit": {"budget_s": 3}},
        environ={"PILLION_AUDIT__BUDGET_S": "4"},
    )
    assert problems == []
    assert (config.limits.max_document_lines, config.hover.enabled) == (1, False)
    assert (config.hover.max_tokens, config.hover.budget_s, config.audit.budget_s) == (20, 3, 4)


@pytest.mark.parametrize(
    ("environ", "key", "message"),
    [
        pytest.param({"PILLION_HOVER__BUDGT_S": "3"}, "hover.budgt_s", "did you mean “budget_s”?", id="key"),
        pytest.param({"PILLION_HOVER__BUDGET_S": "soon"}, "hover.budget_s", "number", id="no-number"),
        pytest.param({"PILLION_HOVER": "off"}, "hover", "must be a table", id="no-key"),
        pytest.param({"PILLION_HOVER": "off", "PILLION_HOVER__BUDGET_S": "3"}, "hover", "must be a table", id="both"),
        pytest.param({"PILLION_HOVER__BUDGET_S": "3", "PILLION_HOVER": "off"}, "hover", "must be a table", id="both-2"),
        pytest.param({"PILLION_HOVR__BUDGET_S": "3"}, "hovr", "did you mean “hover”?", id="section"),
        pytest.param({"PILLION_": "3"}, "", "unknown key", id="no-name"),
    ],
)
def test_mistakes_in_the_environment(environ: dict[str, str], key: str, message: str, tmp_path: Path) -> None:
    config, problems = load_text(tmp_path, "", environ=environ)
    assert [(problem.source, problem.key) for problem in problems] == [("the environment", key)]
    assert message in problems[0].message
    good = len([name for name in environ if environ[name] == "3" and "HOVER__BUDGET_S" in name])
    assert config.hover.budget_s == (3 if good else 8)


def test_variables_that_are_no_settings_are_left_alone(tmp_path: Path) -> None:
    environ = {"PILLION_MODEL_DIR": "/x", "PILLION_LOG": "debug", "PATH": "/bin"}
    assert load_text(tmp_path, "", environ=environ) == (Config(), [])


def test_an_editors_nulls_are_settings_left_alone(tmp_path: Path) -> None:
    settings_of_editor = {"hover": None, "audit": {"budget_s": None, "enabled": False}}
    config, problems = load_text(tmp_path, "[hover]\nbudget_s = 5", editor_settings=settings_of_editor)
    assert problems == []
    assert (config.hover.budget_s, config.audit.budget_s, config.audit.enabled) == (5, 30, False)


def test_an_editors_settings_stay_as_they_are(tmp_path: Path) -> None:
    settings_of_editor = {"hover": {"budgt_s": 3, "budget_s": 4}}
    config, problems = load_text(tmp_path, "", editor_settings=settings_of_editor)
    assert (config.hover.budget_s, len(problems)) == (4, 1)
    assert settings_of_editor == {"hover": {"budgt_s": 3, "budget_s": 4}}


def toml(value: Any) -> str:
    """`value` as TOML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {toml(each)}' for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


TABLES = ["endpoints", "lanes", "hover", "audit", "limits", "embedded", "simple", "gpu0"]
KEYS = ["protocol", "url", "model", "location", "budget_s", "enabled", "keep_alive"]
# The last three are what pydantic puts into the places of mistakes in unions.
NAMES = st.sampled_from([*TABLES, *KEYS, "ollama", "cloud", "str", "list[str]", "0"])
GARBAGE = st.recursive(
    NAMES | st.integers(-1, 9) | st.booleans() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
ALMOST = st.fixed_dictionaries(
    {},
    optional={
        "endpoints": GARBAGE | st.dictionaries(NAMES, st.just({"protocol": "embedded"}) | GARBAGE, max_size=3),
        "lanes": GARBAGE | st.dictionaries(NAMES, st.lists(NAMES | st.lists(NAMES)) | GARBAGE, max_size=3),
        "hover": GARBAGE | st.dictionaries(NAMES, GARBAGE, max_size=3),
        "hovr": GARBAGE,
    },
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=ALMOST)
def test_whatever_is_written_a_configuration_comes_of_it(tmp_path: Path, data: dict[str, Any]) -> None:
    text = "\n".join(f"{key} = {toml(value)}" for key, value in data.items())
    (tmp_path / ".pillion.toml").write_text(text)
    config, problems = load_text(tmp_path, text, workspace=tmp_path, editor_settings=data)
    assert {name for lane in Lane for pool in config.lanes.of(lane) for name in pool} <= config.endpoints.keys()
    assert {"endpoints", "lanes", "hovr"} & data.keys() <= {problem.key for problem in problems}


def test_many_mistakes_are_found_in_a_moment(tmp_path: Path) -> None:
    # A workspace's file is somebody else's: one validation for each mistake took minutes.
    (tmp_path / ".pillion.toml").write_text("[hover]\n" + "\n".join(f"key{n} = 1" for n in range(499)))
    assert len(load_text(tmp_path, "", workspace=tmp_path)[1]) == 51, "the first fifty, and how many more"


@pytest.mark.parametrize(
    ("where", "review"),
    [("workspace", "whenFlagged"), ("editor", "never"), ("user", "never"), ("environment", "never")],
)
def test_a_workspace_cannot_say_which_edits_wait(tmp_path: Path, where: str, review: str) -> None:
    settings = 'review = "never"\n'
    (tmp_path / ".pillion.toml").write_text(settings if where == "workspace" else "")
    config, problems = load_text(
        tmp_path,
        settings if where == "user" else "",
        environ={"PILLION_REVIEW": "never"} if where == "environment" else {},
        workspace=tmp_path,
        editor_settings={"review": "never"} if where == "editor" else {},
    )
    assert config.review == review
    assert [problem.key for problem in problems] == (["review"] if where == "workspace" else [])


@pytest.mark.parametrize(("where", "heard"), [("workspace", "measured"), ("editor", "always"), ("user", "always")])
def test_a_workspace_cannot_say_whose_findings_are_heard(tmp_path: Path, where: str, heard: str) -> None:
    settings = "[audit]\nfindings = 'always'\nbudget_s = 2\n"
    (tmp_path / ".pillion.toml").write_text(settings if where == "workspace" else "")
    (tmp_path / "user.toml").write_text(settings if where == "user" else "")
    config, problems = load(
        {"PILLION_CONFIG": str(tmp_path / "user.toml")},
        workspace=tmp_path,
        editor_settings={"audit": {"findings": "always"}} if where == "editor" else {},
    )
    assert config.audit.findings == heard
    assert [problem.key for problem in problems] == (["audit.findings"] if where == "workspace" else [])


@pytest.mark.parametrize("users", [True, False])
@pytest.mark.parametrize("where", ["workspace", "editor", "environment"])
def test_a_workspace_cannot_say_whether_drafts_are_run(tmp_path: Path, where: str, users: bool) -> None:
    other = str(not users).lower()
    (tmp_path / ".pillion.toml").write_text(f"[sandbox]\nenabled = {other}\n" if where == "workspace" else "")
    config, problems = load_text(
        tmp_path,
        f"[sandbox]\nenabled = {str(users).lower()}\n",
        environ={"PILLION_SANDBOX__ENABLED": other} if where == "environment" else {},
        workspace=tmp_path,
        editor_settings={"sandbox": {"enabled": not users}} if where == "editor" else {},
    )
    assert config.sandbox.enabled == (users if where == "workspace" else not users)
    assert [problem.key for problem in problems] == (["sandbox.enabled"] if where == "workspace" else [])
