"""Does each command of docs/verify.md work on a sealed case, with standard tools and DuckDB alone?"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.lake.seal.kit import sealed, small_case
from tests.service.harness import cloison

PAGE = Path(__file__).parents[2] / "docs/verify.md"
RUN = """
import json, sys, duckdb
told = []
base = duckdb.connect()
for text in sys.stdin.read().split("\\x00"):
    for one in duckdb.extract_statements(text):
        ran = base.execute(one)
        names = [column[0] for column in ran.description or ()]
        told.append([names, [[str(cell) for cell in row] for row in ran.fetchall()]])
print(json.dumps(told))
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def shell(command: str, folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def engine(texts: list[str], folder: Path) -> list[list[dict[str, str]]]:
    """The rows of each statement, run in one client that is begun in the folder."""
    ran = subprocess.run(
        [sys.executable, "-c", RUN], input="\0".join(texts), cwd=folder, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    told: list[Any] = json.loads(ran.stdout)
    return [[dict(zip(names, row, strict=True)) for row in rows] for names, rows in told]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What somebody is handed: the file, the key by another way, and the raw evidence; unpacked as the page says."""
    made, here = tmp_path_factory.mktemp("made"), tmp_path_factory.mktemp("handed")
    case = small_case(made)
    rules = made / "rules.toml"
    rules.write_text('[[hide]]\nvalues = ["user3@corp.example"]\n', encoding="utf-8")
    sealed(case, here / "case.seal")
    sealed(case, here / "redacted.seal", "--redact", rules)
    shutil.copytree(made / "logs", here / "evidence")
    openssl = subprocess.run(
        ["openssl", "pkey", "-in", "key.pem", "-pubout"], cwd=here, capture_output=True, check=True
    )
    (here / "trusted.pem").write_bytes(openssl.stdout)
    unpacked = shell(blocks("sh")[0], here)
    assert unpacked.returncode == 0, unpacked.stderr
    return here


def test_the_signature_holds_and_a_changed_statement_does_not(folder: Path) -> None:
    _, signature, key, manifest, files, *_ = blocks("sh")
    assert shell(signature, folder).stdout == "Signature Verified Successfully\n"
    shown = cloison("verify", folder / "case.seal", "--json", "-q").json["key_id"]
    assert shell(key, folder).stdout.split()[0] == shown
    assert shell(manifest, folder).stdout == "manifest as signed\n"
    assert shell(files, folder).stdout == "every file as sealed\n"
    with (folder / "sealed/README.txt").open("a") as file:
        file.write("more")
    assert shell(files, folder).returncode != 0
    assert shell(blocks("sh")[0].replace("-q", "-qo"), folder).returncode == 0
    changed = signature.replace("openssl pkeyutl", "sed -i s/root/toor/ signed; openssl pkeyutl")
    assert shell(changed, folder).returncode != 0


def test_rows_and_manifest_lead_to_the_roots_that_were_signed(folder: Path) -> None:
    shell(blocks("sh")[1], folder)
    macros, table, manifest, *_ = blocks("sql")
    *_, [of_table], [of_manifest] = engine([macros, table, manifest], folder / "sealed")
    assert (of_table["same"], of_manifest["same"]) == ("True", "True")
    signed = json.loads((folder / "statement.json").read_bytes())["predicate"]["root"]
    assert of_manifest["root"] == of_manifest["signed"] == signed


def test_answers_come_out_again(folder: Path) -> None:
    made = shell(blocks("sh")[5], folder)
    assert made.returncode == 0, made.stderr
    told = engine([blocks("sql")[3], (folder / "again.sql").read_text(encoding="utf-8")], folder / "sealed")
    found = {rows[0]["name"]: rows[0] for rows in told if rows and "name" in rows[0]}
    assert {name: (one["not_sealed"], one["not_made"]) for name, one in found.items()} == {
        "scope": ("0", "0"),
        "timeline": ("0", "0"),
        "rotations": ("0", "0"),
    }
    assert found["rotations"]["rows"] == "2"


def test_a_row_leads_to_its_record(folder: Path) -> None:
    [[row]] = engine([blocks("sql")[4]], folder / "sealed")
    cut = shell(blocks("sh")[6], folder, SHA256=row["sha256"], OFFSET=row["offset"], LENGTH=row["length"])
    assert cut.returncode == 0, cut.stderr
    assert json.loads(cut.stdout)["client"]["ipAddress"] == row["indicator_value"] == "198.51.100.7"


def test_a_disclosed_cell_opens_its_commitment(folder: Path) -> None:
    lines = (folder / "redacted.seal.secrets").read_text(encoding="utf-8").splitlines()
    cell = next(one for one in map(json.loads, lines[1:]) if one["table"] == "results/sessions")
    given = f"SET VARIABLE salt = '{cell['salt']}'; SET VARIABLE value = '{cell['value']}';"
    assert shell("unzip -q redacted.seal -d redacted", folder).returncode == 0
    *_, [found] = engine([given, blocks("sql")[5]], folder)
    listed = engine(["SELECT hidden FROM 'redacted/results/sessions.parquet'"], folder)[0]
    assert f"{cell['column']}={found['commitment']}" in listed[cell["row"]]["hidden"]


def test_the_script_in_the_seal_agrees(folder: Path) -> None:
    script = blocks("sh")[7].replace("python3", sys.executable)
    ran = shell(script, folder)
    assert (ran.returncode, ran.stdout.splitlines()[-1]) == (0, "every member is as it was sealed"), ran.stderr
    raw = bytearray((folder / "case.seal").read_bytes())
    raw[len(raw) // 2] ^= 4
    (folder / "flipped.seal").write_bytes(raw)
    ran = shell(script.replace("case.seal", "flipped.seal"), folder)
    assert (ran.returncode, ran.stdout.splitlines()[-1]) == (10, "NOT as it was sealed"), ran.stderr
    other = shell(
        f"openssl genpkey -algorithm ed25519 | openssl pkey -pubout > other.pem; {script}".replace("trusted", "other"),
        folder,
    )
    assert (other.returncode, "another key than the one that you trust" in other.stdout) == (10, True)
    bare = shell(script.replace(sys.executable, f"{sys.executable} -S"), folder)
    assert (bare.returncode, "the signature was not checked" in bare.stdout) == (11, True)
    assert len((folder / "sealed/verify.py").read_text(encoding="utf-8").splitlines()) < 150


def test_no_block_of_the_page_is_left_out() -> None:
    assert (len(blocks("sh")), len(blocks("sql"))) == (8, 6)
