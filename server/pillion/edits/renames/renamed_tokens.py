"""Compares the tokens of a text before and after a rename."""

import re

from pillion.syntax.document import ParsedText
from pillion.syntax.leaves import leaves_of


def first_other_change(before: ParsedText, after: ParsedText, old: str) -> str:
    """The first token that differs in more than the name `old`, which may have become one other word, or `old: word`
    where it stood for a field, too. Empty if there is none."""
    was = [(each.text, each.is_comment) for each in leaves_of(before)]
    now = [(each.text, each.is_comment) for each in leaves_of(after)]
    new, at = _new_word(was, now, old), 0
    for number, (text, is_comment) in enumerate(was):
        if [each for each, _ in now[at : at + 2]] == [old, ":"] and text != old:
            at += 2  # Rust: `ref x` → `x: ref word`
        written = now[at][0] if at < len(now) else ""
        behind = was[number + 1][0] if number + 1 < len(was) else ""
        if text == written == old and behind != ":" and now[at + 1 : at + 3] == [(":", False), (new, False)]:
            at += 2
        elif written != text and not (text == old and written == new):
            is_text = is_comment or not text.isidentifier()
            if not is_text or _without(text, old, new) != _without(written, old, new):
                return text
        at += 1
    return "" if at == len(now) else now[at][0]


def _new_word(was: list[tuple[str, bool]], now: list[tuple[str, bool]], old: str) -> str:
    """What the first changed token of code became."""
    code, written = ([text for text, is_comment in each if not is_comment] for each in (was, now))
    pairs = enumerate(zip(code, written, strict=False))
    at = next((n for n, (text, word) in pairs if text != word and (text.isidentifier() or word == ":")), None)
    if at is None:
        return ""
    if code[at] == old and written[at] != old:
        return written[at]
    # `old: word`: what stands here now came before the word.
    behind = written[at:].index(":") if ":" in written[at : at + 2] else 0
    return next((word for word in written[at + behind + 1 : at + behind + 4] if word not in {"ref", "mut", old}), "")


def _without(text: str, old: str, new: str) -> str:
    """A text without the two names where they are whole words."""
    return re.sub(rf"(?<![\w$])(?:{re.escape(old)}|{re.escape(new)})(?![\w$])", "\0", text)
