"""The names that a model proposes, without those that can't be used; no model decides which these are."""

import json
import re
from collections.abc import Set as AbstractSet

from tree_sitter import Node

from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.syntax.reserved_words import RESERVED_WORDS
from pillion.text.json_text import objects_in, without_lone_surrogates

_MOST_NAMES, _LONGEST_NAME = 3, 60
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MARKS = r"[`'\"*“”]{0,3}"
_LISTED = re.compile(
    rf"^[ \t]*(?:[-*•]|\d+[.)])?[ \t]*{_MARKS}([A-Za-z_$][\w$]*){_MARKS}[ \t]*(?:[,;:–—(-].*)?$", re.MULTILINE
)
# The user's own words for a name: “to total”, “call it total”, “total”.
_TOLD = re.compile(
    r"\W*(?:(?:please|re-?name|call)\s+)*(?:(?:it|this|that)\s+)?(?:(?:to|as|into)\s+)?"
    rf"{_MARKS}([A-Za-z_$][\w$]*){_MARKS}\W*",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z]")
_SNAKE = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
_CAMEL = re.compile(r"\b[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+\b")
_SNAKE_LANGUAGES = frozenset({"python", "rust", "c", "cpp"})


def proposed_names(
    reply: str, old: str, document: ParsedText, taken: AbstractSet[str], told: str = ""
) -> tuple[str, ...]:
    """The proposed names that can take the place of `old`, in its style. If the user said a name, only that one counts.
    `taken` are the names that mean something else there.

    Raises:
        DraftRejectedError: none of them can; the message says why.
    """
    own = _TOLD.fullmatch(told.strip())
    wanted = [own[1]] if own is not None else _said(reply)
    found: list[str] = []
    why: list[str] = []
    for each in wanted:
        name = each if own is not None else in_style_of(old, each, document)
        wrong = _whats_wrong(each, name, old, document, taken)
        if wrong:
            why.append(wrong)
        elif name not in found:
            found.append(name)
    if not found:
        reasons = "; ".join(dict.fromkeys(why[:_MOST_NAMES]))
        raise DraftRejectedError(reasons or "the model proposed no names", code="names")
    return tuple(found[:_MOST_NAMES])


def names_in(root: Node) -> frozenset[str]:
    """All names in the code of a node, whatever they mean, and the words of macros."""
    found: set[str] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if "identifier" in node.type or node.type == "preproc_arg":
            found.update(re.findall(r"[^\W\d][\w$]*", text_of(node)))
        stack += node.children
    return frozenset(found)


def in_style_of(old: str, name: str, document: ParsedText) -> str:
    """The name in the style of the old one; if that is a single word, in the style of its file."""
    bare = old.strip("_$")
    head = old[: len(old) - len(old.lstrip("_$"))]
    words = [each for part in name.strip("_$").split("_") for each in _WORDS.findall(part)]
    if not words or _IDENTIFIER.fullmatch(name) is None:
        return name
    lower = [each.lower() for each in words]
    if bare.isupper() and len(bare) > 1:
        return head + "_".join(lower).upper()
    capital = [each[:1].upper() + each[1:] for each in lower]
    if bare[:1].isupper():
        return head + "".join(capital)
    if "_" in bare or (bare.islower() and _writes_snake(document)):
        return head + "_".join(lower)
    return head + "".join([lower[0], *capital[1:]])


def _writes_snake(document: ParsedText) -> bool:
    text = document.text
    snake, camel = len(_SNAKE.findall(text)), len(_CAMEL.findall(text))
    return snake > camel if snake != camel else document.language.id in _SNAKE_LANGUAGES


def _said(reply: str) -> list[str]:
    """The names in a reply: those of its JSON, else those of a list."""
    waiting: list[object] = list(reversed(objects_in(without_lone_surrogates(reply))))
    while waiting:
        each = waiting.pop()
        if not isinstance(each, dict):
            continue
        if isinstance(each.get("names"), list):
            return _texts(each["names"])
        waiting += reversed(list(each.values()))
    if bare := _texts(_bare_list(_without_fences(reply))):
        return bare
    return [found[1] for found in _LISTED.finditer(_without_fences(reply)) if found[1].lower() not in {"sure", "names"}]


def _bare_list(text: str) -> list[object]:
    """A reply that is a JSON list and nothing else."""
    try:
        value = json.loads(without_lone_surrogates(text))
    except (ValueError, RecursionError):
        return []
    return value if isinstance(value, list) else []


def _texts(names: list[object]) -> list[str]:
    """The names of a JSON list: texts, or objects that have each name as their `name`."""
    said = [each.get("name") if isinstance(each, dict) else each for each in names]
    return [each.strip().strip("`") for each in said if isinstance(each, str)]


def _without_fences(reply: str) -> str:
    return "\n".join(line for line in reply.splitlines() if not line.lstrip().startswith("```"))


def _whats_wrong(said: str, name: str, old: str, document: ParsedText, taken: AbstractSet[str]) -> str:
    shown = f"“{said[:_LONGEST_NAME]}”"
    if len(said) > _LONGEST_NAME or _IDENTIFIER.fullmatch(said.lstrip("$")) is None or not said.strip("_$"):
        return f"{shown} is no name in {document.language.title}"
    if name == old:
        return f"{shown} is its name already"
    if {name, said} & RESERVED_WORDS[document.language.id]:
        return f"{shown} means something else in {document.language.title}"
    if name in taken:
        return f"{shown} is used there already"
    return ""
