"""A model's words as Markdown that can do nothing: no links, no images, no HTML."""

import re

_SPECIAL = re.compile(r"[\\\[\]<>!]|(?<=\w):(?=//)|(?<=\bwww)\.|@")
# A run of backticks, anything else on the line but a table's border, and a run of the same length.
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)[^\n|]+?(?<!`)\1(?!`)")


def harmless(text: str) -> str:
    """`text` with everything escaped that could load or lead somewhere. Emphasis and inline code stay.

    Inline code is left as it is only where every line closes what it opens: of the rest nobody can say what a
    viewer takes for code.
    """
    spans = list(_CODE_SPAN.finditer(text))
    if "`" in _CODE_SPAN.sub("", text):
        return _escaped(text)
    parts: list[str] = []
    done = 0
    for span in spans:
        parts += (_escaped(text[done : span.start()]), span.group())
        done = span.end()
    return "".join((*parts, _escaped(text[done:])))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"\\{match.group()}", text)
