"""The choice among several drafts, of which the first failed when it was run."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pillion.events import DraftChosen, FindingRaised, PipelineEvent
from pillion.pipeline.outcome import Outcome
from pillion.pipeline.run_results import code_ran
from pillion.plurals import counted

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
# So many drafts with the same wrong value, each drafted anew, may know better than the example.
_AGREEING = 3


def whats_shown(outcome: Outcome) -> str:
    """The call that shows an error in the draft, and what is wrong with it: “total([1, 2]) returned 4; it must return
    3”. Empty if running the draft has shown none."""
    if not outcome.failures:
        return ""
    return outcome.ran.counterexample.strip().rstrip(".") or "it fails when it is run"


def holds(outcome: Outcome, first: Outcome) -> bool:
    """Whether the draft shows no error where `first` does, so that no other is needed."""
    return not outcome.rejected and not outcome.failures and (not outcome.ran.not_run or bool(first.ran.not_run))


def best_of(tried: Sequence[Outcome]) -> Outcome:
    """The draft that fails least, the earliest of several. It keeps one that isn't taken, and says why. The first one
    failed and could be used; there is at least one more."""
    first, *others = tried
    usable = [each for each in tried if not each.rejected]
    best = min(usable, key=lambda each: (each.failures, bool(each.ran.not_run)))
    shown = whats_shown(first)
    if best is first:
        other = min(others, key=lambda each: (bool(each.rejected), each.failures))
        words = f"{_failing(others)}, so the first one stays, although {shown}{_doubt(tried, best)}"
        return replace(first, chosen=words, set_aside=other.draft)
    result = "fails less" if best.failures else "doesn't" if not best.ran.not_run else "isn't known to"
    number = next(at for at, each in enumerate(tried) if each is best)
    which = _ORDINALS[number] if number < len(_ORDINALS) else "last"
    words = f"the first draft failed ({shown}); the {which} {result}{_doubt(tried, best)}"
    return replace(best, chosen=words, set_aside=first.draft)


def _failing(others: Sequence[Outcome]) -> str:
    if len(others) > 1:
        return f"{counted(len(others), 'more draft')} fail as well, or can't be used"
    rejected = others[0].rejected
    return f"a second draft can't be used ({rejected})" if rejected else "a second draft fails as well"


def _doubt(tried: Sequence[Outcome], best: Outcome) -> str:
    """That the example itself may be wrong, in words; empty if there is no reason to think so. One example fails in the
    very same way in several drafts whose code isn't the same, and holds otherwise. Models make the same mistake twice,
    too, so this is a hint for the user and no verdict."""
    if best.failures != 1 or best.ran.examples < 2 or not best.ran.counterexample:
        return ""
    same = {
        each.draft.text
        for each in tried
        if not each.rejected and each.failures == 1 and each.ran.counterexample == best.ran.counterexample
    }
    return f"; {len(same)} drafts give the same, so the example may be wrong" if len(same) >= _AGREEING else ""


def events_of_choice(tried: Sequence[Outcome], chosen: Outcome, at_s: float) -> Iterator[PipelineEvent]:
    """What is told of the choice. All that was told of the drafts before the last one was void meanwhile."""
    # One that an endpoint's failure ended has the first one's text, for want of its own.
    is_earlier = bool(tried[-1].rejected) or chosen.draft is not tried[-1].draft
    yield DraftChosen(chosen.draft.endpoint, chosen.draft.tokens, is_earlier, chosen.chosen, at_s)
    if is_earlier:
        yield code_ran(chosen.ran, at_s)
        for file, finding in chosen.all_findings():
            yield FindingRaised(finding, at_s, file.text, file.uri if file.uri != chosen.uri else "")
