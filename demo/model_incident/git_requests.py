"""What is a request to Bitbucket, over HTTP or SSH?"""

from random import Random
from typing import NamedTuple

from demo.model_incident.organisation import session_id
from demo.model_incident.web import duration, page_size


class GitRequest(NamedTuple):
    """One request; `lost` when its answer was never logged."""

    at: int
    client: str
    protocol: str
    user: str
    action: str
    agent: str
    status: int
    read: int
    written: int
    labels: str
    took: int
    session: str
    lost: bool = False


def http(
    rng: Random,
    at: int,
    client: str,
    user: str,
    action: str,
    status: int,
    agent: str,
    session: str | None = None,
    labels: str = "-",
) -> GitRequest:
    """A request over HTTPS. Requests without a user have no session."""
    shown = "-" if user == "-" else session or session_id(rng)
    size = 0 if status in {302, 304, 401} else page_size(rng)
    line, quoted, lost = f'"{action} HTTP/1.1"', f'"" "{agent}"', rng.random() < 0.001 and user != "svc-gitsync"
    return GitRequest(at, client, "https", user, line, quoted, status, 0, size, labels, duration(rng), shown, lost)


def ssh(
    rng: Random, at: int, client: str, user: str, repository: str, label: str, key: str, key_label: str
) -> GitRequest:
    """A request over SSH, under the number of the key that opened it."""
    verb = "git-receive-pack" if label == "push" else "git-upload-pack"
    written = 1_200 if label == "refs" else 8_000 + int(rng.expovariate(1 / 4e6))
    labels = f"{label}, ssh:id:{key}, ssh:label:'{key_label}'"
    return GitRequest(
        at,
        client,
        "ssh",
        user,
        f"SSH - {verb} '/{repository}.git'",
        '"SSH-2.0-OpenSSH_9.3"',
        0 if rng.random() < 0.99 else 128,
        1_500 + rng.randrange(900),
        written,
        labels,
        60 + duration(rng),
        session_id(rng),
    )
