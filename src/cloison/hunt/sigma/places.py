"""Where does a rule's field stand: which SQL expressions hold its values, and of which kind?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "texts", "int", "bool", "time"]
"""What an expression holds; `texts` is a list of which any may match."""


@dataclass(frozen=True)
class Value:
    """An SQL expression over the row that is tested."""

    sql: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Place:
    """A field: the values of which any may match, and the SQL that says whether the row has the field at all."""

    values: tuple[Value, ...]
    exists: str = ""

    @property
    def held(self) -> str:
        """SQL: any of the values is there."""
        return " OR ".join(_held(one) for one in self.values) or "FALSE"

    @property
    def there(self) -> str:
        """SQL: the row has the field, perhaps with null."""
        return self.exists or self.held


def joined(places: Iterable[Place]) -> Place:
    """The values of all of them."""
    listed = list(places)
    there = " OR ".join(f"({one.there})" for one in listed)
    return Place(tuple(value for one in listed for value in one.values), there if len(listed) > 1 else listed[0].exists)


def _held(value: Value) -> str:
    return f"coalesce(len({value.sql}), 0) > 0" if value.kind == "texts" else f"{value.sql} IS NOT NULL"


Resolve = Callable[[str], Place]
"""A field's name to its place; raises `UnfitError` when the logs have no such field."""


@dataclass(frozen=True)
class Taxonomy:
    """How the fields of rules are found in the rows: one by its name, and all that a keyword searches."""

    place: Resolve
    everything: Callable[[], Place]
