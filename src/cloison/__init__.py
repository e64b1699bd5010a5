"""cloison: what did a leaked credential do, how far did it reach, is it closed, and can we prove it?"""

__version__ = "0.1.0"
