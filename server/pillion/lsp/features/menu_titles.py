"""What actions are called in a menu: by what they do, and by the engines that would do it, where there is room."""

from typing import TYPE_CHECKING

from pillion.actions.action import Action
from pillion.lsp.session import Session
from pillion.tiers import Lane, Tier

if TYPE_CHECKING:
    from pillion.pipeline.runtime import Runtime


def menu_title(session: Session, action: Action, name: str) -> str:
    """The title of `action` on the symbol `name`. The engines are named once the configuration is loaded, which a menu
    never waits for, and as far as the title stays short enough for the client's menu."""
    title = action.title_for(name)
    runtime = session.loaded
    longer = [f"{title} — {engines}" for engines in _engines(action, runtime)] if runtime is not None else []
    return next((each for each in longer if len(each) <= session.title_room), title)


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
