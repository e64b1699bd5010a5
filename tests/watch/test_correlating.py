"""Does a correlation see what came before the watch was killed?"""

import signal
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.watch.harness import case_with, sighted, told_in, watching
from tests.watch.records import sign_in

from cloison.cli.main import cli

FIVE = """
title: Sign-in
id: 1c7b5c1e-9a0e-4d43-8d3f-2b8f2f6a7c01
name: sign_in
level: low
logsource: {product: ocsf, category: authentication}
detection:
  selection:
    status_id: 1
  condition: selection
---
title: Five sign-ins within ten minutes
id: 1c7b5c1e-9a0e-4d43-8d3f-2b8f2f6a7c02
level: medium
correlation:
  type: event_count
  rules: [sign_in]
  group-by: [actor.user.name]
  timespan: 10m
  condition:
    gte: 5
"""


def lines(first: int, last: int) -> bytes:
    return b"".join(sign_in(number, who="ada") + b"\n" for number in range(first, last))


def test_the_window_survives_a_kill(tmp_path: Path) -> None:
    log = tmp_path / "okta.jsonl"
    log.write_bytes(lines(0, 4))
    case = case_with(tmp_path, rule=FIVE)
    with watching(case, log) as watch:
        watch.wait_for(lambda told: len(sighted(told)) >= 1)
        watch.end(signal.SIGKILL)
    assert not [one for one in watch.told() if one["title"].startswith("Five")]
    with log.open("ab") as file:
        file.write(lines(4, 5))
    with watching(case, log) as watch:
        told = watch.wait_for(lambda told: any(one["title"].startswith("Five") for one in told))
    (five,) = (one for one in told if one["title"].startswith("Five"))
    assert five["facts"][0].startswith("5 events since 2025-03-04T09:00:00Z")
    assert five["records"][0]["time"] == "2025-03-04T09:00:04Z"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three events are kept of each rule, and no rules ship."""
    monkeypatch.setattr("cloison.watch.windows.MOST", 3)
    monkeypatch.setattr("cloison.service.rule_files.shipped_rules", list)


def watched(case: Path, log: Path, out: Path, first: int) -> str:
    """What is noted of a watch, in this process, over four more records."""
    with log.open("ab") as file:
        file.write(lines(first, first + 4))
    words = ["watch", str(case), str(log), "--once", "--json", "--output", str(out)]
    ran = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert ran.exit_code == 0
    return ran.stderr


@pytest.mark.usefixtures("few")
def test_more_than_is_kept_is_told_once_as_a_gap(tmp_path: Path) -> None:
    log, out = tmp_path / "okta.jsonl", tmp_path / "told.jsonl"
    case = case_with(tmp_path, rule=FIVE.replace("gte: 5", "gte: 50"))
    notes = [watched(case, log, out, first) for first in (0, 4, 8, 12)]
    (gap,) = (one for one in told_in(out) if one["kind"] == "gap")
    assert gap["records"][0]["evidence"] == "rule Five sign-ins within ten minutes"
    assert gap["title"].startswith("not all remembered: more than")
    assert "cloison: rule Five sign-ins within ten minutes: not all remembered: more than" in "".join(notes)


@pytest.mark.usefixtures("few")
def test_what_is_past_its_timespan_is_no_gap(tmp_path: Path) -> None:
    log, out = tmp_path / "okta.jsonl", tmp_path / "told.jsonl"
    case = case_with(tmp_path, rule=FIVE)
    for first in (0, 1_000, 2_000, 3_000):
        watched(case, log, out, first)
    assert len(sighted(told_in(out))) >= 1
    assert [one for one in told_in(out) if one["kind"] == "gap"] == []


NOT_FOLLOWED = """
title: Sign-in of ada
id: 1c7b5c1e-9a0e-4d43-8d3f-2b8f2f6a7c03
name: ada
level: low
logsource: {product: ocsf, category: authentication}
detection: {s: {actor.user.name|startswith: ada}, condition: s}
---
title: Sign-in of bob
id: 1c7b5c1e-9a0e-4d43-8d3f-2b8f2f6a7c04
name: bob
level: low
logsource: {product: ocsf, category: authentication}
detection: {s: {actor.user.name|startswith: bob}, condition: s}
---
title: Ada without bob
id: 1c7b5c1e-9a0e-4d43-8d3f-2b8f2f6a7c05
level: medium
correlation: {type: temporal, timespan: 1m, condition: ada and not bob}
"""


@pytest.mark.usefixtures("few")
def test_what_an_event_to_come_may_deny_is_told_when_its_time_is_over(tmp_path: Path) -> None:
    log, out = tmp_path / "okta.jsonl", tmp_path / "told.jsonl"
    case = case_with(tmp_path, rule=NOT_FOLLOWED)
    told = []
    for number, who in ((0, "ada"), (50, "bob"), (200, "ada"), (260, "eve"), (261, "eve"), (300, "ada")):
        with log.open("ab") as file:
            file.write(sign_in(number, who=who) + b"\n")
        words = ["watch", str(case), str(log), "--once", "--json", "--output", str(out)]
        assert CliRunner().invoke(cli, words, catch_exceptions=False).exit_code == 0
        told.append([one["records"][0]["time"] for one in told_in(out) if one["title"] == "Ada without bob"])
    assert told == [[], [], [], [], ["2025-03-04T09:03:20Z"], ["2025-03-04T09:03:20Z"]]
