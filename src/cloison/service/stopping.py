"""When shall long work end? A signal says so, and the work in hand is finished first."""

import math
import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType


class Stop:
    """Set when the work shall end; `signal` is what ended it, 0 before.

    It takes no lock: a signal is heard in the middle of anything, also of what holds the lock of a `threading.Event`,
    which then waits for itself for ever.
    """

    def __init__(self) -> None:
        self.signal = 0
        self._set = False
        self._heard, self._tell = os.pipe()
        os.set_blocking(self._tell, False)
        self._poll = select.poll()
        self._poll.register(self._heard, select.POLLIN)

    def set(self) -> None:
        """Say that it shall end."""
        self._set = True
        with suppress(BlockingIOError):  # then enough is in the pipe to wake whoever waits
            os.write(self._tell, b"\0")

    def is_set(self) -> bool:
        """Whether it shall end."""
        return self._set

    def wait(self, seconds: float) -> bool:
        """Wait for it, at most so long; whether it shall end."""
        if not self._set:
            self._poll.poll(math.ceil(seconds * 1_000))
        return self._set

    def close(self) -> None:
        """Nobody waits for it any more."""
        os.close(self._heard)
        os.close(self._tell)


@contextmanager
def signals() -> Iterator[Stop]:
    """SIGINT and SIGTERM let the work in hand be finished; a second one ends at once."""
    stop = Stop()

    def heard(number: int, _: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.signal = number
        stop.set()

    before = {number: signal.signal(number, heard) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, former in before.items():
            signal.signal(number, former)
        stop.close()
