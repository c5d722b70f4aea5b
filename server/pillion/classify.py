"""Free text → tier. Pure: the same words always give the same answer, and it says why.

Only the user's own words count. Pasted code, tracebacks, diffs and quotations are full of "error", "test" and
"create" and say nothing about what is wanted.
"""

import re
from dataclasses import dataclass

from pillion.tiers import Tier

# The twelve words, each with the forms people write.
_FORMS: dict[str, tuple[Tier, str]] = {
    "docstring": (Tier.SIMPLE, r"doc-?strings?|document(?:s|ed|ing)?"),
    "comment": (Tier.SIMPLE, r"comment(?:s|ed|ing)?"),
    "lint": (Tier.SIMPLE, r"lint(?:s|ed|ing|er)?"),
    "rename": (Tier.SIMPLE, r"renam(?:e|es|ed|ing)"),
    "explain": (Tier.SIMPLE, r"expla(?:in|ins|ined|ining|nation)"),
    "refactor": (Tier.MODERATE, r"refactor(?:s|ed|ing)?"),
    "debug": (Tier.MODERATE, r"debug(?:s|ged|ging)?"),
    "test": (Tier.MODERATE, r"(?:unit-?)?test(?:s|ed|ing)?"),
    "implement": (Tier.COMPLEX, r"implement(?:s|ed|ing|ation)?"),
    "create": (Tier.COMPLEX, r"creat(?:e|es|ed|ing)"),
    "design": (Tier.COMPLEX, r"design(?:s|ed|ing)?"),
    "architect": (Tier.COMPLEX, r"architect(?:s|ed|ing|ure)?"),
}

TIER_WORDS: dict[str, Tier] = {word: tier for word, (tier, _) in _FORMS.items()}

_WORD = re.compile(
    r"\b(?:" + "|".join(f"(?P<{word}>{forms})" for word, (_, forms) in _FORMS.items()) + r")\b", re.IGNORECASE
)
# "don't implement it", "no tests please": the word is what is NOT wanted.
_NEGATION = re.compile(
    r"(?:\b(?:don['\u2019]?t|do\s+not|not|no|never|without|instead\s+of|rather\s+than)\b)(?:\s+\w+){0,2}\s*$",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^[ \t]*(```+|~~~+)[^\n]*\n.*?(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_INLINE_CODE = re.compile(r"`[^`\n]*`")
_TRACEBACK = re.compile(r"^Traceback \(most recent call last\):.*?(?:^\S[^\n]*$|\Z)", re.MULTILINE | re.DOTALL)
_NOT_OWN_WORDS = re.compile(r"^(?:>|\+|-(?!\s)|@@|\t| {4,}|\s*at\s+\S+\s*\().*$", re.MULTILINE)
_QUESTION = re.compile(r"\b(?:what|why|how|which|where|when|who|does|is|are|can)\b", re.IGNORECASE)
_SHORT_QUESTION_WORDS = 25


@dataclass(frozen=True, slots=True)
class Classification:
    """The tier, the word of the twelve that decided it (None: none of them occurred), and the reason in words."""

    tier: Tier
    word: str | None
    reason: str


def own_words(text: str) -> str:
    """`text` without fences, inline code, tracebacks, diffs, quotations and indented code."""
    for pattern in (_FENCE, _TRACEBACK, _INLINE_CODE, _NOT_OWN_WORDS):
        text = pattern.sub(" ", text)
    return text


def classify(text: str) -> Classification:
    """Which tier the request belongs to. The first of the twelve words that is asked for decides."""
    words = own_words(text)
    for match in _WORD.finditer(words):
        before = words[: match.start()]
        if _NEGATION.search(before):
            continue
        word = str(match.lastgroup)
        tier = TIER_WORDS[word]
        return Classification(tier, word, f"you wrote “{match.group(0)}”, which is {tier} work")
    if _QUESTION.search(words) and len(words.split()) <= _SHORT_QUESTION_WORDS:
        return Classification(Tier.SIMPLE, None, "a short question without one of the tiers' words")
    return Classification(Tier.MODERATE, None, "none of the tiers' words occurs, so the middle tier takes it")
