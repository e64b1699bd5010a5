"""What is a value once it is found in a line: where it stands, what it is, and what was repaired?"""

from dataclasses import dataclass

from cloison.model.indicator import IndicatorKind

CUT = "cut out of a word"
DECODED = "percent-decoded"
_NO_SIGN = frozenset({CUT, DECODED})
"""Repairs of accidents: they do not say that somebody made the value harmless."""

HASH_KIND = {
    32: IndicatorKind.MD5,
    40: IndicatorKind.SHA1,
    56: IndicatorKind.SHA224,
    64: IndicatorKind.SHA256,
    96: IndicatorKind.SHA384,
    128: IndicatorKind.SHA512,
}


@dataclass(frozen=True, slots=True)
class Found:
    """A value in a marked line: `start`..`end` in the marked text, its kind and canonical value, and its repairs."""

    start: int
    end: int
    kind: IndicatorKind
    value: str
    repairs: tuple[str, ...]

    @property
    def harmless(self) -> bool:
        """Whether somebody had made the value harmless."""
        return not _NO_SIGN.issuperset(self.repairs)
