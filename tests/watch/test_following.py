"""Is each record of files that are renamed, copied, cut, packed and deleted read, where all of them look alike?"""

import gzip
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloison.model.limits import LIMITS
from cloison.watch.following import Follower
from cloison.watch.prints import BLOCK, HEAD, Print, head_hash, longest
from cloison.watch.reading import _behind, _read_before
from cloison.watch.streams import Piece, Stream

HEADER = b"# " + b"columns " * (HEAD // 8 + 1) + b"\n"
"""Every file begins so, as one table of a vendor does like the next."""
WIDTH = 100


def record(number: int) -> bytes:
    """A line that ends as all others do."""
    return b"%08d" % number + b"." * (WIDTH - 9) + b"\n"


def records(first: int, last: int) -> bytes:
    """A file from its header on."""
    return HEADER + b"".join(map(record, range(first, last)))


class Following:
    """A follower with what it has read and committed; `again` is a watch that was killed, and another that began."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.read: Counter[bytes] = Counter()
        self.places: set[tuple[str, int]] = set()
        self.committed: list[Stream] = []
        self.follower = self._anew()

    def _anew(self) -> Follower:
        return Follower([self.folder], self.committed, _from_the_beginning, LIMITS.record_bytes)

    def again(self) -> None:
        """Begin another run from what was committed."""
        self.follower.close()
        self.follower = self._anew()

    def look(self, *, listing: bool = True, commit: bool = True, budget: int = 1 << 30) -> None:
        """One look; without `commit` the watch dies over it, and what was read counts for nothing."""
        pieces = self.follower.look(budget, listing=listing)
        if not commit:
            self.again()
            return
        for piece in pieces:
            for uid, at, line in self._lines(piece):
                self.read[line] += line != HEADER
                assert (uid, at) not in self.places, "two records of one name"
                self.places.add((uid, at))
        self.committed = list(self.follower.streams.values())

    def _lines(self, piece: Piece) -> Iterable[tuple[str, int, bytes]]:
        at, held, uid = piece.offset, b"".join(piece.chunks()), piece.stream.uid
        if piece.stream.whole:
            assert piece.held is not None
            path = Path(f"/proc/self/fd/{piece.held.fileno()}")
            at, _ = dict(_read_before(path, LIMITS, self.follower.read_as)).get(0, (0, b""))
            held = b"".join(_behind(iter([gzip.decompress(path.read_bytes())]), at, b""))
            piece.held.close()
            uid = f"{uid} {piece.stream.settled or self.follower.streams[piece.stream.key].settled}"
        for line in held.splitlines(keepends=True):
            yield uid, at, line
            at += len(line)

    def told(self, first: int, last: int) -> None:
        """Every one of these records was read once, and no other."""
        assert {line: count for line, count in self.read.items() if count} == {
            record(number): 1 for number in range(first, last)
        }


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("count", [3, 5 * BLOCK // WIDTH])
def test_another_file_that_begins_and_ends_like_one_is_no_copy(logs: Path, count: int, restart: bool) -> None:
    log = logs / "a.log"
    log.write_bytes(records(0, count))
    following = Following(logs)
    following.look()
    log.rename(logs / "a.log.1")
    following.look()
    (logs / "a.log.2").write_bytes(records(count, 2 * count))
    if restart:
        following.again()
    following.look()
    following.told(0, 2 * count)


@pytest.mark.parametrize("name", ["a.log.2", "a.log.2.gz"])
def test_another_file_of_which_one_record_is_another_is_no_copy(logs: Path, name: str) -> None:
    count = 5 * BLOCK // WIDTH
    (logs / "a.log").write_bytes(records(0, count))
    following = Following(logs)
    following.look()
    other = HEADER + record(10**6) + b"".join(map(record, range(1, count)))
    (logs / name).write_bytes(gzip.compress(other) if name.endswith(".gz") else other)
    for _ in range(3):
        following.look()
    assert following.read[record(10**6)] == 1


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("count", [3, 100])
def test_written_anew_over_itself_and_further(logs: Path, count: int, restart: bool) -> None:
    log = logs / "a.log"
    log.write_bytes(records(0, count))
    following = Following(logs)
    following.look()
    os.truncate(log, 0)
    with log.open("ab") as file:
        file.write(records(count, 3 * count))
    if restart:
        following.again()
    following.look()
    following.told(0, 3 * count)
    assert [gap.what for gap in following.follower.gaps] == ["was cut or written anew: it is read from its beginning"]


def test_written_anew_while_nobody_looked_however_long_it_is(logs: Path) -> None:
    count = 5 * BLOCK // WIDTH
    log = logs / "a.log"
    log.write_bytes(records(0, count))
    following = Following(logs)
    following.look()
    alike = [record(number) for number in range(count)]
    changed = [record(10**6), *alike[1:], record(10**6 + 1)]
    log.write_bytes(HEADER + b"".join(changed))
    following.again()
    following.look()
    assert following.read[record(10**6)] == following.read[record(10**6 + 1)] == 1


@pytest.mark.parametrize("pack", [gzip.compress, bytes], ids=["packed", "plain"])
@pytest.mark.parametrize("count", [3, 5 * BLOCK // WIDTH])
def test_a_copy_is_read_on_from_where_its_stream_was(logs: Path, count: int, pack: Callable[[bytes], bytes]) -> None:
    log = logs / "a.log"
    log.write_bytes(records(0, count))
    following = Following(logs)
    following.look()
    (logs / "a.log.1").write_bytes(pack(records(0, count) + record(count)))
    log.unlink()
    following.again()
    for _ in range(3):
        following.look()
    following.told(0, count + 1)


@pytest.mark.parametrize("count", [3, 5 * BLOCK // WIDTH])
def test_packed_and_alike_it_is_no_copy(logs: Path, count: int) -> None:
    log = logs / "a.log"
    log.write_bytes(records(0, count))
    following = Following(logs)
    following.look()
    (logs / "b.log.gz").write_bytes(gzip.compress(records(count, 2 * count)))
    for _ in range(3):
        following.look()
    following.told(0, 2 * count)


def test_a_log_that_was_given_the_inode_of_a_packed_one(logs: Path) -> None:
    packed = logs / "a.log.9.gz"
    packed.write_bytes(gzip.compress(records(0, 3)))
    following = Following(logs)
    for _ in range(3):
        following.look()
    with packed.open("r+b") as file:
        file.truncate()
        packed.rename(logs / "a.log")
        for number in range(3, 20):
            file.write(records(3, 4) if number == 3 else record(number))
            file.flush()
            following.look()
    following.told(0, 20)


def test_a_packed_file_that_was_seen_before_its_first_byte(logs: Path) -> None:
    packed = logs / "a.log.gz"
    packed.touch()
    following = Following(logs)
    following.look()
    packed.write_bytes(gzip.compress(records(0, 3)))
    for _ in range(3):
        following.look()
    following.told(0, 3)


def test_two_tables_of_which_only_the_header_was_there(logs: Path) -> None:
    following = Following(logs)
    for name in ("a.csv", "b.csv"):
        (logs / name).write_bytes(HEADER)
        following.look()
    (logs / "a.csv").write_bytes(records(0, 5))
    (logs / "b.csv").write_bytes(records(5, 10))
    following.look()
    following.told(0, 10)


def test_a_line_in_two_parts_while_its_file_is_moved_away(tmp_path: Path, logs: Path) -> None:
    log = logs / "a.log"
    with log.open("wb") as file:
        file.write(records(0, 3) + record(3)[:40])
        file.flush()
        following = Following(logs)
        following.look()
        log.rename(tmp_path / "moved.log")
        following.look()
        file.write(record(3)[40:] + record(4)[:-1])
    following.look()
    assert following.read[record(3)] == 1
    for _ in range(60):
        following.look()
    assert following.read[record(4)[:-1]] == 1, "a last line without an end is read when its file is let go"


def test_what_is_deleted_before_it_is_read_to_its_end_is_read_all_the_same(logs: Path) -> None:
    log, count = logs / "a.log", 200_000
    log.write_bytes(records(0, count))
    following = Following(logs)
    following.look(budget=1 << 18)
    log.unlink()
    for _ in range(count * WIDTH // (1 << 18) + 2):
        following.look(budget=1 << 18)
    following.told(0, count)


def test_each_of_many_files_is_read_however_much_the_others_hold(logs: Path) -> None:
    for number in range(6):
        (logs / f"{number}.log").write_bytes(records(number * 10**6, number * 10**6 + 9_000))
    following = Following(logs)
    for turn in range(30):
        for number in range(2):
            with (logs / f"{number}.log").open("ab") as file:
                begin = number * 10**6 + 10_000 + turn * 9_000
                file.write(b"".join(map(record, range(begin, begin + 9_000))))
        following.look(budget=1 << 19)
    assert all(one.print.position for one in following.follower.streams.values())


def test_what_was_passed_over_and_holds_nothing_new_is_not_looked_into_again(logs: Path) -> None:
    for name in ("a.log", "b.log"):
        (logs / name).write_bytes(records(0, 9_000))
    (logs / "c.log").write_bytes(b"half a line")
    following = Following(logs)
    following.look(budget=1 << 18)
    assert following.follower._passed_over
    for _ in range(8):
        following.look()
    assert not following.follower._passed_over


def test_packed_files_are_read_in_the_order_of_their_names(logs: Path) -> None:
    for number in range(600):
        (logs / f"{number:04}.log.gz").write_bytes(gzip.compress(record(number)))
    follower = Follower([logs], [], _from_the_beginning, LIMITS.record_bytes)
    read = []
    for _ in range(8):
        for piece in follower.look(1 << 30, listing=True):
            read.append(Path(piece.stream.path).name)
            assert piece.held is not None
            piece.held.close()
    assert read == sorted(read)
    assert len(read) == 600
    follower.close()


def test_what_was_written_over_by_a_rename_is_read_to_its_end(logs: Path) -> None:
    older, newer, count = logs / "a.log.1", logs / "a.log", 20_000
    older.write_bytes(records(0, count))
    newer.write_bytes(records(count, count + 10))
    following = Following(logs)
    following.look(budget=1 << 19)
    newer.replace(older)
    for _ in range(100):
        following.look(budget=1 << 19)
    following.told(0, count + 10)
    assert [one.path for one in following.follower.streams.values() if not one.gone] == [str(older)]


def test_a_file_that_was_cut_in_a_look_that_did_not_come_to_it_is_read(logs: Path) -> None:
    (logs / "a.log").write_bytes(records(0, 10))
    (logs / "b.log").write_bytes(records(10, 30))
    following = Following(logs)
    following.look()
    for log, first, last in (("a.log", 30, 10_030), ("b.log", 10_030, 10_035)):
        (logs / log).write_bytes(records(first, last))
    for _ in range(8):
        following.look(budget=1 << 18)
    following.told(0, 10_035)


def test_a_packed_file_is_read_though_another_lies_at_its_path_by_then(logs: Path) -> None:
    packed = logs / "a.log.1.gz"
    packed.write_bytes(gzip.compress(records(0, 3)))
    following = Following(logs)
    following.look()
    (piece,) = following.follower.look(1 << 20, listing=True)
    packed.rename(logs / "a.log.2.gz")
    packed.write_bytes(gzip.compress(records(3, 6)))
    assert [line for _, __, line in following._lines(piece)][1:] == [record(number) for number in range(3)]
    for _ in range(4):
        following.look()
    following.told(3, 6)


def test_a_packed_file_of_which_the_beginning_is_known_is_read(logs: Path) -> None:
    (logs / "a.log.gz").write_bytes(gzip.compress(records(0, 2)) + gzip.compress(record(2)))
    following = Following(logs)
    following.follower.close()
    following.follower = Follower([logs], [], lambda _, __: 60, LIMITS.record_bytes)
    for _ in range(4):
        following.look()
    following.told(0, 3)


@pytest.mark.parametrize(
    ("held", "read"),
    [
        (b"one\nhalf", b"half a line\nthree\n"),
        (b"one\n", b"half a line\nthree\n"),
        (b'{"a":1}', b"\n"),
        (b"", b"one\nhalf a line\nthree\n"),
    ],
)
def test_a_beginning_in_the_midst_of_a_line_is_at_its_begin(logs: Path, held: bytes, read: bytes) -> None:
    whole = b"one\nhalf a line\nthree\n" if b"{" not in held else held + b"\n"
    (logs / "a.log").write_bytes(whole)
    follower = Follower([logs], [], lambda _, __: len(held), LIMITS.record_bytes)
    assert [b"".join(piece.chunks()) for piece in follower.look(1 << 20, listing=True)] == [read]
    follower.close()


def test_half_an_object_that_ends_like_a_whole_one_is_waited_for(logs: Path) -> None:
    following = Following(logs)
    (logs / "a.jsonl").write_bytes(b'{"a": {"b": 1}')
    following.look()
    assert not following.read
    with (logs / "a.jsonl").open("ab") as file:
        file.write(b', "c": 2}')
    following.look()
    assert following.read == {b'{"a": {"b": 1}, "c": 2}': 1}


@pytest.mark.parametrize("first", [b'{"a": 1, "b', b'{"a": 1, "b{"a": 2}', b'{"a" 1}', b"{}}"])
def test_a_log_that_begins_with_half_a_record_is_read_while_it_grows(logs: Path, first: bytes) -> None:
    following = Following(logs)
    with (logs / "a.jsonl").open("wb") as file:
        for line in (first, *(b'{"a": %d}' % number for number in range(5))):
            file.write(line + b"\n")
            file.flush()
            following.look()
            assert following.read[line + b"\n"] == 1


def test_the_hole_that_a_cut_leaves_is_no_part_of_a_line(logs: Path) -> None:
    log = logs / "a.log"
    log.write_bytes(records(0, 3000))
    following = Following(logs)
    following.look()
    size = log.stat().st_size
    os.truncate(log, 0)
    with log.open("r+b") as file:
        file.seek(size)
        file.write(record(3000))
    for _ in range(3):
        following.look(budget=1 << 18)
    following.told(0, 3001)


ROWS = [b'%d,"a cell",c\n' % number for number in range(20_000)]
TABLE = b"number,words,letters\n"


def test_one_quote_too_many_keeps_no_row_back(logs: Path) -> None:
    stray = b'x,"a cell,c\n'
    log = logs / "a.csv"
    log.write_bytes(TABLE + b"".join([*ROWS[:100], stray, *ROWS[100:200]]))
    following = Following(logs)
    for _ in range(12):
        following.look()
    assert following.read[ROWS[150]] == 1, "nothing was written any more"
    with log.open("ab") as file:
        file.write(b"".join([stray, *ROWS[200:]]))
    for _ in range(4):
        following.look()
    assert all(following.read[row] == 1 for row in ROWS)


def test_a_cell_whose_writer_pauses_stays_whole(logs: Path) -> None:
    log = logs / "a.csv"
    follower = Follower([logs], [], _from_the_beginning, LIMITS.record_bytes)
    log.write_bytes(TABLE + b'1,"' + b"words\n" * 20_000)
    for _ in range(60):
        assert [b"".join(one.chunks()) for one in follower.look(1 << 20, listing=True)] in ([], [TABLE])
    with log.open("ab") as file:
        file.write(b'",c\n')
    (piece,) = follower.look(1 << 20, listing=True)
    assert b"".join(piece.chunks()) == b'1,"' + b"words\n" * 20_000 + b'",c\n'
    follower.close()


def test_a_packed_file_of_two_names_is_read_once(logs: Path) -> None:
    packed, latest = logs / "2024-01-01.gz", logs / "latest.gz"
    packed.write_bytes(gzip.compress(records(0, 3)))
    os.link(packed, latest)
    following = Following(logs)
    for turn in range(120):
        if turn == 5:
            (logs / "2024-01-02.gz").write_bytes(gzip.compress(records(3, 5)))
            latest.unlink()
            os.link(logs / "2024-01-02.gz", latest)
        following.look(listing=turn % 4 == 0)
    following.told(0, 5)
    for path in (packed, logs / "2024-01-02.gz", latest):
        path.unlink()
        for _ in range(50):
            following.look()
    following.told(0, 5)


def test_a_beginning_far_into_a_file_without_lines_costs_little(logs: Path) -> None:
    with (logs / "sparse").open("wb") as file:
        file.truncate(1 << 32)
    follower = Follower([logs], [], lambda _, size: size, 1 << 20)
    assert follower.look(1 << 20, listing=True) == []
    assert [one.print.position for one in follower.streams.values()] == [1 << 32]
    follower.close()


def test_of_what_was_never_read_nothing_is_compared(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, size = logs / "a.log", 8 << 20
    log.write_bytes(b"an older line\n" * (size // 14 + 1))
    first = Follower([logs], [], lambda _, size: size, LIMITS.record_bytes)
    first.look(1 << 20, listing=True)
    first.close()
    with log.open("ab") as file:
        file.write(b"new\n")
    got, pread = [0], os.pread

    def counted(file: int, count: int, at: int) -> bytes:
        held = pread(file, count, at)
        got[0] += len(held)
        return held

    monkeypatch.setattr(os, "pread", counted)
    again = Follower([logs], first.streams.values(), _from_the_beginning, LIMITS.record_bytes)
    assert [b"".join(one.chunks()) for one in again.look(1 << 20, listing=True)] == [b"new\n"]
    assert got[0] < size // 4
    again.close()


def test_a_cell_of_several_lines_is_waited_for_and_stays_whole(logs: Path) -> None:
    log = logs / "a.csv"
    follower = Follower([logs], [], _from_the_beginning, LIMITS.record_bytes)
    log.write_bytes(TABLE + ROWS[0] + b'1,"two\n')
    assert [b"".join(one.chunks()) for one in follower.look(1 << 20, listing=True)] == [TABLE + ROWS[0]]
    with log.open("ab") as file:
        file.write(b'lines",c\n' + ROWS[2])
    assert [b"".join(one.chunks()) for one in follower.look(1 << 20, listing=True)] == [b'1,"two\nlines",c\n' + ROWS[2]]
    follower.close()


@pytest.mark.parametrize("count", [3, 5 * BLOCK // WIDTH])
def test_what_an_older_version_remembered_goes_on(logs: Path, count: int) -> None:
    log = logs / "a.log"
    log.write_bytes(records(0, count))
    following = Following(logs)
    following.look()
    held = log.read_bytes()
    (one,) = following.committed
    old = asdict(_old(held))
    following.committed = [
        replace(one, print=Print(**{name: old[name] for name in ("length", "head", "position", "tail")}))
    ]
    following.again()
    with log.open("ab") as file:
        file.write(record(count))
    following.look()
    following.told(0, count + 1)
    assert following.committed[0].print.since >= 0
    assert longest([held], [_old(held)]) == _old(held)


def _from_the_beginning(_: Path, __: int) -> int:
    return 0


def _old(held: bytes) -> Print:
    return Print(HEAD, head_hash(held[:HEAD]), len(held), head_hash(held[-64:]))


class Life:
    """Two logs that are written and rotated, and how many records were."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.following, self.written = folder, Following(folder), 0

    def write(self, log: Path, _: str, count: int = 1) -> None:
        """Append records, behind a header where it is a new file."""
        fresh = b"" if log.exists() and log.stat().st_size else HEADER
        with log.open("ab") as file:
            file.write(fresh + b"".join(map(record, range(self.written, self.written + count))))
        self.written += count

    def write_much(self, log: Path, aside: str) -> None:
        """Append more than a block."""
        self.write(log, aside, 200)

    def look(self, *_: object) -> None:
        """A look that lists anew what there is."""
        self.following.look()

    def peek(self, *_: object) -> None:
        """A look at what is known."""
        self.following.look(listing=False)

    def die(self, *_: object) -> None:
        """Read, and be killed before that is committed."""
        self.following.look(commit=False)

    def restart(self, *_: object) -> None:
        """Be killed, and begin again."""
        self.following.again()

    def rename(self, log: Path, aside: str) -> None:
        """Rotate by a new name."""
        if log.exists():
            log.rename(aside)

    def cut(self, log: Path, aside: str) -> None:
        """Rotate by a copy."""
        if log.exists():
            shutil.copy(log, aside)
            os.truncate(log, 0)

    def pack(self, log: Path, aside: str) -> None:
        """Rotate into a packed file."""
        if log.exists():
            Path(f"{aside}.gz").write_bytes(gzip.compress(log.read_bytes()))
            log.unlink()

    def chain(self, log: Path, _: str) -> None:
        """Rotate by names that move on by one; the last is written over."""
        self.look()
        for number in (1, 0):
            older = Path(f"{log}.{number}") if number else log
            if older.exists():
                older.rename(f"{log}.{number + 1}")

    def delete(self, *_: object) -> None:
        """Delete a rotated file that was read."""
        self.look()
        self.look()
        self.look()
        for rotated in sorted(self.folder.glob("?.log.*"))[:1]:
            rotated.unlink()


STEPS = [Life.write, Life.write, Life.write_much, Life.look, Life.look, Life.peek, Life.die, Life.restart]
STEPS += [Life.rename, Life.cut, Life.pack, Life.chain, Life.delete]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from("ab")), max_size=40))
def test_whatever_becomes_of_the_files_each_record_is_read_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Callable[..., None], str]]
) -> None:
    life = Life(tmp_path_factory.mktemp("logs"))
    for turn, (step, name) in enumerate(steps):
        log = life.folder / f"{name}.log"
        step(life, log, f"{log}.{turn}")
    for _ in range(50):
        life.look()
    life.following.told(0, life.written)
    there = {str(path) for path in life.folder.iterdir()}
    assert {one.path for one in life.following.follower.streams.values() if not one.gone} == there
    life.following.follower.close()
    shutil.rmtree(life.folder)
