"""What a comment says, without the marks around it."""

import re

_BEGINS = re.compile(r"^\s*(?:#+!?|//+!?|/\*+!?|\*(?!/)|<!--|--|;+)?\s?")
_ENDS = re.compile(r"\s*(?:\*+/|-->)?\s*$")
_TODO = re.compile(r"^\s*(?:TODO|FIXME|XXX|HACK)\b(?:\s?\([^)\n]{0,80}\))?\s*:?\s*")


def comment_words(text: str) -> str:
    """The words of a comment that may have several lines, on one line, and without a mark such as TODO."""
    lines = (_ENDS.sub("", _BEGINS.sub("", line)) for line in text.splitlines())
    return _TODO.sub("", " ".join(filter(None, map(str.strip, lines))))
