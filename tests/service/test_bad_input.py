"""Does every bad input end as one clear line or as a reject with its place, through the real command line?"""

import fcntl
import gzip
import io
import json
import os
import sqlite3
import zipfile
from pathlib import Path

import pytest
import zstandard
from tests.service.harness import (
    access_line,
    accounted,
    alone,
    asked,
    cloison,
    okta,
    okta_lines,
    reasons,
    refused,
    shown,
    taken,
    totals,
)

GIGABYTE = 1 << 30
GOOD = okta_lines(range(20))


def case_of(tmp_path: Path, data: bytes, name: str = "x.log") -> Path:
    """A case that has taken one file of these bytes."""
    (tmp_path / name).write_bytes(data)
    taken(tmp_path / "case", tmp_path / name)
    return tmp_path / "case"


# -- evidence that is partly bad: rejects with their places ---------------------------------------------------------


def test_broken_line_in_jsonl(tmp_path: Path) -> None:
    case = case_of(tmp_path, GOOD + b'{"uuid": "torn", "publ\n' + okta_lines(range(20, 25)))
    assert totals(case) == (26, 25, 0, 1)
    ((evidence, offset, length, reason),) = reasons(case)
    assert (evidence, offset, length) == ("x.log", len(GOOD), 22)
    assert reason.startswith("not JSON: ")


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_cut_archive(tmp_path: Path, kind: str) -> None:
    whole = okta_lines(range(4_000))
    packed = gzip.compress(whole) if kind == "gz" else zstandard.compress(whole)
    case = case_of(tmp_path, packed[: len(packed) // 2])
    received, stored, duplicate, rejected = totals(case)
    assert (received, duplicate, rejected) == (stored + 2, 0, 2)
    assert 1_000 < stored < 3_000
    torn, cut = reasons(case)
    assert torn[3].startswith("not JSON: ")
    assert cut[3] == f"cut off or damaged after {torn[1] + torn[2]} unpacked bytes: the last frame is not complete"


def test_bytes_that_are_no_utf8_do_not_hide_their_record(tmp_path: Path) -> None:
    hidden = json.dumps(okta(7)).encode().replace(b"curl/8", b"curl\xff8")
    case = case_of(tmp_path, GOOD[: GOOD.index(b"\n") + 1] + hidden + b"\n" + access_line(1, "x\xff").encode("latin-1"))
    assert totals(case) == (3, 3, 0, 0)
    assert len(shown(case, "timeline")) >= 0


def test_line_of_fifty_megabytes_is_a_reject_in_bounded_memory(tmp_path: Path) -> None:
    data = okta_lines(range(2)) + b'{"a": "' + b"x" * (50 << 20) + b'"}\n' + okta_lines(range(2, 4))
    (tmp_path / "x.log").write_bytes(data)
    ran, peak = alone("take", tmp_path / "case", tmp_path / "x.log", "--quiet")
    assert (ran.code, ran.err) == (0, "")
    assert peak < GIGABYTE
    assert totals(tmp_path / "case") == (5, 4, 0, 1)
    offset = len(okta_lines(range(2)))
    length = (50 << 20) + 9
    assert reasons(tmp_path / "case") == [
        ("x.log", offset, length, f"line of {length} bytes is over the limit of {32 << 20}")
    ]


@pytest.mark.long
@pytest.mark.parametrize("kind", ["gz", "zst", "zip", "nested zip"])
def test_bomb_is_cut_in_bounded_memory(tmp_path: Path, kind: str) -> None:
    zeros = bytes(64 << 20)
    if kind in {"gz", "zst"}:
        bomb = gzip.compress(zeros, 9) * 16 if kind == "gz" else zstandard.compress(zeros, 19) * 16
    else:
        bomb = _zip([(f"zeros-{number}", zeros) for number in range(16)])
        bomb = _zip([("one.zip", bomb), ("two.zip", bomb)]) if kind == "nested zip" else bomb
    (tmp_path / "x").write_bytes(bomb)
    ran, peak = alone("take", tmp_path / "case", tmp_path / "x", "--quiet")
    assert (ran.code, ran.err) == (0, "")
    assert peak < GIGABYTE
    accounted(tmp_path / "case")
    assert any("treated as a bomb and cut there" in reason for *_, reason in reasons(tmp_path / "case"))


def _zip(files: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def test_path_tricks_in_a_zip_write_nothing_beside_the_case(tmp_path: Path) -> None:
    case = case_of(tmp_path, _zip([("../../evil.log", GOOD), ("/abs.log", okta_lines(range(20, 22)))]), "x.zip")
    assert totals(case) == (22, 22, 0, 0)
    assert {row["evidence"] for row in accounted(case)} == {"x.zip!../../evil.log", "x.zip!/abs.log"}
    assert not [path for path in tmp_path.rglob("*") if path.name in {"evil.log", "abs.log"}]


def test_encrypted_zip_is_a_reject(tmp_path: Path) -> None:
    data = bytearray(_zip([("secret.log", GOOD)]))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    case = case_of(tmp_path, bytes(data), "x.zip")
    ((evidence, offset, length, reason),) = reasons(case)
    assert (evidence, offset, length) == ("x.zip!secret.log", 0, 0)
    assert reason.startswith("not readable inside the zip: ")
    assert "encrypted" in reason
    assert totals(case) == (1, 0, 0, 1)


WHOLE_REJECTS = {
    "empty": (b"", "empty: no record in it"),
    "only space": (b" \n\r\n\t", "empty: no record in it"),
    "empty array": (b"[]", "empty: no record in it"),
    "binary": (bytes(range(256)) * 100, "not UTF-8 text: binary or UTF-16"),
    "utf-16": (GOOD.decode().encode("utf-16"), "not UTF-8 text: binary or UTF-16"),
    "utf-16 without a mark": (GOOD.decode().encode("utf-16-le"), "not UTF-8 text: binary or UTF-16"),
    "NULs": (bytes(5_000), "not UTF-8 text: binary or UTF-16"),
    "truncated array": (b"[" + b" " * 20 + b'{"uuid": 1', "cut off before its end"),
}


@pytest.mark.parametrize(("data", "reason"), WHOLE_REJECTS.values(), ids=WHOLE_REJECTS.keys())
def test_file_without_a_record_is_one_reject(tmp_path: Path, data: bytes, reason: str) -> None:
    case = case_of(tmp_path, data)
    assert [one[3] for one in reasons(case)] == [reason]
    assert totals(case) == (1, 0, 0, 1)


@pytest.mark.long
def test_names_full_of_escapes_reach_no_terminal(tmp_path: Path) -> None:
    agent = "\\u001b]0;owned\\u0007\\u202e"
    evil = json.dumps(okta(1)).replace("user1@corp.example", f"{agent}@corp.example").replace("curl", agent)
    case = case_of(tmp_path, GOOD + evil.encode() + b"\nno \x1b[2J record\n", "a\x1b[2Jb\n\u202ec.log")
    for table in ("account", "rejects", "sessions", "timeline", "coverage"):
        assert not {"\x1b", "\x07", "\u202e"} & set(asked("show", case, table, "--quiet")), table
    assert "a\\x1b[2Jb\\x0a\\u202ec.log" in asked("show", case, "account", "--quiet")


def test_file_name_that_is_no_utf8(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/a\xff.log")).write_bytes(GOOD)
    taken(tmp_path / "case", folder)
    assert [row["evidence"] for row in accounted(tmp_path / "case")] == ["in/a\\xff.log"]
    told = refused("take", tmp_path / "other", folder, "--reference", code=3)
    assert "its path is not UTF-8" in told


def test_case_in_a_folder_with_special_characters(tmp_path: Path) -> None:
    place = tmp_path / "it's [a]*? \u00e9"
    place.mkdir()
    case = case_of(place, GOOD)
    assert totals(case) == (20, 20, 0, 0)


# -- evidence that cannot be taken ------------------------------------------------------------------------------------


def test_empty_folder_of_evidence(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert "no file in the evidence given" in refused("take", tmp_path / "case", tmp_path / "in", code=2)


def test_evidence_that_does_not_exist(tmp_path: Path) -> None:
    told = refused("take", tmp_path / "case", tmp_path / "absent", code=3)
    assert told == f"cloison: {tmp_path}/absent: no such file or folder (check the spelling of the path)"


def test_evidence_that_cannot_be_read(tmp_path: Path) -> None:
    told = refused("take", tmp_path / "case", Path("/proc/self/mem"), code=3)
    assert "/proc/self/mem: cannot be taken: Input/output error" in told
    assert "see that it can be read" in told


def test_unknown_source_name(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(GOOD)
    told = refused("take", tmp_path / "case", tmp_path / "x", "--source", f"octa={tmp_path / 'x'}", code=2)
    assert "no source 'octa' (`cloison sources` lists them)" in told


def test_case_in_its_own_evidence_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "x.log").write_bytes(GOOD)
    taken(tmp_path / "case", tmp_path)
    ran = cloison("take", tmp_path / "case", tmp_path)
    assert ran.code == 0, ran.err
    assert "of the case itself" in ran.err
    assert [row["evidence"] for row in accounted(tmp_path / "case")] == [f"{tmp_path.name}/x.log"]


def test_referenced_evidence_that_changed_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "x.log").write_bytes(GOOD)
    ran = cloison("take", tmp_path / "case", tmp_path / "x.log", "--reference", "--quiet")
    assert ran.code == 0
    for part in (tmp_path / "case" / "lake").iterdir():
        part.unlink()
    (tmp_path / "x.log").write_bytes(GOOD.replace(b"user1", b"userX"))
    told = refused("show", tmp_path / "case", "account", code=3)
    assert "evidence has changed since it was hashed" in told
    (tmp_path / "x.log").write_bytes(GOOD)
    assert totals(tmp_path / "case") == (20, 20, 0, 0)


def test_evidence_that_is_gone_is_named_by_its_hash(tmp_path: Path) -> None:
    case = case_of(tmp_path, GOOD)
    for part in (case / "lake").iterdir():
        part.unlink()
    (kept,) = (path for path in (case / "evidence").rglob("*") if path.is_file())
    kept.unlink()
    told = refused("show", case, "account", code=3)
    assert "evidence is gone" in told
    assert f"put the file with sha256 {kept.name} back" in told


# -- what the user wrote ----------------------------------------------------------------------------------------------

TABLES = {
    "wrong header": ("exposed", b"sys,what\nokta,x\n", "no column system in its header 'sys,what'"),
    "bad row": (
        "exposed",
        b"system,credential_uid,exposed_at\nokta,a,2023-10-18\nokta,b,yesterday\n",
        "line 3: exposed_at 'yesterday' is no time",
    ),
    "row without a name": (
        "exposed",
        b"system,credential_uid\nokta,\n",
        "line 2: neither credential_uid nor principal",
    ),
    "time out of range": (
        "exposed",
        b"system,credential_uid,exposed_at\nokta,a,0001-01-01T00:00:00+23:00\n",
        "line 2: exposed_at",
    ),
    "not UTF-8": ("exposed", b"system,credential_uid\nokta,\xff\xfe\n", "not UTF-8 text"),
    "UTF-16": ("exposed", "system,credential_uid\n".encode("utf-16"), "not UTF-8 text"),
    "empty": ("exposed", b"\n\n", "the table is empty"),
    "commas only": ("exposed", b",,,\n,,\n", "no column system"),
    "total in another script": (
        "totals",
        "system,resource_kind,total\njira,ticket,\u00b2\n".encode(),
        "is no whole number",
    ),
    "total out of range": (
        "totals",
        b"system,resource_kind,total\njira,ticket," + b"9" * 5_000 + b"\n",
        "is no whole number",
    ),
    "no network": ("networks", b"network\n192.0.2.0/33\n", "line 2: '192.0.2.0/33' is no network"),
}


@pytest.mark.parametrize(("option", "data", "said"), TABLES.values(), ids=TABLES.keys())
def test_table_that_cannot_be_understood(tmp_path: Path, option: str, data: bytes, said: str) -> None:
    (tmp_path / "table.csv").write_bytes(data)
    told = refused("investigate", tmp_path / "case", f"--{option}", tmp_path / "table.csv", code=2)
    assert told.startswith(f"cloison: {tmp_path}/table.csv: ")
    assert said in told
    assert told.endswith(")")


def test_secret_in_a_table_without_a_header_is_not_echoed(tmp_path: Path) -> None:
    secret = "00" + "EXAMPLEnotARealToken" * 2
    (tmp_path / "table.csv").write_text(f"jira,{secret},ada\n")
    told = refused("investigate", tmp_path / "case", "--exposed", tmp_path / "table.csv", code=2)
    assert secret not in told
    assert "00EX…oken sha256:" in told


def test_table_that_is_not_there_or_is_a_folder(tmp_path: Path) -> None:
    assert "cannot be read" in refused("investigate", tmp_path / "case", "--exposed", tmp_path / "absent", code=2)
    assert "cannot be read" in refused("investigate", tmp_path / "case", "--networks", tmp_path, code=2)


def test_time_that_is_none(tmp_path: Path) -> None:
    assert "--from: 'noon' is no time" in refused("investigate", tmp_path / "case", "--from", "noon", code=2)


# -- cases that cannot be used ----------------------------------------------------------------------------------------


def test_no_case(tmp_path: Path) -> None:
    assert f"{tmp_path}/case: no case here" in refused("show", tmp_path / "case", "account", code=4)
    (tmp_path / "file").write_bytes(b"")
    assert "no case here" in refused("show", tmp_path / "file", "account", code=4)


def test_folder_that_holds_something_else(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(GOOD)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.tex").write_text("mine")
    told = refused("take", tmp_path / "home", tmp_path / "x", code=4)
    assert told == f"cloison: {tmp_path}/home: not a case and not an empty folder (name a new folder for the case)"
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["thesis.tex"]
    assert "not a case" in refused("take", tmp_path / "x", tmp_path / "x", code=4)


def test_case_of_a_newer_version(tmp_path: Path) -> None:
    case = case_of(tmp_path, GOOD)
    (case / "case.toml").write_text('format = 2\ninputs = "in another shape"\n')
    told = refused("show", case, "account", code=4)
    assert "written by a newer version (format 2, this one knows 1)" in told
    assert "install that version" in told


@pytest.mark.parametrize("damage", [b"format = [", b"\xff\xfe", b'format = "one"', b"inputs = 7"])
def test_damaged_description_of_a_case(tmp_path: Path, damage: bytes) -> None:
    case = case_of(tmp_path, GOOD)
    (case / "case.toml").write_bytes(damage)
    told = refused("show", case, "account", code=4)
    assert f"{case}/case.toml: the case's description cannot be read" in told
    assert "take `evidence/`, which holds the raw files, into a new case" in told


def test_damaged_journal(tmp_path: Path) -> None:
    case = case_of(tmp_path, GOOD)
    (case / "journal.sqlite").write_bytes(b"no database" * 1_000)
    told = refused("show", case, "account", code=4)
    assert f"{case}/journal.sqlite: the custody journal cannot be used" in told


def test_journal_damaged_inside(tmp_path: Path) -> None:
    case = case_of(tmp_path, b"".join(b"junk %d\n" % number for number in range(3_000)) + GOOD)
    journal = sqlite3.connect(case / "journal.sqlite")
    journal.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    journal.close()
    data = bytearray((case / "journal.sqlite").read_bytes())
    data[8192:] = b"\xaa" * len(data[8192:])
    (case / "journal.sqlite").write_bytes(data)
    told = refused("show", case, "account", code=4)
    assert "the custody journal cannot be used: database disk image is malformed" in told


def test_journal_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    case = case_of(tmp_path, GOOD)
    for path in case.glob("journal.sqlite*"):
        path.unlink()
    assert "the custody journal is gone" in refused("show", case, "account", code=4)
    assert "the custody journal is gone" in refused("take", case, tmp_path / "x.log", code=4)
    assert not (case / "journal.sqlite").exists()


def test_inputs_that_are_gone(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"network\n192.0.2.0/24\n")
    case = tmp_path / "case"
    assert cloison("investigate", case, "--networks", tmp_path / "t.csv", "--quiet").code == 0
    for path in (case / "inputs").iterdir():
        path.unlink()
    for path in (case / "results").iterdir():
        path.unlink()
    told = refused("show", case, "account", code=4)
    assert "what the case was given cannot be read" in told
    assert "give t.csv again with `investigate --networks`" in told


def test_second_writer_is_refused(tmp_path: Path) -> None:
    case = case_of(tmp_path, GOOD)
    with (case / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = refused("take", case, tmp_path / "x.log", code=4)
    assert told == f"cloison: {case}: another cloison is writing to this case (wait for it)"
    taken(case, tmp_path / "x.log")
