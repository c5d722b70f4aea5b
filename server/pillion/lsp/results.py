"""What a client is told of a job that is over: what its edit wrote, and who else could try."""

from typing import TYPE_CHECKING, Any

from pillion.lsp.apply import Applied, Written
from pillion.lsp.documents import Document
from pillion.lsp.job import Job
from pillion.lsp.tracked_ranges import TrackedRanges
from pillion.tiers import Tier

if TYPE_CHECKING:
    from pillion.pool.pool import Pool


def larger_model(job: Job, pool: "Pool") -> dict[str, str | None]:
    """`larger`, the endpoint that drafts on a higher tier and hasn't tried this job yet, and `larger_tier`, that tier;
    None where there is none."""
    tried = {each["endpoint"] for each in job.reporter.attempts}
    tiers = list(Tier)
    for tier in tiers[tiers.index(job.request.action.tier) + 1 :]:
        endpoint = pool.preferred(tier.lane)
        if endpoint is not None and endpoint.name not in tried:
            return {"larger": endpoint.name, "larger_tier": tier.value}
    return {}


def plain_applied(applied: Applied, document: Document, tracked: TrackedRanges) -> dict[str, Any]:
    """What an edit wrote, as JSON data: how many `lines`, their `ranges` in the document as it is, and whether `undo`
    is possible."""
    places = tracked.of(applied.key)
    ranges = []
    for written, (start, end) in zip(applied.written, places or (), strict=False):
        # A line end at its beginning is that of the line above, and an indentation at its end that of the line below.
        text = document.source[start:end]
        begins = start + len(text) - len(text.lstrip("\r\n")) if written.new_text.strip() else start
        ranges.append(document.positions.range(begins, max(begins, start + len(text.rstrip()))))
    lines = sum(_lines(each) for each in applied.written)
    return {"lines": lines, "ranges": ranges, "version": document.version, "undo": bool(places)}


def _lines(written: Written) -> int:
    """The lines written, or, where nothing was, those that are gone."""
    text = written.new_text.strip() or written.old_text.strip()
    return text.count("\n") + 1 if text else 1
