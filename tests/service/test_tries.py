"""Does who guesses wait twice as long each time, and nobody for ever?"""

import pytest

from cloison.service.tries import FREE, LONGEST_SECONDS, Tries


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tries(clock: Clock) -> Tries:
    return Tries(clock)


def failing(tries: Tries, times: int, name: str = "ada", address: str = "192.0.2.1") -> None:
    for _ in range(times):
        tries.failed(name, address)


def test_the_first_wrong_tries_cost_nothing_and_then_each_doubles(tries: Tries, clock: Clock) -> None:
    failing(tries, 4)
    assert tries.wait_seconds("ada", "192.0.2.1") == 0
    waits = []
    for _ in range(12):
        failing(tries, 1)
        waits.append(tries.wait_seconds("ada", "192.0.2.1"))
        clock.now += waits[-1]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


def test_waiting_goes_by(tries: Tries, clock: Clock) -> None:
    failing(tries, 9)
    assert tries.wait_seconds("ada", "192.0.2.1") == 16
    clock.now += 15.5
    assert tries.wait_seconds("ada", "192.0.2.1") == 0.5
    clock.now += 0.5
    assert tries.wait_seconds("ada", "192.0.2.1") == 0


def test_who_mistypes_is_forgotten_when_right_or_after_an_hour(tries: Tries, clock: Clock) -> None:
    failing(tries, 5)
    tries.succeeded("ada", "192.0.2.1")
    assert tries.wait_seconds("ada", "192.0.2.1") == 0
    failing(tries, 30)
    clock.now += 3600
    assert tries.wait_seconds("ada", "192.0.2.1") == 0
    failing(tries, 4)
    assert tries.wait_seconds("ada", "192.0.2.1") == 0


def test_another_from_elsewhere_does_not_wait_until_many_tries(tries: Tries) -> None:
    failing(tries, 40)
    assert tries.wait_seconds("bea", "192.0.2.2") == 0
    assert tries.wait_seconds("ada", "192.0.2.2") == 0
    assert tries.wait_seconds("bea", "192.0.2.1") == LONGEST_SECONDS


def test_a_name_that_is_guessed_from_everywhere_waits(tries: Tries) -> None:
    for number in range(FREE["name"]):
        failing(tries, 1, address=f"192.0.2.{number}")
    assert tries.wait_seconds("ada", "198.51.100.1") == 1


def test_memory_is_bounded(tries: Tries) -> None:
    for number in range(6_000):
        failing(tries, 1, name=str(number), address=str(number))
    assert len(tries._failed) == 10_000
