"""How does compromise spread in time: from what is known, by small named rules, until nothing new is reached?

Each rule is one SQL file in `rules/` that reads the state so far and yields candidates; a candidate is taken when it is
new, surer, or as sure and earlier. What is still moving after `limits.hops` steps is a frontier, and is unknown.
"""

from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import duckdb

from cloison.lake.analysis import Procedure, run
from cloison.lake.statements import statement
from cloison.model.contract import contract
from cloison.model.limits import Limits
from cloison.scope.acts import ACTS, FLOWS, begin, read_on
from cloison.scope.exposure import JUDGE_MISUSE, MATCH_EXPOSED, NAME_EXPOSED

COMPROMISE = contract(
    "compromise",
    key=("kind", "system", "uid"),
    kind="string",  # principal, credential, session, address, host, app, grant, entity
    system="string",
    uid="string",
    since="timestamp",
    standing="int",  # 2 proven, 1 suspected, 0 unknown: a frontier that the limit cut off
    rule="string",
    cause_kind="string",
    cause_uid="string",
    event_uid="string",
    hop="int",
)


MAKES = (COMPROMISE, ACTS, FLOWS)
"""The tables that the spread makes."""

READS = (
    "threads",
    "pieces",
    "drawn",
    "habits",
    "homes",
    "misuse",
    "sighted",
    "session_ips",
    "flow_habits",
    "exposed_principals",
)
"""The analyses whose tables the spread and its rules read, beside what the case was given."""


@dataclass(frozen=True)
class Rule:
    """One way for compromise to spread, with its ATT&CK technique and the sentence that says why."""

    name: str
    technique: str
    says: str


RULES = (
    Rule("indicator_address", "T1078", "its address is the published indicator {cause}"),
    Rule("indicator_session", "T1078", "it shows the published indicator {cause}"),
    Rule(
        "exposed_misuse",
        "T1078.004",
        "the exposed credential {cause} was used from where and with what its owner never came before",
    ),
    Rule("address_session", "T1078", "it came from the compromised address {cause}"),
    Rule("session_address", "T1090", "the compromised session {cause} came from it"),
    Rule("session_sibling", "T1550.004", "it shares the vendor's session id with the compromised session {cause}"),
    Rule(
        "session_client",
        "T1078.004",
        "it came with the client that the compromised session {cause} brought and that its owner never used",
    ),
    Rule("session_switch", "T1550", "the compromised session {cause} switched into its account"),
    Rule("session_principal", "T1078", "the compromised session {cause} acted as it"),
    Rule("session_credential", "T1550", "the compromised session {cause} came in with it"),
    Rule("session_minted", "T1098.001", "the compromised session {cause} made it"),
    Rule("minted_session", "T1550.001", "it came in with {cause}, which a compromised session made"),
    Rule("session_account", "T1136", "the compromised session {cause} created it"),
    Rule("account_session", "T1136", "it is a session of {cause}, an account that a compromised session created"),
    Rule("session_reset", "T1098", "the compromised session {cause} set its password or a factor of it"),
    Rule(
        "reset_session",
        "T1098",
        "it is a session of {cause}, whose secret an intruder set, from where and with what its owner never came",
    ),
    Rule("session_privilege", "T1098.003", "the compromised session {cause} gave it"),
    Rule("session_grant", "T1098.003", "the compromised session {cause} gave it a group or a role"),
    Rule("session_entity", "T1098", "the compromised session {cause} made or changed it"),
    Rule("object_secret", "T1552.001", "its secret stands in the object {cause}, which a compromised session read"),
    Rule("session_app", "T1505", "the compromised session {cause} installed or changed it"),
    Rule("app_host", "T1505", "it is the server that runs {cause}, which a compromised session installed"),
    Rule("indicator_host", "T1071", "it spoke, or tried to speak, to the published indicator {cause}"),
    Rule(
        "host_session", "T1021", "it came from the compromised host {cause}, as a principal that never came from there"
    ),
    Rule("host_reached", "T1021", "the compromised host {cause} reached it and had never spoken to it before"),
)

