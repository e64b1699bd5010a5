"""Does each language have every phrase, with the same values in it, and set its marks and numbers as it should?"""

import re
import string
from datetime import datetime

import pytest

from cloison.model.indicator import UNSWEPT_KINDS
from cloison.report.queries import DETECTING, PROMOTING, QUERIES
from cloison.report.tongues import TONGUES, english, french
from cloison.report.tongues.french import NARROW, WHOLE, typeset
from cloison.scope.spread import RULES


def values(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def test_no_phrase_is_missing() -> None:
    assert set(french.PHRASES) == set(english.PHRASES)
    assert set(english.WORDS) - set(french.WORDS) == set()


@pytest.mark.parametrize("name", sorted(english.PHRASES))
def test_a_phrase_has_the_same_values_and_commands_in_each_language(name: str) -> None:
    one, other = english.PHRASES[name], french.PHRASES[name]
    assert values(other) - {"thing", "uid"} == values(one) - {"thing", "uid"}
    commands = [re.sub("INDICATEUR", "INDICATOR", said) for said in re.findall(r"`[^`]*`", other)]
    assert sorted(commands) == sorted(re.findall(r"`[^`]*`", one))


def test_every_rule_and_every_query_has_its_sentence() -> None:
    assert {f"rule.{one.name}" for one in RULES} <= set(french.PHRASES)
    assert {f"query.{name}" for name in (*QUERIES, *DETECTING, *PROMOTING)} <= set(french.PHRASES)
    assert set(UNSWEPT_KINDS.values()) <= set(french.SENTENCES)


@pytest.mark.parametrize("name", sorted(french.PHRASES))
def test_french_marks_stand_behind_unbreakable_spaces(name: str) -> None:
    said = re.sub(r"`[^`]*`", "", french.PHRASES[name])
    assert re.findall(r"(?:^|[^\u202f])[;?!%]|[^\u00a0]:(?!\w)|«[^\u00a0]|[^\u00a0]»|'", said) == []


def test_french_numbers_times_and_shares() -> None:
    tongue = TONGUES["fr"]
    assert tongue.number(2_059_357) == f"2{NARROW}059{NARROW}357"
    assert tongue.share(36, 2_059_357) == f"0,0017{NARROW}%"
    assert tongue.instant(datetime.fromisoformat("2023-11-14 09:22:49")) == f"14{WHOLE}nov.{WHOLE}2023, 09:22:49"
    assert tongue.day(datetime.fromisoformat("2023-08-01")) == f"1er{WHOLE}août{WHOLE}2023"
    assert [tongue.nouns(count, "repository") for count in (0, 1, 2)] == ["dépôt", "dépôt", "dépôts"]
    assert typeset("l'« avis » : oui ; `a : b`") == (f"l\u2019«{WHOLE}avis{WHOLE}»{WHOLE}: oui{NARROW}; `a : b`")


def test_english_numbers_and_times() -> None:
    tongue = TONGUES["en"]
    assert tongue.number(2_059_357) == "2,059,357"
    assert [tongue.nouns(count, "repository") for count in (0, 1, 2)] == ["repositories", "repository", "repositories"]
    assert tongue.day(datetime.fromisoformat("2023-08-01")) == "1 Aug 2023"
