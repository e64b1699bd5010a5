"""Does each language have every phrase, with the same values in it, and set its marks and numbers as it should?"""

import re
import string
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from tests.report.scene import at, moment, uid

from cloison import hunt
from cloison.model.indicator import UNSWEPT_KINDS
from cloison.report import telling
from cloison.report.document import Safe
from cloison.report.dossier import Moment
from cloison.report.queries import DETECTING, PROMOTING, QUERIES
from cloison.report.sheets import rule_title
from cloison.report.teller import Teller
from cloison.report.tongues import TONGUES, english, french
from cloison.report.tongues.french import NARROW, WHOLE, typeset
from cloison.report.words import Voice
from cloison.scope.spread import RULES

FRENCH = Teller(TONGUES["fr"], Voice())
PUBLIC = Teller(TONGUES["en"], Voice(), public=True, known=frozenset({"aws"}))


def values(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def test_no_phrase_is_missing() -> None:
    assert set(french.PHRASES) == set(english.PHRASES)
    assert set(english.WORDS) - set(french.WORDS) == set()


@pytest.mark.parametrize("name", sorted(english.PHRASES))
def test_a_phrase_has_the_same_values_and_commands_in_each_language(name: str) -> None:
    one, other = english.PHRASES[name], french.PHRASES[name]
    assert values(other) - {"the", "uid"} == values(one) - {"the", "uid"}
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


def test_each_shipped_rule_has_a_french_title_and_no_title_is_left_over() -> None:
    files = [path for path in Path(hunt.__path__[0]).rglob("rules/**/*.yml") if not path.name.endswith(".cases.yml")]
    titles = {one["title"] for path in files for one in yaml.safe_load_all(path.read_text(encoding="utf-8"))}
    assert titles - set(french.TITLES) == set()
    assert set(french.TITLES) - titles == set()
    assert [title for title, said in french.TITLES.items() if title == said] == []


def test_a_rule_of_someone_else_keeps_its_own_title() -> None:
    title = "A webhook is added"
    assert rule_title(FRENCH, title, "cloison/atlassian/webhook_added.yml") == "Webhook ajouté"
    assert rule_title(FRENCH, title, "own/webhook.yml") == "A webhook is added"


def test_french_nouns_have_their_article() -> None:
    told = [
        FRENCH.definite(FRENCH.thing(kind, "a")) for kind in ("host", "address", "principal", "access_key", "token")
    ]
    assert told == ["la machine a", "l\u2019adresse a", "le compte a", "la clé d\u2019accès a", "le jeton a"]


def test_a_grant_is_told_in_the_language() -> None:
    assert FRENCH.of_kind("grant", "m.alder in netops-readers") == "m.alder dans netops-readers"
    assert FRENCH.of_kind("grant", "write:packages") == "write:packages"


def test_an_act_of_one_moment_has_no_second_end() -> None:
    one = Moment(
        at("11-14 09:28:49"), "okta", "a", "", "proven", uid(1), "refused", "b", None, None, 1, at("11-14 09:28:49")
    )
    assert telling.moment(FRENCH, one) == "accès tenté et refusé depuis b (1\u00a0événement)"
    assert telling.moment(Teller(TONGUES["en"], Voice()), one) == "access tried and refused from b (1 event)"


def test_a_pause_without_a_test_of_access_names_none() -> None:
    one = Moment(
        at("11-14 10:00:00"), None, None, "", "proven", uid(1), "paused", None, None, None, 0, at("11-15 16:00:00")
    )
    assert telling.moment(Teller(TONGUES["en"], Voice()), one) == "pause until 2023-11-15 16:00:00Z (30 hours)"


def test_the_public_hears_of_a_search_and_of_a_role_by_what_they_are() -> None:
    searched = moment("11-15 16:30:32", "jira", 'searched for "secret"', 7)
    tried = Moment(at("11-14 09:38:10"), "aws", "a", "", "proven", uid(2), "tried", None, "arn:role/admin", "role", 1)
    assert telling.moment(PUBLIC, searched) == "searched"
    assert telling.moment(PUBLIC, tried) == "object A (1 try)"
    assert telling.moment(FRENCH, tried) == Safe("rôle arn:role/admin (1\u00a0essai)")
