"""What do others say to look for? Lists, tables and written accounts become indicators."""

from cloison.hunt.intel.read import read_indicators
from cloison.hunt.intel.reading import NotUnderstood, Reading

__all__ = ["NotUnderstood", "Reading", "read_indicators"]
