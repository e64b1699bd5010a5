"""Is the same case the same seal, is it made again from evidence that lies elsewhere, and is every difference named?"""

import json
import shutil
import sqlite3
import stat
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.lake.seal.kit import AT, changed, entries, members, resigned, sealed, small_case
from tests.lake.seal.proofs import led_to
from tests.lake.seal.proofs import path as proof
from tests.service.harness import Ran, alone, cloison, okta_lines, refused

from cloison.lake.seal import merkle

REDACT = """
[[hide]]
principals = ["user3@corp.example"]
[[hide]]
columns = ["sessions.client", "custody/evidence.origin"]
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with two entries in its logbook, which no test changes."""
    made = small_case(tmp_path_factory.mktemp("case"))
    for text in ("the intruder is out", "told the board"):
        assert cloison("note", made, text, "--by", "ada", "--kind", "decision", "--at", AT).code == 0
    return made


@pytest.fixture(scope="module")
def seal(case: Path) -> Path:
    """The case, sealed without its evidence."""
    return sealed(case, case.parent / "a.seal")


@pytest.fixture
def elsewhere(case: Path, tmp_path: Path) -> Path:
    """The evidence in another folder, under other names, among other files of the same size."""
    folder = tmp_path / "elsewhere"
    (folder / "deep").mkdir(parents=True)
    shutil.copy(case.parent / "logs/okta.jsonl", folder / "deep/1.bin")
    shutil.copy(case.parent / "logs/access.log", folder / "0.bin")
    (folder / "2.bin").write_bytes(bytes((folder / "0.bin").stat().st_size))
    return folder


def verified(*words: "str | Path") -> Ran:
    return cloison("verify", *words, "--json", "-q")


def test_the_same_case_is_the_same_bytes(case: Path, seal: Path, tmp_path: Path) -> None:
    shutil.copy(case.parent / "key.pem", tmp_path)
    again = sealed(case, tmp_path / "again.seal")
    assert again.read_bytes() == seal.read_bytes()
    for folder in ("lake", "results"):
        shutil.rmtree(case / folder)
    assert sealed(case, tmp_path / "rebuilt.seal").read_bytes() == seal.read_bytes()


def test_only_the_signature_says_when(case: Path, seal: Path, tmp_path: Path) -> None:
    shutil.copy(case.parent / "key.pem", tmp_path)
    out = tmp_path / "later.seal"
    assert cloison("seal", case, "-o", out, "--key", tmp_path / "key.pem", "--at", "2025-03-06T00:00:00Z").code == 0
    with zipfile.ZipFile(seal) as one, zipfile.ZipFile(out) as other:
        assert {name for name in one.namelist() if one.read(name) != other.read(name)} == {"ENVELOPE.json"}


def test_every_table_is_made_again_from_evidence_that_lies_elsewhere(seal: Path, elsewhere: Path) -> None:
    ran = verified(seal, "--evidence", elsewhere / "deep", "--evidence", elsewhere, "--trust", seal.parent / "key.pem")
    assert ran.code == 0, ran.out + ran.err
    found = ran.json
    assert (found["damage"], found["trusted"]) == ([], True)
    assert (found["reproved"]["evidence"], found["reproved"]["found"], found["reproved"]["count"]) == (2, 2, 0)
    assert len(found["reproved"]["tables"]) == 16
    assert found["answer"].endswith("All 16 tables, made again from the raw evidence, are the same")


RULE = """title: Curl signs in
id: 5e1f1d3a-6f0c-4a57-9b7a-0d8c1f0a7e11
logsource: {product: okta, service: okta}
detection: {one: {eventtype: user.session.start, client.ipaddress: 198.51.100.7}, condition: one}
level: high
"""


def test_what_rules_detected_is_sealed_with_the_rules_and_made_again(
    case: Path, elsewhere: Path, tmp_path: Path
) -> None:
    detected = tmp_path / "case"
    shutil.copytree(case, detected)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "curl.yml").write_text(RULE, encoding="utf-8")
    shown = cloison("investigate", detected, "--rules", tmp_path / "mine", "-q")
    assert shown.code == 0, shown.err
    seal = sealed(detected, tmp_path / "detected.seal")
    place = entries(seal)["results/detections.parquet"]
    (tmp_path / "d.parquet").write_bytes(seal.read_bytes()[place.begins : place.ends])
    told = duckdb.execute(
        "SELECT count(*) FROM read_parquet(?) WHERE title = 'Curl signs in'", [str(tmp_path / "d.parquet")]
    )
    assert told.fetchone() == (1,)
    (detected / "rules" / "mine" / "curl.yml").unlink()
    ran = verified(seal, "--evidence", elsewhere)
    assert ran.code == 0, ran.out + ran.err
    assert ran.json["answer"].endswith("All 18 tables, made again from the raw evidence, are the same")


