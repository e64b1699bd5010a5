"""Are JSON records with a column of values read as a table?"""

import json

import pytest

from cloison.errors import InputError
from cloison.hunt.intel import read_indicators


def keys(data: bytes) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.value, one.place) for one in read_indicators(data, origin="r").indicators]


def test_records_wherever_they_lie() -> None:
    rows = [{"indicator": "evil.example", "type": "domain"}, {"indicator": "192.0.2.7", "type": "IPv4", "x": {}}]
    wanted = [("domain", "evil.example", "record 1"), ("ip", "192.0.2.7", "record 2")]
    assert keys(json.dumps({"name": "p", "indicators": rows}).encode()) == wanted
    assert keys(json.dumps(rows).encode()) == wanted
    assert keys("\n".join(map(json.dumps, rows)).encode()) == wanted


def test_a_list_of_texts() -> None:
    assert keys(b'["evil[.]example", "192.0.2.7"]') == [
        ("domain", "evil.example", "record 1"),
        ("ip", "192.0.2.7", "record 2"),
    ]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b'{"a": 1}', "neither STIX nor MISP"),
        (b'{"a": ', "JSON that cannot be read"),
        (b'{"a":' * 100_000, "JSON that cannot be read"),
        (b'{"a":' * 1000 + b"1" + b"}" * 1000, "neither STIX nor MISP"),
    ],
)
def test_other_json(data: bytes, what: str) -> None:
    with pytest.raises(InputError, match=what):
        read_indicators(data, origin="r")
