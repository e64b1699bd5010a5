"""Which vendor's list of credentials is this, and what does each of its entries say in the words of the ledger?"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from cloison.errors import InputError
from cloison.model.secret import tellable

ISSUED = "="
"""The cell by which an entry says that its id is the one that its issuer gave it, whatever it looks like."""

Cells = dict[str, str]
Entry = dict[str, object]

_PAGES = ("result", "value", "values", "items", "keys", "data", "tokens", "AccessKeyMetadata", "results")
_DEEP = 8


@dataclass(frozen=True)
class Inventory:
    """One vendor's list: by which members an entry is known, and where in it the words of the ledger stand.

    `cells`: our word ← a place `a.b`, several of which the first that is there counts, or `=text` itself. `each`: the
    member whose elements are the credentials; a place that begins with `^` is the entry's around them.
    """

    title: str
    keys: tuple[str, ...]
    cells: dict[str, tuple[str, ...]]
    each: str = ""


INVENTORIES = (
    Inventory(
        "Okta API tokens",
        ("id", "tokenWindow", "clientName"),
        {
            "system": ("=okta",),
            "kind": ("=api_token",),
            "credential_uid": ("id",),
            "principal": ("userLogin", "userId"),
        },
    ),
    Inventory(
        "AWS access keys",
        ("AccessKeyId", "CreateDate", "Status"),
        {"system": ("=aws",), "kind": ("=access_key",), "credential_uid": ("AccessKeyId",), "principal": ("UserName",)},
    ),
    Inventory(
        "AWS get-access-key-last-used",
        ("AccessKeyLastUsed", "UserName"),
        {"system": ("=aws",), "kind": ("=access_key",), "credential_uid": ("AccessKeyId",), "principal": ("UserName",)},
    ),
    Inventory(
        "GitHub personal access tokens of an organisation",
        ("token_id", "token_name", "owner"),
        {
            "system": ("=github",),
            "kind": ("=pat",),
            "credential_uid": ("token_id",),
            "principal": ("owner.login",),
        },
    ),
    Inventory(
        "GitHub credential authorisations",
        ("login", "credential_id", "credential_type"),
        {
            "system": ("=github",),
            "kind": ("credential_type",),
            "credential_uid": ("fingerprint", "credential_id"),
            "principal": ("login",),
        },
    ),
    Inventory(
        "Cloudflare Access service tokens",
        ("id", "client_id", "duration"),
        {
            "system": ("=cloudflare",),
            "kind": ("=service_token",),
            "credential_uid": ("id",),
            "principal": ("name",),
        },
    ),
    Inventory(
        "Cloudflare API tokens",
        ("id", "issued_on", "policies"),
        {"system": ("=cloudflare",), "kind": ("=api_token",), "credential_uid": ("id",)},
    ),
    Inventory(
        "Bitbucket access tokens",
        ("id", "name", "createdDate", "permissions"),
        {"system": ("=bitbucket",), "kind": ("=pat",), "credential_uid": ("id",), "principal": ("user.name",)},
    ),
    Inventory(
        "Bitbucket SSH keys",
        ("id", "label", "text"),
        {"system": ("=bitbucket",), "kind": ("=ssh_key",), "credential_uid": ("id",), "principal": ("user.name",)},
    ),
    Inventory(
        "Jira or Confluence personal access tokens",
        ("id", "name", "createdAt", "expiringAt"),
        {
            "kind": ("=pat",),
            "credential_uid": ("name",),
            "principal": ("user.name", "userName", "username", "owner"),
        },
    ),
    Inventory(
        "Entra application secrets",
        ("appId", "passwordCredentials"),
        {
            "system": ("=entra",),
            "kind": ("=oauth_secret",),
            "credential_uid": ("keyId",),
            "principal": ("^appId",),
        },
        each="passwordCredentials",
    ),
    Inventory(
        "Entra application certificates",
        ("appId", "keyCredentials"),
        {
            "system": ("=entra",),
            "kind": ("=certificate",),
            "credential_uid": ("keyId",),
            "principal": ("^appId",),
        },
        each="keyCredentials",
    ),
    Inventory(
        "Google service account keys",
        ("name", "validAfterTime", "keyAlgorithm"),
        {"system": ("=gcp",), "kind": ("=access_key",), "credential_uid": ("name",), "principal": ("serviceAccount",)},
    ),
)
"""The lists that are known, the particular before the general. What a list says beside is kept with the entry."""

_PRODUCTS = ("jira", "confluence")
_KINDS = {"personal access token": "pat", "ssh key": "ssh_key"}
_KEY_NAME = re.compile(r"^projects/[^/]+/serviceAccounts/([^/]+)/keys/(\w+)$")


def is_json(data: bytes) -> bool:
    """Whether a list comes as JSON."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"[", b"{"}


def json_entries(data: bytes, where: str) -> Iterator[tuple[int, Cells]]:
    """Every credential of a list in JSON, numbered from 1, in the words of the ledger.

    Raises:
        InputError: no JSON, or no list that is known; the text of the file is in no message.
    """
    for number, entry in enumerate(_entries(_documents(data, where)), 1):
        known = [one for one in INVENTORIES if _fits(one, entry)]
        if not known:
            raise InputError(
                f"entry {number} is of no list of credentials that is known",
                where=where,
                remedy=f"known are: {', '.join(one.title for one in INVENTORIES)}; or make a table of it",
            )
        for one in known if known[0].each else known[:1]:
            for inner in _each(entry, one):
                yield number, _cells(one, inner, entry, where)


def _documents(data: bytes, where: str) -> Iterator[object]:
    """One JSON text, or one a line."""
    bare = data.removeprefix(b"\xef\xbb\xbf").strip()
    try:
        yield orjson.loads(bare)
    except orjson.JSONDecodeError:
        try:
            documents: list[object] = [orjson.loads(line) for line in bare.splitlines() if line.strip()]
        except orjson.JSONDecodeError:
            raise InputError(
                "begins as JSON and is none", where=where, remedy="save the answer of the vendor's API as it came"
            ) from None
        yield from documents


def _entries(documents: Iterator[object]) -> Iterator[Entry]:
    for document in documents:
        yield from _opened(document, _DEEP)


def _opened(node: object, deep: int) -> Iterator[Entry]:
    """The entries of an array, a page, or an entry that stands alone."""
    if isinstance(node, list):
        for one in node:
            yield from _opened(one, deep - 1) if deep else ()
    elif isinstance(node, dict):
        page = next((node[name] for name in _PAGES if isinstance(node.get(name), list)), None)
        if page is None or any(_fits(one, node) for one in INVENTORIES):
            yield node
        else:
            yield from _opened(page, deep - 1) if deep else ()


def _fits(one: Inventory, entry: Entry) -> bool:
    return all(key in entry for key in one.keys)


def _each(entry: Entry, one: Inventory) -> Iterator[Entry]:
    listed = entry[one.each] if one.each else [entry]
    return (inner for inner in (listed if isinstance(listed, list) else []) if isinstance(inner, dict))


def _cells(one: Inventory, entry: Entry, around: Entry, where: str) -> Cells:
    cells = {word: _first(places, entry, around) for word, places in one.cells.items()}
    cells["kind"] = _KINDS.get(cells["kind"].lower(), cells["kind"])
    if "system" not in one.cells:
        cells["system"] = _product(where, one)
    elif cells["credential_uid"]:
        cells[ISSUED] = "yes"
    named = _KEY_NAME.match(cells["credential_uid"])
    if named:
        cells |= {"principal": named[1], "credential_uid": named[2]}
    used = {place.lstrip("^").partition(".")[0] for places in one.cells.values() for place in places}
    rest = {name: value for name, value in entry.items() if name not in used}
    return cells | {f"+{name}": text for name, text in _leaves(rest, "", _DEEP) if text}


def _first(places: tuple[str, ...], entry: Entry, around: Entry) -> str:
    return next((text for place in places if (text := _at(place, entry, around))), "")


def _at(place: str, entry: Entry, around: Entry) -> str:
    if place.startswith("="):
        return place[1:]
    node: object = around if place.startswith("^") else entry
    for name in place.lstrip("^").split("."):
        node = node.get(name) if isinstance(node, dict) else None
    return str(node) if isinstance(node, str | int) and not isinstance(node, bool) else ""


def _product(where: str, one: Inventory) -> str:
    """Two products answer alike; which of them it was is told by what the file is called."""
    named = [product for product in _PRODUCTS if product in where.rpartition("/")[2].lower()]
    if len(named) != 1:
        raise InputError(
            f"{one.title}: the list does not say of which product",
            where=where,
            remedy=f"let the file's name hold {' or '.join(_PRODUCTS)}",
        )
    return named[0]


def _leaves(node: object, path: str, deep: int) -> Iterator[tuple[str, str]]:
    """What an entry says beside, by its place; what is a secret by its name."""
    if isinstance(node, dict) and deep:
        for name, below in node.items():
            yield from _leaves(below, f"{path}.{name}" if path else name, deep - 1)
    elif isinstance(node, list) and deep:
        yield path, ", ".join(text for below in node for _, text in _leaves(below, path, deep - 1))
    elif isinstance(node, str | int | float):
        yield path, tellable(path.rpartition(".")[2], str(node))


# -- the credential report of AWS -------------------------------------------------------------------------------------

_REPORT = {"user", "arn", "user_creation_time", "password_enabled", "access_key_1_active"}


def is_credential_report(data: bytes) -> bool:
    """Whether a table is the credential report of AWS IAM."""
    header = data.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace")
    return {cell.strip() for cell in header.split(",")} >= _REPORT


def report_entries(data: bytes) -> Iterator[tuple[int, Cells]]:
    """Every password and key slot in use of the credential report; it names no key, only whose it is."""
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig", "replace")))
    for row in reader:
        owner = "root" if row["user"] == "<root_account>" else row["user"]
        for slot, kind in (("password_enabled", "password"), ("access_key_1_active", "access_key"),
                           ("access_key_2_active", "access_key")):  # fmt: skip
            if (row.get(slot) or "").lower() == "true":
                beside = {f"+{name}": text for name, text in row.items() if name and text and name != "user"}
                yield reader.line_num, {"system": "aws", "kind": kind, "principal": owner, **beside}
