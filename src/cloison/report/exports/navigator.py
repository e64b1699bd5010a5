"""How are the techniques of an incident shown in the ATT&CK Navigator?

Source: MITRE ATT&CK Navigator, layer file format 4.5. The score counts what a technique reached.
"""

from collections import defaultdict
from collections.abc import Iterator

from cloison.report.exports.told import Row, Told, document, text

_SHOWN = 20


def write(told: Told) -> Iterator[bytes]:
    """One layer: each technique with how often it carried compromise, and to what."""
    reached: dict[str, list[str]] = defaultdict(list)
    for row in told.rows("compromised"):
        if row["technique"]:
            reached[text(row["technique"])].append(_line(row))
    most = max(map(len, reached.values()), default=1)
    layer = {
        "name": told.title,
        "versions": {"attack": "17", "navigator": "5.1.0", "layer": "4.5"},
        "domain": "enterprise-attack",
        "description": "What carried compromise, by technique; the score counts what each reached.",
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


def _line(row: Row) -> str:
    return f"{row['kind']} {row['uid']} ({row['standing']}): {row['why']}"
