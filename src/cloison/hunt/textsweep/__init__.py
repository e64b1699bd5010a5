"""Does raw text, in any format, hold an indicator, and at which byte?

A sighting here needs no parser: the text is swept as it lies, and again with its JSON and percent escapes decoded.
"""

from cloison.hunt.textsweep.blocks import Block, Cut
from cloison.hunt.textsweep.sweep import TextSighting, TextSweep

__all__ = ["Block", "Cut", "TextSighting", "TextSweep"]
