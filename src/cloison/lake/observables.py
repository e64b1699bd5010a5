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
    """Where an event holds values of a family: SQL over the columns of an event, NULL where it holds none."""

    family: str
    value: str
    numbers: str
    where: str = "TRUE"


def _word(family: str, value: str) -> Observable:
    return Observable(family, value, f"word_number('{family}', value)")


_NAME = "unnest(list_transform(parents_of(value), lambda one: word_number('host', one)))"
_LINKED = """unnest(list_transform(flatten(list_transform(hosts_in(value), lambda host: parents_of(host))),
  lambda one: word_number('host', one)))"""
_URL = """contains(url, '://') OR contains(url, '%3a%2f%2f') OR contains(url, '%3A%2F%2F')
  OR contains(url, '%3A%2f%2F') OR contains(url, '%3a%2F%2f')"""

OBSERVABLES = (
    Observable(ADDRESS, "src_ip", "address_number(value)"),
    Observable(ADDRESS, "dst_ip", "address_number(value)"),
    Observable(
        ADDRESS, "unnest(src_ips)", "address_number(value)", "len(src_ips) > 1 OR src_ips[1] IS DISTINCT FROM src_ip"
    ),
    _word(ACCOUNT, "principal"),
    _word(ACCOUNT, "lower(actor_email)"),
    _word(ACCOUNT, "target_principal"),
    _word(CREDENTIAL, "credential_uid"),
    _word(CREDENTIAL, "target_credential_uid"),
    _word(CREDENTIAL, "minted_credential_uid"),
    _word(HASH, "lower(file_hash)"),
    _word(FILE_NAME, "lower(file_name)"),
    _word(FILE_NAME, r"regexp_extract(lower(file_name), '[^/\\]+$')"),
    _word(USER_AGENT, "user_agent"),
    Observable(HOST, "lower(dst_host)", _NAME),
    Observable(HOST, "lower(src_host)", _NAME),
    Observable(HOST, "url", _LINKED, _URL),
)
"""One row for each column and family; what `hunt/spotted.sql` compares is among it, which a test holds it to."""

_MACROS = {
    "word_number(family, word)": "hash(family, word)",
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


def numbered(rows: str, place: str, families: Iterable[str]) -> str:
    """A query for the values of these families in `rows`: their `family`, `number` and `place`.

    Args:
        rows: what stands behind FROM, up to a WHERE and its first condition.
        place: SQL that says where a row is.
        families: of the observables.
    """
    wanted = set(families)
    return "\nUNION\n".join(
        f"SELECT '{one.family}' AS family, {one.numbers} AS number, place FROM ("
        f"SELECT DISTINCT {one.value} AS value, {place} AS place FROM {rows} AND ({one.where})) WHERE value IS NOT NULL"
        for one in OBSERVABLES
        if one.family in wanted
    )


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
