"""What did the user give beside the evidence: exposed credentials, totals, known own networks, cautions?"""

import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cloison.errors import InputError
from cloison.hunt.intel import Caution, refanged
from cloison.model.secret import is_secret, logged_name, tellable
from cloison.service.given_tables import MORE, expected, names_of, refuse, rows_by_name, table
from cloison.service.inventories import ISSUED, is_credential_report, is_json, json_entries, report_entries
from cloison.service.workbooks import MAGIC, sheets

_KINDS = {
    "tickets": "ticket",
    "issue": "ticket",
    "issues": "ticket",
    "pages": "page",
    "wiki_page": "page",
    "wiki_pages": "page",
    "repo": "repository",
    "repos": "repository",
    "repositories": "repository",
}
_ACCOUNTS = {
    "service_account",
    "account",
    "user",
    "user_account",
    "password",
    "login",
    "admin_account",
    "account_password",
}
_MACHINES = {
    "service_token",
    "service_account",
    "api_token",
    "access_key",
    "oauth_secret",
    "client_secret",
    "deploy_key",
}
_AWS_ID = re.compile(r"A(?:KIA|SIA)[A-Z0-9]{12,}")
_YES_OR_NO = {
    "": False,
    "no": False,
    "n": False,
    "0": False,
    "false": False,
    "yes": True,
    "y": True,
    "1": True,
    "true": True,
}
_NAMED = {"pat", "personal_access_token"}


@dataclass(frozen=True)
class Exposed:
    """One row of the ledger of exposed credentials.

    `named`: its id is only a name, told apart by its owner; `machine`: no person roams with it. `found_in`: the object
    that holds its secret, as (system, kind, uid); without `exposed_at` it is exposed when an intruder reads that.
    """

    exposed_uid: str
    system: str
    kind: str
    credential_uid: str | None
    principal: str | None
    exposed_at: datetime | None
    is_account: bool
    named: bool
    machine: bool
    more: str | None = None  # the table's other columns, as a JSON object
    found_in: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class Issued:
    """What issuers say of their credentials, by system: the grammars of ids, and the kinds whose id is only a name."""

    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def id_of(self, system: str, text: str) -> str | None:
        """The id that a text spells, as events have it; None when it has the shape of none."""
        spelled = (re.match(pattern, text) for pattern in self.ids.get(system, ()))
        return next((found[1] for found in spelled if found), None)

    def only_named(self, system: str, kind: str) -> bool:
        """Whether such a credential is known by a name that others may bear."""
        return kind in _NAMED or kind in self.named.get(system, ())


@dataclass(frozen=True)
class Total:
    """How many objects of a kind a system holds: the denominator."""

    system: str
    resource_kind: str
    total: int
    more: str | None = None


@dataclass(frozen=True)
class Network:
    """A known own network; `low` and `high` are sortable address keys of 32 hex digits."""

    network: str
    label: str
    low: str
    high: str
    first_ip: str
    more: str | None = None


def read_exposed(
    data: bytes, where: str, system_of: Callable[[str], str], issued: Issued | None = None
) -> list[Exposed]:
    """Read `system,kind,credential_uid,principal,exposed_at`, or a vendor's own list of credentials.

    Every fault of the file is told at once.

    Raises:
        InputError: neither, a column missing, or rows that cannot be understood.
    """
    faults: list[str] = []
    rows = [
        row
        for line, cells in _listed(data, where)
        if (row := _exposed(line, cells, system_of, issued or Issued(), faults)) is not None
    ]
    refuse(faults, where)
    return rows


def _listed(data: bytes, where: str) -> Iterable[tuple[int, dict[str, str]]]:
    """The credentials of a spreadsheet, a vendor's list or a table, each with its line and by our names."""
    if data.startswith(MAGIC):
        return _spread(data, where)
    if is_json(data):
        return ((number, _beside(cells)) for number, cells in json_entries(data, where))
    if is_credential_report(data):
        return ((line, _beside(cells)) for line, cells in report_entries(data))
    return table(data, where, "exposed", needed=("system",))


def _beside(cells: dict[str, str]) -> dict[str, str]:
    """What a vendor's list says beside our words, kept together."""
    kept = {name[1:]: text for name, text in cells.items() if name.startswith(MORE)}
    ours = {name: text for name, text in cells.items() if not name.startswith(MORE)}
    return ours | ({MORE: json.dumps(kept, ensure_ascii=False, sort_keys=True)} if kept else {})


def _spread(data: bytes, where: str) -> Iterable[tuple[int, dict[str, str]]]:
    """The rows of every sheet that lists credentials; where none does, the first says what it lacks."""
    read = list(sheets(data, where))
    if not read:
        raise InputError("the table is empty", where=where, remedy=expected("exposed"))
    listing = [(name, rows) for name, rows in read if {"system"} <= set(names_of(rows[0][1], "exposed").values())]
    for name, rows in listing or read[:1]:
        yield from rows_by_name(rows, f"{where} ({name})", "exposed", needed=("system",))


