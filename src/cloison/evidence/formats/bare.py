"""Which line would a bare message be in a log file, by what its envelope says of time, host and program?

The journal, syslog agents and shippers take a line apart: the message alone, and beside it when, where and by what it
was said. Put together again as `TIME HOST PROGRAM[PID]: MESSAGE` it is read by the same grammars as the file.
"""

import re
from datetime import datetime, timedelta

_TIMES = (
    ("__REALTIME_TIMESTAMP",),
    ("@timestamp",),
    ("timestamp",),
    ("timereported",),
    ("TimeGenerated",),
    ("EventTime",),
    ("time",),
    ("ts",),
)
_HOSTS = (
    ("_HOSTNAME",),
    ("host", "hostname"),
    ("host", "name"),
    ("hostname",),
    ("HostName",),
    ("Computer",),
    ("logsource",),
    ("agent", "hostname"),
    ("host",),
)
_PROGRAMS = (
    ("SYSLOG_IDENTIFIER",),
    ("_COMM",),
    ("process", "name"),
    ("program",),
    ("programname",),
    ("appname",),
    ("app_name",),
    ("application_name",),
    ("ident",),
    ("ProcessName",),
)
_PIDS = (("SYSLOG_PID",), ("_PID",), ("process", "pid"), ("pid",), ("procid",), ("ProcessID",))

_WORD = re.compile(r"[^\s\[\]:]{1,255}")
_NUMBER = re.compile(r"(\d{9,10})(?:\.(\d{1,6}))?|\d{13}|\d{16}|\d{19}")
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the numbers are UTC, and the text says so
_MICROSECONDS = {13: 1_000, 16: 1}


def line_of(envelope: dict[str, object], message: str) -> str | None:
    """The message as the line that a log file would hold; None where the envelope does not say enough."""
    if "_AUDIT_ID" in envelope:
        return _audited(envelope, message)
    program, time = _word(envelope, _PROGRAMS), _time(_first(envelope, _TIMES))
    if program is None or time is None:
        return None
    pid = _word(envelope, _PIDS)
    return f"{time} {_word(envelope, _HOSTS) or '-'} {program}{f'[{pid}]' if pid else ''}: {message}"


def _audited(envelope: dict[str, object], message: str) -> str | None:
    """A message of the audit subsystem, in which the journal keeps its number apart and its kind as the first word."""
    serial, at = envelope.get("_AUDIT_ID"), envelope.get("_SOURCE_REALTIME_TIMESTAMP")
    at = at if isinstance(at, str) else envelope.get("__REALTIME_TIMESTAMP")
    if not (isinstance(serial, str) and serial.isdecimal() and isinstance(at, str) and re.fullmatch(r"\d{16}", at)):
        return None
    kind, _, rest = message.partition(" ")
    host = _word(envelope, _HOSTS)
    node = f"node={host} " if host else ""
    return f"{node}type={kind} msg=audit({at[:10]}.{at[10:13]}:{serial}): {rest}"


def _first(envelope: dict[str, object], paths: tuple[tuple[str, ...], ...]) -> str | None:
    """The first of the places that holds text or a number."""
    for path in paths:
        here: object = envelope
        for step in path:
            here = here.get(step) if isinstance(here, dict) else None
        if isinstance(here, str | int | float) and not isinstance(here, bool):
            return str(here)
    return None


def _word(envelope: dict[str, object], paths: tuple[tuple[str, ...], ...]) -> str | None:
    found = _first(envelope, paths)
    return found if found and _WORD.fullmatch(found) else None


def _time(text: str | None) -> str | None:
    """A time as ISO 8601: as it stands, or of seconds, milli-, micro- or nanoseconds since 1970."""
    number = _NUMBER.fullmatch(text) if text else None
    if number is None:
        return text
    if number[1]:
        micros = int(number[1]) * 1_000_000 + int((number[2] or "0").ljust(6, "0"))
    else:
        micros = int(number[0]) * _MICROSECONDS.get(len(number[0]), 0) or int(number[0]) // 1_000
    return (_EPOCH + timedelta(microseconds=micros)).isoformat() + "Z"
