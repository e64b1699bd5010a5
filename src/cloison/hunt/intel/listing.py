"""Is the text a list, one value per line, or a hosts file, and which indicators does it say?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cloison.hunt.intel.cell import Beside, indicator, indicators_in_cell, why_not
from cloison.hunt.intel.find import values_in
from cloison.hunt.intel.names import host_name
from cloison.hunt.intel.reading import Item, left_out
from cloison.hunt.intel.refang import marked, plain
from cloison.hunt.intel.said import Said
from cloison.hunt.intel.whole import whole_value
from cloison.model.indicator import IndicatorKind

COMMENT = re.compile(r"^\s*(?:#|;|//|--\s|!).*$")
_REMARK = re.compile(r"(?<=\s)(?:#|;|//)(?P<remark>.*)$")
_HOSTS = re.compile(r"\s*(?:0\.0\.0\.0|127\.0\.0\.1|::1?|fe80::1%lo0)\s+(?P<names>\S.*)$")
_BULLET = re.compile(r"^\s*(?:[-*+\u2022\u00b7]\s+|\d{1,3}[.)]\s+)?")
_LOCAL_NAMES = frozenset(["localhost", "localhost.localdomain", "local", "broadcasthost"])
# A line of so many words without any value is running text, and the whole no list.
_SENTENCE_WORDS = 5
# So many lines in a hundred must be values and nothing else for the text to be a list.
_LIST_PERCENT = 60


def _is_said(line: str) -> bool:
    return bool(line.strip()) and not COMMENT.match(line)


def _bare(line: str) -> tuple[str, str]:
    """A list line without bullet, and the remark at its end."""
    body = _BULLET.sub("", line.rstrip())
    remark = _REMARK.search(body)
    return (body[: remark.start()].rstrip(), remark["remark"].strip()) if remark else (body, "")


def is_value_line(line: str) -> bool:
    """Whether values, and the marks between them, are all that the line says."""
    body, _ = _bare(line)
    if whole_value(body):
        return True
    found = marked(body)
    text = found.text
    values = values_in(found)
    for value in reversed(values):
        text = text[: value.start] + text[value.end :]
    return bool(values) and not re.search(r"\w", plain(text))


def reads_as_list(lines: Sequence[str]) -> bool:
    """Whether most lines that say anything are values and nothing else."""
    said = [line for line in lines if _is_said(line)]
    others = [line for line in said if not _HOSTS.match(line) and not is_value_line(line)]
    return (len(said) - len(others)) * 100 >= len(said) * _LIST_PERCENT and not any(map(_is_sentence, others))


def _is_sentence(line: str) -> bool:
    return len(line.split()) >= _SENTENCE_WORDS and not values_in(marked(line))


def list_items(said: Said) -> Iterator[Item]:
    """The items of a list or hosts file."""
    for place, line in zip(said.places, said.lines, strict=True):
        if not _is_said(line):
            continue
        hosts = _HOSTS.match(line)
        if hosts:
            yield from _hosts_items(hosts["names"], Beside(said.origin, place, tlp=said.tlp))
            continue
        body, remark = _bare(line)
        yield from indicators_in_cell(body, Beside(said.origin, place, context=remark, tlp=said.tlp))


def _hosts_items(names: str, beside: Beside) -> Iterator[Item]:
    listed, _, remark = names.partition("#")
    for name in listed.split():
        domain = host_name(name)
        if name.lower() in _LOCAL_NAMES or name.lower().startswith("ip6-"):
            yield left_out(beside.place, name, "the name of the machine itself")
        elif domain is None:
            yield left_out(beside.place, name, why_not(name, IndicatorKind.DOMAIN))
        else:
            yield indicator(IndicatorKind.DOMAIN, domain, name, replace(beside, context=remark.strip()))
