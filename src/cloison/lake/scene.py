"""What does an analysis see? The lake's parts as one table of events, and the small tables beside it.

An event that several records tell is one row: the record in the first place (by evidence, then offset) stands for it.
The first line of a request that a log writes twice is left out where the second line is there: see `lake.repeats`.
"""

import ipaddress
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from cloison.lake.repeats import PART, PLACE, stage_left_out
from cloison.ocsf.events import EVENTS
from cloison.sources.paths import literal, quoted

THREAD = (
    "source",
    "system",
    "principal",
    "vendor_session_uid",
    "src_ip",
    "src_host",
    "user_agent",
    "credential_uid",
)
"""What the deeds of one thread have in common."""

DEED = "class_uid NOT IN (4001, 4003) AND (principal IS NOT NULL OR src_ip IS NOT NULL)"
"""Network flows and name look-ups are no deeds of a principal: hosts are judged by them apart."""

_COLUMNS = ", ".join(f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in PART.items())
NO_ROWS = f"""SELECT {_COLUMNS}, CAST(NULL AS VARCHAR) AS filename, CAST(0 AS BIGINT) AS file_row_number,
  CAST(0 AS INTEGER) AS part WHERE FALSE"""
"""What `raw_events` is of no part."""


def stage_events(
    engine: duckdb.DuckDBPyConnection, parts: list[Path], until: datetime | None, zone: str = "UTC"
) -> None:
    """Make the views `raw_events`, `events`, `deeds`, the macros `thread_of`, `client_of` and the table `left_out`.

    `events` is each event once; `deeds` are those of a principal or an address, each with its `thread`: the number that
    the deeds of one principal with one credential from one address with one client share. A client is a user agent
    without its version numbers.

    Args:
        engine: where they are made, as temporary tables and views.
        parts: the lake's Parquet files.
        until: UTC; events from then on are left out of `events`.
        zone: the IANA name of the zone of records that state none.
    """
    engine.execute(f"CREATE OR REPLACE TEMP VIEW raw_events AS {parts_query(parts)}")
    stage_left_out(engine, parts)
    stage_views(engine, until, zone)


def parts_query(parts: list[Path]) -> str:
    """A query that yields every row of the lake's files with its place: `filename`, `file_row_number`, `part`."""
    if not parts:
        return NO_ROWS
    listed = ", ".join(literal(str(part)) for part in parts)
    return f"""SELECT *, list_position([{listed}], filename) AS part
      FROM read_parquet([{listed}], filename = true, file_row_number = true)"""


def stage_views(engine: duckdb.DuckDBPyConnection, until: datetime | None, zone: str = "UTC") -> None:
    """Make what `stage_events` makes over `raw_events` and `left_out` that are there already."""
    engine.execute(f"CREATE OR REPLACE TEMP VIEW events AS {events_query(engine, until, zone)}")
    engine.execute(
        f"CREATE OR REPLACE TEMP MACRO thread_of({', '.join(THREAD)}) AS CAST(hash({', '.join(THREAD)}) >> 1 AS BIGINT)"
    )
    engine.execute(
        """CREATE OR REPLACE TEMP MACRO client_of(user_agent) AS
        lower(regexp_replace(coalesce(user_agent, ''), '[0-9]+([._][0-9]+)*', '#', 'g'))"""
    )
    engine.execute(
        f"""CREATE OR REPLACE TEMP VIEW deeds AS
        SELECT *, thread_of({", ".join(THREAD)}) AS thread FROM events WHERE {DEED}"""
    )


def events_query(engine: duckdb.DuckDBPyConnection, until: datetime | None, zone: str = "UTC") -> str:
    """A query that yields each event once, of the relations `raw_events` and `left_out` of the engine."""
    names = ", ".join(
        f"{_local(zone)} AS time" if name == "time" else f"r.{quoted(name)} AS {quoted(name)}"
        for name in EVENTS.columns
    )
    bound = "" if until is None else f" AND {_local(zone)} < {literal(until.isoformat())}"
    found = engine.execute("SELECT count(*) FROM left_out").fetchone()
    apart = "" if not found or not found[0] else f"ANTI JOIN left_out AS l ON l.place = {PLACE}"
    return f"SELECT {names} FROM raw_events AS r {apart} WHERE coalesce(r.superseded, '') = ''{bound}"


