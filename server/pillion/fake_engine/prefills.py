"""How the engine takes a request whose last message is the assistant's: real engines and their templates differ."""

from __future__ import annotations

import re

from pillion.fake_engine.dialects import Call
from pillion.fake_engine.records import Rule, Settings

REFUSAL = "the last message must be the user's"
_COUNTED = re.compile(r"\d+(?:, \d+)+")
_FLAG = "continue_final_message"  # vLLM's own field


def refuses(call: Call, settings: Settings) -> bool:
    """Whether the engine takes no request that ends like this one."""
    return settings.prefill == "refuses" and bool(call.messages) and call.messages[-1]["role"] == "assistant"


def is_probe(call: Call) -> bool:
    """Whether the request only wants to know if the engine goes on from an answer, which ends in figures."""
    last = call.messages[-1] if call.messages else {"role": "", "content": ""}
    return last["role"] == "assistant" and _COUNTED.fullmatch(last["content"]) is not None


def counted(call: Call, settings: Settings) -> Rule:
    """The answer to such a request: the engine counts on, or begins a new turn and counts again."""
    goes_on = settings.prefill == "goes on" or (settings.prefill == "flagged" and bool(call.options.get(_FLAG)))
    return Rule("0, 11, 12, 13" if goes_on else "1, 2, 3, 4", tokens_per_s=0, prefill_tokens_per_s=0)
