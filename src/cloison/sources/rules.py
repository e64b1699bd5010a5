"""How do `[[event]]` and `[[rotation]]` become SQL: which rule speaks for a row, and what does it say?"""

import re
from collections.abc import Callable

from cloison.errors import SourceError
from cloison.ocsf.events import EVENTS
from cloison.sources.paths import literal, quoted
from cloison.sources.spec import Capture, Condition, Event, Rotation, Spec, Test

TEMPLATE = re.compile(r"\{(?:(\d)(?::(upper|lower|decode))?|(_?[a-z][a-z0-9_]*))\}")
"""What stands in braces in `set`: the number of a captured group with how it is written, or the name of a field."""

_MODIFIED = {None: "{0}", "upper": "upper({0})", "lower": "lower({0})", "decode": "cl_decode({0})"}


def event_rule_sql(spec: Spec, known: set[str]) -> str:
    """The number of the first `[[event]]` whose conditions a row meets; `known` are the fields that are mapped."""
    arms = [
        f"WHEN {_when_sql(event.when, event.capture, known | {'status'})} THEN {number}"
        for number, event in enumerate(spec.event)
    ]
    return "CASE " + "\n      ".join(arms) + " END"


def rotation_rule_sql(spec: Spec, known: set[str]) -> str:
    """The number of the first `[[rotation]]` that a row meets; only what succeeded speaks, unless `any_status`."""
    arms = [
        f"WHEN {_when_sql(rule.when, None, known | set(EVENTS.columns))}"
        f"{'' if rule.any_status else ' AND status_id = 1'} THEN {number}"
        for number, rule in enumerate(spec.rotation)
    ]
    return f"CASE {' '.join(arms)} END" if arms else "CAST(NULL AS INT)"


def event_arms(spec: Spec, of: Callable[[Event], str | None]) -> str:
    """The arms of a CASE over the event rule's number; rules for which `of` has nothing are left to the ELSE."""
    said = [(number, of(event)) for number, event in enumerate(spec.event)]
    return _arms([(number, value) for number, value in said if value is not None])


def rotation_arms(spec: Spec, of: Callable[[Rotation], str]) -> str:
    """The arms of a CASE over the rotation rule's number."""
    return _arms([(number, of(rule)) for number, rule in enumerate(spec.rotation)])


def _arms(said: list[tuple[int, str]]) -> str:
    return " ".join(f"WHEN {number} THEN {value}" for number, value in said) or "WHEN -1 THEN NULL"


def _when_sql(when: dict[str, Condition], capture: Capture | None, known: set[str]) -> str:
    """All conditions together; one on a field that this carrier does not map holds only if it asks for its absence."""
    parts = []
    for field, wanted in when.items():
        if field in known:
            parts.append(_condition_sql(field, wanted))
        elif not (isinstance(wanted, Test) and wanted.present is False):
            return "FALSE"
    if capture is not None:
        if capture.field not in known:
            return "FALSE"
        parts += _capture_sql(capture)
    return " AND ".join(parts) or "TRUE"


def _capture_sql(capture: Capture) -> list[str]:
    column = _text(capture.field)
    cheap = [f"contains({column}, {literal(capture.has)})"] if capture.has else []
    return [*cheap, f"regexp_matches({column}, {literal(capture.pattern)})"]


def _condition_sql(field: str, wanted: Condition) -> str:
    column, text = quoted(field), _text(field)
    if isinstance(wanted, tuple):
        return f"{column} IN ({_listed(wanted)})"
    if not isinstance(wanted, Test):
        return f"{column} = {literal(str(wanted))}"
    parts = {
        f"{column} = {literal(str(wanted.equals))}": wanted.equals is not None,
        f"{column} NOT IN ({_listed(wanted.not_in)})": bool(wanted.not_in),
        f"starts_with({text}, {literal(wanted.prefix)})": wanted.prefix is not None,
        f"ends_with({text}, {literal(wanted.suffix)})": wanted.suffix is not None,
        f"contains({text}, {literal(wanted.has)})": wanted.has is not None,
        f"regexp_matches({text}, {literal(wanted.matches)})": wanted.matches is not None,
        f"{column} IS {'NOT ' if wanted.present else ''}NULL": wanted.present is not None,
    }
    return " AND ".join(sql for sql, asked in parts.items() if asked) or "TRUE"


def _text(field: str) -> str:
    """A column as the text that a pattern is held against: a number becomes its digits."""
    return quoted(field) if EVENTS.columns.get(field, "string") == "string" else f"CAST({quoted(field)} AS VARCHAR)"


def _listed(values: tuple[object, ...]) -> str:
    return ", ".join(literal(str(value)) for value in values)


def template_sql(spec: Spec, event: Event, text: str, known: set[str]) -> str:
    """What `set` says: a `$field`, a template like `{1:upper}/{2:lower}` or `{field}/{1}`, or the text itself.

    A template is nothing when one of its fields is.

    Raises:
        SourceError: a group is used where the event captures nothing.
    """
    if text.startswith("$"):
        return quoted(text[1:]) if text[1:] in known else "NULL"
    if not TEMPLATE.search(text):
        return literal(text)
    if event.capture is None and any(found[1] for found in TEMPLATE.finditer(text)):
        raise SourceError(f"{text!r} uses a group but its event has no capture", where=spec.name)
    return " || ".join(_pieces_sql(event.capture, text, known))


def _pieces_sql(capture: Capture | None, text: str, known: set[str]) -> list[str]:
    pieces, at = [], 0
    for found in TEMPLATE.finditer(text):
        pieces += [literal(text[at : found.start()])] if found.start() > at else []
        pieces.append(_piece_sql(capture, found, known))
        at = found.end()
    return [*pieces, literal(text[at:])] if at < len(text) else pieces


def _piece_sql(capture: Capture | None, found: re.Match[str], known: set[str]) -> str:
    """One pair of braces: a field, or a group of what is captured; nothing where the carrier does not map it."""
    if found[3]:
        return f"CAST({quoted(found[3])} AS VARCHAR)" if found[3] in known else "NULL"
    if capture is None or capture.field not in known:
        return "NULL"
    return _MODIFIED[found[2]].format(
        f"regexp_extract({quoted(capture.field)}, {literal(capture.pattern)}, {int(found[1])})"
    )


def named_sql(text: str | None, known: set[str]) -> str:
    """What a rotation names: a `$field`, the text itself, or nothing."""
    if text is None or (text.startswith("$") and text[1:] not in known | set(EVENTS.columns)):
        return "CAST(NULL AS VARCHAR)"
    return quoted(text[1:]) if text.startswith("$") else literal(text)
