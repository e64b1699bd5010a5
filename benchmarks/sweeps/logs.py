"""Which raw logs and lists of indicators is the sweep measured on, and which lines hold an indicator?"""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

SEED = 20231115
# Lines are invented for so many bytes and repeated from there on; the planted ones stand between the repetitions.
_INVENTED = 32 << 20
_BROWSER = "Mozilla/5.0"

PLANTED = (
    "198.51.100.23",
    "198.51.100.224/28",
    "2001:db8:77::5",
    "kestrel-cdn.example",
    "xn--schnecke-n4a.example",
    "http://drop.example/stage2.bin",
    "mallory@pinned.example",
    "6f1ed002ab5595859014ebf0951522d9aa11bb22cc33dd44ee55ff6677889900",
)
"""Indicators that are seen; they stand in a list of any length."""

SEEN = (
    "198.51.100.23",
    "::ffff:198.51.100.23",
    "198.51.100.231",
    "2001:0DB8:77:0:0:0:0:5",
    "kestrel-cdn.example",
    "a.b.KESTREL-CDN.example",
    "to%3Dkestrel-cdn.example",
    "x\\nkestrel-cdn.example",
    "schnecke-n4a.example xn--schnecke-n4a.example",
    "http%3A%2F%2Fdrop.example%2Fstage2.bin",
    "http://drop.example/stage2.bin?x=1",
    "mallory%40pinned.example",
    "6F1ED002AB5595859014EBF0951522D9AA11BB22CC33DD44EE55FF6677889900",
)
"""Spellings of them, each in a line of its own, and each a sighting."""

DECOYS = (
    "198.51.100.230.4",
    "7198.51.100.23",
    "198.51.100.236.example",
    "198.51.100.240",
    "notkestrel-cdn.example",
    "kestrel-cdn.example.org",
    "my-kestrel-cdn.example",
    "2001:db8:77::55",
    "http://drop.example/stage2.binary",
    "jmallory@pinned.example",
    "a6f1ed002ab5595859014ebf0951522d9aa11bb22cc33dd44ee55ff6677889900",
)
"""What looks like one and is none, each in a line of its own."""


def write_indicators(path: Path, count: int) -> None:
    """Write a list of `count` indicators, the planted ones among others that occur nowhere."""
    chance = random.Random(SEED + count)
    others = [_other(number, chance) for number in range(count - len(PLANTED))]
    listed = [*PLANTED, *others]
    chance.shuffle(listed)
    path.write_text("\n".join(listed) + "\n", encoding="ascii")


def _other(number: int, chance: random.Random) -> str:
    kinds: tuple[Callable[[], str], ...] = (
        lambda: f"{chance.randrange(11, 190)}.{chance.randrange(256)}.{chance.randrange(256)}.{number % 256}",
        lambda: f"{chance.randrange(11, 190)}.{chance.randrange(256)}.{number % 256}.0/24",
        lambda: f"h{number}.{chance.choice('abcdefgh')}{chance.randrange(10**5)}.example",
        lambda: f"w{chance.randrange(10**6)}-{number}.example",
        lambda: f"{chance.getrandbits(256):064x}",
        lambda: f"http://n{number}.example/p{chance.randrange(10**6)}/load.php",
        lambda: f"user{number}@mail{chance.randrange(10**4)}.example",
        lambda: f"2001:db8:{chance.randrange(1 << 16):x}:{number % 65536:x}::{chance.randrange(1, 1 << 16):x}",
    )
    return kinds[number % len(kinds)]()


