"""Which errors can a user see, and what do they say: what happened, where, and what to do about it?"""


class CloisonError(Exception):
    """The base of every error that reaches a user.

    Args:
        what: what went wrong, one sentence.
        where: the file, row or field it concerns; empty when it concerns the whole act.
        remedy: what the user can do next; empty when nothing can be done.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, where, remedy
        super().__init__(" ".join(part for part in (where and f"{where}:", what, remedy and f"({remedy})") if part))


class InputError(CloisonError):
    """A file that the user wrote or gave (indicators, exposed, networks, totals) cannot be understood."""

    exit_code = 2


class SourceError(CloisonError):
    """A source folder says something that cloison cannot compile."""

    exit_code = 2


class EvidenceError(CloisonError):
    """Evidence cannot be opened or read as a whole; single bad records are rejects, not errors."""

    exit_code = 3


class CaseError(CloisonError):
    """The case folder cannot be used: missing, locked, or written by a newer version."""

    exit_code = 4
