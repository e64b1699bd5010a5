"""What does a file of indicators say, what of it cannot be looked for, and how is it handed on?"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cloison.errors import InputError
from cloison.evidence.custody import spelled
from cloison.hunt.intel import FORMS, Caution, Cautions, Reading, caution_about, merged, read_indicators, written
from cloison.model.indicator import UNSWEPT_KINDS, Indicator
from cloison.model.wording import many
from cloison.ocsf.observables import defang
from cloison.service.given_tables import bytes_of
from cloison.service.inputs import read_cautions

__all__ = ["FORMS", "Understood", "hand_on", "understand"]

_SHOWN = 20
_BARE = frozenset({"file_name", "user_agent", "account", "credential"})


@dataclass(frozen=True)
class Understood:
    """What some files say: the readings by file, each indicator once, and the cautions that apply."""

    readings: tuple[tuple[str, Reading], ...]
    indicators: tuple[Indicator, ...]
    cautions: dict[tuple[str, str], str]

    def counts(self) -> dict[str, int]:
        """How many indicators there are of each kind."""
        return dict(sorted(Counter(str(one.kind) for one in self.indicators).items()))

    def as_lines(self) -> Iterator[str]:
        """What was understood and what was not, for a person; addresses are defanged."""
        for origin, reading in self.readings:
            yield (
                f"{origin}: read as {_ARTICLE[reading.form]}: {many(len(reading.indicators), 'indicator')}, "
                f"{len(reading.not_understood):,} not understood"
            )
        for kind, count in self.counts().items():
            yield f"  {many(count, kind)}{_unswept(kind)}"
        for one in self.indicators:
            why = self.cautions.get(one.key)
            if why:
                yield f"flagged: {one.kind} {_shown(one)}: {why} ({one.origin}, {one.place})"
        for origin, reading in self.readings:
            for missed in reading.not_understood:
                yield f"not understood: {origin}, {missed.place}: {missed.text} ({missed.why})"
        yield (
            f"{many(len(self.indicators), 'indicator')} understood, {len(self.cautions):,} of them flagged, "
            f"{many(sum(len(reading.not_understood) for _, reading in self.readings), 'value')} not understood"
        )

    def as_json(self) -> dict[str, object]:
        """The same with everything that is known of each."""
        return {
            "files": [{"file": origin, "form": reading.form} for origin, reading in self.readings],
            "counts": self.counts(),
            "indicators": [self._indicator(one) for one in self.indicators],
            "not_understood": [
                {"file": origin, "place": missed.place, "text": missed.text, "why": missed.why}
                for origin, reading in self.readings
                for missed in reading.not_understood
            ],
        }

    def _indicator(self, one: Indicator) -> dict[str, object]:
        return {
            "kind": str(one.kind),
            "value": one.value,
            "original": one.original,
            "repairs": list(one.repairs),
            "context": one.context,
            "valid_from": one.valid_from.isoformat() if one.valid_from else None,
            "valid_until": one.valid_until.isoformat() if one.valid_until else None,
            "tlp": one.tlp or None,
            "origin": one.origin,
            "place": one.place,
            "flagged": self.cautions.get(one.key),
            "not_in_events": UNSWEPT_KINDS.get(one.kind),
        }


_ARTICLE = {
    "stix": "STIX",
    "misp": "MISP",
    "openioc": "OpenIOC",
    "records": "JSON records",
    "page": "an HTML page",
    "pdf": "a PDF",
    "table": "a table",
    "list": "a list",
    "account": "a written account",
}


def _unswept(kind: str) -> str:
    why = next((why for one, why in UNSWEPT_KINDS.items() if one == kind), "")
    return f", to be looked for in raw text only: {why}" if why else ""


def _shown(one: Indicator) -> str:
    return one.value if str(one.kind) in _BARE else defang(one.value)


def understand(files: Sequence[Path], cautions: Sequence[Path] = ()) -> Understood:
    """Read the files.

    Raises:
        InputError: a file cannot be read or is of no form that holds indicators.
    """
    readings = tuple((spelled(path.name), read_indicators(bytes_of(path), origin=spelled(path.name))) for path in files)
    said: list[Caution] = [row for path in cautions for row in read_cautions(bytes_of(path), str(path))]
    indicators = merged(one for _, reading in readings for one in reading.indicators)
    asked = Cautions.of(said)
    flagged = {one.key: why for one in indicators if (why := caution_about(one, asked))}
    return Understood(readings, indicators, {(str(kind), value): why for (kind, value), why in flagged.items()})


def hand_on(understood: Understood, form: str, to: Path) -> str:
    """Write the indicators in one of `FORMS`, and say what was written.

    Raises:
        InputError: there is none to write, or the file cannot be written.
    """
    if not understood.indicators:
        raise InputError("no indicator to write", remedy="see what was not understood")
    try:
        to.write_bytes(written(understood.indicators, form, at=datetime.now(UTC)))
    except OSError as fault:
        raise InputError(
            f"cannot be written: {fault.strerror}", where=str(to), remedy="name a file in a folder"
        ) from fault
    return f"{many(len(understood.indicators), 'indicator')} written as {form} to {to}"
