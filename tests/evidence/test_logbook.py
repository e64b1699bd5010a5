"""Does the logbook keep what was written, in its order, whoever writes and however they are ended?"""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from cloison.errors import CaseError
from cloison.evidence.logbook import FIRST, Broken, Entry, Logbook, broken

AT = "2025-03-05T00:00:00Z"
SOURCE = Path(__file__).parents[2] / "src"
WRITER = f"""
import sys
sys.path.insert(0, {str(SOURCE)!r})
from pathlib import Path
from cloison.evidence.logbook import Logbook
for number in range(int(sys.argv[3])):
    Logbook(Path(sys.argv[1])).write(at="{AT}", who=sys.argv[2], kind="note", text=str(number))
    print(number, flush=True)
"""


def filled(path: Path, count: int = 4) -> Logbook:
    book = Logbook(path)
    for number in range(count):
        book.write(at=AT, who="ada", kind="note", text=f"text {number}", about="s1")
    return book


def changed(entry: Entry, field: str) -> Entry:
    return Entry(**{**asdict(entry), field: "x"})


def writer(path: Path, who: str, count: int) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", WRITER, path, who, str(count)], stdout=subprocess.PIPE, text=True)


def test_each_entry_carries_the_hash_of_the_one_before_it(tmp_path: Path) -> None:
    entries = filled(tmp_path / "a.sqlite", 3).entries()
    assert [one.number for one in entries] == [1, 2, 3]
    assert [one.previous for one in entries] == [FIRST, entries[0].digest, entries[1].digest]
    assert entries[0].digest == "728111efd3a25d93dbdab140ab0285302897d0f7b8a9da26386a310fe538d9b6"
    assert broken(entries) is None


def test_no_file_is_no_entry(tmp_path: Path) -> None:
    assert Logbook(tmp_path / "a.sqlite").entries() == []
    assert not (tmp_path / "a.sqlite").exists()


def test_a_file_that_another_has_only_begun_is_no_entry(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").touch()
    assert Logbook(tmp_path / "a.sqlite").entries() == []


def test_the_first_broken_link_is_named(tmp_path: Path) -> None:
    entries = filled(tmp_path / "a.sqlite").entries()
    one, two, three, four = entries
    assert broken([one, replace(two, text="other"), three, four]) == Broken(2, "is not what was written")
    assert broken([one, three, four]) == Broken(2, "is missing: entry 3 stands in its place")
    assert broken([one, three, two, four]) == Broken(2, "is missing: entry 3 stands in its place")
    forged = Entry(2, AT, "eve", "note", "", "mine", FIRST, "")
    assert broken([one, forged, three]) == Broken(2, "does not follow the entry before it")
    assert broken([replace(one, previous="1" * 64)]) == Broken(1, "does not follow the entry before it")


@pytest.mark.parametrize("field", ["at", "who", "kind", "about", "text", "digest"])
def test_a_change_of_any_field_breaks_the_chain_there(tmp_path: Path, field: str) -> None:
    entries = filled(tmp_path / "a.sqlite").entries()
    assert broken([entries[0], changed(entries[1], field), *entries[2:]]) == Broken(2, "is not what was written")


def test_the_file_itself_refuses_to_change_or_delete(tmp_path: Path) -> None:
    filled(tmp_path / "a.sqlite")
    base = sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)
    for act in ("UPDATE entry SET text = 'x'", "DELETE FROM entry"):
        with pytest.raises(sqlite3.IntegrityError, match="an entry is never"):
            base.execute(act)
    base.close()


def test_an_entry_that_was_forged_under_the_last_one_stops_the_next(tmp_path: Path) -> None:
    book = filled(tmp_path / "a.sqlite")
    base = sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)
    base.execute("DROP TRIGGER unchanged")
    base.execute("UPDATE entry SET text = 'x' WHERE number = 4")
    base.close()
    with pytest.raises(CaseError, match="entry 4 is not what was written"):
        book.write(at=AT, who="ada", kind="note", text="more")


def test_many_write_and_many_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    Logbook(path).write(at=AT, who="ada", kind="note", text="first")
    writers = [writer(path, f"w{number}", 20) for number in range(3)]
    seen = 0
    while any(one.poll() is None for one in writers):
        entries = Logbook(path).entries()
        assert broken(entries) is None
        assert len(entries) >= seen
        seen = len(entries)
    assert [one.wait() for one in writers] == [0, 0, 0]
    assert len(Logbook(path).entries()) == 61
    for one in writers:
        assert one.stdout is not None
        one.stdout.close()


def test_a_writer_that_is_killed_leaves_whole_entries(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    one = writer(path, "w", 10_000)
    assert one.stdout is not None
    said = [one.stdout.readline() for _ in range(5)]
    time.sleep(0.05)
    os.kill(one.pid, signal.SIGKILL)
    one.wait()
    one.stdout.close()
    entries = Logbook(path).entries()
    assert said[-1] == "4\n"
    assert len(entries) >= 5
    assert broken(entries) is None
    assert Logbook(path).write(at=AT, who="ada", kind="note", text="on").number == len(entries) + 1


def test_what_is_no_logbook_is_a_fault_of_the_case(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"no database" * 100)
    with pytest.raises(CaseError, match="the logbook cannot be used"):
        Logbook(path).entries()


def later() -> int:
    """A clock by which the files have rested."""
    return time.time_ns() + 10_000_000_000


def test_what_was_checked_is_checked_again_only_when_its_files_have_changed(tmp_path: Path) -> None:
    book = filled(tmp_path / "a.sqlite")
    first = book.checked(later)
    assert (len(first.entries), first.broken) == (4, None)
    assert book.checked(later) is first
    Logbook(tmp_path / "a.sqlite").write(at=AT, who="bea", kind="note", text="of another process")
    second = book.checked(later)
    assert second.entries[-1].text == "of another process"
    assert book.checked(later) is second


def test_a_change_that_hides_its_time_and_size_is_seen_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    book = filled(path)
    assert book.checked(later).broken is None
    before = path.stat()
    time.sleep(0.02)  # a tick of the clock of the files
    path.write_bytes(path.read_bytes().replace(b"text 1", b"lie  1"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert book.checked(later).broken == Broken(2, "is not what was written")


def test_files_that_have_not_rested_are_read_again(tmp_path: Path) -> None:
    book = filled(tmp_path / "a.sqlite")
    assert book.checked(time.time_ns) is not book.checked(time.time_ns)


def test_a_book_in_place_of_another_is_seen(tmp_path: Path) -> None:
    book = filled(tmp_path / "a.sqlite")
    assert len(book.checked(later).entries) == 4
    filled(tmp_path / "b.sqlite", 2)
    (tmp_path / "b.sqlite").replace(tmp_path / "a.sqlite")
    assert len(book.checked(later).entries) == 2
    (tmp_path / "a.sqlite").unlink()
    assert book.checked(later).entries == ()
