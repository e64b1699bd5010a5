"""How is a case handed to someone who believes nothing, and what may be written into it? Three typed verbs."""

import getpass
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from cloison.errors import InputError
from cloison.evidence.logbook import Entry
from cloison.service import sealing, verifying
from cloison.service.case import MEMORY, open_case
from cloison.service.investigate import investigate
from cloison.service.keys import VARIABLE, signer, trusted_id
from cloison.service.progress import Progress
from cloison.service.redacting import read_rules
from cloison.service.sealing import SealedCase
from cloison.service.secrets_kept import disclosed, secrets_at
from cloison.service.sources_known import catalogue_of
from cloison.service.verifying import Verified
from cloison.service.writing import whole_logbook, written

__all__ = ["MEMORY", "VARIABLE", "Entry", "SealedCase", "Verified", "note", "notes", "seal", "sealed_json", "verify"]
KINDS = ("note", "decision")
"""What can be written into a case by hand."""


def seal(
    folder: Path,
    out: Path,
    *,
    key: Path | None,
    rules: Path | None,
    secrets: Path | None,
    with_evidence: bool,
    at: str | None,
    progress: Progress,
) -> SealedCase:
    """Investigate a case if anything has changed, and seal it.

    Raises:
        CloisonError: whatever a user has to know; no file is written then.
    """
    sealed_at = _moment(at)
    case = open_case(folder)
    asked = read_rules(rules) if rules is not None else None
    if asked is not None and with_evidence:
        raise InputError(
            "raw evidence cannot be hidden in part", where=str(rules), remedy="seal it without --with-evidence"
        )
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise InputError("no file can be made here", where=str(out), remedy="name a file in a folder that is there")
    catalogue = catalogue_of(case)
    kept = None
    if rules is not None:
        kept = secrets_at(secrets or out.with_name(f"{out.name}.secrets"))
    elif secrets is not None:
        raise InputError("--secrets is of no use without --redact", remedy="leave it out, or say what to hide")
    investigate(case, catalogue, progress)
    return sealing.seal(
        case,
        catalogue,
        out,
        signer(key),
        sealed_at=sealed_at,
        rules=asked,
        kept=kept,
        with_evidence=with_evidence,
        progress=progress,
    )


def sealed_json(sealed: SealedCase) -> dict[str, object]:
    """What was sealed, as JSON holds it."""
    return asdict(sealed) | {"hidden": msgspec.to_builtins(sealed.hidden)}


def verify(
    path: Path,
    evidence: Sequence[Path],
    *,
    trust: str | None,
    told: Sequence[Path],
    memory: str = MEMORY,
    progress: Progress,
) -> Verified:
    """Verify a sealed case: with evidence, also by making every table again.

    Raises:
        InputError: it is no sealed case, or a key or a file of disclosed cells cannot be read.
    """
    trusted = trusted_id(trust) if trust else ""
    cells = [cell for one in told for cell in disclosed(one)]
    return verifying.verify(path, evidence=evidence, trusted=trusted, disclosed=cells, memory=memory, progress=progress)


def note(folder: Path, text: str, *, kind: str, about: str, who: str | None, at: str | None) -> Entry:
    """Write a note or a decision into the case's logbook, behind all that stands there.

    Raises:
        CaseError: there is no case, or its logbook cannot be written.
    """
    if not text.strip():
        raise InputError("nothing to write", where="TEXT", remedy="write a sentence")
    return open_case(folder).logbook().write(at=_moment(at), who=who or _user(), kind=kind, text=text, about=about)


def notes(folder: Path) -> list[Entry]:
    """What was written into the case, in its order.

    Raises:
        CaseError: an entry is not what was written, or one is missing: the first is named.
    """
    return whole_logbook(open_case(folder))


def _moment(text: str | None) -> str:
    if not text:
        return written()
    try:
        found = datetime.fromisoformat(text)
    except ValueError as fault:
        raise InputError(f"{text!r} is no time", where="--at", remedy="write 2023-11-24T09:00:00Z") from fault
    return written(found if found.tzinfo else found.replace(tzinfo=UTC))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        return str(os.getuid())
