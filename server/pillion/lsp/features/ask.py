"""`pillion.classify`: what *Ask Pillion…* would do with somebody's words on what is selected, and what else it could.

The client shows the choices and runs the one that the user takes, with `pillion.run`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pygls.exceptions import JsonRpcInvalidParams

from pillion.actions.action import Action, Output
from pillion.actions.registry import action_by_id
from pillion.errors import DocumentError
from pillion.jobs.targets import words_for_place
from pillion.lsp.features.commands import checked_range
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session
from pillion.tiers import Lane, Tier

if TYPE_CHECKING:
    from pillion.actions.classify import Classification
    from pillion.pool.pool import Pool
    from pillion.syntax.symbols import Symbol

CLASSIFY = "pillion.classify"
# Words of a person's; with a traceback pasted in.
_LONGEST_TEXT = 50_000


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to do what was asked for."""

    action: Action
    tier: Tier


# Actions that the words may name, and that are done as their own row of the table says.
_NAMED = {"docstring": "docstring", "comment": "docstring", "explain": "explain", "refactor": "refactor"}
# What is always possible, from the quickest to the most thorough.
_ALWAYS = (("answer", Tier.SIMPLE), ("answer", Tier.MODERATE), ("change", Tier.SIMPLE), ("change", Tier.MODERATE))


def choices(symbol: "Symbol", classification: "Classification") -> list[Choice]:
    """All that can be done with the words on `symbol`."""
    from pillion.syntax.target import Target

    target = Target.of(symbol)
    named = action_by_id(_NAMED[classification.word]) if classification.word in _NAMED else None
    found = [Choice(named, named.tier)] if named is not None and named.scope.applies(target) else []
    found += [Choice(action_by_id(action_id), tier) for action_id, tier in _ALWAYS]
    implement = action_by_id("implement")
    audited = implement if implement.scope.applies(target) else action_by_id("change")
    return [*found, Choice(audited, Tier.COMPLEX)]


def chosen(found: list[Choice], classification: "Classification", *, question: bool) -> int:
    """The index of the choice that the words ask for."""
    if classification.word in _NAMED and found[0].action.id == _NAMED[classification.word]:
        return 0
    wants_words = question and classification.tier is not Tier.COMPLEX
    for index, choice in enumerate(found):
        if choice.tier is classification.tier and (choice.action.output is Output.PROSE) == wants_words:
            return index
    return len(found) - 1


def register(server: PillionServer, session: Session) -> None:
    """Registers the handler."""

    @server.command(CLASSIFY)
    async def classify_words(*arguments: Any) -> dict[str, Any]:
        from pillion.actions.classify import (  # its patterns take a while, and the start doesn't wait
            classify,
            is_question,
        )

        given = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], Mapping) else {}
        text, uri = given.get("text"), given.get("uri")
        if not isinstance(text, str) or len(text.strip()) > _LONGEST_TEXT or not isinstance(uri, str):
            raise JsonRpcInvalidParams(f"{CLASSIFY} takes one object: text, uri, range")
        place = checked_range(given.get("range"), CLASSIFY)
        try:
            document, parsed = session.readable(uri)
        except DocumentError as exc:
            return {"symbol": None, "reason": exc.full_message, "choice": 0, "choices": []}
        start, end = document.positions.offsets(place)
        symbol = parsed.symbols.enclosing(start, end)
        if symbol is None:
            reason = f"There is no function or class {words_for_place(start, end)}."
            return {"symbol": None, "reason": reason, "choice": 0, "choices": []}
        if not text.strip():
            return {"symbol": symbol.name, "reason": "", "choice": 0, "choices": []}
        classification = classify(text)
        found = choices(symbol, classification)
        plainly = classification.word is None and classification.question  # a greeting asks for words too
        best = chosen(found, classification, question=plainly or is_question(text))
        async with session.engines() as runtime:
            plain = [_plain(each, symbol.name, runtime.pool) for each in found]
            because = _reason(found[best], classification, runtime.pool)
        return {"symbol": symbol.name, "reason": because, "choice": best, "choices": plain}


def _reason(choice: Choice, classification: "Classification", pool: "Pool") -> str:
    """Why this is what the words ask for. With one engine there is no small model and no large one to speak of."""
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
        "title": choice.action.title.format(name=name),
        "endpoint": endpoint.name if endpoint is not None else None,
        "model": endpoint.config.model if endpoint is not None else None,
        "auditor": auditor.name if auditor is not None else None,
    }
