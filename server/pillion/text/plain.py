"""Foreign text for places where a client shows plain strings: messages, titles, progress, diagnostics, logs.

Clients interpret these strings more than the protocol says: VS Code turns `[text](command:…)` in messages into links
and `$(name)` in the status bar into icons; other clients render Markdown. And any client may take a control character
for a line end, or let it steer the text around it.
"""

import re

from pillion.text.hidden import LINE_END, visible

_MOST_CHARACTERS = 4_000
_WHITE_SPACE = re.compile(r"[^\S ]+")
# Also the beginning of a link: a text that was cut short may be put before another text.
_ICON = re.compile(r"\$(?=\([\w~-])")
# An address in angle brackets, a tag with attributes, or a tag that does something by itself; but not `List<String>`.
_TAG = re.compile(
    r"<(?=[a-z][a-z0-9+.-]{1,31}:(?!:)|/?[a-z][^<>]*=|!--|"
    r"/?(?:a|audio|base|button|embed|form|iframe|img|input|link|math|meta|object|script|style|svg|video)\b)",
    re.IGNORECASE,
)


class Lines(str):
    """Harmless text of several lines. Only `plain_text` makes it."""

    __slots__ = ()


def plain_line(text: str) -> str:
    """`text` as one harmless line of a length that can be shown. Its own result comes back unchanged."""
    if len(text) > _MOST_CHARACTERS:
        text = f"{text[: _MOST_CHARACTERS - 1]}…"
    # Nearly every string is plain already, and each token of a draft brings a dozen of them.
    if text.isprintable() and text.isascii() and "<" not in text and "](" not in text and "$(" not in text:
        return text
    return _inert(_WHITE_SPACE.sub(" ", text))


def plain_text(text: str) -> Lines:
    """`text` as harmless lines; line feeds and tabs stay."""
    return Lines(_inert(LINE_END.sub("\n", text)))


def _inert(text: str) -> str:
    text = visible(text).replace("](", "] (")
    text = _TAG.sub("< ", text) if "<" in text else text
    return _ICON.sub("$ ", text) if "$(" in text else text
