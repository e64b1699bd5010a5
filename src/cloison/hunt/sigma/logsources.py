"""Which sources does a rule speak of, and where do its names for fields stand in them?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cloison.hunt.sigma.said import Logsource


@dataclass(frozen=True)
class Spoken:
    """One logsource that a source is, with the fields that its rules name otherwise than the record or the event."""

    source: str
    logsource: Logsource
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    form: str = "json"  # or lines of text, which have no fields of their own, or such lines that hold pairs


def sources_of(asked: Logsource, spoken: Iterable[Spoken]) -> list[Spoken]:
    """The sources that are all that a rule says of its logs; what it does not say may be anything."""
    return [one for one in spoken if _is(one.logsource, asked)]


def _is(here: Logsource, asked: Logsource) -> bool:
    pairs = ((asked.product, here.product), (asked.category, here.category), (asked.service, here.service))
    return all(wanted is None or wanted == said for wanted, said in pairs)
