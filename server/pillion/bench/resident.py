"""A process' resident memory, if the system tells it."""

from pathlib import Path


def resident_mb(process_id: int) -> float | None:
    """The resident memory of the process with this id, MB; None if the system doesn't tell it."""
    try:
        status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    except OSError:
        return None
    kilobytes = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    return kilobytes / 1024
