"""How often do the shipped rules speak where they should, and where they should not?

    python -m scripts.measure_rules --benign [--scale 0.05] [--write]
    python -m scripts.measure_rules --corpora DIR [--types Okta.SystemLog,Cloudflare.*] [--missed]

`--benign` runs them over the model incident up to the moment before the intruder comes, all of it ordinary life, and
counts the detections of each rule in a million events; `--write` puts the figure into the rule. `--corpora` runs them
over each record of `DIR/panther` by itself: of those that deserve a detection, on how many does any rule speak, and of
those that do not, on how many a rule of level medium or above.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import duckdb
from demo.model_incident.generate import generate

from cloison.service import acts
from cloison.service.progress import Silent
from cloison.service.rule_files import SHIPPED_RULES
from cloison.sources.paths import literal

PROBE_STARTS = "2023-11-14T09:20:00"
LOUD = ("medium", "high", "critical")
GIVEN = ("indicators", "exposed", "networks", "totals")


@dataclass(frozen=True)
class Rate:
    """How often a rule spoke in how many events of ordinary life."""

    uid: str
    title: str
    level: str
    detections: int
    events: int

    @property
    def per_million(self) -> float:
        """Detections in a million events."""
        return round(1e6 * self.detections / self.events, 1) if self.events else 0.0


@dataclass(frozen=True)
class Judged:
    """A record that deserves a detection, or does not, and the levels of the rules that spoke on it."""

    kind: str
    name: str
    deserves: bool
    levels: tuple[str, ...]
    titles: tuple[str, ...]


def benign(scale: float) -> list[Rate]:
    """Every rule that is about any log of the model incident, over its ordinary life."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(folder, scale=scale)
        inputs = {kind: list(folder.glob(f"{kind}.*")) for kind in GIVEN}
        case = folder / "case"
        evidence = [folder / "evidence"]
        acts.investigate_all(
            case, evidence, [], inputs, since=None, until=PROBE_STARTS, by_reference=True, progress=Silent()
        )
        acts.detect(case, progress=Silent())
        told = _rows(
            case,
            "SELECT r.rule_uid, r.title, r.level, r.detections, (SELECT sum(events) FROM read_parquet({coverage})) "
            "FROM read_parquet({rules_run}) AS r WHERE r.runs AND r.events > 0 ORDER BY r.detections DESC, r.title",
        )
    return [Rate(str(a), str(b), str(c), int(str(d)), int(str(e))) for a, b, c, d, e in told]


def _rows(case: Path, sql: str) -> list[tuple[object, ...]]:
    places = {name: literal(str(case / f"results/{name}.parquet")) for name in ("rules_run", "detections", "coverage")}
    with duckdb.connect() as engine:
        return engine.execute(sql.format(**places)).fetchall()


def write(rates: list[Rate]) -> int:
    """Put the measured rate into each shipped rule; how many files changed."""
    known = {rate.uid: rate.per_million for rate in rates}
    changed = 0
    for path in sorted(SHIPPED_RULES.rglob("*.yml")):
        if path.name.endswith(".cases.yml"):
            continue
        before = path.read_text(encoding="utf-8")
        after = "---\n".join(_rated(part, known) for part in before.split("---\n"))
        path.write_text(after, encoding="utf-8")
        changed += after != before
    return changed


def _rated(document: str, known: dict[str, float]) -> str:
    uid = re.search(r"(?m)^id: (\S+)$", document)
    bare = re.sub(r"(?m)^cloison:\n(?:  .*\n)+", "", document)
    if uid is None or uid[1] not in known:
        return bare
    return f"{bare.rstrip()}\ncloison:\n  benign_per_million: {known[uid[1]]}\n"


def judged(corpora: Path, types: list[str]) -> Iterator[Judged]:
    """Each record of the corpora whose log type is asked for, run by itself."""
    for path in sorted((corpora / "panther").glob("*.jsonl")):
        if any(fnmatch(path.stem, one) for one in types):
            yield from _of_type(path)


def _of_type(path: Path) -> Iterator[Judged]:
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, one in enumerate(cases):
            log = folder / f"{number}.json"
            log.write_text(json.dumps(one["log"]), encoding="utf-8")
            yield _one(folder / f"case{number}", log, path.stem, one)


def _one(case: Path, log: Path, kind: str, one: dict[str, object]) -> Judged:
    acts.take_evidence(case, [log], [], by_reference=True, progress=Silent())
    acts.detect(case, progress=Silent())
    found = _rows(case, "SELECT level, title FROM read_parquet({detections})")
    levels, titles = tuple(str(row[0]) for row in found), tuple(str(row[1]) for row in found)
    return Judged(kind, str(one.get("rule_id", "")), bool(one["expected"]), levels, titles)


def _by_type(found: list[Judged]) -> Iterator[str]:
    yield "log type | detected of those that deserve it | spoken on of those that do not"
    for kind in sorted({one.kind for one in found}):
        true = [one for one in found if one.kind == kind and one.deserves]
        false = [one for one in found if one.kind == kind and not one.deserves]
        hit = sum(bool(one.levels) for one in true)
        loud = sum(any(level in LOUD for level in one.levels) for one in false)
        yield f"{kind} | {hit} of {len(true)} | {loud} of {len(false)}"


def _missed(found: list[Judged]) -> Iterator[str]:
    for one in found:
        loud = [title for level, title in zip(one.levels, one.titles, strict=True) if level in LOUD]
        if one.deserves and not one.levels:
            yield f"missed: {one.kind} {one.name}"
        elif not one.deserves and loud:
            yield f"spoken on: {one.kind} {one.name}: {', '.join(loud)}"


def main() -> int:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--benign", action="store_true")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--corpora", type=Path)
    parser.add_argument("--types", default="*")
    parser.add_argument("--missed", action="store_true")
    asked = parser.parse_args()
    lines: list[str] = []
    if asked.benign:
        rates = benign(asked.scale)
        lines += [f"{rate.per_million:>10} in a million  {rate.level:<14} {rate.title}" for rate in rates]
        lines += [f"{len(rates)} rules over {rates[0].events if rates else 0} events"]
        lines += [f"{write(rates)} files changed"] if asked.write else []
    if asked.corpora:
        found = list(judged(asked.corpora, asked.types.split(",")))
        lines += [*_by_type(found), *(_missed(found) if asked.missed else ())]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
