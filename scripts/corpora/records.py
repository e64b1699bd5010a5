"""Which raw records does a corpora folder hold, and what does their truth say of each?"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cloison.ocsf.observables import canonical_ip

STREAMS = (
    "okta",
    "atlassian_*",
    "aws",
    "cloudflare",
    "salesforce/*",
    "azure/*",
    "o365/*",
    "github",
    "google_workspace",
    "gcp",
    "linux",
    "nginx",
    "apache",
)
READ = ("CloudTrail", "Okta", "VPC Flow", "GitHub")
DETECTED = (
    "Azure.Audit",
    "Azure.MonitorActivity",
    "GCP.AuditLog",
    "GitHub.Audit",
    "GSuite.*",
    "Microsoft365.*",
    "Salesforce.*",
    "Slack.*",
    "Snowflake.*",
)
HEADED = {"linux/openssh": "Mar  1 00:00:00 host sshd[1]: "}
"""Streams whose collector took the syslog header off: each record once more with one in front, as the log has it."""
_ACTOR = ("user.name", "user.email", "user.id")


@dataclass(frozen=True)
class Truth:
    """What the truth states; None or empty where it states nothing."""

    time: datetime | None = None
    address: str | None = None
    actor: frozenset[str] = frozenset()
    action: str | None = None
    outcome: str | None = None
    class_uid: int | None = None
    activity_id: int | None = None


@dataclass(frozen=True)
class Real:
    """A raw record, where it stands in the corpora, and its truth."""

    stream: str
    name: str
    raw: str
    truth: Truth


def logs(corpora: Path) -> Iterator[Real]:
    """The records below `logs` of every stream that we read."""
    for pattern in STREAMS:
        for folder in sorted((corpora / "logs").glob(pattern)):
            for path in sorted(folder.rglob("*.json*")):
                stream = path.parent.relative_to(corpora / "logs").as_posix()
                yield from _of_file(path, stream)
                if stream in HEADED:
                    yield from (_headed(record, HEADED[stream]) for record in _of_file(path, stream))


def pairs(corpora: Path) -> Iterator[Real]:
    """The raw side of published OCSF pairs, for the products that we read."""
    for number, pair in enumerate(json.loads((corpora / "ocsf/ocsf_examples_pairs.json").read_bytes())):
        if any(f"/{product}/" in pair["path"] for product in READ):
            product, core = pair["path"].partition("mappings/")[2], pair["expected"]
            truth = Truth(class_uid=core["class_uid"], activity_id=core["activity_id"])
            yield Real(f"ocsf/{pair['vendor']}", f"{number}: {product}", json.dumps(pair["raw"]), truth)


def detected(corpora: Path) -> Iterator[Real]:
    """The records of detection tests, for the logs that we read; they state nothing of what they hold."""
    for pattern in DETECTED:
        for path in sorted((corpora / "panther").glob(f"{pattern}.jsonl")):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
                yield Real(f"panther/{path.stem}", f"#{number}", json.dumps(json.loads(line)["log"]), Truth())


def _headed(record: Real, header: str) -> Real:
    raw = record.raw.strip()
    return replace(record, stream=f"{record.stream}, headed", raw=raw if "sshd[" in raw else header + raw)


def _of_file(path: Path, stream: str) -> Iterator[Real]:
    if path.suffix == ".jsonl":
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            case = json.loads(line)
            yield Real(stream, f"{path.stem}#{number}", case["raw"], _truth(case["expected_ecs_flat"]))
    else:
        case = json.loads(path.read_bytes())
        yield Real(stream, path.stem, case["input"]["message"], _truth(dict(_flat(case["expected_ecs"], ""))))


def _flat(node: dict[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for name, value in node.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield above + name, value


def _truth(ecs: dict[str, Any]) -> Truth:
    stated = ecs.get("@timestamp")
    outcome = ecs.get("event.outcome")
    return Truth(
        time=datetime.fromisoformat(stated).astimezone(UTC).replace(tzinfo=None) if stated else None,
        address=canonical_ip(str(ecs.get("source.ip", ""))),
        actor=frozenset(str(ecs[name]).lower() for name in _ACTOR if ecs.get(name)),
        action=_names(ecs.get("event.action")),
        outcome=outcome if outcome in ("success", "failure") else None,
    )


def _names(stated: object) -> str | None:
    """One name, or those of the several events that a record tells."""
    listed = stated if isinstance(stated, list) else [stated] if stated else []
    return ", ".join(sorted({str(one).strip().lower() for one in listed})) or None
