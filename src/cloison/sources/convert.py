"""How does each named converter turn a vendor's spelling into the canonical one, in columnar SQL?"""

import ipaddress
from collections.abc import Callable
from functools import lru_cache

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType
from duckdb.sqltypes import VARCHAR

from cloison.ocsf.observables import ip_key

MACROS = """
SET GLOBAL TimeZone = 'UTC';
SET SESSION TimeZone = 'UTC';
CREATE OR REPLACE MACRO cl_text(x) AS nullif(trim(x), '');
CREATE OR REPLACE MACRO cl_epoch(x) AS make_timestamp(CASE length(split_part(x, '.', 1))
    WHEN 19 THEN try_cast(split_part(x, '.', 1) AS BIGINT) // 1000
    WHEN 16 THEN try_cast(split_part(x, '.', 1) AS BIGINT)
    WHEN 13 THEN try_cast(split_part(x, '.', 1) AS BIGINT) * 1000
    ELSE try_cast(try_cast(x AS DECIMAL(20, 6)) * 1000000 AS BIGINT) END);
CREATE OR REPLACE MACRO cl_zoned(x) AS try_cast(try_cast(x AS TIMESTAMPTZ) AS TIMESTAMP);
CREATE OR REPLACE MACRO cl_instant(x) AS coalesce(
    cl_zoned(regexp_replace(replace(x, ',', '.'), '([.]\\d{6})\\d+', '\\1')),
    cl_zoned(regexp_replace(x, '(?:([.]\\d{6})\\d*|([.]\\d+))? ([+-]\\d{2}:?\\d{2}|Z)$', '\\1\\2\\3')),
    try_strptime(x, ['%Y%m%d%H%M%S.%g', '%Y%m%d%H%M%S']),
    try_cast(try_strptime(x, '%a, %d %b %Y %H:%M:%S %z') AS TIMESTAMP));
CREATE OR REPLACE MACRO cl_half_day(x) AS CASE WHEN ends_with(x, 'M') THEN try_strptime(replace(x, ',', ''),
    ['%m/%d/%Y %I:%M:%S %p', '%m/%d/%Y %I:%M:%S.%f %p']) END;
CREATE OR REPLACE MACRO cl_time(x) AS CASE
    WHEN regexp_full_match(x, '\\d{9,10}([.]\\d+)?|\\d{13}([.]\\d+)?|\\d{16}|\\d{19}') THEN cl_epoch(x)
    ELSE coalesce(cl_instant(x), cl_half_day(x)) END;
CREATE OR REPLACE MACRO cl_clf_time(x) AS try_cast(try_strptime(trim(x, '[] '), '%d/%b/%Y:%H:%M:%S %z') AS TIMESTAMP);
CREATE OR REPLACE MACRO cl_comma_time(x) AS try_strptime(x, ['%Y-%m-%d %H:%M:%S,%g', '%Y-%m-%d %H:%M:%S']);
CREATE OR REPLACE MACRO cl_in_year(x, years) AS try_strptime(
    years || ' ' || x, ['%Y %b %d %H:%M:%S', '%Y %b %d %H:%M:%S.%f']);
CREATE OR REPLACE MACRO cl_yearless(x, latest) AS coalesce(
    CASE WHEN cl_in_year(x, year(latest)) <= latest THEN cl_in_year(x, year(latest)) END,
    cl_in_year(x, year(latest) - 1), cl_in_year(x, year(latest) - 2),
    cl_in_year(x, year(latest) - 3), cl_in_year(x, year(latest) - 4));
CREATE OR REPLACE MACRO cl_syslog_time(x, written) AS CASE
    WHEN x[1] BETWEEN '0' AND '9' THEN cl_time(x)
    WHEN x[4] = ' ' AND x[8] = ' ' THEN try_strptime(x, ['%a %b %d %H:%M:%S.%f %Y', '%a %b %d %H:%M:%S %Y'])
    ELSE cl_yearless(x, written + INTERVAL 1 DAY) END;
CREATE OR REPLACE MACRO cl_second_nano(s, n) AS make_timestamp(
    try_cast(s AS BIGINT) * 1000000 + coalesce(try_cast(n AS BIGINT), 0) // 1000);
CREATE OR REPLACE MACRO cl_ip(x) AS CASE
    WHEN x IS NULL OR x IN ('', '-') THEN NULL
    WHEN regexp_full_match(x, '((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)[.]){3}(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)')
        THEN x
    WHEN contains(x, ':') OR contains(x, '.') THEN py_ip(x)
    ELSE NULL END;
CREATE OR REPLACE MACRO cl_ip_key(x) AS CASE
    WHEN x IS NULL OR NOT (contains(x, ':') OR contains(x, '.')) THEN NULL
    WHEN regexp_full_match(x, '((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)[.]){3}(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)')
        THEN '00000000000000000000ffff' || format('{:08x}',
            CAST(split_part(x, '.', 1) AS BIGINT) * 16777216 + CAST(split_part(x, '.', 2) AS BIGINT) * 65536
            + CAST(split_part(x, '.', 3) AS BIGINT) * 256 + CAST(split_part(x, '.', 4) AS BIGINT))
    ELSE py_ip_key(x) END;
CREATE OR REPLACE MACRO cl_hex_text(x) AS CASE
    WHEN x IN ('', '?', '(null)', '(none)') THEN NULL
    WHEN starts_with(x, '"') THEN nullif(trim(x, '"'), '')
    WHEN regexp_full_match(x, '([0-9A-F]{2})+') THEN coalesce(replace(TRY(decode(unhex(x))), chr(0), ' '), x)
    ELSE x END;
CREATE OR REPLACE MACRO cl_ssh_key(x) AS 'SHA256:' || rtrim(TRY(base64(unhex(sha256(from_base64(x))))), '=');
CREATE OR REPLACE MACRO cl_hex_number(x) AS try_cast('0x' || x AS BIGINT);
CREATE OR REPLACE MACRO cl_socket_ip(x) AS CASE
    WHEN regexp_full_match(x, '0200[0-9A-F]{12}.*') THEN cl_ip(concat_ws('.', cl_hex_number(x[9:10]),
        cl_hex_number(x[11:12]), cl_hex_number(x[13:14]), cl_hex_number(x[15:16])))
    WHEN regexp_full_match(x, '0A00[0-9A-F]{44}.*')
        THEN cl_ip(rtrim(regexp_replace(x[17:48], '(....)', '\\1:', 'g'), ':'))
    END;
CREATE OR REPLACE MACRO cl_socket_port(x) AS CASE WHEN regexp_full_match(x, '0[2A]00[0-9A-F]{4}.*')
    THEN cl_hex_number(x[5:8]) END;
CREATE OR REPLACE MACRO cl_host(x) AS CASE
    WHEN cl_ip(x) IS NULL THEN nullif(lower(rtrim(trim(x), '.')), '') END;
CREATE OR REPLACE MACRO cl_account(lowered) AS CASE
    WHEN lowered = '' OR lowered = '-' OR lowered = 'anonymous' OR lowered = 'unknown' OR lowered = 'null'
        OR lowered = 'unset' THEN NULL
    ELSE lowered END;
CREATE OR REPLACE MACRO cl_decode(x) AS CASE
    WHEN contains(x, '%') OR contains(x, '+') THEN coalesce(TRY(url_decode(replace(x, '+', ' '))), x) ELSE x END;
CREATE OR REPLACE MACRO cl_local(x) AS CASE WHEN starts_with(x, '/') THEN x
    ELSE regexp_replace(x, '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/]*', '') END;
CREATE OR REPLACE MACRO cl_query(x) AS CASE WHEN NOT contains(x, '?') THEN '' ELSE regexp_extract(x, '[?](.*)$', 1) END;
"""

