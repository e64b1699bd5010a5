"""What do the sources declare about themselves, and does a wrong declaration name its place?"""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from cloison.errors import SourceError
from cloison.sources.catalogue import SHIPPED, shipped
from cloison.sources.checking import check
from cloison.sources.declared import declared
from cloison.sources.spec import Delivery, Levels, Need, Rotation, Shows, Spec, read_spec

LEVELS = Levels(("off", "base", "full"), "base", {"turned": "$resource_uid", "stopped": "all : off"})
LOG = Spec(
    "log",
    "Log",
    "Invented",
    "Log",
    "jira",
    (),
    (),
    rotation=(Rotation("revoked", {}, ("pat",), "gone", state="deleted"), Rotation("created", {}, ("pat",), "made")),
    shows=Shows(("pat",), ("password",), ("wiki",), "36h", ("logins", "reads")),
    delivery=Delivery("2h", "90d"),
    levels=msgspec.structs.replace(LEVELS, needs=(Need("logins", "security", "full"),)),
)


def rows(name: str, spec: Spec = LOG) -> list[tuple[object, ...]]:
    (found,) = [table.rows for table in declared([spec]) if table.name == name]
    return found


def test_every_declaration_becomes_rows() -> None:
    assert rows("shown_uses") == [
        ("log", "pat", "jira", True, 2160),
        ("log", "password", "jira", False, 2160),
        ("log", "pat", "wiki", True, 2160),
        ("log", "password", "wiki", False, 2160),
    ]
    assert rows("shown_access") == [
        ("log", "jira", "logins", "security", 2, 1, "full"),
        ("log", "jira", "reads", None, None, None, None),
    ]
    assert rows("deliveries") == [("log", 120, 90)]
    assert rows("level_words") == [("log", "turned", "resource_uid", None), ("log", "stopped", None, "all : off")]
    assert rows("level_ranks") == [("log", "off", 0), ("log", "base", 1), ("log", "full", 2)]
    assert rows("rotation_states") == [("log/0", "deleted"), ("log/1", "none")]


def test_what_is_not_declared_shows_nothing_and_comes_within_a_quarter_of_an_hour() -> None:
    bare = Spec("log", "Log", "Invented", "Log", "jira", (), ())
    assert (rows("shown_uses", bare), rows("shown_access", bare), rows("deliveries", bare)) == (
        [],
        [],
        [("log", 15, None)],
    )


def test_every_row_has_its_columns() -> None:
    for table in declared(shipped().specs.values()):
        assert {len(row) for row in table.rows} == {len(table.columns)}, table.name


@dataclass(frozen=True)
class Wrong:
    changed: dict[str, object]
    said: str


@pytest.mark.parametrize(
    "wrong",
    [
        Wrong({"delivery": Delivery("soon")}, "delivery.lag: not a span of time: 'soon'"),
        Wrong({"delivery": Delivery("0d")}, "delivery.lag: not a span of time: '0d'"),
        Wrong({"shows": Shows(outlives="36")}, "shows.outlives: not a span of time: '36'"),
        Wrong({"levels": Levels(("off",), "on", {})}, "levels.default: 'on' is not in the order"),
        Wrong(
            {"levels": Levels(("off",), "off", {}, (Need("logins", "a", "on"),))},
            "levels.needs.logins: 'on' is not in the order",
        ),
        Wrong(
            {"levels": Levels(("off",), "off", {"x": "$message"})}, "levels.told.x: a level is told in $resource_uid"
        ),
        Wrong({"levels": Levels(("off",), "off", {"x": "a : on"})}, "levels.told.x: 'a : on' is no `area : level`"),
    ],
    ids=lambda wrong: wrong.said[:20],
)
def test_a_wrong_declaration_names_its_place(wrong: Wrong) -> None:
    place = SHIPPED / "web_access" / "source.toml"
    spec = msgspec.structs.replace(read_spec(place.parent), **wrong.changed)
    with pytest.raises(SourceError) as told:
        check(spec, place)
    assert wrong.said in told.value.what


def test_a_kind_that_is_no_word_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    text = (SHIPPED / "web_access" / "source.toml").read_text(encoding="utf-8")
    (folder / "source.toml").write_text(text.replace('"password"', '"magic"', 1), encoding="utf-8")
    with pytest.raises(SourceError, match="magic"):
        read_spec(folder)
