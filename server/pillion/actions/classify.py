"""Free text → tier. Pure: the same words always give the same answer, and it says why.

Only the user's own words count. Pasted code, tracebacks, diffs and quotations are full of "error", "test" and
"create", but these words don't say what the user wants.
"""

import re
from dataclasses import dataclass

from pillion.actions.action_registry import ACTIONS
from pillion.tiers import Tier

# Words for work that no action does yet. Each has its tier, and the forms that people write.
_OTHER_WORDS: dict[str, tuple[Tier, str]] = {}
_FORMS: dict[str, tuple[Tier, str]] = {
    **{action.id: (action.tier, action.words) for action in ACTIONS if action.words},
    **_OTHER_WORDS,
}

TIER_WORDS: dict[str, Tier] = {word: tier for word, (tier, _) in _FORMS.items()}

# A word with a dot or a parenthesis directly after it is a name from the code: `test.py`, `create()`.
_WORD = re.compile(
    r"(?<![\w.])(?:" + "|".join(f"(?P<{word}>{forms})" for word, (_, forms) in _FORMS.items()) + r")(?!\w|\.\w|\()",
    re.IGNORECASE,
)
# "don't implement it", "no tests please": the user does NOT want what the word says.
_NEGATION = re.compile(
    r"(?:\b(?:don['\u2019]?t|do\s+not|not|no|never|without|instead\s+of|rather\s+than)\b)(?:\s+\w+){0,2}\s*$",
    re.IGNORECASE,
)
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
_QUESTION = re.compile(
    r"\?|(?:^|[.!:;,]\s)[^\S\n]*(?:what|why|how|which|where|when|who|does|is|are|can)\b", re.IGNORECASE | re.MULTILINE
)
# "Can you speed it up?" asks for work, not for an answer.
_REQUEST = re.compile(r"\bplease\b|\b(?:can|could|would|will)\s+you\s+(?!tell|say)", re.IGNORECASE)
_GREETING = re.compile(
    r"\W*(?:hi|hiya|hello|hey|howdy|greetings|good\s+(?:morning|afternoon|evening|day)|cheers|bye|goodbye|"
    r"thanks|thank\s+you)(?:[\s,]+(?:there|all|again|everyone|friend|you|pillion|a\s+lot|(?:so|very)\s+much))*\W*",
    re.IGNORECASE,
)
# Only Latin letters: in other scripts a whole sentence may have no spaces.
_LONE_WORD = re.compile(r"\W*[a-z][a-z'\u2019-]{0,24}\W*", re.IGNORECASE)
# A single word that is an instruction anyway: what to do, or how the code should become.
_CHANGE = re.compile(
    r"\W*(?:\w+(?:ify|i[sz]e)|\w+er|re\w+|add|apply|better|change|clean\w*|convert|correct|cut|delete|drop|edit|extract|"
    r"fix|format|go|improve|inline|merge|move|port|sort|speed\w*|split|tidy|translate|trim|type|undo|update|wrap|write)\W*$",
    re.IGNORECASE,
)
_SHORT_QUESTION_WORDS = 25
# A negation is searched for in this many characters before a word.
_NEGATION_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Classification:
    """The tier, the word of the twelve that decided it (None: none of them occurred), and the reason in words."""

    tier: Tier
    word: str | None
    why: str
    question: bool = False

    @property
    def reason(self) -> str:
        """Why it is this tier, in the user's terms."""
        return reason(self.why, self.tier, answers=self.question)


def reason(why: str, tier: Tier, *, answers: bool) -> str:
    """`why`, and which model does it. Users don't know tiers; they know a small model and a large one."""
    if tier is Tier.COMPLEX:
        return f"{why}: the large model does it, and the small one checks"
    model = "the small model" if tier is Tier.SIMPLE else "the large model"
    return f"{why}: {model} {'answers' if answers else 'does it'}"


def own_words(text: str) -> str:
    """`text` without fences, inline code, tracebacks, diffs, quotations and indented code."""
    text = text.replace("\r\n", "\n")
    for pattern in (_FENCE, _TRACEBACK, _DIFF, _ERROR_LINE, _INLINE_CODE, _NOT_OWN_WORDS):
        text = pattern.sub(" ", text)
    return text


def is_question(text: str) -> bool:
    """Whether the user's own words ask for an answer, and not for work."""
    words = own_words(text)
    return _QUESTION.search(words) is not None and not _REQUEST.search(words)


def classify(text: str) -> Classification:
    """The tier of a request. The first of the twelve words that isn't negated decides."""
    words = own_words(text)
    question = is_question(text)
    for match in _WORD.finditer(words):
        before = words[max(0, match.start() - _NEGATION_CHARACTERS) : match.start()]
        if _NEGATION.search(before):
            continue
        word = str(match.lastgroup)
        tier = TIER_WORDS[word]
        asks = question or word == "explain"
        return Classification(tier, word, f"you wrote “{' '.join(match.group(0).split())}”", question=asks)
    if question:
        short = len(words.split()) <= _SHORT_QUESTION_WORDS
        tier, why = (Tier.SIMPLE, "a question") if short else (Tier.MODERATE, "a long question")
        return Classification(tier, None, why, question=True)
    if _GREETING.fullmatch(words):
        return Classification(Tier.SIMPLE, None, "a greeting", question=True)
    if _LONE_WORD.fullmatch(words) and not _CHANGE.match(words.strip()):
        return Classification(Tier.SIMPLE, None, "a single word", question=True)
    return Classification(Tier.MODERATE, None, "a change to the code" if words.strip() else "no words of your own")
