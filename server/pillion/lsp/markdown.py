"""A model's words as Markdown that can do nothing: no links, no images, no HTML."""

import re

_SPECIAL = re.compile(r"([\\\[\]<>!])")


def harmless(text: str) -> str:
    """`text` with everything escaped that could load or lead somewhere. Emphasis and inline code stay."""
    return _SPECIAL.sub(r"\\\1", text)
