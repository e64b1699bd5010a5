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


@dataclass(frozen=True)
class Catalogue:
    """The known sources by name, compiled."""

    specs: dict[str, Spec]
    mappings: tuple[Mapping, ...]

    @cached_property
    def fingerprint(self) -> str:
        """A hash over everything that the sources make of records: another one asks for the lake to be built anew."""
        digest = hashlib.sha256()
        for mapping in self.mappings:
            digest.update(repr((mapping.spec, mapping.select)).encode())
        return digest.hexdigest()

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
    """The sources that come with cloison."""
    return load((SHIPPED,))


def load(folders: Sequence[Path]) -> Catalogue:
    """Read and compile every source folder below the given folders; a later one replaces an earlier one by name."""
    specs: dict[str, Spec] = {}
    for folder in folders:
        for place in sorted(folder.glob("*/source.toml")):
            spec = read_spec(place.parent)
            check(spec, place)
            specs[spec.name] = spec
    mappings = tuple(compile_carrier(spec, carrier) for spec in specs.values() for carrier in spec.carrier)
    return Catalogue(dict(sorted(specs.items())), mappings)
