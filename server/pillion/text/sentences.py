"""Sentences of a text that a model wrote, perhaps up to a limit in the middle of one."""

import re

# A mark at the end of a word, perhaps with a closing quote or bracket; not a list's number, not an abbreviation.
_END = re.compile(r"(?<![\s\d])(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\betc)[.!?…]+[\"')\]`*_»”’]*(?=\s|$)")
_FENCE = "```"


def whole_sentences(text: str) -> str:
    """The text up to the end of its last sentence. If no sentence ends, or if it breaks off in a code block: all of it,
    with an ellipsis."""
    text = text.rstrip()
    ends = [match.end() for match in _END.finditer(text)]
    if text and (not ends or text.count(_FENCE) % 2):
        return f"{text}…"
    return text[: ends[-1]] if ends else text
