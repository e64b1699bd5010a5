"""Is a signal heard in the middle of anything?"""

import signal
import sys
import threading
import time
from types import FrameType
from typing import Any

import pytest

from cloison.service.stopping import Stop, signals


@pytest.mark.timeout(30)
def test_a_signal_is_heard_at_every_step_of_waiting() -> None:
    with signals() as stop:
        steps = 0

        def at_each_step(_: FrameType, event: str, __: Any) -> Any:
            nonlocal steps
            if event in {"call", "line", "return"} and not stop.is_set():
                steps += 1
                if steps == wanted:
                    signal.raise_signal(signal.SIGTERM)
            return at_each_step

        for wanted in range(1, 40):
            steps, stop.signal, stop._set = 0, 0, False
            before = sys.gettrace()
            sys.settrace(at_each_step)
            try:
                stop.wait(0)
            finally:
                sys.settrace(before)
            if steps < wanted:
                break
            assert (stop.is_set(), stop.signal) == (True, signal.SIGTERM)
        assert wanted > 3


def test_who_waits_is_woken() -> None:
    stop = Stop()
    threading.Timer(0.05, stop.set).start()
    began = time.monotonic()
    assert stop.wait(30)
    assert time.monotonic() - began < 10
    assert stop.wait(30)
    stop.close()


def test_nobody_is_woken_before_it() -> None:
    stop = Stop()
    assert not stop.wait(0.01)
    stop.close()


def test_it_can_be_set_more_often_than_anybody_looks() -> None:
    stop = Stop()
    for _ in range(200_000):
        stop.set()
    assert stop.wait(0)
    stop.close()


def test_a_second_signal_ends_at_once_and_what_was_heard_before_is_heard_again() -> None:
    former = signal.getsignal(signal.SIGTERM)
    with signals() as stop:
        signal.raise_signal(signal.SIGINT)
        assert stop.signal == signal.SIGINT
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is former
