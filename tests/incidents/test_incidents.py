"""Does cloison find what is so, and no more, on incidents that it never saw; whatever the order of their evidence?"""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random

import pytest
from tests.incidents import rearranged, shows
from tests.incidents.files import LogFile
from tests.incidents.incident import behaviours, incident
from tests.incidents.judged import READ, Tables, investigated, judged

pytestmark = pytest.mark.long
SEEDS = (*range(1, 33), 52)
REARRANGED = (5, 12, 20)
CAREFUL = {8: 2, 30: 1}
"""Credentials that are left unknown where the truth has them dead: one log ends four hours before the others, which it
never did inside a file; and one has an hour and a minute between two of its files, where an hour is ordinary."""
PLACES = {"event_uid", "evidence", "offset", "length", "evidence_uid"}


@pytest.mark.parametrize("seed", SEEDS)
def test_an_incident_is_told_as_it_was(seed: int, tmp_path: Path) -> None:
    found = judged(incident(seed), tmp_path)
    assert found.objects > 0
    assert found.exposed > 0
    careful = CAREFUL.get(seed, 0)
    assert (found.precision, found.bound) == (1.0, 1.0), found.faults
    assert found.verdicts == found.exposed - careful, found.faults
    assert found.recall >= 0.99, found.faults
    unknown = [one for one in found.faults if one.startswith("verdict ") and "these hours are not covered" in one]
    assert len(unknown) == careful
    assert all(one.startswith("missed ") for one in found.faults if one not in unknown), found.faults


def test_together_the_incidents_show_every_behaviour() -> None:
    assert frozenset().union(*map(behaviours, SEEDS)) == shows.ALL


@pytest.mark.parametrize("seed", [3])
def test_the_same_seed_makes_the_same_incident(seed: int) -> None:
    one, other = incident(seed), incident(seed)
    assert [(each.name, each.data) for each in one.files] == [(each.name, each.data) for each in other.files]
    assert (one.inputs, one.truth) == (other.inputs, other.truth)


@pytest.fixture(scope="module")
def as_it_came(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Tables]:
    """The answers of an incident whose evidence is taken all at once, as it is."""

    @cache
    def plain(seed: int) -> Tables:
        one = incident(seed)
        return investigated(one, tmp_path_factory.mktemp("plain"), [[*one.files, *one.late]])

    return plain


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.xdist_group(f"rearranged {seed}")) for seed in REARRANGED]
)
@pytest.mark.parametrize("arranged", [rearranged.shuffled, rearranged.cut, rearranged.repeated])
def test_the_same_evidence_in_another_shape_gives_the_same_rows(
    seed: int,
    arranged: Callable[[Sequence[LogFile], Random], list[LogFile]],
    as_it_came: Callable[[int], Tables],
    tmp_path: Path,
) -> None:
    one = incident(seed)
    other = investigated(one, tmp_path, [arranged([*one.files, *one.late], Random(seed))])
    assert rows(other) == rows(as_it_came(seed))


def rows(tables: Tables) -> dict[str, list[tuple[tuple[str, str], ...]]]:
    """The rows of every answer, without the places of records."""
    return {
        name: sorted(
            tuple((column, str(value)) for column, value in row.items() if column not in PLACES) for row in tables[name]
        )
        for name in READ
        if name != "account"
    }
