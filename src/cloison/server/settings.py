"""How is a console run: for one person on this machine, or for a team?"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    """How the server is reached, and for how long a session lasts.

    `hosts` are the values of the Host header that are answered; all others are refused, whatever they resolve to.
    """

    hosts: tuple[str, ...]
    port: int
    team: bool = False
    secure: bool = False
    idle_seconds: int = 8 * 3600
    whole_seconds: int = 24 * 3600
    requests_a_minute: int = 1200
    secret: str = field(default="", repr=False)

    @property
    def cookie(self) -> str:
        """The session's cookie; browsers share cookies between the ports of a host, so it is named for its own."""
        return "__Host-cloison" if self.secure else f"cloison-{self.port}"

    @property
    def csrf_cookie(self) -> str:
        """The cookie that a form's token is compared with."""
        return f"{self.cookie}-form"
