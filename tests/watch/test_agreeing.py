"""Do a watch and an investigation of the same evidence find the same?"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from demo.model_incident.generate import generate
from tests.service.harness import cloison

from cloison.service.case import open_case
from cloison.service.watch_scene import set_scene
from cloison.sources.catalogue import shipped
from cloison.watch.checkpoint import Checkpoint
from cloison.watch.folding import Found, spelled
from cloison.watch.following import Follower

Told = tuple[str, str, str, str, str]

FIRST = {
    "An exposed credential is used for the first time, a week or more after its exposure",
    "An exposed credential comes from a network that its owner never came from",
    "A service account or token comes back after a month",
}
"""What is the first of its kind among what came until then: logs are read side by side, so that may be another."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("model")
    generate(folder, scale=0.02)
    return folder


def _given(model: Path) -> list[str]:
    return [
        *(f"--{name}={model / name}.csv" for name in ("exposed", "networks")),
        f"--indicators={model}/indicators.txt",
    ]


def _watched(folder: Path, logs: Path, budget: int) -> Counter[Told]:
    """What a watch finds that takes so many bytes a look."""
    (folder / "watch").mkdir()
    checkpoint = Checkpoint(folder / "watch" / "checkpoint.sqlite")
    scene = set_scene(open_case(folder), shipped(), checkpoint, lambda _: None)
    follower = Follower([logs], (), lambda *_: 0, 1 << 20)
    found: dict[str, Found] = {}
    idle = 0
    while idle < 3:
        pieces = follower.look(budget, listing=True, last=idle > 1)
        idle = 0 if pieces else idle + 1
        if pieces:
            outcome = scene.watcher.judge(pieces, follower.read_as)
            found |= {one.uid: one for one in outcome.found if one.kind == "detection"}
    checkpoint.close()
    return Counter((one.title, one.record.time, one.source, one.principal, one.address) for one in found.values())


def _investigated(folder: Path) -> Iterator[Told]:
    path = folder / "results" / "detections.parquet"
    rows = duckdb.execute("SELECT title, time, source, principal, src_ip FROM read_parquet(?)", [str(path)]).fetchall()
    for title, time, *rest in rows:
        source, principal, address = (one or "" for one in rest)
        yield title, spelled(time), source, principal, address


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("logs", ["jira", "."])
def test_the_same_evidence_the_same_detections(model: Path, tmp_path: Path, logs: str) -> None:
    here = model / "evidence" / logs
    case = tmp_path / "investigated"
    assert cloison("investigate", case, "--evidence", here, *_given(model), "--quiet").code == 0
    expected = Counter(_investigated(case))
    assert cloison("investigate", tmp_path / "watched", *_given(model), "--quiet").code == 0
    found = _watched(tmp_path / "watched", here, 16 << 20)
    assert expected - found == Counter()
    assert {title for title, *_ in found - expected} <= FIRST
    assert sum(expected.values()) > 40
