"""How does long work say how far it is, without knowing who listens?"""

from typing import Protocol


class Progress(Protocol):
    """A listener to long work."""

    def begin(self, what: str, total: int) -> None:
        """A stage begins; `total` is in bytes or steps, 0 when unknown."""

    def advance(self, amount: int) -> None:
        """So much more of the stage is done."""

    def note(self, text: str) -> None:
        """Something worth a line."""


class Silent:
    """A listener that says nothing."""

    def begin(self, what: str, total: int) -> None:
        """Nothing."""

    def advance(self, amount: int) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""
