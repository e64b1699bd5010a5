"""What does a rule say of itself, be it a rule, a correlation, or one that is refused?"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """Who it is, how grave, tagged with what, and the file that it stands in."""

    uid: str
    title: str
    name: str = ""
    level: str = ""
    tags: tuple[str, ...] = ()
    origin: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What a correlation may call it."""
        return tuple(name for name in (self.uid, self.name) if name)


@dataclass(frozen=True)
class Logsource:
    """Which logs a rule is about, as it says."""

    product: str | None = None
    category: str | None = None
    service: str | None = None

    def __str__(self) -> str:
        return "/".join(part or "*" for part in (self.product, self.category, self.service))


@dataclass(frozen=True)
class Refused:
    """A rule that cannot run, and why."""

    said: Said
    why: str
    logsource: Logsource = Logsource()


@dataclass(frozen=True)
class Filtering:
    """A filter that works, and from how many rules it takes away."""

    said: Said
    rules: int
