"""Signals that end a command: TERM and HUP end it as Ctrl-C does, so that it keeps what the model has written."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING_SIGNALS = ("SIGTERM", "SIGHUP")


class Terminated(KeyboardInterrupt):
    """A signal other than Ctrl-C told the process to end."""


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Within the block, TERM or a closed terminal ends the work as Ctrl-C does.

    Raises:
        Terminated: the process was told to end.
    """
    told: list[int] = []

    def end(number: int, _: FrameType | None) -> None:
        told.append(number)
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in a script's background: then nobody would hear it
            raise Terminated
        signal.raise_signal(signal.SIGINT)

    before = {}
    for name in _ENDING_SIGNALS:  # Windows lacks some
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # otherwise it is ignored, as with nohup
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
