"""Which values of an event can be looked for, and by which number is each found?

A number may stand for several values (two that hash alike, the addresses of one IPv6 /64): who looks one up finds every
event that holds the value, and perhaps others, so the events that are found are asked again by the exact query.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

ADDRESS, ACCOUNT, CREDENTIAL, HASH, FILE_NAME, USER_AGENT, HOST = (
    "address",
    "account",
    "credential",
    "hash",
    "file_name",
    "user_agent",
    "host",
)


@dataclass(frozen=True)
class Observable:
    """Where an event holds values of a family: SQL over its columns, NULL where it holds none, and their numbers."""

    family: str
    value: str
    numbers: str
    where: str = "TRUE"


def _word(family: str, value: str) -> Observable:
    return Observable(family, value, "word_number(held_in, value)")


def _address(value: str, where: str = "TRUE") -> Observable:
    return Observable(ADDRESS, value, "address_number(value)", where)


_NAME = "unnest(list_transform(parents_of(value), lambda one: word_number(held_in, one)))"
_LINKED = """unnest(list_transform(flatten(list_transform(hosts_in(value), lambda host: parents_of(host))),
  lambda one: word_number(held_in, one)))"""
_URL = """contains(url, '://') OR contains(url, '%3a%2f%2f') OR contains(url, '%3A%2F%2F')
  OR contains(url, '%3A%2f%2F') OR contains(url, '%3a%2F%2f')"""

OBSERVABLES = {
    "src_ip": _address("src_ip"),
    "dst_ip": _address("dst_ip"),
    "src_ips": _address("unnest(src_ips)", "len(src_ips) > 1 OR src_ips[1] IS DISTINCT FROM src_ip"),
    "principal": _word(ACCOUNT, "principal"),
    "actor_email": _word(ACCOUNT, "lower(actor_email)"),
    "target_principal": _word(ACCOUNT, "target_principal"),
    "credential_uid": _word(CREDENTIAL, "credential_uid"),
    "target_credential_uid": _word(CREDENTIAL, "target_credential_uid"),
    "minted_credential_uid": _word(CREDENTIAL, "minted_credential_uid"),
    "file_hash": _word(HASH, "lower(file_hash)"),
    "file_path": _word(FILE_NAME, "lower(file_name)"),
    "file_name": _word(FILE_NAME, r"regexp_extract(lower(file_name), '[^/\\]+$')"),
    "user_agent": _word(USER_AGENT, "user_agent"),
    "dst_host": Observable(HOST, "lower(dst_host)", _NAME),
    "src_host": Observable(HOST, "lower(src_host)", _NAME),
    "url": Observable(HOST, "url", _LINKED, _URL),
}
"""By name; what `hunt/spotted.sql` compares is among it, which a test holds it to."""

_MACROS = {
    "word_number(held_in, word)": "hash(held_in, word)",
    # a host matches an indicator that names it or a parent domain
    "parents_of(host)": """list_transform(range(1, len(string_split(host, '.')) + 1),
      lambda n: array_to_string(list_slice(string_split(host, '.'), n, len(string_split(host, '.'))), '.'))""",
    "hosts_in(url)": """list_append(
      regexp_extract_all(lower(coalesce(TRY(url_decode(url)), url)), '://([a-z0-9_.-]+[.][a-z0-9-]+)', 1),
      regexp_replace(regexp_extract(lower(url), '^[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#]+)', 1), ':[0-9]*$', ''))""",
    "four_groups(ip)": """list_slice(CASE WHEN contains(ip, '::')
      THEN list_resize(string_split(split_part(ip, '::', 1), ':'),
        8 - CASE WHEN split_part(ip, '::', 2) = '' THEN 0 ELSE len(string_split(split_part(ip, '::', 2), ':')) END, '0')
        || string_split(split_part(ip, '::', 2), ':')
      ELSE string_split(ip, ':') END, 1, 4)""",
    # an IPv4 address is itself, an IPv6 address its upper half: both sort as addresses do
    "address_number(ip)": """CASE WHEN contains(ip, ':')
      THEN TRY_CAST('0x' || array_to_string(list_transform(four_groups(ip), lambda g: lpad(g, 4, '0')), '') AS UBIGINT)
      ELSE TRY_CAST(split_part(ip, '.', 1) AS UBIGINT) * 16777216 + TRY_CAST(split_part(ip, '.', 2) AS UBIGINT) * 65536
        + TRY_CAST(split_part(ip, '.', 3) AS UBIGINT) * 256 + TRY_CAST(split_part(ip, '.', 4) AS UBIGINT) END""",
}

_V4 = 0xFFFF << 32


def stage_numbers(engine: duckdb.DuckDBPyConnection) -> None:
    """Make the macros by which values are numbered."""
    for head, body in _MACROS.items():
        engine.execute(f"CREATE OR REPLACE TEMP MACRO {head} AS {body}")


def numbered(rows: str, place: str, names: Iterable[str]) -> str:
    """A query for the values of these observables in `rows`: what they are `held_in`, their `number` and `place`.

    Args:
        rows: what stands behind FROM, up to a WHERE and its first condition.
        place: SQL that says where a row is.
        names: of the observables.
    """
    return "\nUNION ALL\n".join(_numbered(rows, place, name, OBSERVABLES[name]) for name in names)


def _numbered(rows: str, place: str, name: str, one: Observable) -> str:
    held = f"SELECT DISTINCT '{name}' AS held_in, {one.value} AS value, {place} AS place FROM {rows} AND ({one.where})"
    return f"SELECT DISTINCT held_in, {one.numbers} AS number, place FROM ({held}) WHERE value IS NOT NULL"


def spans_of(low: str, high: str) -> list[tuple[int, int]]:
    """The numbers of the addresses between two sortable keys (32 hex digits), both ends among them."""
    first, last = int(low, 16), int(high, 16)
    four = (max(first, _V4), min(last, _V4 | 0xFFFFFFFF))
    spans = [(four[0] & 0xFFFFFFFF, four[1] & 0xFFFFFFFF)] if four[0] <= four[1] else []
    if four != (first, last):
        spans.append((first >> 64, last >> 64))
    return spans


def made_by() -> str:
    """What the numbers depend on, beside the engine: whoever keeps numbers keeps this with them."""
    return repr((OBSERVABLES, _MACROS))
