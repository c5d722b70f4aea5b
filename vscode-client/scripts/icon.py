"""Draws the extension's icon: a rider's wheel, and the second one that follows. Needs nothing but Python.

python vscode-client/scripts/icon.py
"""

import math
import struct
import zlib
from pathlib import Path

SIZE, SAMPLES = 128, 4
BACKGROUND, FRONT, BACK = (24, 34, 48), (255, 255, 255), (240, 160, 64)


def colour_at(x: float, y: float) -> tuple[int, int, int] | None:
    """The colour of a point; None outside the rounded square."""
    radius = 28
    dx, dy = (max(radius - v, v - (SIZE - radius), 0) for v in (x, y))
    if math.hypot(dx, dy) > radius:
        return None
    for centre, colour, filled in ((44, FRONT, False), (84, BACK, True)):
        distance = math.hypot(x - centre, y - 70)
        if 19 <= distance <= 27 or (filled and distance <= 8):
            return colour
    # The seat: a bar over both.
    return FRONT if abs(y - 30) <= 4 and 40 <= x <= 92 else BACKGROUND


def pixel(column: int, row: int) -> bytes:
    """RGBA, smoothed over a grid of samples."""
    steps = [(each + 0.5) / SAMPLES for each in range(SAMPLES)]
    seen = [found for dy in steps for dx in steps if (found := colour_at(column + dx, row + dy))]
    if not seen:
        return bytes(4)
    return bytes([*(sum(parts) // len(seen) for parts in zip(*seen, strict=True)), 255 * len(seen) // SAMPLES**2])


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


rows = b"".join(b"\0" + b"".join(pixel(column, row) for column in range(SIZE)) for row in range(SIZE))
header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)
png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
(Path(__file__).parents[1] / "images" / "icon.png").write_bytes(png)
