"""Engines' answers about likelihoods, and which token stands where: pure functions, tables of what may come."""

import json
import math
from typing import Any

import pytest

from pillion.backends.chat_request import Message
from pillion.backends.likelihood import Choice, LikelihoodRequest
from pillion.backends.llamacpp_likelihoods import completion_choices, prompt_tokens
from pillion.backends.openai_likelihoods import echoed_positions, prompt_positions, root_of
from pillion.backends.token_places import TokenPlaces

PLACES = {
    "its own token": (["if", " a", " <=", " b"], "if a <= b", 5, " <="),
    "the second character of a token": (["if", " a", " <=", " b"], "if a <= b", 6, " <="),
    "the first token": (["if", " a"], "if a", 0, "if"),
    "behind a template": (["<|user|>\n", "a", "<", "b", "<|end|>"], "a<b", 1, "<"),
    "the last of several places": (["a<b", "\n", "a", "<", "b"], "a<b", 1, "<"),
    "white space that the template has stripped": (["a", " <", " b"], "\n a < b \n", 4, " <"),
    "characters of several bytes": (["é", " <", " ☃"], "é < ☃", 2, " <"),
}


@pytest.mark.parametrize(("tokens", "text", "place", "written"), PLACES.values(), ids=PLACES)
def test_which_token_stands_at_a_place(tokens: list[str], text: str, place: int, written: str) -> None:
    places = TokenPlaces([each.encode() for each in tokens], text)
    assert places.found
    assert places.written(places.token_at(place)) == written


def test_tokens_with_a_part_of_a_character() -> None:
    snowman = "☃".encode()
    places = TokenPlaces([b"a", snowman[:1], snowman[1:], b"<"], "a☃<")
    assert [places.token_at(place) for place in (0, 1, 2)] == [0, 1, 3]
    assert places.written(1) == "\ufffd"


@pytest.mark.parametrize(("tokens", "text"), [(["a", "<"], "a <"), ([], "a"), (["a"], ""), (["a"], " ")])
def test_tokens_that_are_another_text(tokens: list[str], text: str) -> None:
    assert not TokenPlaces([each.encode() for each in tokens], text).found


@pytest.mark.parametrize("places", [(2, 1), (1, 1)])
def test_places_ascend(places: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="ascend"):
        LikelihoodRequest((Message("user", "abc"),), places)


TOKENS: dict[str, tuple[Any, list[tuple[int, bytes]]]] = {
    "tokens": ({"tokens": [{"id": 1, "piece": "a"}, {"id": 2, "piece": [226, 152]}]}, [(1, b"a"), (2, b"\xe2\x98")]),
    "without pieces": ({"tokens": [1, 2]}, []),
    "no number": ({"tokens": [{"id": "1", "piece": "a"}]}, []),
    "no bytes": ({"tokens": [{"id": 1, "piece": [256]}]}, []),
    "something else": ({"tokens": {"a": 1}}, []),
    "nothing": ({}, []),
}


@pytest.mark.parametrize(("answer", "tokens"), TOKENS.values(), ids=TOKENS)
def test_tokens_of_llamacpp(answer: dict[str, Any], tokens: list[tuple[int, bytes]]) -> None:
    assert prompt_tokens(answer) == tokens


def top(*entries: object) -> dict[str, Any]:
    return {"completion_probabilities": [{"id": 1, "top_logprobs": list(entries)}]}


CHOICES: dict[str, tuple[Any, list[tuple[str, float]]]] = {
    "choices": (top({"token": "b", "logprob": -2}, {"token": "a", "logprob": -0.5}), [("a", -0.5), ("b", -2.0)]),
    "not a number": (top({"token": "a", "logprob": math.nan}, {"token": "b", "logprob": "1"}, {"token": "c"}), []),
    "no probability": (top({"token": "a", "logprob": 5}, {"token": "b", "logprob": True}), []),
    "half a character": (top({"token": "\ud83d", "logprob": -1.0}), [("\ufffd", -1.0)]),
    "something else": ({"completion_probabilities": [[1]]}, []),
    "an older server's": ({"completion_probabilities": [{"content": "a", "probs": [{"tok_str": "a", "prob": 1}]}]}, []),
    "nothing": ({"content": "a"}, []),
}


@pytest.mark.parametrize(("answer", "choices"), CHOICES.values(), ids=CHOICES)
def test_choices_of_llamacpp(answer: dict[str, Any], choices: list[tuple[str, float]]) -> None:
    assert [(each.text, each.logprob) for each in completion_choices(json.loads(json.dumps(answer)))] == choices


def entry(text: str, logprob: float) -> dict[str, Any]:
    return {"logprob": logprob, "rank": 1, "decoded_token": text}


def test_positions_of_vllm() -> None:
    listed = [None, {"7": entry(" <", -4.0), "3": entry(" <=", -0.1)}, {"1": {"logprob": 1}}, 5]
    assert prompt_positions({"prompt_logprobs": listed}) == [
        ("", ()),
        (" <", (Choice(" <=", -0.1), Choice(" <", -4.0))),
        ("", ()),
        ("", ()),
    ]
    assert prompt_positions({"prompt_logprobs": None}) == prompt_positions({}) == []


def test_positions_of_an_echo() -> None:
    logprobs = {"tokens": ["a", " <"], "top_logprobs": [None, {" <=": -0.1, " <": -4.0, "x": None}]}
    assert echoed_positions({"choices": [{"logprobs": logprobs}]}) == [
        ("a", ()),
        (" <", (Choice(" <=", -0.1), Choice(" <", -4.0))),
    ]


@pytest.mark.parametrize("choices", [[], [{}], [{"logprobs": None}], [{"logprobs": {"content": []}}], [[]], "x"])
def test_no_echo(choices: object) -> None:
    assert echoed_positions({"choices": choices}) == []


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("http://a:1/v1", "http://a:1"),
        ("http://a:1/v1/", "http://a:1"),
        ("http://a:1/b/v1?c=d", "http://a:1/b?c=d"),
        ("http://a:1", "http://a:1"),
    ],
)
def test_the_root_of_an_address(url: str, root: str) -> None:
    assert root_of(url) == root
