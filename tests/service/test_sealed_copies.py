"""Is a copy from the console whole or not there, recorded, bounded, and without what it hides?"""

import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from tests.lake.seal.kit import small_case
from tests.service.harness import cloison

from cloison.errors import CaseError, InputError
from cloison.evidence.logbook import broken
from cloison.service import sealed_copies
from cloison.service.case import locked
from cloison.service.desk import Desk, NotReadyError
from cloison.service.redacting import Hide, preview
from cloison.service.sealed_copies import SealedCopies

ASKED = Hide(["sessions.client"], [], ["user3@corp.example"])


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_case(tmp_path_factory.mktemp("case"))


@pytest.fixture
def desk(answered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    desk = Desk(Path(shutil.copytree(answered, tmp_path / "case")), make=lambda *_: None)
    desk.begin()
    assert desk.wait(60).state == "ready"
    yield desk
    desk.end()


def made(copies: SealedCopies, asked: Hide = ASKED) -> sealed_copies.Making:
    copies.begin(asked, who="lea")
    return copies.wait(120)


def left(desk: Desk) -> list[str]:
    folder = desk.folder / "sealed"
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*")) if folder.is_dir() else []


def test_a_copy_is_verified_hides_what_was_seen_before_and_stands_in_the_logbook(desk: Desk) -> None:
    copies, seen = SealedCopies(desk), preview(desk.case, ASKED)
    assert made(copies) == sealed_copies.Making("made", number=1)
    [copy] = copies.listed()
    assert (copy.who, copy.cells, copy.columns, copy.principals) == ("lea", seen.whole.cells, 1, 1)
    taken, path = copies.take(1, who="rob")
    assert taken.file == "case-0001.seal"
    assert path.stat().st_size == copy.bytes
    ran = cloison("verify", path, "--trust", copy.key_id)
    assert ran.code == 0, ran.out
    assert b"user3@corp.example" not in path.read_bytes()
    disclosed = cloison("verify", path, "--disclosed", f"{path}.secrets")
    assert disclosed.code == 0, disclosed.out
    assert stat.S_IMODE(Path(f"{path}.secrets").stat().st_mode) == 0o600
    assert stat.S_IMODE((desk.folder / "sealed").stat().st_mode) == 0o700
    entries = desk.case.logbook().entries()
    assert broken(entries) is None
    assert [(one.who, one.kind, one.about) for one in entries] == [("lea", "seal", "copy 1"), ("rob", "seal", "copy 1")]
    assert entries[0].text.startswith(f"sealed: root {copy.root}, signed by {copy.key_id}, {copy.bytes:,} bytes; ")
    assert entries[0].text.endswith("by 1 column, 0 values, 1 principal")
    assert "user3" not in entries[0].text  # for the next copy holds it
    assert entries[1].text == "taken along"


def test_what_was_removed_is_gone_and_its_number_is_given_to_no_other(desk: Desk) -> None:
    copies = SealedCopies(desk)
    made(copies, Hide())
    copies.remove(1, who="lea")
    assert left(desk) == []
    with pytest.raises(InputError, match="no sealed copy 1"):
        copies.take(1, who="lea")
    assert made(copies, Hide()).number == 2
    assert [one.text.partition(":")[0] for one in desk.case.logbook().entries()] == ["sealed", "removed", "sealed"]
    assert "nothing hidden" in desk.case.logbook().entries()[0].text


@pytest.mark.parametrize("stage", ["hashing every row", "sealing", "keeping it"])
def test_what_is_stopped_at_any_stage_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    copies = SealedCopies(desk)
    told = copies._tell

    def stopping(now: str, done: int, total: int) -> None:
        if now == stage:
            copies.stop()
        told(now, done, total)

    monkeypatch.setattr(copies, "_tell", stopping)
    found = made(copies)
    assert (found.state, found.fault) == ("failed", "it was stopped")
    assert left(desk) == []
    assert desk.case.logbook().entries() == []


def test_what_takes_too_long_or_grows_too_large_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(0, 100_000_000, 2_000))
    found = made(SealedCopies(desk, clock=lambda: next(seconds)))
    assert found.fault == "it took longer than 1,800 seconds"
    monkeypatch.setattr(sealed_copies, "MOST_BYTES", 1_000)
    found = made(SealedCopies(desk))
    assert found.fault.endswith("of 1,000 at most: seal on the command line")
    assert left(desk) == []


def test_what_a_kill_left_is_no_copy_and_goes_with_the_next_one(desk: Desk) -> None:
    draft = desk.folder / "sealed" / ".making-x"
    draft.mkdir(parents=True)
    (draft / "case.seal").write_bytes(b"half")
    (desk.folder / "sealed" / "0007").mkdir()
    copies = SealedCopies(desk)
    assert copies.listed() == []
    with locked(desk.case):  # as by another server that makes it
        copies.clear()
    assert draft.exists()
    copies.clear()
    assert not draft.exists()
    draft.mkdir()
    assert made(copies).number == 1
    assert not draft.exists()


def test_a_query_that_runs_is_interrupted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    copies = SealedCopies(desk)

    def slow(engine: duckdb.DuckDBPyConnection, *_: object) -> None:
        engine.execute("SELECT count(*) FROM range(10000000000) AS a(x) WHERE x % 7 = 3")

    monkeypatch.setattr("cloison.lake.seal.hiding.hide", slow)
    copies.begin(ASKED, who="lea")
    while copies.making().stage != "hashing every row":
        time.sleep(0.01)
    begun = time.monotonic()
    copies.end()
    assert (copies.making().state, copies.making().fault) == ("failed", "it was stopped")
    assert time.monotonic() - begun < 5
    assert left(desk) == []


def test_one_is_made_at_a_time_and_none_while_another_writes(desk: Desk) -> None:
    copies = SealedCopies(desk)
    with locked(desk.case):
        assert "another cloison is writing to this case" in made(copies).fault
    copies.begin(ASKED, who="lea")
    with pytest.raises(CaseError, match="a copy is being made"):
        copies.begin(ASKED, who="lea")
    assert copies.wait(120).state == "made"


def test_none_is_begun_before_the_answers_are_made_nor_beyond_so_many(
    answered: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotReadyError):
        SealedCopies(Desk(answered)).begin(ASKED, who="lea")
    monkeypatch.setattr(sealed_copies, "MOST_COPIES", 1)
    copies = SealedCopies(desk)
    made(copies)
    with pytest.raises(InputError, match="1 copies are kept"):
        copies.begin(ASKED, who="lea")


def test_the_end_of_the_server_leaves_nothing_half_written(desk: Desk) -> None:
    copies = SealedCopies(desk)
    copies.begin(ASKED, who="lea")
    copies.end()
    assert copies.making().state in {"failed", "made"}
    assert [one for one in left(desk) if one.startswith(".")] == []
