"""Draws docs/layers.svg: the rooms of the package, by the table that the tests hold them to."""

import html
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.unit.layers import LAYERS

PICTURE = Path(__file__).with_name("layers.svg")
WIDTH, ROW, LEFT, NAME = 960, 22, 20, 110
PAPER, INK, GREY, SHADES = "#ffffff", "#1f2430", "#868e96", ("#e6f4f6", "#f7e8f2")


def svg() -> str:
    """The picture: the front doors on top, the vocabulary at the bottom."""
    y, parts = 20, []
    for number, layer in enumerate(reversed(LAYERS)):
        height = ROW * len(layer)
        shade = SHADES[number % len(SHADES)]
        parts.append(f'<rect x="{LEFT}" y="{y}" width="{WIDTH - 2 * LEFT}" height="{height}" fill="{shade}"/>')
        for room, purpose in layer.items():
            parts.append(f'<text x="{LEFT + 10}" y="{y + 16}" fill="{INK}" font-weight="bold">{room}</text>')
            parts.append(f'<text x="{LEFT + 10 + NAME}" y="{y + 16}" fill="{INK}">{html.escape(purpose)}</text>')
            y += ROW
        y += 4
    parts.append(f'<text x="{LEFT}" y="{y + 18}" fill="{GREY}">A room imports only rooms below its own row.</text>')
    height = y + 34
    view = f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="13"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {view}>'
    paper = f'<rect width="{WIDTH}" height="{height}" rx="8" fill="{PAPER}"/>'
    return "\n".join([head, paper, *parts, "</svg>", ""])


if __name__ == "__main__":
    PICTURE.write_text(svg(), encoding="utf-8")
    sys.stdout.write(f"{PICTURE}\n")
