"""The user's own words in a request, without what is pasted: code, tracebacks, diffs, logs and quotations.

Pasted text is full of "error", "test" and "create", but these words don't say what the user wants.
"""

import re

# So much of a request is read, from its beginning and its end: people write their wish before or after what they paste.
_HEAD_CHARACTERS = 4_000
_TAIL_CHARACTERS = 2_000

_FENCE = re.compile(
    r"^[ \t]*(?:(?P<ticks>`{3,})[^`\n]*|(?P<tildes>~{3,})[^\n]*)\n"
    r".*?(?:^[ \t]*(?:(?P=ticks)`*|(?P=tildes)~*)[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)
_INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")
_TRACEBACK = re.compile(r"^[ \t]*Traceback \(most recent call last\):.*?(?:^\S[^\n]*$|\Z)", re.MULTILINE | re.DOTALL)
# A diff's heading, and the lines after it that look like a diff's lines. Elsewhere "- refactor x" is a list item.
_DIFF = re.compile(
    r"^(?:diff --git |--- \S|@@ )[^\n]*"
    r"(?:\n(?:[-+ @\\]|index |new file |deleted file |similarity |rename (?:from|to) |diff --git )[^\n]*)*",
    re.MULTILINE,
)
_ERROR_LINE = re.compile(r"^[ \t]*(?:E[ \t]+)?[\w.:]*(?:Error|Exception|Warning)(?:\[\w+\])?:[ \t].*$", re.MULTILINE)
# Quotations, lines of a diff, indented code (but no items of a nested list), frames of a JavaScript stack.
_NOT_OWN_WORDS = re.compile(
    r"^(?:[ \t]*>|[-+](?!\s)|@@|(?:\t| {4,})(?![^\S\n]*[-*+]\s)|[^\S\n]*at\s+\S+\s*\().*$", re.MULTILINE
)
# What editors and gateways put around pasted files. `<request>` and the like hold the user's words.
_ELEMENT = re.compile(
    r"<(?P<tag>files?|selection|context|document|code|attachment|snippet|environment\w*)\b[^>\n]*>"
    r".*?(?:</(?P=tag)>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
# What a program tells the model about its role.
_ROLE = re.compile(
    r"^[ \t]*(?:(?:system|instructions?)\s*:[^\n]*|you are (?:an?|the)\b[^.\n]*[.\n]?)", re.MULTILINE | re.IGNORECASE
)
# Unfenced code and logs: how their lines begin or end. In a single line, words may follow.
_CODE_LINE = re.compile(
    r"^(?:[^\n]*[{};]|[^\n]*[\])]:?|[^\n]*=>[^\n]*|[ \t]{2,}\S[^\n]*[=(){}\[\]][^\n]*|"
    r"[ \t]*(?:def |class \w+[:({]|import \w|from \S+ import|return\b|const |let \w+ ?=|var \w+|function \w+\(|"
    r"fn \w+[(<]|func \w*\(|public |private |struct \w+ ?\{|#include|@\w+[.(]|//|/\*|\*/|\$ |[{}\])]|"
    r"[\w.]+ ?(?:=|:=|\+=) ?\S|(?:[\w-]+/)+\S+:\d|==\d|\d{4}-\d\d-\d\d[T ]\d|"
    r"(?:FAILED|PASSED|ERROR|WARN|INFO|npm ERR!) |error\[|thread '|(?:SELECT|INSERT|UPDATE|CREATE TABLE)\b)[^\n]*)$",
    re.MULTILINE,
)
_QUESTION = re.compile(
    r"[?？]|(?:^|[.!:;,]\s)[^\S\n]*(?:what|why|how|which|where|when|who|does|is|are|can|whats|"
    r"was|warum|wieso|wie|welche\w*|wozu|qué|que|por ?qué|cómo|como|cuál|cual|pourquoi|comment|quel\w*|à quoi)\b|"
    r"什么|为何|吗|怎么|哪",
    re.IGNORECASE | re.MULTILINE,
)
# "Can you speed it up?" asks for work, not for an answer.
_REQUEST = re.compile(
    r"\bplease\b|\b(?:can|could|would|will)\s+you\s+(?!tell|say|explain)|\bbitte\b|\b(?:kannst|könntest)\s+du\b",
    re.IGNORECASE,
)
_PASTED = (_FENCE, _TRACEBACK, _DIFF, _ERROR_LINE, _INLINE_CODE, _NOT_OWN_WORDS)


def bounded(text: str) -> str:
    """`text`, or its beginning and its end if it is long. A fence that the cut opens or closes is closed or opened."""
    if len(text) <= _HEAD_CHARACTERS + _TAIL_CHARACTERS:
        return text
    middle = text[_HEAD_CHARACTERS:-_TAIL_CHARACTERS]
    seam = "\n```\n" if middle.count("\n```") % 2 else "\n"
    return f"{text[:_HEAD_CHARACTERS]}{seam}{text[-_TAIL_CHARACTERS:]}"


def own_words(text: str) -> str:
    """`text` without fences, inline code, tracebacks, diffs, quotations and indented code. Long texts are `bounded`."""
    text = bounded(text).replace("\r\n", "\n")
    for pattern in _PASTED:
        text = pattern.sub(" ", text)
    return text


def wish(text: str) -> str:
    """The own words, without the roles, files and lines of code that programs and people put around them.

    If nothing is left, all own words: better a guess from these than from nothing.
    """
    words = own_words(_ELEMENT.sub(" ", bounded(text)))
    found = _CODE_LINE.sub(" ", _ROLE.sub(" ", words)) if "\n" in words else _ROLE.sub(" ", words)
    return found if found.strip() else words


def is_question(text: str) -> bool:
    """Whether the user's own words ask for an answer, and not for work."""
    words = own_words(text)
    return _QUESTION.search(words) is not None and not _REQUEST.search(words)
