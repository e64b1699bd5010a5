"""Is an indicator sighted where it stands alone, and nowhere else?"""

import pytest
from tests.hunt.textsweep.cases import CASES

from cloison.hunt.textsweep import TextSweep
from cloison.model.indicator import Indicator, IndicatorKind


def pieces(indicators: list[Indicator], text: str, *, plain: bool = False) -> list[str]:
    raw = text.encode()
    found = TextSweep(indicators, plain=plain).block(raw)
    return [raw[one.offset : one.offset + one.length].decode() for one in found if one.indicator.origin == "case"]


@pytest.mark.parametrize(("kind", "value", "text", "expected"), CASES)
def test_one_indicator(kind: str, value: str, text: str, expected: list[str]) -> None:
    assert pieces([Indicator(IndicatorKind(kind), value, value, "case")], text) == expected


@pytest.mark.parametrize(("kind", "value", "text", "expected"), CASES)
def test_one_indicator_without_the_kernel(kind: str, value: str, text: str, expected: list[str]) -> None:
    assert pieces([Indicator(IndicatorKind(kind), value, value, "case")], text, plain=True) == expected


@pytest.mark.parametrize(("kind", "value", "text", "expected"), CASES)
def test_among_many_indicators(kind: str, value: str, text: str, expected: list[str]) -> None:
    others = [Indicator(IndicatorKind.FILE_NAME, f"other{n}.dat", "", "other") for n in range(50)]
    assert pieces([*others, Indicator(IndicatorKind(kind), value, value, "case")], text) == expected


@pytest.mark.parametrize(("kind", "value", "text", "expected"), CASES)
def test_among_many_indicators_without_the_kernel(kind: str, value: str, text: str, expected: list[str]) -> None:
    others = [Indicator(IndicatorKind.FILE_NAME, f"other{n}.dat", "", "other") for n in range(50)]
    assert pieces([*others, Indicator(IndicatorKind(kind), value, value, "case")], text, plain=True) == expected


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 200
