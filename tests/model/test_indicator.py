"""What makes two indicators the same?"""

import dataclasses

import pytest

from cloison.model.indicator import Indicator, IndicatorKind


def test_kind_and_value_make_the_key() -> None:
    one = Indicator(IndicatorKind.DOMAIN, "evil.example", "evil[.]example", "a.csv")
    other = Indicator(IndicatorKind.DOMAIN, "evil.example", "EVIL.example", "b.csv", context="seen in mail")
    assert one != other
    assert one.key == other.key == ("domain", "evil.example")


def test_an_indicator_is_frozen() -> None:
    one = Indicator(IndicatorKind.IP, "192.0.2.7", "192.0.2.7", "a.csv")
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.value = "192.0.2.8"  # type: ignore[misc]
