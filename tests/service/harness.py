"""What do the tests of evidence need: synthetic records, the real command line, and the state of a case?"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from click.testing import CliRunner

from cloison.cli.main import cli, main

SOURCE = Path(__file__).parents[2] / "src"


def okta(number: int, **changed: object) -> dict[str, Any]:
    """An Okta record that is told apart by its number."""
    record: dict[str, Any] = {
        "uuid": f"0b5e-{number:06}",
        "published": f"2025-03-04T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.500Z",
        "eventType": "user.session.start",
        "displayMessage": 'Sign-in with "quotes", {braces} and [brackets]',
        "outcome": {"result": "SUCCESS" if number % 3 else "FAILURE"},
        "actor": {"id": f"00u{number % 7}", "type": "User", "alternateId": f"user{number % 7}@corp.example"},
        "client": {"ipAddress": f"198.51.100.{number % 250 + 1}", "userAgent": {"rawUserAgent": "curl/8 \\ é"}},
        "target": None,
    }
    return record | changed


def okta_lines(numbers: range) -> bytes:
    """Records one a line."""
    return b"".join(json.dumps(okta(number)).encode() + b"\n" for number in numbers)


def access_line(number: int, agent: str = "curl/8.5") -> str:
    """A line of a web server's combined log."""
    at = f"04/Mar/2025:{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02} +0000"
    return f'203.0.113.{number % 250 + 1} - ada [{at}] "GET /page/{number} HTTP/1.1" 200 512 "-" "{agent}"'


def access_lines(numbers: range) -> bytes:
    """Lines of a web server's combined log."""
    return b"".join(access_line(number).encode() + b"\n" for number in numbers)


@dataclass(frozen=True)
class Ran:
    """How a run of the command line ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer."""
        return json.loads(self.out)


INSTALLED = """
import sys
class Apart:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "pandas":
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Apart)
"""
"""A process without what only tests install: pyarrow loads pandas where it is, which takes longer than most verbs."""

_RUN = f"""
{INSTALLED}
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # as at a terminal, also where tests run in the background
sys.path.insert(0, {str(SOURCE)!r})
def told():
    sys.stderr.flush()
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    sys.stderr.write("\\npeak " + peak.split()[1] + "\\n")
import atexit
atexit.register(told)
import cloison.service.take as take
take.BATCH_FILES = int(sys.argv.pop(1))
from cloison.cli.main import main
main()
"""


def command(*arguments: "str | Path", files_a_batch: int = 2_000) -> list[str]:
    """The command line of a run."""
    return [sys.executable, "-c", _RUN, str(files_a_batch), *map(str, arguments)]


def cloison(*arguments: "str | Path") -> Ran:
    """Run the command line in this process, which has read sources and rules before: most tests are of no process."""
    given = sys.argv
    sys.argv = ["cloison", *map(str, arguments)]
    code = 0
    with CliRunner().isolation() as (out, err, _):
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            sys.argv = given
        sys.stdout.flush()
        sys.stderr.flush()
        return Ran(code, out.getvalue().decode("utf-8", "replace"), err.getvalue().decode("utf-8", "replace").strip())


def alone(*arguments: "str | Path", timeout: float = 120) -> tuple[Ran, int]:
    """Run the command line in a process of its own; and the largest resident set of that, in bytes."""
    ran = subprocess.run(command(*arguments), capture_output=True, timeout=timeout, check=False)
    err, _, peak = ran.stderr.decode("utf-8", "replace").rpartition("\npeak ")
    return Ran(ran.returncode, ran.stdout.decode("utf-8", "replace"), err.strip()), int(peak) * 1024


def refused(*arguments: "str | Path", code: int) -> str:
    """What a run says that ends with an error: one line, no traceback."""
    ran = cloison(*arguments)
    told = [line for line in ran.err.splitlines() if not line.endswith(" …")]
    assert ran.code == code, (ran.code, ran.err)
    assert len(told) == 1, ran.err
    assert told[0].startswith("cloison: "), ran.err
    return told[0]


def taken(case: Path, *paths: Path) -> Ran:
    """Take evidence, which must go well."""
    ran = cloison("take", case, *paths, "--quiet")
    assert (ran.code, ran.err) == (0, ""), ran.err
    return ran


def asked(*arguments: "str | Path") -> str:
    """What the command line answers; in this process, for a test of which no process is the subject."""
    ran = CliRunner().invoke(cli, [*map(str, arguments)], catch_exceptions=False)
    assert (ran.exit_code, ran.stderr) == (0, ""), ran.stderr
    return ran.stdout


def shown(case: Path, table: str) -> list[dict[str, Any]]:
    """A table of a case through the command line."""
    rows: list[dict[str, Any]] = json.loads(asked("show", case, table, "--json", "--quiet"))
    return rows


def accounted(case: Path) -> list[dict[str, Any]]:
    """The account of a case, of which each row must add up."""
    rows = shown(case, "account")
    for row in rows:
        assert row["received"] == row["stored"] + row["duplicate"] + row["rejected"], row
    return rows


def totals(case: Path) -> tuple[int, int, int, int]:
    """(received, stored, duplicate, rejected) over the whole account."""
    rows = accounted(case)
    received, stored, duplicate, rejected = (
        sum(row[name] for row in rows) for name in ("received", "stored", "duplicate", "rejected")
    )
    return received, stored, duplicate, rejected


def reasons(case: Path) -> list[tuple[str, int, int, str]]:
    """(evidence, offset, length, reason) of every reject."""
    return [(row["evidence"], row["offset"], row["length"], row["reason"]) for row in shown(case, "rejects")]


def events(
    case: Path, columns: str = "* EXCLUDE (evidence_uid, record_offset, record_length)"
) -> list[tuple[Any, ...]]:
    """The event rows in the lake, each event once, in their order."""
    found = duckdb.connect().execute(
        f"SELECT DISTINCT {columns} FROM read_parquet(?) ORDER BY ALL", [str(case / "lake" / "*.parquet")]
    )
    return found.fetchall()
