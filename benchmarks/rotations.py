"""How long does it take to judge ten thousand exposed credentials in one run?"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.generated import templates
from cloison.service.acts import investigate_all, show, take_evidence
from cloison.service.progress import Silent

CREDENTIALS = 10_000
_SOURCE, _CARRIER = "okta_system_log", "log_event"
_EXPOSED = datetime(2025, 3, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Judged:
    """Credentials by verdict; seconds to take the log, and to investigate down to every verdict and the report."""

    verdicts: dict[str, int]
    take_seconds: float
    seconds: float

    def told(self) -> str:
        """One line."""
        counted = ", ".join(f"{count:,} {verdict}" for verdict, count in self.verdicts.items())
        total = sum(self.verdicts.values())
        return (
            f"{total:,} credentials judged in {self.seconds:.1f} s ({counted}); log taken in {self.take_seconds:.1f} s"
        )


def judged(credentials: int = CREDENTIALS) -> Judged:
    """Judge that many API tokens: half were revoked, a quarter used since, of a quarter the log says nothing."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_log(folder / "given.log", credentials)
        write_ledger(folder / "exposed.csv", credentials)
        begun = perf_counter()
        take_evidence(folder / "case", [folder / "given.log"], [], by_reference=True, progress=Silent())
        taken = perf_counter()
        inputs = {"exposed": [folder / "exposed.csv"]}
        options = {"since": None, "until": None, "by_reference": True, "progress": Silent()}
        investigate_all(folder / "case", [], [], inputs, **options)  # type: ignore[arg-type]
        done = perf_counter()
        table = show(folder / "case", "rotations", progress=Silent())
    at = table.columns.index("verdict")
    verdicts = Counter(str(row[at]) for row in table.rows)
    return Judged(dict(sorted(verdicts.items())), taken - begun, done - taken)


def write_log(path: Path, credentials: int) -> None:
    """A log in which credential n is revoked if n is even, and used if n leaves 1 when divided by 4."""
    record = next(line for line, _ in templates(_SOURCE, _CARRIER) if '"system.api_token.revoke"' in line)
    lines = (_said(json.loads(record), number) for number in range(credentials) if number % 4 != 3)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _said(record: dict[str, object], number: int) -> str:
    at = _EXPOSED + timedelta(days=1, seconds=number)
    record |= {"uuid": f"7b0c1d1e-0000-11ef-8a11-{number:012}", "published": at.isoformat(timespec="milliseconds")}
    if number % 2 == 0:
        record["target"] = [{"type": "Token", "id": token(number), "alternateId": "unknown", "displayName": "sync"}]
    else:
        used = {"type": "WEB", "id": f"req{number}", "detail": {"requestApiTokenId": token(number)}}
        record |= {"eventType": "user.lifecycle.create", "transaction": used}
    return json.dumps(record, separators=(",", ":"))


def write_ledger(path: Path, credentials: int) -> None:
    """The ledger of what was exposed."""
    rows = (f"okta,api_token,{token(number)},,{_EXPOSED.isoformat()}\n" for number in range(credentials))
    path.write_text("system,kind,credential_uid,principal,exposed_at\n" + "".join(rows), encoding="utf-8")


def token(number: int) -> str:
    """The id of credential n."""
    return f"00TBENCH{number:012}"
