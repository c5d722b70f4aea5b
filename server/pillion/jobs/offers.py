"""What a menu offers at a place: the actions that fit the code there, the fixes for findings, and the titles."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pillion.actions.action_registry import ACTIONS
from pillion.actions.action_row import Action
from pillion.jobs.finding_store import Placed
from pillion.tiers import Lane, Tier

if TYPE_CHECKING:
    from pillion.pipeline.runtime import Runtime
    from pillion.syntax.document import ParsedText
    from pillion.syntax.target import Target

_LONGEST_MESSAGE = 120


@dataclass(frozen=True, slots=True)
class Mending:
    """One way to settle a finding: an import, or an action that a model does. `first`: it is the usual way."""

    placed: Placed
    first: bool
    statement: str = ""
    action: Action | None = None


def offers(
    wanted: Collection[Action], parsed: "ParsedText", start: int, end: int, *, everything: bool
) -> "list[tuple[Action, Target]]":
    """The wanted actions that fit the code at [start, end), each with its target, in order. With `everything`, the menu
    is one of all kinds, and has no row that would only be in the way."""
    found: list[tuple[Action, Target]] = []
    targets: dict[object, Target] = {}  # many scopes look at a place in the same way
    for action in ACTIONS:
        if action not in wanted:
            continue
        way = action.scope.at
        target = targets.get(way) or targets.setdefault(way, action.scope.target(parsed, start, end))
        if everything and not action.scope.in_menus(target):
            continue
        if action.scope.applies(target):
            # If the cursor is on a TODO, the user most likely means the TODO, and only then the code around it.
            is_todo = target.around is not None and bool(target.around.todo)
            found.insert(0 if is_todo else len(found), (action, target))
    return found


def mendings(found: Sequence[Placed], parsed: "ParsedText | None") -> list[Mending]:
    """The ways to settle findings: first imports, which need no model, then each action on each finding. `parsed` is
    None if models can't work on the document."""
    imports = [
        Mending(placed, len(placed.finding.imports) == 1, statement=each)
        for placed in found
        for each in placed.finding.imports
    ]
    actions = [each for each in ACTIONS if each.scope.offered_for == "finding"]
    by_models = [
        Mending(placed, action is actions[0] and not placed.finding.imports, action=action)
        for action in actions
        for placed in found
        if parsed is not None and action.scope.applies(action.scope.target(parsed, placed.start, placed.end))
    ]
    return imports + by_models


def brief(message: str) -> str:
    """A finding's message, short enough for a menu."""
    message = " ".join(message.split())
    return message if len(message) <= _LONGEST_MESSAGE else f"{message[: _LONGEST_MESSAGE - 1]}…"


def menu_title(action: Action, name: str, runtime: "Runtime | None", room: int) -> str:
    """The title of `action` on the symbol `name`. It names the engines if the configuration is loaded (a menu never
    waits for that), and only as far as the title stays short enough for the client's menu."""
    title = action.title_for(name)
    longer = [f"{title} — {engines}" for engines in _engines(action, runtime)] if runtime is not None else []
    return next((each for each in longer if len(each) <= room), title)


def _engines(action: Action, runtime: "Runtime") -> list[str]:
    """The engines that would draft and audit, in words: first a longer form, then a shorter one."""
    drafter, auditor = (runtime.pool.preferred(lane) for lane in (action.tier.lane, Lane.AUDIT))
    if drafter is None:
        return []
    if action.audited and runtime.policy.config.enabled and auditor is not None and auditor is not drafter:
        return [f"{drafter.name}, audited by {auditor.name}", drafter.name]
    # If one engine drafts on every tier, its name doesn't say which tier does the work.
    alone = all(runtime.pool.preferred(tier.lane) is drafter for tier in Tier)
    return [f"{action.tier} on {drafter.name}", drafter.name] if alone else [drafter.name]