CONVERTERS: dict[str, tuple[str | None, str]] = {
    "text": ("trim({0})", "nullif({0}, '')"),
    "lower": ("lower(trim({0}))", "nullif({0}, '')"),
    "upper": ("upper(trim({0}))", "nullif({0}, '')"),
    "int": (None, "try_cast({0} AS BIGINT)"),
    "time": (None, "cl_time({0})"),
    "clf_time": (None, "cl_clf_time({0})"),
    "comma_time": (None, "cl_comma_time({0})"),
    "syslog_time": ("trim({0})", "cl_syslog_time({0}, _m)"),
    "ip": (None, "cl_ip({0})"),
    "hex_text": ("trim({0})", "cl_hex_text({0})"),
    "ssh_key": ("trim({0})", "cl_ssh_key({0})"),
    "socket_ip": (None, "cl_socket_ip({0})"),
    "socket_port": (None, "cl_socket_port({0})"),
    "host": (None, "cl_host({0})"),
    "account": ("lower(trim({0}))", "cl_account({0})"),
    "json": ("trim({0})", "nullif({0}, '')"),
    "decode": ("trim({0})", "cl_decode(nullif({0}, ''))"),
}
"""What is made of a text first, and then of that: two steps, so that the engine takes the first only once."""

ADDRESSES_OF = {False: "replace({0}, ',', chr(31))", True: "array_to_string({0}, chr(31))"}
"""The texts that `py_ips` takes, out of a text and out of a list."""


def install(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the converters known to an engine connection."""
    for name, function, kind in (
        ("py_ip", _each(address, pa.string()), VARCHAR),
        ("py_ip_key", _each(ip_key, pa.string()), VARCHAR),
        ("py_ips", _each(addresses, pa.list_(pa.string())), duckdb.list_type(VARCHAR)),
    ):
        connection.create_function(
            name, function, [VARCHAR], kind, type=PythonUDFType.ARROW, null_handling=FunctionNullHandling.SPECIAL
        )
    connection.execute(MACROS)


def _each(convert: Callable[[str], object], kind: pa.DataType) -> Callable[[pa.Array], pa.Array]:
    """A columnar function that converts every distinct text of a column once."""

    def converted(column: pa.Array) -> pa.Array:
        coded = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        coded = coded.dictionary_encode()
        return pa.array([convert(text) for text in coded.dictionary.to_pylist()], kind).take(coded.indices)

    return converted


@lru_cache(maxsize=1 << 16)
def address(text: str) -> str | None:
    """An address out of `[2001:db8::1]:443`, `203.0.113.5:51234`, `::ffff:192.0.2.1`, `fe80::1%eth0`, or None."""
    bare = text.strip().strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or parsed)


@lru_cache(maxsize=1 << 16)
def addresses(texts: str) -> list[str] | None:
    """Every address among texts that a unit separator parts, in order, each once; None when there is none."""
    found = (address(text) for text in map(str.strip, texts.split("\x1f")) if "." in text or ":" in text)
    return list(dict.fromkeys(one for one in found if one is not None)) or None
