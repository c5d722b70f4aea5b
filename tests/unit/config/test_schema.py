"""The configuration's shape: what it says when nothing, or little, is written, and what it refuses."""

from typing import Any

import pytest
from pydantic import ValidationError

from pillion.config.schema import (
    DEFAULT_MODEL,
    Config,
    EndpointConfig,
    LimitsConfig,
    Location,
    Preferences,
    Protocol,
    without_secrets,
)
from pillion.tiers import Lane

GPU = {"protocol": "ollama", "url": "http://127.0.0.1:11434", "model": "m"}
CLOUD = {"protocol": "openai", "url": "https://api.example.com/v1", "model": "big", "location": "cloud"}
EMBEDDED = {"protocol": "embedded"}


def lanes(config: Config) -> dict[str, tuple[tuple[str, ...], ...]]:
    return {lane.value: config.lanes.of(lane) for lane in Lane}


def test_no_configuration_means_two_embedded_engines() -> None:
    config = Config()
    assert list(config.endpoints) == ["driver", "passenger"]
    assert {each.protocol for each in config.endpoints.values()} == {Protocol.EMBEDDED}
    assert {each.model for each in config.endpoints.values()} == {DEFAULT_MODEL}
    assert lanes(config) == {
        "simple": (("passenger",), ("driver",)),
        "moderate": (("driver",), ("passenger",)),
        "complex": (("driver",),),
        "audit": (("passenger",), ("driver",)),
        "hover": (("passenger",),),
    }
    assert not config.uses_cloud


@pytest.mark.parametrize("empty", [{}, {"endpoints": {}}, {"lanes": {}}, {"endpoints": {}, "lanes": {}}])
def test_empty_tables_are_no_configuration(empty: dict[str, Any]) -> None:
    assert Config.model_validate(empty) == Config()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            {"endpoints": {"large": GPU, "small": GPU}},
            {
                "simple": ["small", "large"],
                "moderate": ["large", "small"],
                "complex": ["large", "small"],
                "audit": ["small", "large"],
                "hover": ["small", "large"],
            },
            id="file-order",
        ),
        pytest.param(
            {"endpoints": {"large": GPU, "small": GPU}, "lanes": {"complex": ["small"], "audit": []}},
            {
                "simple": ["small", "large"],
                "moderate": ["large", "small"],
                "complex": ["small"],
                "audit": [],
                "hover": ["small", "large"],
            },
            id="some-left-out",
        ),
        pytest.param(
            {"endpoints": {"cloud": CLOUD, "own": GPU}},
            {lane.value: ["own"] for lane in Lane},
            id="cloud-only-where-listed",
        ),
        pytest.param(
            {"endpoints": {"cloud": CLOUD}},
            {lane.value: [] for lane in Lane},
            id="cloud-alone-is-not-listed-either",
        ),
        pytest.param(
            {"lanes": {"hover": []}},
            {
                "simple": ["passenger", "driver"],
                "moderate": ["driver", "passenger"],
                "complex": ["driver"],
                "audit": ["passenger", "driver"],
                "hover": [],
            },
            id="default-endpoints-own-lane",
        ),
    ],
)
def test_lanes_left_out(data: dict[str, Any], expected: dict[str, list[str]]) -> None:
    config = Config.model_validate(data)
    assert lanes(config) == {lane: tuple((name,) for name in names) for lane, names in expected.items()}
    assert not config.uses_cloud


def test_an_inner_list_is_a_pool() -> None:
    config = Config.model_validate(
        {"endpoints": {"a": GPU, "b": GPU, "c": GPU}, "lanes": {"simple": [["a", "b"], "c"]}}
    )
    assert config.lanes.of(Lane.SIMPLE) == (("a", "b"), ("c",))


@pytest.mark.parametrize("lane", [lane.value for lane in Lane])
@pytest.mark.parametrize("entry", ["cloud", ["own", "cloud"]], ids=["alone", "in-a-pool"])
def test_a_lane_that_lists_the_cloud_uses_it(lane: str, entry: object) -> None:
    config = Config.model_validate({"endpoints": {"own": GPU, "cloud": CLOUD}, "lanes": {lane: [entry]}})
    assert config.uses_cloud
    assert [other for other in Lane if "cloud" in str(config.lanes.of(other))] == [Lane(lane)]


