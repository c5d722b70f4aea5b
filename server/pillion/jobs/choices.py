"""The choices for the user's words on a symbol, and the choice that the words ask for."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pillion.actions.action_registry import ACTIONS, action_by_id
from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import TOLD
from pillion.actions.subjects import asks_for_a_file
from pillion.tiers import Lane, Tier

if TYPE_CHECKING:
    from pillion.actions.classify import Classification
    from pillion.pool.pool import Pool
    from pillion.syntax.target import Target


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to do what the user asked for."""

    action: Action
    tier: Tier


# The actions that words may name. A named action runs on its own tier.
_NAMED = frozenset(
    {"docstring", "comments", "explain", "refactor", "tests", *(each.id for each in ACTIONS if each.makes_file)}
)
# “Why does the test fail?” asks for words, while “does it need a docstring?” means one.
_NOT_IN_QUESTIONS = frozenset({"tests"})
# The choices that always exist, from the quickest to the most thorough.
_ALWAYS = (("answer", Tier.SIMPLE), ("answer", Tier.MODERATE), ("change", Tier.SIMPLE), ("change", Tier.MODERATE))


def choices(text: str, target: "Target", classification: "Classification") -> list[Choice]:
    """All choices for the user's words on `target`. If it is nothing that words can be about, only new files, if the
    words are about these."""
    named = action_by_id(classification.word) if classification.word in _NAMED else None
    if not TOLD.applies(target):
        return [Choice(named, named.tier)] if named is not None and named.makes_file else []
    if classification.word == "create" and not asks_for_a_file(text):
        named = None  # something new in the code that is there
    found = [Choice(named, named.tier)] if named is not None and named.scope.applies(target, text) else []
    found += [Choice(action_by_id(action_id), tier) for action_id, tier in _ALWAYS]
    implement = action_by_id("implement")
    audited = implement if implement.scope.applies(target) else action_by_id("change")
    return [*found, Choice(audited, Tier.COMPLEX)]


def chosen(found: list[Choice], classification: "Classification", *, question: bool) -> int:
    """The index of the choice that the words ask for."""
    first = found[0].action.id
    if classification.word == first and first in _NAMED and not (question and first in _NOT_IN_QUESTIONS):
        return 0
    wants_words = question and classification.tier is not Tier.COMPLEX
    for index, choice in enumerate(found):
        if choice.tier is classification.tier and (choice.action.output is Output.PROSE) == wants_words:
            return index
    return len(found) - 1


def proposal(text: str, target: "Target", pool: "Pool") -> dict[str, Any] | None:
    """As JSON data: the choices, the index of the choice that the words ask for, and why they do. None: there is no
    choice, since the words need code."""
    from pillion.actions.classify import classify, is_question  # slow to load: the start must not wait for it

    classification = classify(text)
    found = choices(text, target, classification)
    if not found:
        return None
    plainly = classification.word is None and classification.question  # a greeting asks for words too
    best = chosen(found, classification, question=plainly or is_question(text))
    return {
        "reason": _reason(found[best], classification, pool),
        "choice": best,
        "choices": [_plain(each, target.name, pool) for each in found],
    }


def _reason(choice: Choice, classification: "Classification", pool: "Pool") -> str:
    """Why the words ask for this choice. With one engine, the reason doesn't speak of small and large models."""
    from pillion.actions.classify import reason

    small, large = (pool.preferred(tier.lane) for tier in (Tier.SIMPLE, Tier.MODERATE))
    if small is large:
        return classification.why
    return reason(classification.why, choice.tier, answers=choice.action.output is Output.PROSE)


def _plain(choice: Choice, name: str, pool: "Pool") -> dict[str, Any]:
    endpoint = pool.preferred(choice.tier.lane)
    auditor = pool.preferred(Lane.AUDIT) if choice.action.on(choice.tier).audited else None
    return {
        "tier": choice.tier.value,
        "action": choice.action.id,
        "title": choice.action.title_of(name, "told"),
        "endpoint": endpoint.name if endpoint is not None else None,
        "model": endpoint.config.model if endpoint is not None else None,
        "auditor": auditor.name if auditor is not None else None,
    }
