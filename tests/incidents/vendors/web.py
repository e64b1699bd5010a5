"""What does the public site's access log say of a deed?"""

from random import Random

from tests.incidents import files
from tests.incidents.deeds import Deed, when
from tests.incidents.files import LogFile


def written(deeds: list[Deed], rng: Random) -> list[LogFile]:
    """The combined format, by days."""
    return files.by_days("web/access.log-*", files.LINES, [(deed.at, _line(deed, rng)) for deed in deeds], rng)


def _line(deed: Deed, rng: Random) -> bytes:
    status, size = (403 if deed.refused else 200), rng.randrange(200, 9_000)
    return (
        f'{deed.address} - - [{when(deed.at):%d/%b/%Y:%H:%M:%S} +0000] "GET {deed.thing} HTTP/1.1" '
        f'{status} {size} "-" "{deed.agent}"'
    ).encode()
