"""How long must who guesses wait? Each wrong try beyond the first few doubles it, by name, by address and by both."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

FREE = {"both": 5, "address": 20, "name": 50}
"""So many wrong tries cost nothing. By name alone it takes most, for else anyone could lock anyone out."""
LONGEST_SECONDS = 900.0
FORGOTTEN_SECONDS = 3_600.0
_KEPT = 10_000
"""So many names and addresses are remembered, the last ones."""


@dataclass(frozen=True)
class _Failed:
    count: int
    at: float


class Tries:
    """The wrong tries of late; `clock` counts seconds that only grow."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._failed = clock, OrderedDict[tuple[str, str], _Failed]()
        self._lock = threading.Lock()

    def wait_seconds(self, name: str, address: str) -> float:
        """How long until the next try is looked at; 0 when at once."""
        now = self._clock()
        with self._lock:
            return max(self._wait(key, now) for key in _keys(name, address))

    def failed(self, name: str, address: str) -> None:
        """A try was wrong."""
        now = self._clock()
        with self._lock:
            for key in _keys(name, address):
                before = self._fresh(key, now)
                self._failed[key] = _Failed(before.count + 1 if before else 1, now)
                self._failed.move_to_end(key)
            while len(self._failed) > _KEPT:
                self._failed.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        """A try was right: what its owner mistyped from there is forgotten."""
        with self._lock:
            self._failed.pop(("both", f"{address} {name}"), None)

    def _fresh(self, key: tuple[str, str], now: float) -> _Failed | None:
        found = self._failed.get(key)
        return found if found and now - found.at < FORGOTTEN_SECONDS else None

    def _wait(self, key: tuple[str, str], now: float) -> float:
        found = self._fresh(key, now)
        beyond = found.count - FREE[key[0]] if found else -1
        if found is None or beyond < 0:
            return 0.0
        return max(0.0, found.at + min(LONGEST_SECONDS, 2.0 ** min(beyond, 20)) - now)


def _keys(name: str, address: str) -> tuple[tuple[str, str], ...]:
    named = (("both", f"{address} {name}"), ("name", name)) if name else ()
    return (*named, ("address", address))
