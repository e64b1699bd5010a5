"""What does cloison answer of an incident, and where does it differ from the truth?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.incidents.files import LogFile
from tests.incidents.incident import Incident
from tests.incidents.truth import Account, Object, Truth

from cloison.service.acts import investigate_all
from cloison.service.answers import opened
from cloison.service.case import open_case
from cloison.service.progress import Silent

Row = dict[str, Any]
Tables = dict[str, list[Row]]
READ = ("touched", "compromised", "rotations", "sessions", "scope", "account")


@dataclass(frozen=True)
class Judgement:
    """The figures of one incident, and every fault in words."""

    seed: int
    about: str
    records: int
    objects: int
    right: int  # proven and so
    claimed: int  # proven
    bounded: int  # of what the intruder reached, surely or possibly: within the upper bound
    reached: int
    upper: int  # how many the upper bound holds
    verdicts: int
    exposed: int
    seconds: float
    faults: tuple[str, ...] = field(default=())

    @property
    def precision(self) -> float:
        """Of what is called proven, how much is so."""
        return self.right / self.claimed if self.claimed else 1.0

    @property
    def recall(self) -> float:
        """Of what a careful reader proves, how much is called proven."""
        return 1 - sum(one.startswith("missed ") for one in self.faults) / self.objects if self.objects else 1.0

    @property
    def bound(self) -> float:
        """Of what the intruder reached, how much the upper bound holds."""
        return self.bounded / self.reached if self.reached else 1.0


def written(folder: Path, files: Iterable[LogFile]) -> Path:
    """The evidence on disk."""
    for one in files:
        path = folder / one.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.data)
    return folder


def investigated(one: Incident, folder: Path, batches: Sequence[Sequence[LogFile]]) -> Tables:
    """The tables of the case after each batch of evidence was taken and investigated in its turn."""
    inputs = {}
    for name, data in one.inputs.items():
        path = folder / f"{name}.{'txt' if name == 'indicators' else 'csv'}"
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        inputs[name] = [path]
    for number, batch in enumerate(batches):
        evidence = written(folder / f"evidence{number}", batch)
        investigate_all(
            folder / "case",
            [evidence],
            [],
            inputs,
            since=one.since,
            until=one.until,
            zone=one.zone,
            by_reference=False,
            progress=Silent(),
        )
    with opened(open_case(folder / "case")) as engine:
        return {name: engine.sql(f"SELECT * FROM {name}").to_arrow_table().to_pylist() for name in READ}


def judged(one: Incident, folder: Path) -> Judgement:
    """Investigate an incident, its late evidence after the rest, and compare."""
    began = perf_counter()
    batches = [batch for batch in (one.files, one.late) if batch]
    tables = investigated(one, folder, batches)
    return compared(one, tables, perf_counter() - began)


def compared(one: Incident, tables: Tables, seconds: float) -> Judgement:
    """The figures."""
    truth = one.truth
    reached = truth.read | truth.possible
    named = [row for row in tables["touched"] if row["resource_uid"]]
    got = [row for row in named if row["outcome"] == "success"]
    proven = {_object(row) for row in got if row["standing"] == "proven"}
    upper = {_object(row) for row in named if row["standing"] in {"proven", "suspected"} and row["outcome"] != "denied"}
    right_verdicts, faults = _verdicts(truth, tables["rotations"])
    faults += [f"missed {' '.join(uid)}" for uid in sorted(truth.read - proven)]
    faults += [f"claimed {' '.join(uid)}" for uid in sorted(proven - reached)]
    faults += [f"beyond the bound {' '.join(uid)}" for uid in sorted(reached - upper)]
    faults += _refusals(truth, named)
    faults += _people(truth, tables)
    faults += _scope(truth, tables["scope"])
    faults += _taken(tables["account"])
    return Judgement(
        one.seed,
        one.about,
        sum(int(row["received"]) for row in tables["account"]),
        len(truth.read),
        len(proven & reached),
        len(proven),
        len(reached & upper),
        len(reached),
        len(upper),
        right_verdicts,
        len(truth.verdicts),
        seconds,
        tuple(faults),
    )


def _object(row: Row) -> Object:
    return str(row["system"]), str(row["resource_kind"]), str(row["resource_uid"])


def _verdicts(truth: Truth, rows: list[Row]) -> tuple[int, list[str]]:
    found = {
        (str(row["system"]), str(row["kind"]), str(row["credential_uid"] or row["principal"])): row for row in rows
    }
    right, faults = 0, []
    for key, (verdict, misused) in sorted(truth.verdicts.items()):
        row = found.get(key)
        if row and row["verdict"] == verdict and misused in {None, row["misused"]}:
            right += 1
        else:
            said = f"{row['verdict']}, misused {row['misused']}: {row['why']}" if row else "nothing"
            faults.append(f"verdict {' '.join(key)}: {verdict}, misused {misused}, but it says {said}")
    return right, faults


def _refusals(truth: Truth, rows: list[Row]) -> list[str]:
    tried = {_object(row) for row in rows if row["standing"] == "proven"}
    return [f"attempt not told {' '.join(uid)}" for uid in sorted(truth.attempted - tried)]


def _people(truth: Truth, tables: Tables) -> list[str]:
    """Created accounts, what was left behind, and who is accused."""
    held = tables["compromised"]
    created = {
        (str(row["system"]), str(row["resource_uid"]))
        for row in tables["touched"]
        if (row["resource_kind"], row["action"], row["outcome"]) == ("account", "created", "success")
        and row["standing"] == "proven"
        and row["resource_uid"]
    }
    accused = _of(held, "principal", "proven")
    every = accused | _of(held, "principal", "suspected")
    credentials = {uid for _, uid in _of(held, "credential", "proven")}
    return [
        *_differ("account created", created, truth.created),
        *_differ("app", _of(held, "app", "proven"), truth.apps),
        *[f"missing principal {one}" for one in sorted((truth.created | truth.principals) - accused)],
        *[f"accused principal {one}" for one in sorted(accused - truth.suspects - truth.created - truth.granted)],
        *[f"missing granted {one}" for one in sorted(truth.granted - every)],
        *[f"missing minted {one}" for one in sorted(truth.minted - credentials)],
        *[f"accused credential {one}" for one in sorted(credentials - truth.minted - truth.credentials)],
    ]


def _of(rows: list[Row], kind: str, standing: str) -> set[Account]:
    return {(str(row["system"]), str(row["uid"])) for row in rows if (row["kind"], row["standing"]) == (kind, standing)}


def _differ(what: str, found: set[Account], so: frozenset[Account]) -> list[str]:
    missing = [f"missing {what} {one}" for one in sorted(so - found)]
    return missing + [f"invented {what} {one}" for one in sorted(found - so)]


def _scope(truth: Truth, rows: list[Row]) -> list[str]:
    """The counts on the screen hold what was read, and bound what was reached."""
    faults = []
    for row in rows:
        place = row["system"], row["resource_kind"]
        read = sum(uid[:2] == place for uid in truth.read)
        reached = sum(uid[:2] == place for uid in truth.read | truth.possible)
        if row["resource_kind"] in {"ticket", "page", "repository"} and not read <= row["read"] <= reached:
            faults.append(f"scope {' '.join(place)}: {row['read']} read, in truth {read} to {reached}")
        if row["resource_kind"] in {"ticket", "page", "repository"} and row["at_most"] < reached:
            faults.append(f"scope {' '.join(place)}: at most {row['at_most']}, in truth {reached}")
    return faults


def _taken(rows: list[Row]) -> list[str]:
    """Every record was understood."""
    return [f"rejected {row['rejected']} of {row['evidence']}" for row in rows if row["rejected"]]
