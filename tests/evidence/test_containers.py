"""Is packed evidence opened whole, bounded and accounted, whatever is wrong with it?"""

import gzip
import io
import random
import zipfile
from pathlib import Path

import pytest
import zstandard

from cloison.evidence.containers import members, read_at
from cloison.model.limits import LIMITS, Limits

LINES = b"".join(b'{"at":"2025-01-01T00:00:%02d","n":%d}\n' % (n % 60, n) for n in range(5_000))
TIGHT = Limits(unpacked_bytes=1 << 20)
Opened = list[tuple[str, bytes, str]]


def opened(path: Path, data: bytes, limits: Limits = LIMITS) -> Opened:
    path.write_bytes(data)
    return [(one.name, b"".join(one.opened.chunks()), one.opened.fault) for one in members(path, limits)]


def zipped(files: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


PACKED = {
    "plain": LINES,
    "gzip": gzip.compress(LINES),
    "gzip of two frames": gzip.compress(LINES[:1000]) + gzip.compress(LINES[1000:]),
    "gzip with padding behind": gzip.compress(LINES) + b"\0" * 512,
    "zstandard": zstandard.compress(LINES),
    "zstandard of two frames": zstandard.compress(LINES[:1000]) + zstandard.compress(LINES[1000:]),
}


@pytest.mark.parametrize("data", PACKED.values(), ids=PACKED.keys())
def test_whole_file_is_one_stream(tmp_path: Path, data: bytes) -> None:
    assert opened(tmp_path / "x", data) == [("", LINES, "")]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_zip_is_a_stream_a_file(tmp_path: Path, method: int) -> None:
    inner = zipped([("c.log", b"deep")])
    data = zipped([("a.log", LINES), ("b/b.json.gz", gzip.compress(LINES)), ("b/n.zip", inner), ("b/e/", b"")], method)
    assert opened(tmp_path / "x", data) == [
        ("a.log", LINES, ""),
        ("b/b.json.gz", LINES, ""),
        ("b/n.zip!c.log", b"deep", ""),
    ]


def test_same_name_twice_in_a_zip_is_two_names(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped([("a", b"one"), ("a", b"two"), ("a (2)", b"three")])
    assert opened(tmp_path / "x", data) == [("a", b"one", ""), ("a (2)", b"two", ""), ("a (2) (2)", b"three", "")]
    assert read_at(tmp_path / "x", "a (2)", 1, 2, LIMITS) == b"wo"


def test_path_tricks_in_a_zip_are_only_names(tmp_path: Path) -> None:
    data = zipped([("../../x", b"up"), ("/etc/x", b"root"), ("..\\x", b"back"), ("a\x1b[2J", b"escape")])
    (tmp_path / "in").mkdir()
    found = opened(tmp_path / "in" / "x", data)
    assert [(name, raw) for name, raw, _ in found] == [
        ("../../x", b"up"),
        ("/etc/x", b"root"),
        ("..\\x", b"back"),
        ("a\x1b[2J", b"escape"),
    ]
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "x"]


@pytest.mark.parametrize("kind", ["gzip", "zstandard"])
@pytest.mark.parametrize("keep", [0.1, 0.5, 0.99])
def test_cut_archive_gives_all_that_was_unpacked_before_the_cut(tmp_path: Path, kind: str, keep: float) -> None:
    noise = random.Random(3).randbytes(2_000_000).hex().encode()
    packed = gzip.compress(noise) if kind == "gzip" else zstandard.compress(noise)
    ((name, found, fault),) = opened(tmp_path / "x", packed[: int(len(packed) * keep)])
    assert noise.startswith(found)
    assert len(found) > len(noise) * keep - 400_000
    assert fault == f"cut off or damaged after {len(found)} unpacked bytes: the last frame is not complete"
    assert name == ""


def test_cut_zip_is_one_fault(tmp_path: Path) -> None:
    data = zipped([("a.log", LINES)])
    ((name, found, fault),) = opened(tmp_path / "x", data[: len(data) // 2])
    assert (name, found) == ("", b"")
    assert fault.startswith("not a readable zip: ")


def test_garbage_behind_a_gzip_is_a_fault_and_loses_nothing(tmp_path: Path) -> None:
    ((_, found, fault),) = opened(tmp_path / "x", gzip.compress(LINES) + b"garbage")
    assert found == LINES
    assert fault.startswith(f"cut off or damaged after {len(LINES)} unpacked bytes: ")


def test_wrong_checksum_is_a_fault_and_costs_the_last_step(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(LINES))
    packed[-5] ^= 1
    ((_, found, fault),) = opened(tmp_path / "x", bytes(packed))
    assert LINES.startswith(found)
    assert len(LINES) - len(found) < 20_000
    assert fault.startswith("cut off or damaged")


def test_encrypted_member_is_a_fault_and_its_neighbour_is_read(tmp_path: Path) -> None:
    data = bytearray(zipped([("secret.log", b"x" * 50), ("open.log", b"read me")], zipfile.ZIP_STORED))
    data[6] |= 1  # the local header's flag
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the directory's flag
    (name, found, fault), neighbour = opened(tmp_path / "x", bytes(data))
    assert (name, found) == ("secret.log", b"")
    assert "encrypted" in fault
    assert neighbour == ("open.log", b"read me", "")


def test_zip_of_nothing_is_a_fault(tmp_path: Path) -> None:
    assert opened(tmp_path / "x", zipped([("only/", b"")])) == [("", b"", "an archive that holds no file")]


BOMBS = {
    "gzip": gzip.compress(bytes(8 << 20)),
    "zstandard": zstandard.compress(bytes(64 << 20)),
    "zip": zipped([("zeros", bytes(8 << 20))]),
    "gzip in a zip": zipped([("zeros.gz", gzip.compress(bytes(8 << 20)))]),
    "zip in a zip": zipped([("in.zip", zipped([("zeros", bytes(8 << 20))]))]),
}


@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS.keys())
def test_bomb_is_cut_at_the_bound(tmp_path: Path, data: bytes) -> None:
    ((_, found, fault),) = opened(tmp_path / "x", data, TIGHT)
    bound = max(TIGHT.unpacked_bytes, len(data) * 200)
    assert bound <= len(found) <= bound + (33 << 20)
    assert f"unpacks to more than {bound} bytes from {len(data)}: treated as a bomb" in fault


def test_bound_holds_over_all_members_together(tmp_path: Path) -> None:
    data = zipped([(f"zeros-{number}", bytes(700_000)) for number in range(10)])
    found = opened(tmp_path / "x", data, Limits(unpacked_bytes=1 << 20, unpacked_ratio=1))
    assert sum(len(raw) for _, raw, _ in found) < (1 << 20) + (64 << 10)
    assert [bool(fault) for _, _, fault in found] == [False] + [True] * 9


def test_zips_nested_deeper_than_the_limit_are_left_packed(tmp_path: Path) -> None:
    data = b"bottom"
    for level in range(5):
        data = zipped([(f"{level}.zip", data)], zipfile.ZIP_STORED)
    ((name, raw, _),) = opened(tmp_path / "x", data)
    assert name == "4.zip!3.zip!2.zip"
    assert raw.startswith(b"PK\x03\x04")


@pytest.mark.parametrize("kind", ["gzip", "zstandard", "zip", "nested"])
def test_no_damage_escapes_as_another_error(tmp_path: Path, kind: str) -> None:
    chance = random.Random(kind)
    whole = {
        "gzip": gzip.compress(LINES[:4000]),
        "zstandard": zstandard.compress(LINES[:4000]),
        "zip": zipped([("a.log", LINES[:4000]), ("\u00e9.log", b"x")], zipfile.ZIP_DEFLATED),
        "nested": zipped([("n.zip", zipped([("a", b"a" * 99)], zipfile.ZIP_LZMA)), ("b.gz", gzip.compress(b"b"))]),
    }[kind]
    for _ in range(400):
        broken = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            broken[chance.randrange(4, len(broken))] = chance.randrange(256)
        for _, raw, fault in opened(tmp_path / "x", bytes(broken), TIGHT):
            assert len(raw) <= (1 << 20) + (33 << 20), fault


def test_raw_bytes_are_found_again_in_every_container(tmp_path: Path) -> None:
    place = LINES.index(b'"n":4999') - 10
    for data in PACKED.values():
        (tmp_path / "x").write_bytes(data)
        assert read_at(tmp_path / "x", "", place, 18, LIMITS) == LINES[place : place + 18]
    assert read_at(tmp_path / "x", "not there", 0, 1, LIMITS) == b""
