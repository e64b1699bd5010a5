"""Which rows does a table that a user gave hold, under whatever names its columns stand?"""

import csv
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path

from cloison.errors import InputError
from cloison.model.secret import tellable

_SYNONYMS: dict[str, dict[str, str]] = {
    "exposed": {
        "system": "system|platform|product|app|application|vendor|service",
        "kind": "kind|type|credential_type|credential_kind",
        "credential_uid": "credential_uid|credential_id|credential|uid|id|key_id|keyid|access_key_id|accesskeyid"
        "|access_key|token_id|client_id|fingerprint",
        "secret": "secret|client_secret|secret_access_key|token|token_value|api_key|raw|value|password",
        "name": "name|label|token_name|key_name|title",
        "principal": "principal|account|owner|owner_login|user|username|user_name|login",
        "exposed_at": "exposed_at|exposed|since|leaked_at|leaked|exposure|date|exposed_since|date_exposed",
        "found_in": "found_in|found|location|secret_location|kept_in",
    },
    "totals": {
        "system": "system|platform|product|app|application",
        "resource_kind": "resource_kind|kind|resource|object|type",
        "total": "total|count|n|number",
    },
    "networks": {
        "network": "network|cidr|range|subnet|prefix|ip|address",
        "label": "label|name|description|comment|note",
    },
    "cautions": {
        "value": "value|indicator|ioc|observable",
        "why": "why|reason|description|comment|note",
        "follow": "follow|hunt|decided",
    },
}
MORE = "+"
"""Under this name stand the other columns of a row, as a JSON object."""

_OPTIONAL = {"secret", "name"}


def bytes_of(path: Path) -> bytes:
    """The bytes of an input file.

    Raises:
        InputError: it is not there or cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as fault:
        raise InputError(f"cannot be read: {fault.strerror}", where=str(path), remedy="check the path") from fault


def table(data: bytes, where: str, what: str, *, needed: tuple[str, ...]) -> Iterable[tuple[int, dict[str, str]]]:
    """The rows of a table by our names for the columns of `what`, each with its line.

    Raises:
        InputError: no table, or a column that is needed is not in it.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InputError("not UTF-8 text", where=where, remedy="save the table as CSV in UTF-8") from fault
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise InputError("the table is empty", where=where, remedy=expected(what))
    delimiter = max(",;\t", key=lines[0].count)
    return rows_by_name(_rows(text, delimiter, where), where, what, needed=needed)


def rows_by_name(
    rows: list[tuple[int, list[str]]], where: str, what: str, *, needed: tuple[str, ...]
) -> Iterable[tuple[int, dict[str, str]]]:
    """The same of rows that are read already; the first is the header."""
    header = rows[0][1] if rows else []
    names = names_of(header, what)
    missing = [name for name in needed if name not in names.values()]
    if missing:
        told = ",".join(tellable("", cell) for cell in header)
        raise InputError(f"no column {' or '.join(missing)} in its header {told!r}", where=where, remedy=expected(what))
    return [(line, _cells(header, names, row)) for line, row in rows[1:]]


def _cells(header: list[str], names: dict[int, str], row: list[str]) -> dict[str, str]:
    """A row by our names; its other columns are kept together, and none of them as a secret's value."""
    cells = {name: row[at].strip() if at < len(row) else "" for at, name in names.items()}
    cells = {name: cell for name, cell in cells.items() if cell or name not in _OPTIONAL}
    others = {
        title.strip(): cell.strip()
        for at, (title, cell) in enumerate(zip(header, row, strict=False))
        if at not in names
    }
    others |= {header[at]: row[at].strip() for at, name in names.items() if name in _OPTIONAL and at < len(row)}
    kept = {title: tellable(title, cell) for title, cell in others.items() if title and cell}
    return cells | ({MORE: json.dumps(kept, ensure_ascii=False, sort_keys=True)} if kept else {})


def _rows(text: str, delimiter: str, where: str) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, each with the line on which it ends."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as fault:
        raise InputError(
            f"line {reader.line_num}: not a table: {fault}", where=where, remedy="save the table as CSV in UTF-8"
        ) from fault


def names_of(header: list[str], what: str) -> dict[int, str]:
    """Column position to our name; the first column of several synonyms wins."""
    names: dict[int, str] = {}
    spelled = [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in header]
    for name, synonyms in _SYNONYMS[what].items():
        for synonym in synonyms.split("|"):
            at = next((at for at, cell in enumerate(spelled) if cell == synonym and at not in names), None)
            if at is not None:
                names[at] = name
                break
    return names


def expected(what: str) -> str:
    """The header that such a table has."""
    return f"the header is: {','.join(_SYNONYMS[what])}"


def refuse(faults: list[str], where: str) -> None:
    """Raise what is wrong with a table, if anything is, all at once."""
    if faults:
        more = f" and {len(faults) - 5} more" if len(faults) > 5 else ""
        raise InputError(
            "; ".join(faults[:5]) + more, where=where, remedy="correct these rows; nothing was taken from the file"
        )