def write_log(path: Path, kind: str, size: int) -> frozenset[int]:
    """Write an `access` log or `nested` JSON of at least `size` bytes; returns the lines that hold an indicator."""
    chance = random.Random(SEED)
    line = {"access": _access, "nested": _nested}[kind]
    lines: list[str] = []
    invented = 0
    while invented < min(_INVENTED, size):
        lines.append(line(chance, ""))
        invented += len(lines[-1])
    held = "".join(lines).encode()
    planted = [(line(chance, text), text in SEEN) for text in (*SEEN, *DECOYS)]
    repeats = max(1, -(-size // invented))
    truth = set()
    number = 0
    with path.open("wb") as file:
        for repeat in range(repeats):
            for text, seen in planted[repeat::repeats]:
                file.write(text.encode())
                number += 1
                truth |= {number} if seen else set()
            file.write(held)
            number += len(lines)
    return frozenset(truth)


def _access(chance: random.Random, planted: str) -> str:
    client = f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}"
    asked = planted or str(chance.getrandbits(40))
    path = f"/browse/PROJ-{chance.randrange(10**5)}?filter={chance.randrange(10**4)}&q={asked}"
    agent = chance.choice(
        (
            f"{_BROWSER} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0",
            f"{_BROWSER} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
            "python-requests/2.31.0",
            "curl/8.4.0",
        )
    )
    at = f"15/Nov/2023:{chance.randrange(24):02}:{chance.randrange(60):02}:{chance.randrange(60):02} +0000"
    name = chance.choice(("-", "ada", "lin.wu", "svc-build", "t.okafor"))
    referer = f"https://jira.corp.example/secure/Dashboard{chance.choice(('', '.jspa', '%20Wall'))}"
    status, size = chance.choice((200, 200, 200, 302, 404)), chance.randrange(10**5)
    return f'{client} - {name} [{at}] "GET {path} HTTP/1.1" {status} {size} "{referer}" "{agent}"\n'


def _nested(chance: random.Random, planted: str) -> str:
    """A record of some 2.3 KB, as deep as an identity provider's."""
    actor = f"00u{chance.getrandbits(80):020x}"
    hosts = _spread(chance)
    record = {
        "actor": {
            "id": actor,
            "type": "User",
            "alternateId": f"u{chance.randrange(900)}@corp.example",
            "detailEntry": None,
        },
        "client": {
            "userAgent": {
                "rawUserAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/119.0.0.0",
                "os": "Windows 10",
            },
            "ipAddress": next(hosts),
            "geographicalContext": {"city": "Lyon", "country": "France", "geolocation": {"lat": 45.7, "lon": 4.8}},
        },
        "eventType": chance.choice(("user.session.start", "user.authentication.sso", "app.oauth2.token.grant")),
        "published": f"2023-11-15T{chance.randrange(24):02}:{chance.randrange(60):02}:{chance.randrange(60):02}.412Z",
        "uuid": f"{chance.getrandbits(128):032x}",
        "debugContext": {
            "debugData": {
                "requestUri": "/api/v1/authn",
                "dtHash": f"{chance.getrandbits(256):064x}",
                "threatSuspected": "false",
                "url": f"/api/v1/authn?fromURI=%2Fapp%2F{chance.getrandbits(60):x}&note=" + planted.replace('"', ""),
                "behaviors": json.dumps({"New IP": "NEGATIVE", "New City": "NEGATIVE", "Velocity": "POSITIVE"}),
            }
        },
        "outcome": {"result": "SUCCESS", "reason": "note"},
        "target": [
            {
                "id": f"0oa{chance.getrandbits(64):016x}",
                "type": "AppInstance",
                "alternateId": next(hosts),
                "displayName": name,
            }
            for name in ("Wiki", "Tickets", "Repositories", "Reports", "Mail", "Payroll")
        ],
        "request": {"ipChain": [{"ip": next(hosts), "version": "V4", "source": None} for _ in range(6)]},
        "transaction": {
            "id": f"{chance.getrandbits(100):025x}",
            "type": "WEB",
            "detail": {"root": f"{chance.getrandbits(128):x}"},
        },
    }
    text = json.dumps(record, separators=(",", ":"))
    return (text.replace(json.dumps(planted)[1:-1], planted) if planted else text) + "\n"


def _spread(chance: random.Random) -> Iterator[str]:
    while True:
        yield f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}"
        yield f"app{chance.randrange(500)}.corp.example"
