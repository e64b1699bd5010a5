"""Does a correlation see what came before the watch was killed?"""

import signal
from pathlib import Path

from tests.watch.harness import case_with, sighted, watching
from tests.watch.records import sign_in

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
