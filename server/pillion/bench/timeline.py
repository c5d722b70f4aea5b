"""Draws the runs of `pillion bench audit` as an SVG: which endpoint was busy with what, and when."""

from collections.abc import Iterator, Sequence
from html import escape

from pillion.bench.audit import Comparison
from pillion.bench.scenarios import Run, Scenario

_WIDTH, _LEFT, _RIGHT = 860, 300, 840
_ROW, _BAR, _GAP = 19, 13, 46
_STEPS = {
    "draft": ("#1c7ed6", "the draft"),
    "criteria": ("#f08c00", "what must it do?"),
    "reading": ("#b197fc", "reads along"),
    "part": ("#ae3ec9", "judges a part"),
    "verdict": ("#d6336c", "the last part, and the verdict"),
}
_STYLE = """<style>
.paper { fill: #ffffff } .ink { fill: #1f2430 } .faint { fill: #5c6370 }
.lane { fill: #f1f3f5 } .tick { stroke: #ced4da }
@media (prefers-color-scheme: dark) {
.paper { fill: #161b22 } .ink { fill: #e6edf3 } .faint { fill: #9aa4b0 }
.lane { fill: #262c36 } .tick { stroke: #444c56 }
}
</style>"""


def svg(comparisons: Sequence[Comparison], title: str) -> str:
    """The picture: for each draft a time axis, on it a row for each scenario and endpoint. Seconds as measured."""
    parts: list[str] = []
    y = 74
    for comparison in comparisons:
        drawn, y = _comparison(comparison, y)
        parts += drawn
    height = y - 18
    view = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" font-family="sans-serif" font-size="12"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {view} role="img">'
    paper = f'<rect class="paper" width="{_WIDTH}" height="{height}" rx="8"/>'
    words = [f"<title>{escape(title)}</title>", _text(20, 26, title, size=15, bold=True), *_legend()]
    return "\n".join([head, _STYLE, paper, *words, *parts, "</svg>", ""])


def _comparison(comparison: Comparison, top: int) -> tuple[list[str], int]:
    """A comparison's part of the picture, and where the next part begins."""
    end_s = max(run.seconds for run in comparison.runs.values())
    per_second = (_RIGHT - _LEFT) / end_s
    rows = [(run, endpoint) for run in comparison.runs.values() for endpoint in _endpoints(run)]
    bottom = top + 12 + len(rows) * _ROW
    parts = [_text(20, top, comparison.title, size=13, bold=True)]
    for tick_s in _ticks(end_s):
        x = _LEFT + tick_s * per_second
        parts.append(f'<line class="tick" x1="{x:.1f}" y1="{top + 8}" x2="{x:.1f}" y2="{bottom}"/>')
        parts.append(_text(int(x), bottom + 13, f"{tick_s:g} s", faint=True, anchor="middle"))
    named: Scenario | None = None
    for number, (run, endpoint) in enumerate(rows):
        y = top + 12 + number * _ROW
        if run.scenario is not named:
            named = run.scenario
            parts.append(_text(20, y + 11, run.scenario.value))
        parts.append(_text(_LEFT - 8, y + 11, endpoint, faint=True, anchor="end"))
        width = run.seconds * per_second
        parts.append(f'<rect class="lane" x="{_LEFT}" y="{y}" width="{width:.1f}" height="{_BAR}"/>')
        parts += _bars(run, endpoint, y, per_second)
    return parts, bottom + _GAP


def _bars(run: Run, endpoint: str, y: int, per_second: float) -> Iterator[str]:
    for span in run.spans:
        if span.endpoint == endpoint:
            colour, words = _STEPS[span.what]
            x, seconds = _LEFT + span.start_s * per_second, span.end_s - span.start_s
            width = max(1.0, seconds * per_second - 0.5)
            hover = f"<title>{escape(words)}: {seconds:.2f} s</title>"
            yield f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAR}" fill="{colour}">{hover}</rect>'


def _endpoints(run: Run) -> list[str]:
    return list(dict.fromkeys(span.endpoint for span in sorted(run.spans, key=lambda span: span.start_s)))


def _ticks(end_s: float) -> list[float]:
    """At most a dozen round numbers of seconds."""
    step = next(each for each in (0.01, 0.1, 0.5, 1, 2, 5, 10, 20, 60, 300, 3600) if end_s / each <= 12)
    return [round(number * step, 2) for number in range(int(end_s / step) + 1)]


def _legend() -> list[str]:
    parts: list[str] = []
    x = 20
    for colour, words in _STEPS.values():
        parts.append(f'<rect x="{x}" y="38" width="12" height="12" fill="{colour}"/>')
        parts.append(_text(x + 17, 48, words))
        x += 40 + 7 * len(words)
    return parts


def _text(
    x: int, y: int, words: str, *, size: int = 12, bold: bool = False, faint: bool = False, anchor: str = "start"
) -> str:
    look = f'class="{"faint" if faint else "ink"}" font-size="{size}" text-anchor="{anchor}"'
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" {look}{weight}>{escape(words)}</text>'