def _local(zone: str) -> str:
    """The instant of a row, its wall time read in the zone where its record states none."""
    if zone == "UTC":
        return "r.time"
    return f"CASE WHEN r.time_assumed THEN CAST(timezone({literal(zone)}, r.time) AS TIMESTAMP) ELSE r.time END"


def stage_rows(
    engine: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str], rows: list[tuple[object, ...]]
) -> None:
    """Make a small table of rows; `columns` maps names to SQL types."""
    listed = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} ({listed})")
    if rows:
        arrays = [pa.array(list(values)) for values in zip(*rows, strict=True)]
        engine.register("incoming", pa.table(arrays, names=list(columns)))
        engine.execute(f"INSERT INTO {quoted(name)} SELECT * FROM incoming")
        engine.unregister("incoming")


def stage_addresses(engine: duckdb.DuckDBPyConnection) -> None:
    """Make `addresses`: every address of the lake with its sortable key, its neighbourhood and its own network's label.

    And `address_lists`: every list of client addresses that is more than the one address `src_ip`, unfolded.
    Reads `events` and `networks`; the narrowest network that holds an address labels it.
    """
    engine.execute(
        """CREATE OR REPLACE TEMP TABLE address_lists AS
        SELECT src_ips, unnest(src_ips) AS ip FROM (SELECT DISTINCT src_ips FROM events
          WHERE len(src_ips) > 1 OR (len(src_ips) = 1 AND src_ips[1] IS DISTINCT FROM src_ip))"""
    )
    engine.execute(
        """CREATE OR REPLACE TEMP TABLE bare_addresses AS
        SELECT ip, CASE WHEN contains(ip, ':') THEN NULL ELSE '00000000000000000000ffff' || format('{:08x}',
            CAST(split_part(ip, '.', 1) AS BIGINT) * 16777216 + CAST(split_part(ip, '.', 2) AS BIGINT) * 65536
            + CAST(split_part(ip, '.', 3) AS BIGINT) * 256 + CAST(split_part(ip, '.', 4) AS BIGINT)) END AS key,
          ip AS net
        FROM (SELECT ip FROM address_lists UNION SELECT src_ip FROM events UNION SELECT dst_ip FROM events)
        WHERE ip IS NOT NULL"""
    )
    wide = [ip for (ip,) in engine.execute("SELECT ip FROM bare_addresses WHERE key IS NULL").fetchall()]
    rows: list[tuple[object, ...]] = [(ip, address_key(ip), neighbourhood(ip)) for ip in wide]
    stage_rows(engine, "wide_addresses", {"ip": "VARCHAR", "key": "VARCHAR", "net": "VARCHAR"}, rows)
    engine.execute(
        """CREATE OR REPLACE TEMP TABLE addresses AS
        WITH held AS (SELECT * FROM bare_addresses WHERE key IS NOT NULL UNION ALL SELECT * FROM wide_addresses)
        SELECT a.ip, any_value(a.key) AS key, any_value(a.net) AS net,
          min_by(n.label, struct_pack(h := n.high, l := n.label)) AS label
        FROM held AS a LEFT JOIN networks AS n ON a.key BETWEEN n.low AND n.high
        GROUP BY a.ip"""
    )


def address_key(ip: str) -> str:
    """32 hex digits that sort as addresses do, IPv4 as `::ffff:a.b.c.d`."""
    parsed = ipaddress.ip_address(ip)
    return f"{int(parsed) | 0xFFFF << 32 if parsed.version == 4 else int(parsed):032x}"


def neighbourhood(ip: str) -> str:
    """What stands for one place on the network: an IPv4 address itself, an IPv6 address's /64."""
    parsed = ipaddress.ip_address(ip)
    return (
        ip if parsed.version == 4 else str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)).network_address) + "/64"
    )
