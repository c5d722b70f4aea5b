"""The choice between two drafts, of which the first failed when it was run."""

from collections.abc import Iterator
from dataclasses import replace

from pillion.events import DraftChosen, FindingRaised, PipelineEvent
from pillion.pipeline.outcome import Outcome
from pillion.pipeline.run_results import code_ran


def whats_shown(outcome: Outcome) -> str:
    """The call that shows an error in the draft, and what is wrong with it: “total([1, 2]) returned 4; it must return
    3”. Empty if running the draft has shown none."""
    if not outcome.failures:
        return ""
    return outcome.ran.counterexample.strip().rstrip(".") or "it fails when it is run"


def better_of(first: Outcome, second: Outcome) -> Outcome:
    """The draft that fails less; the first if neither does. It keeps the other one."""
    shown = whats_shown(first)
    if second.rejected:
        words = f"a second draft can't be used ({second.rejected}), so the first one stays, although {shown}"
    elif second.failures >= first.failures:
        words = f"a second draft fails as well, so the first one stays, although {shown}"
    else:
        result = "fails less" if second.failures else "doesn't" if not second.ran.not_run else "isn't known to"
        return replace(second, chosen=f"the first draft failed ({shown}); the second {result}", set_aside=first.draft)
    return replace(first, chosen=words, set_aside=second.draft)


def events_of_choice(first: Outcome, chosen: Outcome, at_s: float) -> Iterator[PipelineEvent]:
    """What is told of the choice. All that was told of the first draft was void meanwhile."""
    is_first = chosen.draft is first.draft
    yield DraftChosen(chosen.draft.endpoint, chosen.draft.tokens, is_first, chosen.chosen, at_s)
    if is_first:
        yield code_ran(chosen.ran, at_s)
        for file, finding in chosen.all_findings():
            yield FindingRaised(finding, at_s, file.text, file.uri if file.uri != chosen.uri else "")
