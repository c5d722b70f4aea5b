"""How fast this machine's cores are, in a second, without any model. The figure only scales measured ones."""

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor

from pillion.models.cores import usable_cores

# Hashed bytes in a second of one core of the machine on which the speeds in `expectations.py` were measured.
REFERENCE_BYTES_PER_S = 750_000_000
_WITHIN_S = 1.0
# Hashing a large block leaves Python's other threads alone.
_BLOCK = bytes(1 << 20)


def free_cores(within_s: float = _WITHIN_S) -> float:
    """How many cores of the reference machine this process gets now. Other programs' work and a container's limit are
    in the figure, because time passes for them too."""
    threads = usable_cores()
    began = time.monotonic()
    with ThreadPoolExecutor(threads) as pool:
        hashed = sum(pool.map(_hashed_until, [began + within_s] * threads))
    return hashed / (time.monotonic() - began) / REFERENCE_BYTES_PER_S


def _hashed_until(deadline_s: float) -> int:
    blocks = 0
    while time.monotonic() < deadline_s:
        hashlib.blake2b(_BLOCK).digest()
        blocks += 1
    return blocks * len(_BLOCK)
