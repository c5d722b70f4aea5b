"""What a menu offers at a place: the actions that fit what stands there, what is done about findings, and titles."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pillion.actions.action import Action
from pillion.actions.registry import ACTIONS
from pillion.jobs.finding_store import Placed
from pillion.tiers import Lane, Tier

if TYPE_CHECKING:
    from pillion.pipeline.runtime import Runtime
    from pillion.syntax.document import ParsedText
    from pillion.syntax.target import Target

_LONGEST_MESSAGE = 120


@dataclass(frozen=True, slots=True)
class Mending:
    """One way to settle a finding: an import, or an action that a model does. `first`: it is what is done as a rule."""

    placed: Placed
    first: bool
    statement: str = ""
    action: Action | None = None


def offers(wanted: Collection[Action], parsed: "ParsedText", start: int, end: int) -> "list[tuple[Action, Target]]":
    """The wanted actions that fit the code at [start, end), each with its target, in order."""
    found: list[tuple[Action, Target]] = []
    for action in ACTIONS:
        target = action.scope.target(parsed, start, end) if action in wanted else None
        if target is not None and action.scope.applies(target):
            # A user whose cursor is on a TODO means that first, and the code around it only then.
            is_todo = target.around is not None and bool(target.around.todo)
            found.insert(0 if is_todo else len(found), (action, target))
    return found


def mendings(found: Sequence[Placed], parsed: "ParsedText | None") -> list[Mending]:
    """What settles findings: imports first, which need no model, then each action on each finding. `parsed` is None of
    a document that models can't work on."""
    imports = [
        Mending(placed, len(placed.finding.imports) == 1, statement=each)
        for placed in found
        for each in placed.finding.imports
    ]
    # An import at the top is in no function or class, and leaves nothing to work on.
    around = [
        each for each in found if parsed is not None and parsed.symbols.enclosing(each.start, each.end) is not None
    ]
    actions = [each for each in ACTIONS if each.scope.offered_for == "finding"]
    by_models = [
        Mending(placed, action is actions[0] and not placed.finding.imports, action=action)
        for action in actions
        for placed in around
    ]
    return imports + by_models


def brief(placed: Placed) -> str:
    """A finding's message for a menu."""
    message = " ".join(placed.finding.message.split())
    return message if len(message) <= _LONGEST_MESSAGE else f"{message[: _LONGEST_MESSAGE - 1]}…"


def menu_title(action: Action, name: str, runtime: "Runtime | None", room: int) -> str:
    """The title of `action` on the symbol `name`. The engines are named once the configuration is loaded, which a menu
    never waits for, and as far as the title stays short enough for the client's menu."""
    title = action.title_for(name)
    longer = [f"{title} — {engines}" for engines in _engines(action, runtime)] if runtime is not None else []
    return next((each for each in longer if len(each) <= room), title)


def _engines(action: Action, runtime: "Runtime") -> list[str]:
    """Who would draft, and audit: in all words, and in fewer."""
    drafter, auditor = (runtime.pool.preferred(lane) for lane in (action.tier.lane, Lane.AUDIT))
    if drafter is None:
        return []
    if action.audited and runtime.policy.config.enabled and auditor is not None and auditor is not drafter:
        return [f"{drafter.name}, audited by {auditor.name}", drafter.name]
    # Where one engine does everything, its name says nothing about what is asked of it.
    alone = all(runtime.pool.preferred(tier.lane) is drafter for tier in Tier)
    return [f"{action.tier} on {drafter.name}", drafter.name] if alone else [drafter.name]
