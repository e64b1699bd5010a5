"""What is now known of each exposed credential: was it used, is it ended, and did it work all the same?

What the issuers say is read by the SQL of `respond/said.sql`. A verdict is told when it changes:

- refuted: it worked after its exposure and no end is recorded, or it worked after its recorded end;
- proven: its issuer has recorded its end, and no success with it is seen since. The watch goes on looking for one.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import duckdb
import msgspec

from cloison.lake.analysis import run
from cloison.model.limits import Limits
from cloison.respond.said import HEAR

_SAID = """SELECT exposed_uid, max(CASE WHEN ends THEN time END), arg_max(event_uid, time) FILTER (ends),
  arg_max(source, time) FILTER (ends) FROM said GROUP BY exposed_uid"""
_NOT_A_USE = "e.class_uid IN (4001, 4003) OR (e.class_uid = 3002 AND e.activity_id = 2)"
_USED = f"""
WITH used AS (
  SELECT x.exposed_uid, e.* FROM events AS e JOIN exposed AS x ON x.credential_uid = e.credential_uid
  WHERE NOT x.is_account AND NOT x.named AND x.found_uid IS NULL AND e.time >= coalesce(x.exposed_at, e.time)
  UNION ALL
  SELECT x.exposed_uid, e.* FROM events AS e JOIN exposed AS x ON x.principal = e.principal AND x.system = e.system
  WHERE x.is_account AND x.found_uid IS NULL AND e.time >= coalesce(x.exposed_at, e.time)
)
SELECT exposed_uid, count(*), max(time), arg_max(event_uid, time), arg_max(source, time), arg_max(src_ip, time)
FROM used AS e WHERE status_id = 1 AND NOT ({_NOT_A_USE}) GROUP BY exposed_uid ORDER BY exposed_uid"""


class Standing(msgspec.Struct, frozen=True):
    """What is known of one exposed credential."""

    verdict: str = "unknown"
    uses: int = 0
    last_use_at: datetime | None = None
    last_use: str = ""
    used_in: str = ""
    last_ip: str = ""
    ended_at: datetime | None = None
    ended_by: str = ""
    ended_in: str = ""

    @property
    def outlived(self) -> bool:
        """Whether it worked after its end."""
        return self.verdict == "refuted" and self.ended_at is not None


class Verdicts:
    """The standing of every exposed credential; `known` is that of an earlier run."""

    def __init__(self, known: dict[str, Standing], limits: Limits) -> None:
        self.standing = known
        self._changed: set[str] = set()
        self._clocks = timedelta(seconds=limits.clock_seconds)

    def hear(self, engine: duckdb.DuckDBPyConnection) -> list[tuple[str, Standing]]:
        """Take up what `events` say, the batch with what is kept. Those whose verdict changed."""
        run(engine, HEAR)
        return self._moved(
            (uid, msgspec.structs.replace(self._of(uid), ended_at=at, ended_by=by or "", ended_in=source or ""))
            for uid, at, by, source in engine.execute(f"{_SAID} ORDER BY exposed_uid").fetchall()
        )

    def see(self, engine: duckdb.DuckDBPyConnection) -> list[tuple[str, Standing]]:
        """Take up the uses in `events`, the batch alone. Those whose verdict changed."""
        return self._moved((uid, self._used(uid, *rest)) for uid, *rest in engine.execute(_USED).fetchall())

    def changed(self) -> list[tuple[str, Standing]]:
        """What is known otherwise than when this was asked before, also where the verdict is the same."""
        changed = [(uid, self.standing[uid]) for uid in sorted(self._changed)]
        self._changed.clear()
        return changed

    def _used(self, uid: str, uses: int, at: datetime, event_uid: str, source: str, ip: str | None) -> Standing:
        before = self._of(uid)
        if before.last_use_at is not None and at < before.last_use_at:
            return msgspec.structs.replace(before, uses=before.uses + uses)
        return msgspec.structs.replace(
            before, uses=before.uses + uses, last_use_at=at, last_use=event_uid, used_in=source, last_ip=ip or ""
        )

    def _of(self, uid: str) -> Standing:
        return self.standing.get(uid, Standing())

    def _moved(self, found: Iterable[tuple[str, Standing]]) -> list[tuple[str, Standing]]:
        moved = []
        for uid, standing in found:
            before = self._of(uid)
            after = msgspec.structs.replace(standing, verdict=self._judged(standing))
            self.standing[uid] = after
            self._changed |= {uid} if after != before else set()
            if (after.verdict, after.outlived) != (before.verdict, before.outlived):
                moved.append((uid, after))
        return moved

    def _judged(self, one: Standing) -> str:
        if one.ended_at is None:
            return "unknown" if one.last_use_at is None else "refuted"
        apart = timedelta() if one.used_in == one.ended_in else self._clocks
        late = one.last_use_at is not None and one.last_use_at > one.ended_at + apart
        return "refuted" if late else "proven"
