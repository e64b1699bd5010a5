"""Who may do what in the console? Roles, verbs, and the one table that joins them."""

from enum import StrEnum


class Role(StrEnum):
    """What someone is in a case."""

    VIEWER = "viewer"
    RESPONDER = "responder"
    LEAD = "lead"
    GUEST = "guest"
    """Holds a share link: reads the one view that it names."""


class Verb(StrEnum):
    """What a request does. Each route of the console and of the API states one; a route that states none is refused."""

    OPEN = "open"
    """Needs nobody: the way in, and the looks of its page."""
    READ_VIEW = "read-view"
    """Reads the tables that a shared view may show."""
    READ = "read"
    """Reads anything of the case."""
    LEAVE = "leave"
    """Ends one's own session."""
    REPORT = "report"
    """Says of oneself: this may have been me."""
    MARK = "mark"
    """Writes into the case's logbook: stars, tags, comments, promoted moments, saved views."""
    LEAD = "lead"
    """Manages share links, and what a sealed copy hides."""
    ADMIT = "admit"
    """Lets people and programs in and out."""


MAY: dict[Role, frozenset[Verb]] = {
    Role.GUEST: frozenset({Verb.OPEN, Verb.LEAVE, Verb.READ_VIEW}),
    Role.VIEWER: frozenset({Verb.OPEN, Verb.LEAVE, Verb.READ_VIEW, Verb.READ, Verb.REPORT}),
    Role.RESPONDER: frozenset({Verb.OPEN, Verb.LEAVE, Verb.READ_VIEW, Verb.READ, Verb.REPORT, Verb.MARK}),
    Role.LEAD: frozenset(Verb),
}
"""What each role may do."""

NOT_BY_KEY = frozenset({Verb.LEAVE, Verb.ADMIT})
"""What no program may, whatever the role of its key: else one key would make the next, and never end."""

VERB = "verb"
"""Under this name a route states its verb."""


def no_higher(role: Role, than: Role) -> bool:
    """Whether one role may nothing that another may not."""
    return MAY[role] <= MAY[than]


def may(role: Role | None, verb: Verb) -> bool:
    """Whether someone of this role, or nobody, may do this."""
    return verb is Verb.OPEN if role is None else verb in MAY[role]
