"""What does an investigation find in the recorded CloudTrail scenarios of a corpora folder, against their truth?

    python -m scripts.measure_scenarios --corpora DIR

Each scenario is investigated twice: with nothing but the key that was exposed, and with the intruder's address too.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cloison.service import acts
from cloison.service.progress import Silent
from cloison.sources.paths import literal


@dataclass(frozen=True)
class Scenario:
    """A recording and its truth: the key that was exposed, those minted from it, its addresses, records and objects."""

    name: str
    log: Path
    exposed: str
    since: str
    keys: frozenset[str]
    ips: frozenset[str]
    records: int
    objects: frozenset[str]


@dataclass(frozen=True)
class Found:
    """What an investigation says of a scenario: surely, and at most."""

    keys: frozenset[str]
    records: int
    objects: frozenset[str]
    records_at_most: int


def scenarios(corpora: Path) -> Iterator[Scenario]:
    """The scenarios below `corpora/scenarios`."""
    folder = corpora / "scenarios"
    told = json.loads((folder / "otrf_ec2_proxy_truth.json").read_text(encoding="utf-8"))
    [log] = folder.glob("otrf/datasets/atomic/aws/collection/*/*.json")
    yield Scenario(
        "otrf ec2 proxy",
        log,
        told["exposed_credential"],
        told["first"],
        frozenset([told["exposed_credential"]]),
        frozenset(told["ips"]),
        told["records_by_credential"],
        frozenset(told["objects"]),
    )
    for label in json.loads((folder / "stratus/_labels.json").read_text(encoding="utf-8")):
        keys = [key for key in label["access_keys"] if key]
        lasting = sorted(keys, key=lambda key: not key.startswith("AKIA"))
        if lasting:
            yield Scenario(
                label["technique"],
                folder / f"stratus/{label['technique']}.json",
                lasting[0],
                label["start"],
                frozenset(keys),
                frozenset(label["source_ips"]),
                label["events"],
                frozenset(),
            )


def investigated(scenario: Scenario, folder: Path, *, published: bool) -> Found:
    """The scenario investigated as a case below `folder`; `published`: its addresses are known indicators."""
    ledger, listed = folder / "exposed.csv", folder / "indicators.txt"
    head = "system,kind,credential_uid,principal,exposed_at\n"
    ledger.write_text(f"{head}aws,access_key,{scenario.exposed},,{scenario.since}\n", encoding="utf-8")
    listed.write_text("\n".join(sorted(scenario.ips)), encoding="utf-8")
    inputs = {"exposed": [ledger], "indicators": [listed] if published else []}
    acts.investigate_all(
        folder / "case", [scenario.log], [], inputs, since=None, until=None, by_reference=False, progress=Silent()
    )
    return _read(folder / "case/results")


def _read(results: Path) -> Found:
    def rows(name: str, sql: str) -> list[tuple[str, ...]]:
        with duckdb.connect() as engine:
            return engine.execute(sql.format(literal(str(results / f"{name}.parquet")))).fetchall()

    keys = rows("compromised", "SELECT uid FROM read_parquet({}) WHERE kind = 'credential' AND standing = 'proven'")
    counted = "SELECT coalesce(sum(events), 0) FROM read_parquet({}) WHERE standing IN "
    [(surely,)] = rows("sessions", counted + "('proven')")
    [(at_most,)] = rows("sessions", counted + "('proven', 'suspected')")
    taken = "SELECT resource_uid FROM read_parquet({}) WHERE outcome = 'success' AND action = 'downloaded'"
    objects = rows("touched", taken)
    return Found(_firsts(keys), int(surely), _firsts(objects), int(at_most))


def _firsts(rows: Iterable[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(str(row[0]) for row in rows)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    corpora = parser.parse_args().corpora
    lines = ["scenario | keys | records proven | objects || key alone: records at most", "---|---|---|---||---"]
    for one in scenarios(corpora):
        with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
            known = investigated(one, Path(first), published=True)
            alone = investigated(one, Path(second), published=False)
        strange = f", {len(known.keys - one.keys)} strange" if known.keys - one.keys else ""
        objects = f"{len(known.objects & one.objects)} of {len(one.objects)}" if one.objects else "-"
        keys = f"{len(known.keys & one.keys)} of {len(one.keys)}{strange}"
        alike = f"{alone.records_at_most} of {one.records}"
        lines.append(f"{one.name} | {keys} | {known.records} of {one.records} | {objects} || {alike}")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
