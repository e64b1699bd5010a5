"""Which sources are known, and what can each of them say, prove and not show?"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from cloison.errors import SourceError
from cloison.sources.checking import check
from cloison.sources.mapping import Mapping, compile_carrier
from cloison.sources.spec import Spec, read_spec

SHIPPED = Path(__file__).parent

COMPILER = (
    "errors.py",
    "model/contract.py",
    "ocsf/events.py",
    "ocsf/observables.py",
    "sources/catalogue.py",
    "sources/convert.py",
    "sources/declared.py",
    "sources/fields.py",
    "sources/mapping.py",
    "sources/paths.py",
    "sources/rules.py",
    "sources/spec.py",
)
"""The modules that decide what a `source.toml` becomes."""


@dataclass(frozen=True)
class Catalogue:
    """The known sources: their files are read at once, what they say when it is first asked for.

    Attributes:
        texts: every `source.toml` by its path; of two sources of one name the later one holds.
        traced: the rows that they make tell too which rules spoke.
    """

    texts: dict[Path, bytes]
    traced: bool = False

    @cached_property
    def specs(self) -> dict[str, Spec]:
        """The sources by name."""
        return dict(sorted((spec.name, spec) for spec in self._read))

    @cached_property
    def mappings(self) -> tuple[Mapping, ...]:
        """The carriers of all sources."""
        return tuple(Mapping(spec, carrier, self.traced) for spec in self._read for carrier in spec.carrier)

    @cached_property
    def _read(self) -> tuple[Spec, ...]:
        """The sources in the order of their folders."""
        specs = (self.read(place) for place in self.texts)
        return tuple({spec.name: spec for spec in specs}.values())

    def read(self, place: Path) -> Spec:
        """One source, as its file was when the catalogue was made.

        Raises:
            SourceError: it is no source.
        """
        return read_spec(place.parent, self.texts.__getitem__)

    @cached_property
    def fingerprint(self) -> str:
        """A hash over all that decides what becomes of records: another one asks for the lake to be built anew.

        It is taken of the files themselves, so that a case that has not changed is known without reading any source.
        """
        told = [(name, (SHIPPED.parent / name).read_bytes()) for name in COMPILER]
        told += [(place.parent.name, text) for place, text in self.texts.items()]
        return hashlib.sha256(repr([(name, hashlib.sha256(text).digest()) for name, text in told]).encode()).hexdigest()

    def only(self, name: str) -> tuple[Mapping, ...]:
        """The carriers of one source.

        Raises:
            SourceError: no source has that name.
        """
        if name not in self.specs:
            raise SourceError(f"no source {name!r}", remedy="`cloison sources` lists them")
        return tuple(mapping for mapping in self.mappings if mapping.spec.name == name)

    def systems(self) -> dict[str, str]:
        """Every known spelling of a system, lower case, to its one name."""
        names = {spec.system: spec.system for spec in self.specs.values()}
        for spec in self.specs.values():
            names |= {alias.lower(): spec.system for alias in spec.system_aliases}
        return names

    def system_of(self, text: str) -> str:
        """The one name of the system that a text spells; an unknown one is its own name."""
        plain = text.strip().lower()
        spelled = " ".join(text.lower().replace("_", " ").replace("-", " ").split())
        known = self._systems
        return known.get(plain) or known.get(spelled) or known.get(spelled.replace(" ", "_")) or plain

    @cached_property
    def _systems(self) -> dict[str, str]:
        return self.systems()

    def ids(self) -> dict[str, tuple[str, ...]]:
        """By system, the grammars of the ids of its credentials."""
        return _by_system(self.specs, lambda spec: spec.ids)

    def named(self) -> dict[str, tuple[str, ...]]:
        """By system, the kinds of credential whose id is only a name."""
        return _by_system(self.specs, lambda spec: spec.named)


def _by_system(specs: dict[str, Spec], said: Callable[[Spec], tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    told: dict[str, tuple[str, ...]] = {}
    for spec in specs.values():
        told[spec.system] = tuple(dict.fromkeys((*told.get(spec.system, ()), *said(spec))))
    return told


@cache
def shipped() -> Catalogue:
    """The sources that come with cloison; `tests/sources` show that there is no fault in them."""
    return load((SHIPPED,))


def load(folders: Sequence[Path]) -> Catalogue:
    """Know every source folder below the given folders; a later one replaces an earlier one by name.

    Raises:
        SourceError: there is a fault in a source that is not a shipped one.
    """
    places = [place for folder in folders for place in sorted(folder.glob("*/source.toml"))]
    known = Catalogue({place: place.read_bytes() for place in places})
    _check(known, [place for place in places if place.parent.parent != SHIPPED])
    return known


def _check(known: Catalogue, places: Sequence[Path]) -> None:
    """See that the sources fit together, then that each of their carriers can be compiled."""
    own = [(known.read(place), place) for place in places]
    for spec, place in own:
        check(spec, place)
    for spec, _ in own:
        for carrier in spec.carrier:
            compile_carrier(spec, carrier)
