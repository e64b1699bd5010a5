"""Which rule describes which event, and which rules ran over how many events, or why not?"""

from cloison.lake.analysis import analysis
from cloison.model.contract import contract

DETECTED = contract(
    "detected",
    key=("rule_number", "time", "event_uid"),
    rule_number="int",  # of `rule_list`
    event_uid="string",  # of a correlation the event that completed it
    time="timestamp",
    shared="string",  # what the events of a correlation have in common, "field=value", in the order of group-by
    events="int",  # how many events it stands for
    first_at="timestamp",
    last_at="timestamp",
    first_event_uid="string",
)

RULES_RUN = contract(
    "rules_run",
    key=("rule_uid", "origin", "title"),
    rule_uid="string",  # the rule's id
    title="string",  # of the rule
    level="string",  # informational, low, medium, high, critical
    tags="strings",  # ATT&CK techniques and tactics, and whatever else the rule is tagged with
    logsource="string",  # product/category/service as the rule says; * where it says none
    origin="string",  # the file that it stands in
    runs="bool",  # whether it ran
    why="string",  # why it does not run, not over all logs that it is about, or tells less than it says; else empty
    events="int",  # how many events it was held against: the denominator
    detections="int",  # how many there are
    kept="int",  # how many of them `detections` lists
)

DETECTIONS = contract(
    "detections",
    key=("time", "event_uid", "rule_uid", "shared", "first_event_uid"),
    time="timestamp",
    rule_uid="string",  # the rule's id
    title="string",  # of the rule
    level="string",  # informational, low, medium, high, critical
    tags="strings",  # ATT&CK techniques and tactics, and whatever else the rule is tagged with
    source="string",
    system="string",
    principal="string",
    src_ip="string",  # the address it came from
    action="string",  # what was done
    resource_uid="string",  # to what
    event_uid="string",
    shared="string",  # "field=value": what the events of a correlation have in common
    events="int",  # how many events it stands for: 1, or those of a correlation
    first_at="timestamp",  # the first of them
    last_at="timestamp",  # the last of them
    first_event_uid="string",  # the first of them
)

RULE_LIST = contract(
    "rule_list",
    key=("number",),
    number="int",  # among those that run
    rule_uid="string",  # the rule's id
    title="string",  # of the rule
    level="string",  # informational, low, medium, high, critical
    tags="strings",  # as the rule says
    told="bool",  # its own detections are told, and not only those of a correlation that refers to it
)

LIST_DETECTIONS = analysis(DETECTIONS, inputs=(DETECTED, RULE_LIST, "events", "limits"), beside=__file__)
