"""Which of the models that engines have are chosen."""

import pytest

from pillion.backends.model_listing import ListedModel
from pillion.config.schema import Protocol
from pillion.pool.discovery.model_choice import Candidate, can_be_used, chosen, named_parameters_b
from pillion.pool.discovery.usual_places import UsualPlace

GB = 10**9
PLACES = {
    "a": UsualPlace("ollama", "Ollama", Protocol.OLLAMA, 11434),
    "b": UsualPlace("ollama2", "Ollama", Protocol.OLLAMA, 11435),
}


@pytest.mark.parametrize(
    ("name", "parameters_b"),
    [
        ("qwen2.5-coder:7b", 7.0),
        ("qwen2.5-coder:7b-instruct-q4_K_M", 7.0),
        ("Qwen/Qwen2.5-Coder-32B-Instruct-AWQ", 32.0),
        ("qwen2.5-coder-1.5b-instruct-q4_k_m.gguf", 1.5),
        ("smollm2:135m", 0.135),
        ("mixtral:8x7b", 56.0),
        ("qwen3-coder:30b-a3b-q4_K_M", 30.0),
        ("gemma3n:e4b", 4.0),
        ("gpt-oss:20b", 20.0),
        ("deepseek-coder-v2:16b", 16.0),
        ("meta-llama_Llama-3.2-3B", 3.0),
        ("codellama:latest", 0.0),
        ("phi4", 0.0),
        ("model-q4b", 0.0),
        ("2bits-model", 0.0),
        ("", 0.0),
    ],
)
def test_a_name_says_how_large_it_is(name: str, parameters_b: float) -> None:
    assert named_parameters_b(name) == pytest.approx(parameters_b)


@pytest.mark.parametrize(
    ("model", "usable"),
    [
        (ListedModel("qwen2.5-coder:7b"), True),
        (ListedModel("llama3.1:8b"), True),
        (ListedModel("codestral:22b"), True),
        (ListedModel("gpt-oss:20b"), True),
        (ListedModel("nomic-embed-text:latest"), False),
        (ListedModel("mxbai-embed-large"), False),
        (ListedModel("bge-m3"), False),
        (ListedModel("snowflake-arctic-embed2"), False),
        (ListedModel("all-minilm:33m"), False),
        (ListedModel("BAAI/bge-reranker-v2-m3"), False),
        (ListedModel("whisper-large-v3"), False),
        (ListedModel("llama-guard3:8b"), False),
        (ListedModel("starcoder2:3b"), False),
        (ListedModel("qwen2.5-coder:7b-base"), False),
        (ListedModel("text-thing", chats=False), False),
        (ListedModel("gpt-oss:120b-cloud"), False),
        (ListedModel("qwen3-coder:480b-cloud"), False),
        (ListedModel("deepseek-v3.1:671b", remote=True), False),
    ],
    ids=lambda each: each.name if isinstance(each, ListedModel) else "",
)
def test_only_models_of_this_machine_that_chat_are_used(model: ListedModel, usable: bool) -> None:
    assert can_be_used(model) is usable


@pytest.mark.parametrize(
    ("models", "memory_gb", "large", "small"),
    [
        # (place, name, bytes)
        ([("a", "qwen2.5-coder:7b"), ("a", "qwen2.5-coder:1.5b")], 32, "a qwen2.5-coder:7b", "a qwen2.5-coder:1.5b"),
        ([("a", "qwen2.5-coder:7b"), ("b", "qwen2.5-coder:1.5b")], 32, "a qwen2.5-coder:7b", "b qwen2.5-coder:1.5b"),
        ([("a", "qwen2.5-coder:1.5b"), ("b", "qwen2.5-coder:7b")], 32, "b qwen2.5-coder:7b", "a qwen2.5-coder:1.5b"),
        # both engines have both models: each has one of them to itself
        (
            [(place, f"qwen2.5-coder:{size}") for place in "ab" for size in ("1.5b", "7b")],
            32,
            "a qwen2.5-coder:7b",
            "b qwen2.5-coder:1.5b",
        ),
        # coders before others of any common size, the larger before the smaller
        (
            [("a", "llama3.1:8b"), ("a", "qwen2.5-coder:7b"), ("a", "llama3.2:3b")],
            32,
            "a qwen2.5-coder:7b",
            "a llama3.2:3b",
        ),
        ([("a", "qwen2.5-coder:14b"), ("a", "qwen2.5-coder:32b")], 64, "a qwen2.5-coder:32b", "a qwen2.5-coder:14b"),
        # a large model for talk before a tiny one for code
        ([("a", "qwen2.5-coder:0.5b"), ("a", "llama3.1:8b")], 32, "a llama3.1:8b", "a qwen2.5-coder:0.5b"),
        # too large for the machine, or for anybody's patience
        (
            [("a", "qwen2.5-coder:32b", 20), ("a", "qwen2.5-coder:7b", 5)],
            16,
            "a qwen2.5-coder:7b",
            "a qwen2.5-coder:7b",
        ),
        ([("a", "llama3.3:70b"), ("a", "qwen2.5-coder:7b")], None, "a qwen2.5-coder:7b", "a qwen2.5-coder:7b"),
        ([("a", "llama3.3:70b", 40)], 16, "a llama3.3:70b", "a llama3.3:70b"),
        # who thinks at length isn't the small one if another can be it
        (
            [("a", "qwen2.5-coder:7b"), ("a", "deepseek-r1:1.5b"), ("a", "llama3.2:1b")],
            32,
            "a qwen2.5-coder:7b",
            "a llama3.2:1b",
        ),
        # one model, on one engine or on two
        ([("a", "codellama:latest")], 32, "a codellama:latest", "a codellama:latest"),
        ([("a", "codellama:7b"), ("b", "codellama:7b")], 32, "a codellama:7b", "b codellama:7b"),
        ([("a", "nomic-embed-text"), ("a", "llama3.2:3b")], 32, "a llama3.2:3b", "a llama3.2:3b"),
    ],
)
def test_the_choice(
    models: list[tuple[str, str] | tuple[str, str, int]], memory_gb: int | None, large: str, small: str
) -> None:
    candidates = [
        Candidate(PLACES[each[0]], ListedModel(each[1], size_bytes=each[2] * GB if len(each) > 2 else None))
        for each in models
    ]
    found = chosen(candidates, None if memory_gb is None else memory_gb * GB)
    assert found is not None
    key = {place.port: name for name, place in PLACES.items()}
    assert f"{key[found.large.place.port]} {found.large.model.name}" == large
    assert f"{key[found.small.place.port]} {found.small.model.name}" == small


def test_nothing_to_choose_from() -> None:
    assert chosen([], None) is None
    assert chosen([Candidate(PLACES["a"], ListedModel("nomic-embed-text"))], None) is None
