"""Real refactorings, by models and by hand, from their text to what becomes of them: none that changes what a function
does is applied, and none that keeps it is accused. What each is worth was judged by hand-written calls, and is again."""

from collections.abc import Iterator

import pytest

from pillion.auditors.auditor_registry import AUDITORS
from pillion.bench.refactor_cases import BY_HAND, RefactorCase, Reply, read_refactors
from pillion.bench.refactor_judge import why_unjudged
from pillion.bench.refactor_rows import RefactorRow, answered_again
from pillion.cli.fixtures import fixture
from pillion.config.schema import AuditConfig
from pillion.pipeline.policy import AuditPolicy
from pillion.sandbox.sandboxes import Sandboxes

_REPLIES = [(case, reply) for case in read_refactors(fixture("refactors")) for reply in case.replies]
_BY_HAND = [(case, reply) for case, reply in _REPLIES if reply.by == BY_HAND]
_BY_MODELS = [(case, reply) for case, reply in _REPLIES if reply.by != BY_HAND]


@pytest.fixture(scope="module")
def policy() -> Iterator[AuditPolicy]:
    sandboxes = Sandboxes()
    off = AuditConfig(enabled=False)
    yield AuditPolicy(off, AUDITORS, lambda endpoint: False, sandboxes=sandboxes, run_limit_s=60.0, attempts=1)
    sandboxes.close()


def _require_judge(case: RefactorCase) -> None:
    if why := why_unjudged(case.language.id):
        pytest.skip(why)


@pytest.mark.parametrize(("case", "reply"), _BY_MODELS, ids=[f"{case.name}, {reply.by}" for case, reply in _BY_MODELS])
async def test_what_becomes_of_a_model_s_reply(case: RefactorCase, reply: Reply, policy: AuditPolicy) -> None:
    _require_judge(case)
    row = await answered_again(case, reply.by, [reply.text], policy, run=True)
    assert {True: "same", False: "changed", None: "unusable"}[row.same] == reply.worth, row
    states = {"same": {"applied", "offered"}, "changed": {"accused", "offered"}, "unusable": {"refused"}}
    assert row.state in states[reply.worth], row


async def test_rewrites_by_hand_are_not_accused_and_most_are_applied(policy: AuditPolicy) -> None:
    judged = [each for each in _BY_HAND if not why_unjudged(each[0].language.id)]
    rows: list[RefactorRow] = []
    for case, reply in judged:
        rows.append(await answered_again(case, reply.by, [reply.text], policy, run=True))
    assert [(row.case, row.difference) for row in rows if row.same is not True] == []
    assert {row.case for row in rows if row.state not in {"applied", "offered"}} == set()
    assert sum(row.state == "applied" for row in rows) > len(rows) / 2
