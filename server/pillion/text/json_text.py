"""JSON that a model wrote, before it is read."""

import re

_ESCAPE = re.compile(
    r"(?P<pair>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.",
    re.DOTALL,
)


def without_lone_surrogates(text: str) -> str:
    """The JSON with U+FFFD for each escaped half of a surrogate pair: a reader would refuse the whole text."""
    return _ESCAPE.sub(lambda found: "\\ufffd" if found["lone"] else found[0], text)
