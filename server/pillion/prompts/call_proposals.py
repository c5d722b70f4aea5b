"""Asks for calls that a tester would try, and reads the answer. Verdicts are never asked for."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json

from pillion.backends.chat_request import Message
from pillion.prompts.prompt import BYTES_PER_TOKEN, Prompt, fenced
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import Symbol
from pillion.text.json_text import without_lone_surrogates

MAX_CALLS = 12
MAX_ANSWER_TOKENS = 250
_LONGEST_CALL = 120
# More of the code wouldn't change which calls are worth a try.
_MOST_CODE_TOKENS = 600
_SYSTEM = "You are a careful tester. Answer with calls to try and nothing else."
_ASK = (
    "Which calls would you try to test this {title} {kind}? Write {count} calls of {name} with literal arguments: "
    "usual ones, and special cases such as empty, zero, negative, repeated or odd values."
)
_EXAMPLE = (
    Message(
        "user",
        f"{_ASK.format(title='Python', kind='function', count=4, name='first_word')}\n"
        '```python\ndef first_word(text: str) -> str:\n    """The first word of a text."""\n```',
    ),
    Message(
        "assistant",
        '{"calls": ["first_word(\'one two\')", "first_word(\'\')", "first_word(\'  a  b\')", '
        "\"first_word('one\\\\ntwo')\"]}",
    ),
)
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "calls": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_CALLS,
            "items": {"type": "string", "minLength": 3, "maxLength": _LONGEST_CALL},
        }
    },
    "required": ["calls"],
    "additionalProperties": False,
}


def call_proposal_prompt(symbol: Symbol, document: ParsedText, task: str) -> Prompt:
    """The question for calls of a function or method. `task` are the user's own words."""
    ask = _ASK.format(title=document.language.title, kind=symbol.kind, count=8, name=symbol.name)
    code = fenced(symbol.text[: BYTES_PER_TOKEN * _MOST_CODE_TOKENS], document.language.id)
    question = "\n".join(filter(None, (ask, task.strip()[:400], code)))
    return Prompt((Message("system", _SYSTEM), *_EXAMPLE, Message("user", question)), _SCHEMA, MAX_ANSWER_TOKENS)


def read_calls(reply: str) -> tuple[str, ...]:
    """The calls in an answer, as source text: none twice, each one line. An answer that was cut off counts as far as it
    goes. Whether they are calls of anything, who runs them finds out."""
    start = reply.find("{")
    try:
        said = from_json(without_lone_surrogates(reply[start:]), allow_partial=True) if start >= 0 else None
    except ValueError:
        return ()
    listed = said.get("calls") if isinstance(said, dict) else None
    calls = [each.strip() for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
    good = [each for each in calls if "(" in each and each.isprintable() and len(each) <= _LONGEST_CALL]
    return tuple(dict.fromkeys(good))[:MAX_CALLS]
