"""On how many records does what we read agree with what the truth states, field by field, and where does it not?"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from scripts.corpora.reading import Rows
from scripts.corpora.records import Real, Truth
from scripts.ocsf_schema import faults

from cloison.ocsf.event import to_ocsf
from cloison.sources.catalogue import shipped

Row = Mapping[str, object]
_OUTCOMES = {"success": 1, "failure": 2}
_WHO = ("principal", "actor_name", "actor_email", "actor_uid", "actor_account_uid")

FIELDS: dict[str, tuple[Callable[[Truth], object], Callable[[Rows], object]]] = {
    "time": (lambda truth: truth.time, lambda rows: rows[0]["time"]),
    "address": (lambda truth: truth.address, lambda rows: rows[0]["src_ip"]),
    "actor": (
        lambda truth: truth.actor,
        lambda rows: frozenset(str(rows[0][one]).lower() for one in _WHO if rows[0][one]),
    ),
    "action": (
        lambda truth: truth.action,
        lambda rows: ", ".join(sorted({str(row["event_code"]).lower() for row in rows})),
    ),
    "outcome": (lambda truth: _OUTCOMES.get(truth.outcome or ""), lambda rows: rows[0]["status_id"]),
    "class": (lambda truth: truth.class_uid, lambda rows: rows[0]["class_uid"]),
    "activity": (lambda truth: truth.activity_id, lambda rows: rows[0]["activity_id"]),
}
"""A field's name to what the truth states of it (None or empty: nothing) and what the rows of the record say."""


@dataclass
class Score:
    """Records right and records whose truth states it, by field; a line for each disagreement."""

    right: Counter[str] = field(default_factory=Counter)
    stated: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    def add(self, name: str, agrees: bool, line: str) -> None:
        """Count one comparison."""
        self.stated[name] += 1
        self.right[name] += agrees
        if not agrees:
            self.told.append(line)


def scored(records: Sequence[Real], rows: Sequence[Rows]) -> dict[str, Score]:
    """The score of every stream."""
    scores: dict[str, Score] = {}
    for record, made in zip(records, rows, strict=True):
        score = scores.setdefault(record.stream, Score())
        score.add("recognised", bool(made), f"{record.stream} {record.name}: not recognised")
        if made:
            _compare(record, made, score)
    return scores


def _compare(record: Real, rows: Rows, score: Score) -> None:
    for name, (truth_of, ours_of) in FIELDS.items():
        wanted, found = truth_of(record.truth), ours_of(rows)
        if wanted is None or wanted == frozenset():
            continue
        line = f"{record.stream} {record.name} ({rows[0]['event_code']}): {name}"
        score.add(name, _agree(wanted, found), f"{line} is {_shown(wanted)}, we read {_shown(found)}")
    wrong = [fault for row in rows for fault in faults(_event(record, row))]
    score.add("valid", not wrong, f"{record.stream} {record.name}: invalid: {'; '.join(wrong)}")


def _agree(wanted: object, found: object) -> bool:
    if isinstance(wanted, frozenset) and isinstance(found, frozenset):
        return bool(wanted & found)
    return wanted == found


def _event(record: Real, row: Row) -> dict[str, object]:
    spec = shipped().specs[str(row["source"])]
    return to_ocsf(row, product=spec.product, vendor=spec.vendor, raw=record.raw)


def _shown(value: object) -> str:
    return "/".join(sorted(value)) or "nobody" if isinstance(value, frozenset) else str(value)
