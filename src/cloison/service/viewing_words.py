"""How does a face write a value of the case: inert, and an address so that nothing makes a link of it?"""

from cloison.report.words import Voice, defang, instant

__all__ = ["Voice", "defang", "instant"]
