"""What do others say to look for? Lists, tables and written accounts become indicators."""

from cloison.hunt.intel.caution import Caution, Cautions, caution_about
from cloison.hunt.intel.read import read_indicators, refanged
from cloison.hunt.intel.reading import NotUnderstood, Reading, merged
from cloison.hunt.intel.writing import FORMS, written

__all__ = [
    "FORMS",
    "Caution",
    "Cautions",
    "NotUnderstood",
    "Reading",
    "caution_about",
    "merged",
    "read_indicators",
    "refanged",
    "written",
]
