"""Thoughts and the tokens of chat templates are no part of a reply, however the stream is cut."""

import pytest

from pillion.text.thoughts import ThoughtFilter, extract_prose, without_thoughts

CASES = {
    "tags": ("<think>a</think>\nb", "b"),
    "other tags": ("<thinking>a\n</thinking>b\n<reflection>c</reflection>d", "b\nd"),
    "upper case": ("<THINK>a</Think>b", "b"),
    "Seed": ("<seed:think>a</seed:think>b", "b"),
    "Mistral": ("[THINK]a [b][/THINK]c", "c"),
    "Kimi": ("◁think▷a◁/think▷b", "b"),
    "Cohere": ("<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>b<|END_RESPONSE|>", "b"),
    "OpenThinker": ("<|begin_of_thought|>a<|end_of_thought|>\n\n<|begin_of_solution|>b<|end_of_solution|>", "\nb"),
    "harmony": ("<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b<|return|>", "b"),
    "harmony, straight on": ("<|channel|>analysis<|message|>a<|channel|>final<|message|>b", "b"),
    "harmony, a remark": (
        "<|channel|>commentary<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b", "b",
    ),
    "never closed": ("<think>a\n```\nb\n```", ""),
    "the end of a turn": ("b<|im_end|>", "b"),
    "ends and white space": ("b\n</s>\n<|endoftext|>\n", "b\n"),
    "the beginning of a turn": ("<|im_start|>assistant\nb<｜end▁of▁sentence｜>", "\nb"),
    "a byte order mark": ("\ufeffb", "b"),
    "the end of a turn in the text": ("a<|im_end|>\nb", "a<|im_end|>\nb"),
    "in a sentence": ("It uses <think> and </s> tags.", "It uses <think> and </s> tags."),
    "in fenced code": ("```\na\n<think>\nb\n</think>\n```\n", "```\na\n<think>\nb\n</think>\n```\n"),
    "before fenced code": ("```\n<think>b</think>\na\n```\n", "```\na\n```\n"),
    "half a mark": ("<thin", "<thin"),
    "less than": ("if a <", "if a <"),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "left"), CASES.values(), ids=CASES)
def test_thoughts_are_dropped(reply: str, left: str) -> None:
    for size in (1, 2, 3, 7, 1000):
        stream = ThoughtFilter()
        pieces = [reply[at : at + size] for at in range(0, len(reply), size)]
        assert "".join([stream.feed(piece) for piece in pieces]) + stream.finish() == left


WHOLE = {
    "an opening mark that never came": ("a\n</think>\nb", "\nb"),
    "behind words": ("a</think>b", "b"),
    "of Mistral": ("a[/THINK]b", "b"),
    "with a block that was never closed": ("a\n```\nx\n</think>\n```python\nb\n```", "\n```python\nb\n```"),
    "marks that were dropped": ("analysisWe think.assistantfinalb", "b"),
    "several": ("a\n</think>\nb\n</think>\nc", "\nc"),
    "a string": ('a = "</think>"\nb', 'a = "</think>"\nb'),
    "in fenced code": ("```\na\n</think>\n```\n", "```\na\n</think>\n```\n"),
    "in words": ("Close it with `</think>`.", "Close it with `</think>`."),
}


@pytest.mark.parametrize(("reply", "left"), WHOLE.values(), ids=WHOLE)
def test_thoughts_without_a_beginning(reply: str, left: str) -> None:
    assert without_thoughts(reply) == left
    assert extract_prose(reply) == left.strip()
