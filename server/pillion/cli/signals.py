"""Being told to end: a command that is told so by TERM or HUP ends as by Ctrl-C, so that it keeps what was written."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING_SIGNALS = ("SIGTERM", "SIGHUP")


class Terminated(KeyboardInterrupt):
    """The process was told to end, and not by its terminal's Ctrl-C."""


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Within the block, being told to end (TERM, or a terminal that is closed) is what Ctrl-C is.

    Raises:
        Terminated: the process was told to end.
    """
    told: list[int] = []

    def end(number: int, _: FrameType | None) -> None:
        told.append(number)
        signal.raise_signal(signal.SIGINT)

    before = {}
    for name in _ENDING_SIGNALS:  # Windows lacks some
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # else it is to be ignored, as by nohup
            before[number] = signal.signal(number, end)
    try:
        yield
    except KeyboardInterrupt:
        if told:
            raise Terminated from None
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