def test_evidence_that_was_sealed_in_is_enough(case: Path, tmp_path: Path) -> None:
    ran = verified(sealed(case, tmp_path / "whole.seal", "--with-evidence"))
    assert (ran.code, ran.json["reproved"]["found"], ran.json["reproved"]["count"]) == (0, 2, 0)


def test_a_flipped_byte_of_evidence_says_which(seal: Path, elsewhere: Path) -> None:
    log = elsewhere / "access.log"
    log.write_bytes(changed((elsewhere / "0.bin").read_bytes(), 100, lambda byte: byte ^ 1))
    (elsewhere / "0.bin").unlink()
    ran = verified(seal, "--evidence", elsewhere)
    [missing] = ran.json["reproved"]["missing"]
    assert ran.code == 11
    assert missing.startswith("logs/access.log (sha256 ")
    assert f"{log} has its name and other bytes" in missing
    assert "1 file of evidence was not found" in ran.json["reproved"]["unknown"]


def test_evidence_that_is_not_there_is_named(seal: Path, tmp_path: Path) -> None:
    ran = verified(seal, "--evidence", tmp_path)
    assert (ran.code, len(ran.json["reproved"]["missing"])) == (11, 2)


def test_another_key_is_not_trusted(case: Path, seal: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.seal"
    made = cloison("seal", case, "-o", other, "--key", tmp_path / "theirs.pem", "--json", "-q").json
    assert made["key_made"] is True
    assert stat.S_IMODE((tmp_path / "theirs.pem").stat().st_mode) == 0o600
    mine = verified(seal).json["key_id"]
    assert verified(seal, "--trust", mine).code == 0
    ran = verified(other, "--trust", mine)
    assert (ran.code, ran.json["trusted"], ran.json["damage"]) == (10, False, [])
    assert ran.json["answer"] == "as it was sealed, but NOT by the key that you trust"


def test_a_difference_names_table_key_and_column(case: Path, tmp_path: Path) -> None:
    lied = tmp_path / "case"
    shutil.copytree(case, lied)
    path = lied / "results/rotations.parquet"
    rewrite(path, "SELECT * REPLACE ('proven' AS verdict) FROM t WHERE kind = 'password'")
    ran = verified(sealed(lied, tmp_path / "lie.seal"), "--evidence", case.parent / "logs")
    assert (ran.code, ran.json["damage"]) == (10, [])
    told = {
        (one["table"], one["key"]["kind"], one["column"], one["sealed"], one["found"])
        for one in ran.json["reproved"]["differences"]
    }
    assert told == {
        ("results/rotations", "password", "verdict", "proven", "refuted"),
        ("results/rotations", "api_token", "", None, "a row"),
    }


def rewrite(path: Path, query: str) -> None:
    """Replace a table by what a query makes of it (as `t`)."""
    with duckdb.connect() as base:
        base.execute(f"CREATE TABLE t AS FROM read_parquet('{path}')")
        base.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")


@pytest.fixture(scope="module")
def redacted(case: Path) -> Path:
    """The case, sealed with what it says of one principal hidden."""
    rules = case.parent / "rules.toml"
    rules.write_text(REDACT, encoding="utf-8")
    return sealed(case, case.parent / "redacted.seal", "--redact", rules)


def test_what_is_hidden_stands_nowhere_and_is_counted(redacted: Path, tmp_path: Path) -> None:
    ran = verified(redacted)
    assert ran.code == 0, ran.out
    assert ran.json["hidden"]["custody/evidence"] == {"rows": 2, "of_rows": 2, "cells": 2, "of_cells": 16}
    assert ran.json["hidden"]["given/exposed"]["rows"] == 1
    with zipfile.ZipFile(redacted) as archive:
        archive.extractall(tmp_path)
    assert b"user3@corp.example" not in redacted.read_bytes()
    shown = 0
    for path in tmp_path.rglob("*.parquet"):
        text = json.dumps(
            duckdb.execute("SELECT CAST(to_json(t) AS VARCHAR) FROM read_parquet(?) AS t", [str(path)]).fetchall()
        )
        assert "user3@corp.example" not in text, path
        shown += "user4@corp.example" in text
    assert shown > 0
    assert stat.S_IMODE(Path(f"{redacted}.secrets").stat().st_mode) == 0o600


def test_a_row_that_is_not_hidden_is_proven_from_the_root_of_a_redacted_case(redacted: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(redacted) as archive:
        archive.extractall(tmp_path)
    lines = (tmp_path / "MANIFEST").read_bytes().splitlines()
    leaves = (tmp_path / "results/touched.rows").read_bytes() or (tmp_path / "results/rotations.rows").read_bytes()
    name = "touched" if (tmp_path / "results/touched.rows").stat().st_size else "rotations"
    hashes = [leaves[at : at + 32] for at in range(0, len(leaves), 32)]
    [number] = [
        n for n, line in enumerate(lines) if line.endswith(b" results/" + name.encode()) and line.startswith(b"table")
    ]
    row = duckdb.execute(
        f"SELECT CAST(to_json(t) AS VARCHAR) FROM '{tmp_path}/results/{name}.parquet' AS t"
    ).fetchall()[-1][0]
    table = led_to(merkle.leaf(row.encode()), len(hashes) - 1, len(hashes), proof(hashes, len(hashes) - 1))
    assert table is not None
    assert lines[number].split()[1].decode() == table.hex()
    whole = [merkle.leaf(line) for line in lines]
    found = led_to(whole[number], number, len(whole), proof(whole, number))
    assert found is not None
    assert found.hex() == verified(redacted).json["root"]


def test_a_hidden_cell_is_disclosed_alone_and_a_false_one_is_caught(redacted: Path, tmp_path: Path) -> None:
    lines = Path(f"{redacted}.secrets").read_text(encoding="utf-8").splitlines()
    one = next(line for line in lines[1:] if '"given/exposed"' in line and '"principal"' in line)
    (tmp_path / "one").write_text(one, encoding="utf-8")
    ran = verified(redacted, "--disclosed", tmp_path / "one")
    assert (ran.code, ran.json["disclosed"], ran.json["not_committed"]) == (0, 1, [])
    (tmp_path / "false").write_text(one.replace("user3", "user4"), encoding="utf-8")
    ran = verified(redacted, "--disclosed", tmp_path / "false")
    assert (ran.code, ran.json["not_committed"]) == (10, [{"table": "given/exposed", "row": 0, "column": "principal"}])


def test_a_redacted_case_is_made_again_when_what_it_rests_on_is_disclosed(redacted: Path, case: Path) -> None:
    logs = case.parent / "logs"
    closed = verified(redacted, "--evidence", logs)
    assert closed.code == 11
    assert "hidden cells are among what the tables are made from" in closed.json["reproved"]["unknown"]
    opened = verified(redacted, "--evidence", logs, "--disclosed", f"{redacted}.secrets")
    assert (opened.code, opened.json["reproved"]["count"]) == (0, 0), opened.out


def test_hidden_answers_do_not_stand_in_the_way(case: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(
        '[[hide]]\ncolumns = ["sessions.principal", "sessions.session_uid", "rotations.why"]\n', encoding="utf-8"
    )
    ran = verified(sealed(case, tmp_path / "r.seal", "--redact", rules), "--evidence", case.parent / "logs")
    assert (ran.code, ran.json["reproved"]["count"]) == (0, 0), ran.out


def test_the_same_secrets_hide_alike(redacted: Path, case: Path, tmp_path: Path) -> None:
    shutil.copy(case.parent / "key.pem", tmp_path)
    shutil.copy(f"{redacted}.secrets", tmp_path / "kept")
    again = sealed(case, tmp_path / "r.seal", "--redact", case.parent / "rules.toml", "--secrets", tmp_path / "kept")
    assert again.read_bytes() == redacted.read_bytes()


def test_what_cannot_be_done_is_refused_in_one_line(case: Path, seal: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[[hide]]\ncolumns = ["sessions.cliemt"]\n', encoding="utf-8")
    out, key = tmp_path / "x.seal", tmp_path / "k.pem"
    assert "did you mean 'client'?" in refused("seal", case, "-o", out, "--redact", rules, "--key", key, code=2)
    rules.write_text('[[hide]]\nvalues = ["user3"]\n', encoding="utf-8")
    told = refused("seal", case, "-o", out, "--redact", rules, "--with-evidence", "--key", key, code=2)
    assert "raw evidence cannot be hidden in part" in told
    assert not key.exists()  # of what is refused none is made
    shutil.copy(seal.parent / "key.pem", key)
    key.chmod(0o644)
    assert "others may read this key" in refused("seal", case, "-o", out, "--key", key, code=2)
    assert "no Ed25519 key" in refused("seal", case, "-o", out, "--key", private(tmp_path / "junk", b"junk"), code=2)
    assert "no case here" in refused("seal", tmp_path, "-o", out, code=4)
    assert "no sealed case" in refused("verify", rules, code=2)
    assert "no such key" in refused("verify", seal, "--trust", "abc", code=2)
    assert not out.exists()


def private(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    path.chmod(0o600)
    return path


def test_the_key_may_come_from_the_environment(
    case: Path, seal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOISON_SEAL_KEY", (seal.parent / "key.pem").read_text(encoding="utf-8"))
    made = cloison("seal", case, "-o", tmp_path / "a.seal", "--json", "-q").json
    assert (made["key_kept"], made["key_made"]) == ("CLOISON_SEAL_KEY", False)


def test_the_logbook_is_sealed_and_a_broken_one_is_not(case: Path, seal: Path, tmp_path: Path) -> None:
    place = entries(seal)["custody/logbook.parquet"]
    (tmp_path / "l.parquet").write_bytes(seal.read_bytes()[place.begins : place.ends])
    told = duckdb.execute(
        "SELECT number, who, kind, text FROM read_parquet(?)", [str(tmp_path / "l.parquet")]
    ).fetchall()
    assert told == [(1, "ada", "decision", "the intruder is out"), (2, "ada", "decision", "told the board")]
    broken = tmp_path / "case"
    shutil.copytree(case, broken)
    with closing(sqlite3.connect(broken / "logbook.sqlite", isolation_level=None)) as base:
        base.execute("DROP TRIGGER unchanged")
        base.execute("UPDATE entry SET text = 'x' WHERE number = 1")
    said = "the logbook is broken: entry 1 is not what was written"
    assert said in refused("seal", broken, "-o", tmp_path / "b.seal", "--key", tmp_path / "k.pem", code=4)
    assert said in refused("note", broken, code=4)


def test_evidence_that_is_gone_from_the_case_is_told_when_sealing(case: Path, tmp_path: Path) -> None:
    lost = tmp_path / "case"
    shutil.copytree(case, lost)
    (tmp_path / "more.jsonl").write_bytes(okta_lines(range(200, 210)))
    assert cloison("take", lost, tmp_path / "more.jsonl", "-q", "--reference").code == 0
    assert cloison("report", lost, "-q").code == 0
    (tmp_path / "more.jsonl").unlink()
    out: dict[str, Any] = cloison(
        "seal", lost, "-o", tmp_path / "a.seal", "--key", tmp_path / "k.pem", "--json", "-q"
    ).json
    assert (out["evidence"], out["gone"]) == (3, ["more.jsonl"])
    told = refused("seal", lost, "-o", tmp_path / "b.seal", "--with-evidence", "--key", tmp_path / "k.pem", code=3)
    assert "evidence is gone" in told


def test_evidence_that_was_changed_in_custody_is_not_sealed_in(case: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "case"
    shutil.copytree(case, spoilt)
    held = next(one for one in (spoilt / "evidence").rglob("*") if one.is_file())
    held.write_bytes(changed(held.read_bytes(), 10, lambda byte: byte ^ 1))
    told = refused("seal", spoilt, "-o", tmp_path / "a.seal", "--with-evidence", "--key", tmp_path / "k.pem", code=3)
    assert "evidence has changed since it was taken" in told
    assert not (tmp_path / "a.seal").exists()


def test_a_bomb_is_refused_in_little_memory_and_time(tmp_path: Path) -> None:
    path = tmp_path / "bomb.seal"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("ENVELOPE.json", b"{}")
        archive.writestr("MANIFEST", bytes(600 << 20))
    assert path.stat().st_size < 4 << 20
    ran, peak = alone("verify", path, "--json", "-q", timeout=60)
    assert ran.code == 10
    assert peak < 400 << 20
    assert any("packed or encrypted" in one["what"] for one in ran.json["damage"])


FORGED: dict[str, dict[str, str | bytes | None]] = {
    "no table of evidence": {"custody/evidence.parquet": None, "custody/evidence.rows": None},
    "another table in its place": {"custody/evidence": "given/totals"},
    "inputs of another kind": {"given/exposed": "given/networks"},
    "a window that is none": {"given/window": "custody/logbook"},
    "results of another kind": {"results/scope": "results/account"},
    "no description": {"case.json": b"{}"},
    "a source that is none": {"sources/shipped/okta_system_log/source.toml": b"name = 3"},
    "a source that leads out": {"sources/shipped/okta_system_log/source.toml": b'extends = "../../x"'},
    "a key that is none": {"KEY.pem/x": b"x"},
}


@pytest.mark.parametrize("name", list(FORGED))
def test_a_seal_that_is_whole_and_holds_something_else_is_an_answer_and_no_crash(
    case: Path, seal: Path, tmp_path: Path, name: str
) -> None:
    held: dict[str, bytes] = members(seal, seal.read_bytes())
    for member, other in FORGED[name].items():
        if isinstance(other, str):
            held |= {f"{member}{end}": held[f"{other}{end}"] for end in (".parquet", ".rows")}
        elif other is None:
            del held[member]
        else:
            held[member] = other
    (tmp_path / "forged.seal").write_bytes(resigned(held))
    ran = verified(tmp_path / "forged.seal", "--evidence", case.parent / "logs")
    assert (ran.code in {10, 11}, ran.err) == (True, ""), ran.err
    assert ran.json["answer"] != ""
