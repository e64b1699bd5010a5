"""How are the techniques of an incident shown in the ATT&CK Navigator?

Source: MITRE ATT&CK Navigator, layer file format 4.5. The score counts what a technique is shown to
have carried: the things that came to be compromised by it, and the rules that detected it.
"""

from collections import defaultdict
from collections.abc import Iterator

from cloison.model.attack import techniques_of
from cloison.model.wording import many
from cloison.report.exports.told import Row, Told, document, text

_SHOWN = 20


def write(told: Told) -> Iterator[bytes]:
    """One layer: each technique with what was compromised by it, and which rules detected it how often."""
    reached: dict[str, list[str]] = defaultdict(list)
    for row in told.rows("compromised"):
        if row["technique"]:
            reached[text(row["technique"])].append(_line(row))
    for row in told.rows("rules_run"):
        for technique in techniques_of(_tags(row)) if row["detections"] else ():
            reached[technique].append(
                f"rule {text(row['title'])} ({text(row['level'])}): {many(int(str(row['detections'])), 'detection')}"
            )
    most = max(map(len, reached.values()), default=1)
    layer = {
        "name": told.title,
        "versions": {"attack": "17", "navigator": "5.1.0", "layer": "4.5"},
        "domain": "enterprise-attack",
        "description": "What carried compromise and what rules detected, by technique; the score counts both.",
        "sorting": 3,
        "gradient": {"colors": ["#ffe8d6", "#c2410c"], "minValue": 0, "maxValue": most},
        "techniques": [_technique(name, lines) for name, lines in sorted(reached.items())],
    }
    yield document(layer)


def _technique(name: str, lines: list[str]) -> dict[str, object]:
    more = [f"and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return {
        "techniqueID": name,
        "score": len(lines),
        "enabled": True,
        "comment": "\n".join([*lines[:_SHOWN], *more]),
        "showSubtechniques": "." in name,
    }


def _tags(row: Row) -> list[object]:
    tags = row["tags"]
    return tags if isinstance(tags, list) else []


def _line(row: Row) -> str:
    return f"{row['kind']} {row['uid']} ({row['standing']}): {row['why']}"
