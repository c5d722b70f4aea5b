"""Free text → tier. Pure: the same words always give the same answer, and it says why.

Only the user's own words count (own_words.py). A small model of text (tier_model.py) says the tier; where it is unsure,
the first of the twelve words decides. They also explain a decision that they agree with.
"""

import re
from dataclasses import dataclass

from pillion.actions.action_registry import ACTIONS
from pillion.actions.own_words import is_question, own_words
from pillion.actions.request_features import features
from pillion.actions.tier_model import Guess, tier_model
from pillion.tiers import Tier

__all__ = ["TIER_WORDS", "Classification", "classify", "is_question", "own_words", "reason"]

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
# What stands after "create" is made, and says more: "create a comment", "writing unit tests".
_MADE = re.compile(
    r"\b(?:creat|implement|design)\w*\s+(?:\w+\s+){0,2}?((?:doc-?strings?|comments?|(?:unit-?)?tests?))(?!\w|\.\w|\()",
    re.IGNORECASE,
)
# The model is believed from this likelihood on; below it, one of the twelve words decides if there is one.
_SURE = 0.6
# Words that add nothing to one of the twelve: "Now refactor it, please".
_FILLER = re.compile(r"\b(?:what is the|now|if|it|this|that|suits|you|please|the|then|just)\b|[^\w\s]", re.IGNORECASE)
_MOST_WORDS = 8
# In so short a wish, what is created is all that is wanted.
_SHORT_WISH_WORDS = 10
_ASKED_FOR = {
    (Tier.SIMPLE, True): "a question",
    (Tier.SIMPLE, False): "a small change or a short answer",
    (Tier.MODERATE, True): "a question about how the code behaves",
    (Tier.MODERATE, False): "a change to the code",
    (Tier.COMPLEX, True): "a question about structure or new code",
    (Tier.COMPLEX, False): "new code or structure",
}
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


def classify(text: str) -> Classification:
    """The tier of a request, and what decided: the model, or one of the twelve words that isn't negated."""
    words = own_words(text)
    question = is_question(text)
    asked = _asked_words(words)
    if not words.strip():
        return Classification(Tier.MODERATE, None, "no words of your own")
    if not asked and _GREETING.fullmatch(words):
        return Classification(Tier.SIMPLE, None, "a greeting", question=True)
    if not asked and _LONE_WORD.fullmatch(words):
        if _CHANGE.match(words.strip()):
            return Classification(Tier.MODERATE, None, "a change to the code")
        return Classification(Tier.SIMPLE, None, "a single word", question=True)
    bare = _FILLER.sub(" ", words).strip()
    if not asked and not question and _LONE_WORD.fullmatch(bare) and _CHANGE.match(bare):  # “change it, please”
        return Classification(Tier.MODERATE, None, "a change to the code")
    found = tier_model().guess(features(text))
    made = len(words.split()) <= _SHORT_WISH_WORDS and _MADE.search(words) is not None
    negated = len(asked) < sum(1 for _ in _WORD.finditer(words))
    if asked and (found.likelihood < _SURE or negated or made or len(_FILLER.sub(" ", words).split()) <= 1):
        return _by_word(*asked[0], question=question)
    for word, shown in asked:
        if TIER_WORDS[word] is found.tier:
            return _by_word(word, shown, question=question)
    return Classification(found.tier, None, _why(found, question=question), question=question)


def _asked_words(words: str) -> list[tuple[str, str]]:
    """The twelve words that aren't negated, each with its form in the text, in the text's order. In “create a test”, it
    is the test that says what the work is."""
    found: list[tuple[str, str]] = []
    for match in _WORD.finditer(words):
        before = words[max(0, match.start() - _NEGATION_CHARACTERS) : match.start()]
        if not _NEGATION.search(before):
            found.append((str(match.lastgroup), " ".join(match.group(0).split())))
        if len(found) == _MOST_WORDS:
            break
    if len(found) > 1 and (made := _MADE.search(words)):
        found.sort(key=lambda each: each[1].lower() != made[1].lower())
    return found


def _by_word(word: str, shown: str, *, question: bool) -> Classification:
    return Classification(TIER_WORDS[word], word, f"you wrote “{shown}”", question=question or word == "explain")


def _why(found: Guess, *, question: bool) -> str:
    """What is asked for, with the user's words that say so."""
    plain_question = question and found.tier is Tier.SIMPLE
    quoted = f" ({', '.join(f'“{word}”' for word in found.words)})" if found.words and not plain_question else ""
    return f"{_ASKED_FOR[found.tier, question]}{quoted}"