def _exposed(
    line: int, cells: dict[str, str], system_of: Callable[[str], str], issued: Issued, faults: list[str]
) -> Exposed | None:
    system = system_of(cells["system"])
    kind = re.sub(r"[\s-]+", "_", cells.get("kind", "").lower()) or "unknown"
    known = issued.id_of(system, cells.get("credential_uid", ""))
    credential = _credential(cells, kind) if known is None else known
    principal = cells.get("principal", "").lower()
    if not credential and not principal:
        faults.append(f"line {line}: neither credential_uid nor principal")
        return None
    if not cells["system"]:
        faults.append(f"line {line}: no system")
    exposed_at = _instant(cells.get("exposed_at", ""))
    if cells.get("exposed_at") and exposed_at is None:
        faults.append(f"line {line}: exposed_at {_told(cells['exposed_at'])} is no time (write 2023-10-18T00:00:00Z)")
    found_in = _found_in(cells.get("found_in", ""), system_of)
    if cells.get("found_in") and found_in is None:
        faults.append(f"line {line}: found_in {_told(cells['found_in'])} names no object (write system/kind/uid)")
    is_account = kind in _ACCOUNTS or not credential
    return Exposed(
        exposed_uid=f"{system}:{kind}:{credential or principal}@{principal}",
        system=system,
        kind=kind,
        credential_uid=credential or None,
        principal=principal or (credential.lower() if is_account else None),
        exposed_at=exposed_at,
        is_account=is_account,
        named=known is None and ISSUED not in cells and issued.only_named(system, kind),
        machine=kind in _MACHINES,
        more=cells.get(MORE),
        found_in=found_in,
    )


def _credential(cells: dict[str, str], kind: str) -> str:
    """The id of a credential; of a secret the name that logs have for it, and never the secret."""
    said = cells.get("credential_uid", "")
    if said:
        return logged_name(said) if is_secret(said) and ISSUED not in cells else said
    secret = cells.get("secret", "")
    if secret and kind not in _ACCOUNTS:
        return secret if _AWS_ID.fullmatch(secret) else logged_name(secret)
    return cells.get("name", "") if kind in _NAMED else ""


def _told(cell: str) -> str:
    return repr(tellable("", cell))


def _found_in(text: str, system_of: Callable[[str], str]) -> tuple[str, str, str] | None:
    system, _, rest = text.partition("/")
    kind, _, uid = rest.partition("/")
    return (system_of(system), _KINDS.get(kind.lower(), kind.lower()), uid) if system and kind and uid else None


def read_totals(data: bytes, where: str, system_of: Callable[[str], str]) -> list[Total]:
    """Read `system,resource_kind,total`.

    Raises:
        InputError: as for `read_exposed`.
    """
    faults: list[str] = []
    rows = []
    for line, cells in table(data, where, "totals", needed=("system", "resource_kind", "total")):
        digits = re.sub(r"[\s,._]", "", cells["total"])
        if not re.fullmatch(r"[0-9]{1,18}", digits):
            faults.append(f"line {line}: total {cells['total']!r} is no whole number")
            continue
        kind = re.sub(r"[\s-]+", "_", cells["resource_kind"].lower())
        rows.append(Total(system_of(cells["system"]), _KINDS.get(kind, kind), int(digits), cells.get(MORE)))
    refuse(faults, where)
    return rows


def read_networks(data: bytes, where: str) -> list[Network]:
    """Read `network,label`.

    Raises:
        InputError: as for `read_exposed`.
    """
    faults: list[str] = []
    rows = []
    for line, cells in table(data, where, "networks", needed=("network",)):
        try:
            network = ipaddress.ip_network(cells["network"], strict=False)
        except ValueError:
            faults.append(f"line {line}: {cells['network']!r} is no network (write 192.0.2.0/24)")
            continue
        low, high = _key(network.network_address), _key(network.broadcast_address)
        label, first = cells.get("label") or str(network), str(network.network_address)
        rows.append(Network(str(network), label, low, high, first, cells.get(MORE)))
    refuse(faults, where)
    return rows


def read_cautions(data: bytes, where: str) -> list[Caution]:
    """Read `value,why,follow`: what shall not be followed blindly, and what shall be all the same.

    Raises:
        InputError: as for `read_exposed`.
    """
    faults: list[str] = []
    rows = []
    for line, cells in table(data, where, "cautions", needed=("value",)):
        said = cells.get("follow", "").lower()
        if not cells["value"]:
            faults.append(f"line {line}: no value")
        elif said not in _YES_OR_NO:
            faults.append(f"line {line}: follow {cells['follow']!r} is neither yes nor no")
        else:
            rows.append(
                Caution(refanged(cells["value"]), cells.get("why") or "on the case's own list", _YES_OR_NO[said])
            )
    refuse(faults, where)
    return rows


def _key(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    mapped = int(address) | 0xFFFF << 32 if address.version == 4 else int(address)
    return f"{mapped:032x}"


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        parsed = datetime.fromisoformat(text.strip().replace(" UTC", "Z"))
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
