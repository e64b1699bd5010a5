"""What do the raw files of the model incident say to a reader that knows only the documented grammars?"""

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import zstandard

JIRA_LINE = re.compile(
    r"^(?P<ip>[0-9a-f.:]+) (?P<id>\d+x\d+x\d+) (?P<user>\S+) \[(?P<time>[^]]+)] "
    r'"(?P<method>[A-Z]+) (?P<url>\S+) HTTP/1\.1" '
    r'(?P<status>\d{3}) (?P<size>\d+|-) (?P<took>\d+) "(?P<referer>[^"]*)" "(?P<agent>[^"]*)" "(?P<session>[^"]*)"$'
)
WIKI_LINE = re.compile(
    r"^\[(?P<time>[^]]+)] (?:(?P<forwarded>-|[0-9a-f.:]+(?:, ?[0-9a-f.:]+)*) )?(?P<user>\S+) "
    r"http-nio-8090-exec-\d+ (?P<host>[0-9a-f.:]+) "
    r"(?P<method>[A-Z]+) (?P<url>\S+) HTTP/1\.1 (?P<status>\d{3}) \d+ms (?P<size>\d+|-) (?P<referer>\S+) (?P<agent>.+)$"
)
COMBINED_LINE = re.compile(
    r'^[0-9a-f.:]+ - - \[\d\d/\w{3}/2023:\d\d:\d\d:\d\d \+0000] "[^"]*" \d{3} \d+ "[^"]*" "[^"]*"$'
)
PAGE_URLS = (
    re.compile(r"^/pages/viewpage\.action\?pageId=(\d+)"),
    re.compile(r"^/spaces/[^/]+/pages/(\d+)"),
    re.compile(r"^/rest/api/content/(\d+)"),
)
REPOSITORY_URL = re.compile(r"/projects/([^/]+)/repos/([^/?]+)")


def raw(path: Path) -> bytes:
    data = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(data)
    if path.suffix == ".zst":
        return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)).read()
    return data


def text_lines(incident: Path, pattern: str) -> Iterator[str]:
    paths = sorted((incident / "evidence").glob(pattern))
    assert paths, pattern
    for path in paths:
        yield from raw(path).decode().splitlines()


def json_lines(incident: Path, pattern: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text_lines(incident, pattern)]


def jira(incident: Path) -> list[dict[str, str]]:
    return [found.groupdict() for line in text_lines(incident, "jira/node*/logs/*") if (found := JIRA_LINE.match(line))]


def wiki(incident: Path) -> list[dict[str, str]]:
    return [found.groupdict() for line in text_lines(incident, "confluence/logs/*") if (found := WIKI_LINE.match(line))]


def git(incident: Path) -> list[list[str]]:
    lines = text_lines(incident, "bitbucket/log/atlassian-bitbucket-access*")
    return [line.removesuffix(" | ").split(" | ") for line in lines]


def audit_events(incident: Path, product: str) -> list[dict[str, Any]]:
    return json_lines(incident, f"{product}/**/*.audit.log")


def git_audit_events(incident: Path) -> list[dict[str, Any]]:
    archive = zipfile.ZipFile(next((incident / "evidence").glob("*.zip")))
    zipped = [archive.read(name) for name in archive.namelist() if "git-host" in name]
    return [json.loads(line) for data in zipped for line in data.splitlines()] + audit_events(incident, "bitbucket")


def trail(incident: Path) -> list[dict[str, Any]]:
    paths = sorted((incident / "evidence").glob("aws/AWSLogs/*/CloudTrail/**/*.json.gz"))
    return [record for path in paths for record in json.loads(raw(path))["Records"]]


def gate(incident: Path) -> list[dict[str, Any]]:
    made = []
    for path in sorted((incident / "evidence").glob("cloudflare/graphql/*.json")):
        accounts = json.loads(path.read_bytes())["data"]["viewer"]["accounts"]
        made += [group["dimensions"] for group in accounts[0]["accessLoginRequestsAdaptiveGroups"]]
    return made


def okta(incident: Path) -> list[dict[str, Any]]:
    pages = sorted((incident / "evidence").glob("okta/pages/*.json"))
    return [event for page in pages for event in json.loads(page.read_bytes())] + json_lines(
        incident, "okta/*.jsonl.gz"
    )


def exposed(incident: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((incident / "exposed.csv").read_text())))


def instant(event: dict[str, Any]) -> str:
    return datetime.fromtimestamp(event["timestamp"]["epochSecond"], tz=UTC).strftime("%m-%d %H:%M:%S")


def iso(event: dict[str, Any]) -> str:
    return datetime.fromtimestamp(event["timestamp"]["epochSecond"], tz=UTC).isoformat()[:19]


def tomcat_iso(stamp: str) -> str:
    return datetime.strptime(stamp, "%d/%b/%Y:%H:%M:%S %z").astimezone(UTC).isoformat()[:19]