@pytest.mark.parametrize(
    ("endpoint", "message"),
    [
        pytest.param({**EMBEDDED, "url": "http://x"}, "has no url", id="embedded-with-url"),
        pytest.param({**EMBEDDED, "location": "cloud"}, "always local", id="embedded-cloud"),
        pytest.param({"protocol": "ollama", "model": "m"}, "needs a url", id="ollama-without-url"),
        pytest.param({"protocol": "openai", "model": "m"}, "needs a url", id="openai-without-url"),
        pytest.param({"protocol": "ollama", "url": "http://x"}, "model\n  Field required", id="no-model"),
        pytest.param({**GPU, "protocol": "olama"}, "'ollama', 'openai' or 'embedded'", id="protocol"),
        pytest.param({**GPU, "location": "Cloud"}, "'local' or 'cloud'", id="location"),
        pytest.param({**GPU, "url": "127.0.0.1:11434"}, "valid URL", id="url-without-scheme"),
        pytest.param({**GPU, "url": "file:///etc/passwd"}, "scheme", id="url-of-a-file"),
        pytest.param({**GPU, "model": ""}, "at least 1 character", id="empty-model"),
        pytest.param({**GPU, "num_ctx": 511}, "greater than or equal to 512", id="tiny-context"),
        pytest.param({**GPU, "slots": 0}, "greater than 0", id="no-slots"),
        pytest.param({**GPU, "stall_timeout_s": float("nan")}, "greater than 0", id="nan"),
        pytest.param({**GPU, "temperature": 2.1}, "less than or equal to 2", id="hot"),
        pytest.param({**GPU, "modle": "m"}, "modle\n  Extra inputs", id="unknown-key"),
    ],
)
def test_an_endpoint_that_makes_no_sense(endpoint: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message.replace("(", r"\(")):
        EndpointConfig.model_validate(endpoint)


@pytest.mark.parametrize(
    ("endpoint", "budget"),
    [
        pytest.param(EMBEDDED, 400, id="embedded"),
        pytest.param(GPU, 1500, id="ollama"),
        pytest.param({**EMBEDDED, "surroundings_tokens": 7}, 7, id="embedded-chosen"),
        pytest.param({**GPU, "surroundings_tokens": 0}, 0, id="ollama-none"),
    ],
)
def test_surroundings(endpoint: dict[str, Any], budget: int) -> None:
    assert EndpointConfig.model_validate(endpoint).surroundings_budget_tokens == budget


def test_a_lane_must_name_endpoints_that_are_there() -> None:
    with pytest.raises(ValidationError, match=r"lanes.hover names the endpoint 'gpu9'.*\(there are: gpu0\)"):
        Config.model_validate({"endpoints": {"gpu0": GPU}, "lanes": {"hover": ["gpu9"]}})


def test_preferences_hold_neither_endpoints_nor_lanes() -> None:
    assert Config.model_fields.keys() - Preferences.model_fields.keys() == {"endpoints", "lanes", "models"}


def test_code_stays_on_own_machines_unless_said_otherwise() -> None:
    assert EndpointConfig.model_validate(GPU).location is Location.LOCAL


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://127.0.0.1:11434/", "http://127.0.0.1:11434/"),
        ("http://me:secret@host/v1", "http://host/v1"),
        ("https://host/v1?key=secret", "https://host/v1?key=…"),
        ("https://host/v1?api-version=1&key=secret&flag", "https://host/v1?api-version=…&key=…&…"),
        ("https://host/v1?secret", "https://host/v1?…"),
        ("https://host/v1?a=b=secret&&", "https://host/v1?a=…"),
        ("https://host/v1#secret", "https://host/v1#…"),
        ("https://me:secret@host/v1?k=secret#secret", "https://host/v1?k=…#…"),
        ("http://[::1]:8080/v1?k=secret", "http://[::1]:8080/v1?k=…"),
        ("http://[secret", "…"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, shown: str) -> None:
    assert without_secrets(url) == shown


def test_each_lane_has_a_time_for_an_answer() -> None:
    limits = LimitsConfig(simple_s=1, moderate_s=2, complex_s=3, audit_s=4)
    assert {lane.value: limits.answer_s(lane) for lane in Lane} == {
        "simple": 1,
        "moderate": 2,
        "complex": 3,
        "audit": 4,
        "hover": 1,
    }
