"""How does a case keep what the user gave: pinned by hash, replaced whole, and read back as tables?"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from cloison.errors import CaseError
from cloison.evidence.custody import spelled
from cloison.hunt.intel import Caution, merged, read_indicators
from cloison.model.indicator import Indicator
from cloison.model.wording import many
from cloison.service.case import Case, locked
from cloison.service.given_tables import bytes_of
from cloison.service.inputs import (
    Exposed,
    Issued,
    Network,
    Total,
    read_cautions,
    read_exposed,
    read_networks,
    read_totals,
)

Row = TypeVar("Row")


@dataclass(frozen=True)
class Given:
    """Everything that the case was given beside its evidence."""

    indicators: tuple[Indicator, ...]
    exposed: tuple[Exposed, ...]
    networks: tuple[Network, ...]
    totals: tuple[Total, ...]
    cautions: tuple[Caution, ...] = ()


def give(
    case: Case,
    files: dict[str, list[Path]],
    system_of: Callable[[str], str],
    issued: Issued,
    note: Callable[[str], None],
) -> None:
    """Add input files to the case by kind (indicators, exposed, networks, totals, cautions): all of them or none.

    Raises:
        InputError: a file cannot be understood; then none of them is kept.
    """
    read = [(what, path, bytes_of(path)) for what, paths in files.items() for path in paths]
    kept = [
        (what, path.name, hashlib.sha256(data).hexdigest(), _parsed(what, data, str(path), system_of, issued, note))
        for what, path, data in read
    ]
    if not kept:
        return
    with locked(case):
        _keep(case, kept)


def _keep(case: Case, kept: list[tuple[str, str, str, list[object]]]) -> None:
    described = case.read()
    inputs = {what: list(listed) for what, listed in described.inputs.items()}
    for what, name, sha256, rows in kept:
        (case.inputs / f"{what}-{sha256[:16]}.json").write_bytes(msgspec.json.encode(rows))
        listed = inputs.setdefault(what, [])
        if all(entry["sha256"] != sha256 for entry in listed):
            listed.append({"name": spelled(name), "sha256": sha256})
    case.write(msgspec.structs.replace(described, inputs=inputs))


def give_again(case: Case, inputs: Given) -> None:
    """Keep in a new case what another was given, as it was read there."""
    listed: dict[str, list[dict[str, str]]] = {}
    for what in Given.__dataclass_fields__:
        data = msgspec.json.encode(getattr(inputs, what))
        sha256 = hashlib.sha256(data).hexdigest()
        (case.inputs / f"{what}-{sha256[:16]}.json").write_bytes(data)
        listed[what] = [{"name": what, "sha256": sha256}]
    case.write(msgspec.structs.replace(case.read(), inputs=listed))


def _parsed(
    what: str,
    data: bytes,
    where: str,
    system_of: Callable[[str], str],
    issued: Issued,
    note: Callable[[str], None],
) -> list[object]:
    if what == "indicators":
        reading = read_indicators(data, origin=Path(where).name)
        if reading.not_understood:
            missed = many(len(reading.not_understood), "value")
            note(f"{missed} in {where} cannot be looked for: see `cloison indicators`")
        return list(reading.indicators)
    if what == "cautions":
        return list(read_cautions(data, where))
    if what == "exposed":
        return list(read_exposed(data, where, system_of, issued))
    if what == "totals":
        return list(read_totals(data, where, system_of))
    return list(read_networks(data, where))


def given(case: Case) -> Given:
    """Read back what the case was given, each row once."""
    return Given(
        merged(_rows(case, "indicators", Indicator)),
        tuple({row.exposed_uid: row for row in _rows(case, "exposed", Exposed)}.values()),
        tuple(_rows(case, "networks", Network)),
        tuple({(row.system, row.resource_kind): row for row in _rows(case, "totals", Total)}.values()),
        tuple(_rows(case, "cautions", Caution)),
    )


def _rows(case: Case, what: str, kind: type[Row]) -> list[Row]:
    rows: list[Row] = []
    for entry in case.read().inputs.get(what, []):
        place = case.inputs / f"{what}-{entry.get('sha256', '')[:16]}.json"
        try:
            rows += msgspec.json.decode(place.read_bytes(), type=list[kind])  # type: ignore[valid-type]
        except (OSError, msgspec.DecodeError) as fault:
            raise CaseError(
                f"what the case was given cannot be read: {fault}",
                where=str(place),
                remedy=f"give {entry.get('name', 'the file')} again with `investigate --{what}`",
            ) from fault
    return rows


def naive(instant: datetime | None) -> datetime | None:
    """An instant as the lake holds it: UTC without a zone."""
    return None if instant is None else instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant
