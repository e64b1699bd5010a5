"""Does every grammar of lines answer soon, whatever the line? An engine that tries all ways must not find too many."""

import re
from functools import cache
from pathlib import Path
from time import process_time

import pytest

from cloison.sources.catalogue import SHIPPED, shipped
from cloison.sources.mapping import Mapping

GRAMMARS = [one for one in shipped().mappings if one.carrier.pattern]
UNITS = (
    *("a", "a,", "a, ", "a ", "1", "1.", "1:", "0 ", "-", "- ", "[", "] ", "(", ") ", '"', '" ', "\\", '\\"', "é"),
    *("a=b ", 'a="b" ', "|", " | ", "/", "/a", "a;", "<", "<1>", '{"a":', "a: ", "'", " ", "\t", "%20", "a_b,", ", "),
)
"""What a line is made of again and again."""
SECONDS = 0.5
"""The slowest takes a tenth of that."""


@cache
def _lines(folder: Path) -> list[str]:
    raws = sorted(folder.glob("corpus/*.raw"))
    return [line for raw in raws for line in raw.read_text(encoding="utf-8", errors="replace").splitlines()]


def _slow(grammar: re.Pattern[str], line: str) -> bool:
    before = process_time()
    grammar.search(line)
    return process_time() - before > SECONDS


@pytest.mark.parametrize("one", GRAMMARS, ids=lambda one: f"{one.spec.name}/{one.carrier.name}")
def test_a_line_that_repeats_itself_is_judged_soon(one: Mapping) -> None:
    grammar = re.compile(one.carrier.pattern or "")
    own = next(line for line in _lines(SHIPPED / one.spec.name) if grammar.search(line))
    heads = ("", *(own[: len(own) * quarter // 4] for quarter in (1, 2, 3, 4)))
    lines = [f"{head}{unit * (1_000 // len(unit))}\0" for head in heads for unit in UNITS]
    assert [line[:80] for line in lines if _slow(grammar, line)] == []


@pytest.mark.parametrize("count", [10, 60])
def test_the_header_of_many_columns_is_judged_soon(count: int) -> None:
    header = ",".join(f"column_{number}" for number in range(count))
    assert [one.spec.name for one in GRAMMARS if _slow(re.compile(one.carrier.pattern or ""), header)] == []
