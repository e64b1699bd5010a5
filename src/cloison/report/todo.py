"""What is to be done next, most urgent first: isolate before revoking, then settle what is unknown?"""

from collections.abc import Iterator

from cloison.report.dossier import CLOSING, Account, Coverage, Held, Ledger, Todo
from cloison.report.tongues.english import PHRASES


def todos(
    held: tuple[Held, ...],
    ledger: Ledger,
    coverage: tuple[Coverage, ...],
    account: Account,
    cautious: tuple[tuple[str, str, str], ...],
) -> tuple[Todo, ...]:
    """All of it; `cautious` are the indicators, by kind and value, that were seen and are not followed, and why."""
    revoked = {entry.uid for entry in ledger.open_rows if entry.verdict == "refuted"}
    still = [one for one in held if one.until is None and one.standing == "proven" and one.uid not in revoked]
    closable = sorted((one for one in still if one.kind in CLOSING), key=lambda one: CLOSING.index(one.kind))
    acts = [Todo(f"close_{one.kind}", one.kind, one.uid, one.system, held=one) for one in closable]
    acts += [Todo("revoke", e.kind, e.uid, e.system, entry=e) for e in ledger.open_rows if e.verdict == "refuted"]
    counted = [Todo(act, count=count) for act, count in _counted(held, ledger, coverage, account) if count]
    decide = [Todo("decide", count=max(len(cautious) - 3, 0), seen=cautious[:3])] if cautious else []
    return (*dict.fromkeys(acts), *counted, *decide)


def _counted(
    held: tuple[Held, ...], ledger: Ledger, coverage: tuple[Coverage, ...], account: Account
) -> Iterator[tuple[str, int]]:
    yield "settle", ledger.unknown
    yield "look_at_suspected", sum(one.standing == "suspected" for one in held)
    yield "find_logs", sum(len(one.gaps) for one in coverage)
    yield "look_at_rejects", account.rejected


def in_english(acts: tuple[Todo, ...]) -> tuple[str, ...]:
    """Each as a sentence, its values as they stand in the case."""
    return tuple(dict.fromkeys(map(_said, acts)))


def _said(one: Todo) -> str:
    found = one.held or one.entry
    thing = f"{one.kind.replace('_', ' ')} {one.uid}"
    seen = "; ".join(f"{kind} {value}, which is {why}" for kind, value, why in one.seen)
    return PHRASES[f"todo.{one.act}"].format(
        uid=one.uid,
        system=one.system,
        thing=thing,
        the=thing,
        count=one.count,
        why=found.why if found else "",
        seen=f"{seen} and {one.count} more" if one.count else seen,
    )
