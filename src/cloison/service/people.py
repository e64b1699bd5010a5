"""Who uses the console of a case?"""

from dataclasses import dataclass

from cloison.model.roles import Role


@dataclass(frozen=True)
class Person:
    """Whoever makes a request; `view` is the one that a guest may see."""

    name: str
    role: Role
    view: str = ""
