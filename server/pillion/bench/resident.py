"""A process' resident memory, where the system tells."""

from pathlib import Path


def resident_mb(process_id: int) -> float | None:
    """Of the process with this id; None where the system doesn't say."""
    try:
        status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    except OSError:
        return None
    kilobytes = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    return kilobytes / 1024
