"""From when to when does each log speak, at which level, how late, and in which hours is it silent?

A file is taken to be complete between its first and its last record. A silence between two files is a hole when it is
longer than the log is known to be silent: longer than its lag, than the silences inside its files, and than the
stretch by which its files are cut (an hour, a day). A silence inside a file is a hole against the rhythm of the log.
"""

from cloison.lake.analysis import analysis
from cloison.model.contract import contract
from cloison.ocsf.events import EVENTS

PULSE = contract(
    "pulse",
    key=("source", "system", "evidence_uid", "slot"),
    source="string",
    system="string",
    evidence_uid="string",
    slot="int",  # five minutes, counted from 1970
    first_at="timestamp",
    last_at="timestamp",
    events="int",
)
TAKE_PULSE = analysis(PULSE, inputs=(EVENTS,), beside=__file__)

SILENCES = contract(
    "silences",
    key=("source", "system"),
    source="string",
    system="string",
    files="int",  # unpacked streams that hold records of it
    tolerated_seconds="int",  # a silence between two files up to this is ordinary
    usual_seconds="int",  # as long as this the log is silent anyway: its end may lie so far before the horizon
)
LEARN_SILENCES = analysis(SILENCES, inputs=(PULSE, "deliveries"), beside=__file__)

HOLES = contract(
    "holes",
    key=("source", "system", "from_at", "kind"),
    source="string",
    system="string",
    from_at="timestamp",
    to_at="timestamp",
    kind="string",  # files: between two files; rhythm: inside them, where events were due
)
FIND_HOLES = analysis(HOLES, inputs=(PULSE, SILENCES), beside=__file__)

LEVELS = contract(
    "levels",
    key=("source", "system", "time", "event_uid"),
    source="string",
    system="string",
    time="timestamp",
    area="string",
    level="string",
    rank="int",  # its place in the order of the levels
    event_uid="string",
)
READ_LEVELS = analysis(LEVELS, inputs=(EVENTS, "level_words", "level_ranks"), beside=__file__)

COVERAGE = contract(
    "coverage",
    key=("source", "system"),
    source="string",
    system="string",
    first_at="timestamp",
    last_at="timestamp",
    events="int",
    gaps="strings",  # "from/to": silences between files, and hours in which events were due by the log's rhythm
    files="int",  # unpacked streams that hold records of it
    tolerated_minutes="int",  # a silence between two files up to this is no gap
    settled_until="timestamp",  # `last_at` less the vendor's delay: what is older should have arrived
    retention_days="int",  # for how long the vendor keeps it, where that is known
    fetchable_until="timestamp",  # until when the first covered day can still be fetched from the vendor
    levels="strings",  # "from area : level": changes of the logging level, as far as the log tells them
    late="int",  # events that came an hour or more after evidence of the same log for later hours had been taken
)
MEASURE_COVERAGE = analysis(COVERAGE, inputs=(PULSE, SILENCES, HOLES, LEVELS, "deliveries", "taken"), beside=__file__)
