"""Which pieces of a file that is joined from pieces are in it as they should be."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from pillion.models.wheel_parts import WheelPart

_CHUNK_BYTES = 1 << 20


def whole_pieces(partial: Path, parts: Sequence[WheelPart]) -> int:
    """How many of the pieces, from the first, are in the file as they should be. Each is read, since after a power cut
    the last bytes may be others than those that were written."""
    good = 0
    if not partial.exists():
        return good
    with partial.open("rb") as file:
        for part in parts:
            if not _has_piece(file, part):
                break
            good += 1
    return good


def _has_piece(file: BinaryIO, part: WheelPart) -> bool:
    """Whether the next bytes of an open file are this piece."""
    digest, left = hashlib.sha256(), part.size_bytes
    while left and (chunk := file.read(min(left, _CHUNK_BYTES))):
        digest.update(chunk)
        left -= len(chunk)
    return not left and digest.hexdigest() == part.sha256
