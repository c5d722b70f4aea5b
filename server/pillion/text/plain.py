"""Foreign text for places where a client shows plain strings: messages, titles, progress, diagnostics, logs.

Clients read more into them than the protocol says: VS Code makes links of `[text](command:…)` in messages and icons of
`$(name)` in the status bar; others render them as Markdown. And any of them may take a control character for a line
end, or let it steer what stands around it.
"""

import re

from pillion.text.hidden import LINE_END, visible

_MOST_CHARACTERS = 4_000
_WHITE_SPACE = re.compile(r"[^\S ]+")
# Also the beginning of one: a text that was cut short may be put before another.
_ICON = re.compile(r"\$(?=\([\w~-])")
# An address in angle brackets, a tag with attributes, or one that does something by itself. `List<String>` is none.
_TAG = re.compile(
    r"<(?=[a-z][a-z0-9+.-]{1,31}:(?!:)|/?[a-z][^<>]*=|!--|"
    r"/?(?:a|audio|base|button|embed|form|iframe|img|input|link|math|meta|object|script|style|svg|video)\b)",
    re.IGNORECASE,
)


class Lines(str):
    """Text of several lines that can do nothing. Only `plain_text` makes one."""

    __slots__ = ()


def plain_line(text: str) -> str:
    """`text` as one line that can do nothing, of a length that can be shown. The same for what it returns."""
    if len(text) > _MOST_CHARACTERS:
        text = f"{text[: _MOST_CHARACTERS - 1]}…"
    # Nearly always, and there are a dozen of them for each token of a draft.
    if text.isprintable() and text.isascii() and "<" not in text and "](" not in text and "$(" not in text:
        return text
    return _inert(_WHITE_SPACE.sub(" ", text))


def plain_text(text: str) -> Lines:
    """`text` as lines that can do nothing; of white space, line feeds and tabs stay."""
    return Lines(_inert(LINE_END.sub("\n", text)))


def _inert(text: str) -> str:
    text = visible(text).replace("](", "] (")
    text = _TAG.sub("< ", text) if "<" in text else text
    return _ICON.sub("$ ", text) if "$(" in text else text
