"""How does each named converter turn a vendor's spelling into the canonical one, in columnar SQL?"""

import ipaddress
from functools import lru_cache

import duckdb
from duckdb.func import FunctionNullHandling
from duckdb.sqltypes import VARCHAR

MACROS = """
SET TimeZone = 'UTC';
CREATE OR REPLACE MACRO cl_text(x) AS nullif(trim(x), '');
CREATE OR REPLACE MACRO cl_epoch(x) AS make_timestamp(CASE length(split_part(x, '.', 1))
    WHEN 19 THEN try_cast(split_part(x, '.', 1) AS BIGINT) // 1000
    WHEN 16 THEN try_cast(split_part(x, '.', 1) AS BIGINT)
    WHEN 13 THEN try_cast(split_part(x, '.', 1) AS BIGINT) * 1000
    ELSE try_cast(try_cast(x AS DECIMAL(20, 6)) * 1000000 AS BIGINT) END);
CREATE OR REPLACE MACRO cl_instant(x) AS try_cast(try_cast(
    regexp_replace(replace(x, ',', '.'), '([.]\\d{6})\\d+', '\\1') AS TIMESTAMPTZ) AS TIMESTAMP);
CREATE OR REPLACE MACRO cl_time(x) AS CASE
    WHEN regexp_full_match(x, '\\d{9,10}([.]\\d+)?|\\d{13}([.]\\d+)?|\\d{16}|\\d{19}') THEN cl_epoch(x)
    ELSE cl_instant(x) END;
CREATE OR REPLACE MACRO cl_clf_time(x) AS try_cast(try_strptime(trim(x, '[] '), '%d/%b/%Y:%H:%M:%S %z') AS TIMESTAMP);
CREATE OR REPLACE MACRO cl_comma_time(x) AS try_strptime(x, ['%Y-%m-%d %H:%M:%S,%g', '%Y-%m-%d %H:%M:%S']);
CREATE OR REPLACE MACRO cl_second_nano(s, n) AS make_timestamp(
    try_cast(s AS BIGINT) * 1000000 + coalesce(try_cast(n AS BIGINT), 0) // 1000);
CREATE OR REPLACE MACRO cl_ip(x) AS CASE
    WHEN x IS NULL OR x IN ('', '-') THEN NULL
    WHEN regexp_full_match(x, '((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)[.]){3}(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)')
        THEN x
    WHEN contains(x, ':') OR contains(x, '.') THEN nullif(py_ip(x), '')
    ELSE NULL END;
CREATE OR REPLACE MACRO cl_once(x) AS nullif(list_filter(x, lambda y, i: list_position(x, y) = i), []);
CREATE OR REPLACE MACRO cl_ip_list(x) AS cl_once(list_filter(list_transform(
    x, lambda y: cl_ip(trim(y))), lambda z: z IS NOT NULL));
CREATE OR REPLACE MACRO cl_ips(x) AS cl_ip_list(string_split(x, ','));
CREATE OR REPLACE MACRO cl_host(x) AS CASE
    WHEN cl_ip(x) IS NULL THEN nullif(lower(rtrim(trim(x), '.')), '') END;
CREATE OR REPLACE MACRO cl_account(x) AS CASE
    WHEN lower(trim(x)) IN ('', '-', 'anonymous', 'unknown', 'null') THEN NULL
    ELSE lower(trim(x)) END;
CREATE OR REPLACE MACRO cl_decode(x) AS CASE
    WHEN contains(x, '%') OR contains(x, '+') THEN coalesce(TRY(url_decode(replace(x, '+', ' '))), x) ELSE x END;
CREATE OR REPLACE MACRO cl_local(x) AS regexp_replace(x, '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/]*', '');
"""

# One argument {0}, two where the converter joins two places.
SQL_OF = {
    "text": "cl_text({0})",
    "lower": "lower(cl_text({0}))",
    "upper": "upper(cl_text({0}))",
    "int": "try_cast({0} AS BIGINT)",
    "time": "cl_time({0})",
    "clf_time": "cl_clf_time({0})",
    "comma_time": "cl_comma_time({0})",
    "second_nano": "cl_second_nano({0}, {1})",
    "ip": "cl_ip({0})",
    "ips": "cl_ips({0})",
    "ip_list": "cl_ip_list({0})",
    "host": "cl_host({0})",
    "account": "cl_account({0})",
    "json": "cl_text({0})",
    "decode": "cl_decode(cl_text({0}))",
}


def install(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the converters known to an engine connection."""
    connection.create_function("py_ip", address, [VARCHAR], VARCHAR, null_handling=FunctionNullHandling.SPECIAL)
    connection.execute(MACROS)


def address(text: str | None) -> str:
    """An address out of `[2001:db8::1]:443`, `203.0.113.5:51234`, `::ffff:192.0.2.1`, `fe80::1%eth0`; "" when none."""
    return _address(text) if text else ""


@lru_cache(maxsize=1 << 16)
def _address(text: str) -> str:
    bare = text.strip().strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return ""
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or parsed)
