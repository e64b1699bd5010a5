"""How often does read_indicators yield exactly the values that public corpora expect, by kind?

Shapes: `ioc_finder_cases.json` and `iocextract_cases.json` are lists of short texts with what another tool finds in
them; `eset_truth.json` lists reports with the values that stand in their text. Another tool's aims are not ours
everywhere (it finds values inside words), so a miss is to be read, not only counted.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from cloison.errors import CloisonError
from cloison.hunt.intel import read_indicators
from cloison.ocsf.observables import canonical_domain, canonical_email, canonical_hash, canonical_ip, canonical_url

_FINDER = {"ipv4s": "ip", "ipv6s": "ip", "domains": "domain", "urls": "url", "email_addresses": "email",
           "md5s": "md5", "sha1s": "sha1", "sha256s": "sha256", "sha512s": "sha512", "asns": "as_number",
           "user_agents": "user_agent"}  # fmt: skip
_CALLS = {"extract_ipv4s": "ip", "extract_ipv6s": "ip", "extract_ips": "ip", "extract_urls": "url",
          "extract_emails": "email", "extract_md5_hashes": "md5", "extract_sha1_hashes": "sha1",
          "extract_sha256_hashes": "sha256", "extract_sha512_hashes": "sha512"}  # fmt: skip
_CANONICAL: dict[str, Callable[[str], str | None]] = {
    "ip": canonical_ip, "domain": canonical_domain, "url": canonical_url, "email": canonical_email,
    "as_number": lambda text: text.replace("ASN", "AS"), "user_agent": str,
}  # fmt: skip
_HOST = re.compile(r"(?:.*://)?(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)")
_SHOWN = 60


def found_in(text: bytes) -> dict[str, set[str]]:
    """The values read from `text`, by kind."""
    found: dict[str, set[str]] = {}
    try:
        reading = read_indicators(text, origin="corpus")
    except CloisonError:
        return found
    for indicator in reading.indicators:
        found.setdefault(indicator.kind.value, set()).add(indicator.value)
    return found


def canonical(kind: str, value: str) -> str:
    """The corpus's spelling in ours; as it stands when it has none."""
    return _CANONICAL.get(kind, canonical_hash)(value) or value


def tell(name: str, right: Counter[str], total: Counter[str], misses: list[str]) -> None:
    """Print one corpus's table, and the first values in which the two differ."""
    click.echo(f"{name}")
    for kind in sorted(total):
        click.echo(f"  {kind:8} {right[kind]:5} / {total[kind]:5}  {right[kind] / total[kind]:.1%}")
    for miss in misses[:_SHOWN]:
        click.echo(f"    {miss}", err=True)


def finder(corpora: Path) -> None:
    """The cases of ioc-finder: exact set for each kind a case expects."""
    right, total, misses = Counter[str](), Counter[str](), list[str]()
    for case in json.loads((corpora / "ioc_finder_cases.json").read_bytes()):
        found = found_in(case["text"].encode())
        for theirs, kind in _FINDER.items():
            if theirs not in case["expected"]:
                continue
            wanted = {canonical(kind, value) for value in case["expected"][theirs]}
            ours = found.get(kind, set()) | (hosts(found) if kind == "domain" else set())
            total[kind] += 1
            right[kind] += ours == wanted
            if ours != wanted:
                misses.append(f"{case['id']} {kind}: wanted {sorted(wanted)} found {sorted(ours)}")
    tell("ioc-finder", right, total, misses)


def hosts(found: dict[str, set[str]]) -> set[str]:
    """The names in URLs and e-mails, which ioc-finder lists as domains and we do not: a URL is not its whole host."""
    said = (_HOST.match(value) for kind in ("url", "email") for value in found.get(kind, set()))
    return {name[1] for name in said if name and canonical_domain(name[1])}


def extract(corpora: Path) -> None:
    """The cases of iocextract: the one value expected is the only one found; zero expected is none found."""
    right, total, misses = Counter[str](), Counter[str](), list[str]()
    for case in json.loads((corpora / "iocextract_cases.json").read_bytes()):
        kind = _CALLS.get(case["call"])
        if kind is None or isinstance(case["expected"], list):
            continue
        found = of_kind(kind, case["text"])
        wanted = _one_value(kind, case)
        total[kind] += 1
        right[kind] += found == wanted
        if found != wanted:
            misses.append(f"{case['test']} {kind}: {case['text']!r} wanted {sorted(wanted)} found {sorted(found)}")
    tell("iocextract", right, total, misses)


def _one_value(kind: str, case: dict[str, Any]) -> set[str]:
    if case["is_len"]:
        return set()
    return of_kind(kind, case["expected"]) or {canonical(kind, case["expected"])}


def of_kind(kind: str, text: str) -> set[str]:
    """The values of one kind. Their URLs include bare names; their invented `.tld` becomes a real one."""
    found = found_in(text.replace("tld", "com").encode())
    names = {f"{name}/" for name in found.get("domain", set())} if kind == "url" else set()
    return found.get(kind, set()) | names


def reports(corpora: Path) -> None:
    """Reports: of the values known to stand in the text, how many were found; and reports with every one found."""
    right, total = Counter[str](), Counter[str]()
    exact, all_reports, misses = Counter[str](), Counter[str](), list[str]()
    agreed, given, extra = Counter[str](), Counter[str](), list[str]()
    for report in json.loads((corpora / "eset_truth.json").read_bytes()):
        found = found_in((corpora / report["text_file"]).read_bytes())
        known: dict[str, set[str]] = {}
        for values in (report["misp_in_text"], report["sample_hashes_in_text"]):
            for kind, listed in values.items():
                known.setdefault(kind, set()).update(canonical(kind, value) for value in listed)
        for kind, wanted in known.items():
            if kind == "filename":
                continue
            names = (
                {f"{name}/" for name in found.get("domain", set()) | found.get("ip", set())} if kind == "url" else set()
            )
            missed = wanted - found.get(kind, set()) - names
            total[kind] += len(wanted)
            right[kind] += len(wanted) - len(missed)
            all_reports[kind] += 1
            exact[kind] += not missed
            misses.extend(f"{report['report']} {kind} {value}" for value in sorted(missed))
            if report["misp_files"]:
                agreed[kind] += len(wanted & found.get(kind, set()))
                given[kind] += len(found.get(kind, set()))
                extra.extend(f"{report['report']} {kind} {value}" for value in sorted(found.get(kind, set()) - wanted))
    tell("reports: values found of those known in the text", right, total, misses)
    tell("reports with MISP files: values found that those files have", agreed, given, extra)
    tell("reports: every known value found", exact, all_reports, [])


@click.command()
@click.option("--corpora", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
def main(corpora: Path) -> None:
    """Print exact-set accuracy by kind; misses go to stderr."""
    finder(corpora)
    extract(corpora)
    reports(corpora)


if __name__ == "__main__":
    main()