REACHES = (
    Rule("session_reached", "T1213", "a compromised session reached the object, or was refused it"),
    Rule("session_took", "T1567", "a compromised session took the object whole: an archive, a clone, a download"),
    Rule("host_spoke", "T1071", "a compromised host spoke to it and had never spoken to it before"),
)
"""How objects are touched: the rules of the rows of `touched`."""

_RULES = Path(__file__).parent / "rules"
_COLUMNS = "kind, system, uid, since, standing, rule, cause_kind, cause_uid, event_uid, hop"


def spread(engine: duckdb.DuckDBPyConnection, limits: Limits) -> None:
    """Make the tables of `MAKES`; what compromise reaches is read from the events as it is reached."""
    listed = ", ".join(f'"{name}" {kind}' for name, kind in COMPROMISE.sql_columns().items())
    engine.execute(f"CREATE OR REPLACE TEMP TABLE compromise ({listed})")
    begin(engine)
    for hop in range(1, limits.hops + 1):
        moved = _step(engine, hop)
        read_on(engine)
        if not moved and not _exposed_anew(engine):
            return
    engine.execute("UPDATE compromise SET standing = 0 WHERE hop = ?", [limits.hops])


SPREAD = Procedure("spread", READS, MAKES, spread)


def _exposed_anew(engine: duckdb.DuckDBPyConnection) -> bool:
    """Date the credentials whose secrets an intruder has read by that reading; whether any is new or earlier."""
    found = engine.execute(
        """UPDATE exposed SET exposed_at = c.since FROM compromise AS c
        WHERE c.rule = 'object_secret' AND c.system = exposed.system AND exposed.found_uid = c.cause_uid
          AND c.uid = coalesce(exposed.credential_uid, exposed.principal)
          AND (exposed.exposed_at IS NULL OR exposed.exposed_at > c.since)"""
    ).fetchone()
    if not found or not found[0]:
        return False
    for one in (MATCH_EXPOSED, NAME_EXPOSED, JUDGE_MISUSE):
        run(engine, one)
    return True


def rule_texts() -> tuple[str, ...]:
    """The SQL of every rule, in the order of `RULES`."""
    return tuple(map(_text, RULES))


def purpose(rule: Rule) -> str:
    """What the rule's own file says first: when it carries compromise, and when not."""
    lines = takewhile(lambda line: line.startswith("-- "), _text(rule).splitlines())
    return " ".join(line.removeprefix("-- ") for line in lines)


def _text(rule: Rule) -> str:
    return (_RULES / f"{rule.name}.sql").read_text(encoding="utf-8")


def _step(engine: duckdb.DuckDBPyConnection, hop: int) -> bool:
    """One step of every rule; whether anything changed."""
    before = _fingerprint(engine)
    candidates = " UNION ALL ".join(
        f"SELECT kind, system, uid, since, standing, '{rule.name}' AS rule, cause_kind, cause_uid, event_uid, "
        f"{hop} AS hop "
        f"FROM ({sql})"
        for rule, sql in zip(RULES, rule_texts(), strict=True)
    )
    made = f"""CREATE OR REPLACE TEMP TABLE compromise_next AS
        SELECT {_COLUMNS} FROM (SELECT {_COLUMNS} FROM compromise UNION ALL {candidates})
        WHERE uid IS NOT NULL AND uid <> ''
        QUALIFY row_number() OVER (PARTITION BY kind, system, uid
          ORDER BY standing DESC, since, hop, {_preference()}, cause_uid, event_uid) = 1"""
    engine.execute(statement(made))
    engine.execute("CREATE OR REPLACE TEMP TABLE compromise AS SELECT * FROM compromise_next")
    return _fingerprint(engine) != before


def _preference() -> str:
    arms = " ".join(f"WHEN '{rule.name}' THEN {number}" for number, rule in enumerate(RULES))
    return f"CASE rule {arms} END"


def _fingerprint(engine: duckdb.DuckDBPyConnection) -> tuple[object, ...] | None:
    return engine.execute(
        "SELECT count(*), sum(standing), sum(epoch_us(since)), bit_xor(hash(kind, system, uid, since, standing, rule)) "
        "FROM compromise"
    ).fetchone()
