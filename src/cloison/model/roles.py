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
    """Manages people, share links and what a seal hides."""


MAY: dict[Role, frozenset[Verb]] = {
    Role.GUEST: frozenset({Verb.OPEN, Verb.LEAVE, Verb.READ_VIEW}),
    Role.VIEWER: frozenset({Verb.OPEN, Verb.LEAVE, Verb.READ_VIEW, Verb.READ, Verb.REPORT}),
    Role.RESPONDER: frozenset({Verb.OPEN, Verb.LEAVE, Verb.READ_VIEW, Verb.READ, Verb.REPORT, Verb.MARK}),
    Role.LEAD: frozenset(Verb),
}
"""What each role may do."""

VERB = "verb"
"""Under this name a route states its verb."""


def may(role: Role | None, verb: Verb) -> bool:
    """Whether someone of this role, or nobody, may do this."""
    return verb is Verb.OPEN if role is None else verb in MAY[role]
