"""What is a request to a web application, before any log has written it down?"""

import ipaddress
from functools import lru_cache
from random import Random
from typing import NamedTuple
from urllib.parse import quote, quote_plus

from demo.model_incident.organisation import DOMAIN

JIRA = f"https://jira.{DOMAIN}"
WIKI = f"https://wiki.{DOMAIN}"
GIT = f"https://git.{DOMAIN}"


class Request(NamedTuple):
    """One request and its answer; `-` where a log has nothing to say."""

    at: int
    client: str
    user: str
    method: str
    url: str
    status: int
    size: int
    took: int
    agent: str
    session: str = "-"
    referer: str = "-"


def page_size(rng: Random) -> int:
    """The bytes of an ordinary answer."""
    return 900 + int(rng.expovariate(1 / 24_000))


def duration(rng: Random) -> int:
    """The milliseconds of an ordinary answer."""
    return 3 + int(rng.expovariate(1 / 140))


@lru_cache(maxsize=65_536)
def java_address(address: str) -> str:
    """Java prints IPv6 without the `::`: `2001:db8:10:0:0:0:0:1f`."""
    if ":" not in address:
        return address
    return ":".join(f"{int(group, 16):x}" for group in ipaddress.IPv6Address(address).exploded.split(":"))


def jql(text: str) -> str:
    """A full-text Jira query, as the address bar holds it."""
    return quote(f'text ~ "{text}" ORDER BY updated DESC', safe="")


def search_words(text: str) -> str:
    """A wiki query, as a form sends it."""
    return quote_plus(text)
