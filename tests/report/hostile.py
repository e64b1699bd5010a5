"""A dossier in which every place that a log or a user fills holds what would run, link, compute or mislead."""

from dataclasses import replace

from tests.report.scene import DENIED, ENTRIES, HELD, RAN, REACH, TIMELINE, at

from cloison.report.dossier import Dossier, Promoted, Ran, Todo

OPENING = (
    "<script>alert(1)</script>\"'><img src=x onerror=1>{{7*7}}{% raw %}=cmd|'/C calc'!A0 ../../etc/passwd "
    '[x](javascript:alert(1)) ![x](//evil.example/x) `z` #panic("t") $x$ @all http://evil.example &lt; ]]> \\u0041 '
)
HOSTILE = OPENING + "\u202egpj\u2066\x1b[31m\x07\x00\ud800</title></style>"
INERT = OPENING.replace(".", "[.]") + "\\u202egpj\\u2066\\x1b[31m\\x07\\x00\\ud800</title></style>"
HELD_BY_STRANGERS = tuple(
    replace(one, uid=HOSTILE, system=HOSTILE, why=HOSTILE, cause_uid=HOSTILE, event_uid=HOSTILE) for one in HELD
)


def hostile(dossier: Dossier) -> Dossier:
    """The dossier with a hostile string in every place that a log or a user fills."""
    return replace(
        dossier,
        title=HOSTILE,
        entries=tuple(
            replace(one, kind=HOSTILE, uid=HOSTILE, principal=HOSTILE, address=HOSTILE, why=HOSTILE) for one in ENTRIES
        ),
        reach=tuple(replace(one, system=HOSTILE, resource_kind=HOSTILE) for one in REACH),
        held=HELD_BY_STRANGERS,
        denied=tuple(replace(one, principal=HOSTILE, system=HOSTILE, object=HOSTILE) for one in DENIED),
        ledger=replace(dossier.ledger, open_rows=tuple(replace(one, uid=HOSTILE, why=HOSTILE) for one in ENTRIES)),
        coverage=tuple(replace(one, source=HOSTILE, system=HOSTILE, gaps=(HOSTILE,)) for one in dossier.coverage),
        timeline=tuple(
            replace(one, what=HOSTILE, principal=HOSTILE, system=HOSTILE, subject=HOSTILE, object=HOSTILE)
            for one in TIMELINE
        ),
        sightings=(("domain", HOSTILE, 3, at("11-22 14:22:05"), None), ("file_name", HOSTILE, 0, None, None)),
        next_acts=(HOSTILE,) * 12,
        todo=tuple(Todo("close_host", HOSTILE, HOSTILE, HOSTILE, held=one) for one in HELD_BY_STRANGERS),
        cautions=(("file_name", HOSTILE, HOSTILE),),
        unswept=(("domain", HOSTILE, HOSTILE),),
        activity=tuple(replace(one, system=HOSTILE) for one in dossier.activity),
        absences=tuple(
            replace(one, system=HOSTILE, gaps=(HOSTILE, f"{HOSTILE} 1/2"), covered_by=HOSTILE)
            for one in dossier.absences
        ),
        ran=Ran(
            1,
            0,
            tuple(
                replace(one, title=HOSTILE, level=HOSTILE, origin="own/rule.yml", techniques=()) for one in RAN.found
            ),
        ),
        promoted=(Promoted(at("11-18 10:00:00"), HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
    )
