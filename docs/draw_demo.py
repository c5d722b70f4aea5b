"""Draws docs/demo.svg: how the tiers reach the two engines, and the timeline of a real run of `pillion demo`."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PICTURE = Path(__file__).with_name("demo.svg")
WIDTH, HEIGHT = 860, 405
LARGE, SMALL, INK, PAPER, GREY = "#0b7285", "#a61e7c", "#1f2430", "#ffffff", "#868e96"
LEFT, RIGHT = 150, 820


def main() -> int:
    """Runs the demo and draws what it measured."""
    demo = subprocess.run(
        [sys.executable, "-m", "pillion", "demo", "--json"], capture_output=True, text=True, check=True
    )
    PICTURE.write_text(svg(json.loads(demo.stdout)), encoding="utf-8")
    sys.stdout.write(f"{PICTURE}\n")
    return 0


def svg(demo: dict[str, Any]) -> str:
    """The picture, for the data that `pillion demo --json` prints."""
    tiers = {step["tier"]: step for step in demo["steps"]}
    parts = [
        box(20, 70, 150, 90, INK, "your editor", "an action"),
        box(230, 70, 130, 90, INK, "pillion", "picks the engine"),
        box(640, 20, 200, 60, LARGE, "large model", "GPU 0 · writes"),
        box(640, 150, 200, 60, SMALL, "small model", "GPU 1 · explains, checks"),
        arrow(170, 115, 226, 115, INK),
        arrow(360, 95, 636, 38, LARGE),
        label(375, 50, LARGE, "MODERATE: refactor"),
        arrow(360, 108, 636, 62, LARGE),
        label(450, 112, INK, "COMPLEX: implement. One writes,"),
        label(450, 128, INK, "the other checks part by part"),
        arrow(360, 122, 636, 168, SMALL),
        arrow(360, 135, 636, 192, SMALL),
        label(375, 205, SMALL, "SIMPLE: docstring, explain, hover"),
        *timeline(demo["timeline"], tiers["COMPLEX"]["seconds"]),
    ]
    view = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="14"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {view}>'
    paper = f'<rect width="{WIDTH}" height="{HEIGHT}" rx="8" fill="{PAPER}"/>'
    return "\n".join([head, paper, *parts, "</svg>", ""])


def timeline(spans: list[dict[str, Any]], seconds: float) -> list[str]:
    """The complex job: when each engine was busy."""
    end_s = max(span["end_s"] for span in spans)
    draft_end_s = max(span["end_s"] for span in spans if span["engine"] == "driver")
    scale = (RIGHT - LEFT) / end_s
    parts = [label(20, 245, INK, f"make demo, “implement Stack” on two CPU engines: {seconds:.1f} s", bold=True)]
    for row, (engine, what, colour) in enumerate((("driver", "draft", LARGE), ("passenger", "audit", SMALL))):
        y = 265 + row * 42
        parts.append(label(20, y + 20, colour, what))
        parts.append(f'<rect x="{LEFT}" y="{y}" width="{RIGHT - LEFT}" height="30" fill="#f1f3f5"/>')
        for span in spans:
            if span["engine"] == engine:
                x, width = LEFT + span["start_s"] * scale, max(2.0, (span["end_s"] - span["start_s"]) * scale - 1)
                parts.append(f'<rect x="{x:.0f}" y="{y}" width="{width:.0f}" height="30" rx="3" fill="{colour}"/>')
    mark = LEFT + draft_end_s * scale
    parts += [
        f'<line x1="{mark:.0f}" y1="258" x2="{mark:.0f}" y2="344" stroke="{INK}" stroke-dasharray="4 3"/>',
        label(LEFT, 364, GREY, "0 s"),
        label(int(mark) - 60, 364, GREY, f"the draft ends: {draft_end_s:.1f} s"),
        label(20, 390, GREY, "A part is audited as soon as it is complete, while the next is being written."),
    ]
    return parts


def box(x: int, y: int, width: int, height: int, colour: str, title: str, words: str) -> str:
    """A box with a title and a line of words."""
    middle, centre = x + width // 2, y + height // 2
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" fill="none" stroke="{colour}"/>'
        f'<text x="{middle}" y="{centre - 4}" text-anchor="middle" font-weight="bold" fill="{colour}">{title}</text>'
        f'<text x="{middle}" y="{centre + 15}" text-anchor="middle" font-size="12" fill="{colour}">{words}</text>'
    )


def arrow(x1: int, y1: int, x2: int, y2: int, colour: str) -> str:
    """An arrow."""
    return (
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="1.5"/>'
        f'<circle cx="{x2}" cy="{y2}" r="4" fill="{colour}"/>'
    )


def label(x: int, y: int, colour: str, text: str, *, bold: bool = False) -> str:
    """A line of text."""
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" font-size="13" fill="{colour}"{weight}>{text}</text>'


if __name__ == "__main__":
    sys.exit(main())
