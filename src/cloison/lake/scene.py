"""What does an analysis see? The lake's parts as one table of events, and the small tables beside it.

An event that several records tell is one row: the record in the first place (by evidence, then offset) stands for it.
The first line of a request that a log writes twice is left out where the second line is there.
"""

import ipaddress
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from cloison.ocsf.events import EVENTS
from cloison.sources.paths import literal, quoted


def stage_events(
    engine: duckdb.DuckDBPyConnection, parts: list[Path], until: datetime | None, zone: str = "UTC"
) -> None:
    """Make `raw_events`, `repeated` (events told more than once) and the view `events`.

    Args:
        engine: where they are made, as temporary tables and views.
        parts: the lake's Parquet files.
        until: UTC; events from then on are left out of `events`.
        zone: the IANA name of the zone of records that state none.
    """
    if parts:
        listed = ", ".join(literal(str(part)) for part in parts)
        engine.execute(f"CREATE OR REPLACE TEMP VIEW raw_events AS SELECT * FROM read_parquet([{listed}])")
    else:
        columns = ", ".join(f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in EVENTS.sql_columns().items())
        engine.execute(f"CREATE OR REPLACE TEMP VIEW raw_events AS SELECT {columns} WHERE FALSE")
    engine.execute(
        """CREATE OR REPLACE TEMP TABLE repeated AS
        SELECT event_uid, min(struct_pack(e := evidence_uid, o := record_offset)) AS kept
        FROM raw_events GROUP BY event_uid HAVING count(*) > 1"""
    )
    engine.execute(
        """CREATE OR REPLACE TEMP TABLE begun AS
        SELECT DISTINCT pair_uid FROM raw_events WHERE phase = 'start' AND pair_uid IN (
          SELECT pair_uid FROM raw_events WHERE phase = 'end')"""
    )
    bound = "" if until is None else f" AND {_local(zone)} < {literal(until.isoformat())}"
    engine.execute(
        f"""CREATE OR REPLACE TEMP VIEW events AS
        SELECT r.* REPLACE ({_local(zone)} AS time) FROM raw_events AS r
          LEFT JOIN repeated AS d ON d.event_uid = r.event_uid
          LEFT JOIN begun AS b ON r.phase = 'start' AND b.pair_uid = r.pair_uid
        WHERE (d.event_uid IS NULL OR (d.kept.e = r.evidence_uid AND d.kept.o = r.record_offset))
          AND b.pair_uid IS NULL{bound}"""
    )


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

    Reads `events` and `networks`; the narrowest network that holds an address labels it.
    """
    found = engine.execute(
        """SELECT DISTINCT ip FROM (SELECT unnest(src_ips) AS ip FROM events
          UNION ALL SELECT src_ip FROM events UNION ALL SELECT dst_ip FROM events) WHERE ip IS NOT NULL"""
    ).fetchall()
    rows: list[tuple[object, ...]] = [(ip, address_key(ip), neighbourhood(ip)) for (ip,) in found]
    stage_rows(engine, "bare_addresses", {"ip": "VARCHAR", "key": "VARCHAR", "net": "VARCHAR"}, rows)
    engine.execute(
        """CREATE OR REPLACE TEMP TABLE addresses AS
        SELECT a.ip, a.key, a.net, min_by(n.label, struct_pack(h := n.high, l := n.label)) AS label
        FROM bare_addresses AS a LEFT JOIN networks AS n ON a.key BETWEEN n.low AND n.high
        GROUP BY a.ip, a.key, a.net"""
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
