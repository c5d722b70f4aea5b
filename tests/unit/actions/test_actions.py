"""The small tables that the rest is derived from: actions, tiers, errors, snapshots."""

import inspect
import re

import pytest

from pillion import errors
from pillion.actions.action_registry import ACTIONS, action_by_id
from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import DIAGNOSTIC, FINDING
from pillion.edits.invariants import PARSES
from pillion.errors import DraftRejectedError, PillionError, UnknownActionError, UsageError
from pillion.tiers import LANES, Lane, Tier


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action(action: Action) -> None:
    assert action_by_id(action.id) is action
    assert action.kind == (f"{action.family}.pillion.{action.id}" if action.family else f"pillion.{action.id}")
    assert re.fullmatch(r"refactor\.rewrite|quickfix|source|", action.family)
    assert not (action.family == "refactor.rewrite" and action.output is Output.PROSE), "it rewrites nothing"
    assert "add" in action.title_for("add") or action.told_title
    assert action.title_for("{x}").startswith("Pillion: ")
    # Words for a person edit nothing; everything else must at least parse.
    assert (PARSES in action.invariants) == (action.output is not Output.PROSE)
    assert not action.audited or action.tier is Tier.COMPLEX


def test_what_needs_a_finding_is_a_quick_fix_of_the_middle_tier() -> None:
    needy = [action for action in ACTIONS if action.scope is FINDING]
    assert [action.id for action in needy] == ["debug", "ask"]
    assert all((action.family, action.tier) == ("quickfix", Tier.MODERATE) for action in needy)
    others = [action for action in ACTIONS if action.family == "quickfix" and action not in needy]
    assert [(action.id, action.scope, action.tier) for action in others] == [("lint", DIAGNOSTIC, Tier.SIMPLE)]


def test_what_mends_other_servers_diagnostics_looks_again_afterwards() -> None:
    mending = {action.id: action.mends_diagnostics for action in ACTIONS if action.mends_diagnostics}
    assert mending == {"debug": "errors", "lint": "all"}
    assert all(action_by_id(each).rechecked for each in mending)
    assert [action.id for action in ACTIONS if action.unless_rechecked] == ["lint"]


def test_another_tier_is_another_lane_and_audits_code_on_the_highest() -> None:
    change, answer = action_by_id("change"), action_by_id("answer")
    assert [(change.on(tier).tier, change.on(tier).audited) for tier in Tier] == [
        (Tier.SIMPLE, False),
        (Tier.MODERATE, False),
        (Tier.COMPLEX, True),
    ]
    assert not answer.on(Tier.COMPLEX).audited
    assert not action_by_id("implement").on(Tier.MODERATE).audited


def test_no_two_actions_share_an_id() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


@pytest.mark.parametrize("action_id", ["", "Docstring", "refactor.rewrite.pillion.docstring"])
def test_an_unknown_action_is_told_the_known_ones(action_id: str) -> None:
    with pytest.raises(UnknownActionError) as caught:
        action_by_id(action_id)
    assert all(action.id in caught.value.full_message for action in ACTIONS)


@pytest.mark.parametrize(
    ("tier", "lane", "then", "at_last"),
    [
        (Tier.SIMPLE, Lane.SIMPLE, Lane.MODERATE, Lane.COMPLEX),
        (Tier.MODERATE, Lane.MODERATE, Lane.COMPLEX, Lane.COMPLEX),
        (Tier.COMPLEX, Lane.COMPLEX, Lane.COMPLEX, Lane.COMPLEX),
    ],
)
def test_a_tiers_lane_and_the_ones_above_it(tier: Tier, lane: Lane, then: Lane, at_last: Lane) -> None:
    assert (tier.lane, tier.lane.next_up, tier.lane.next_up.next_up) == (lane, then, at_last)


def test_a_hover_goes_before_drafts_and_drafts_before_audits() -> None:
    assert LANES.keys() == set(Lane)
    drafts = {tier.lane.row.priority for tier in Tier}
    assert Lane.HOVER.row.priority < min(drafts)
    assert max(drafts) < Lane.AUDIT.row.priority


def test_the_tree_in_the_docstring_is_the_tree_of_the_errors() -> None:
    drawn = re.findall(r"^ {4}(.*?)(\w+Error)\b", errors.__doc__ or "", re.MULTILINE)
    parents: list[str] = []
    tree = {}
    for lead, name in drawn:
        depth = len(lead) // 4
        tree[name] = parents[depth - 1] if depth else "Exception"
        parents[depth:] = [name]
    own = [each for _, each in inspect.getmembers(errors, inspect.isclass) if each.__module__ == errors.__name__]
    assert tree == {each.__name__: each.__bases__[0].__name__ for each in own}


def test_an_errors_message_and_hint() -> None:
    assert PillionError("It failed.").full_message == "It failed."
    assert UsageError("It failed.", hint="Try again.").full_message == "It failed. Try again."
    rejected = DraftRejectedError("it is empty", code="empty")
    assert (str(rejected), rejected.code, rejected.hint) == ("it is empty", "empty", "")
