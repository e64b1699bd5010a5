"""How is a console run: for one person on this machine, or for a team?"""

from dataclasses import dataclass, field

from cloison.server.oidc import Provider

HOUR = 3600


@dataclass(frozen=True)
class Lasts:
    """For how long a session lasts: without a request, and at all."""

    idle_seconds: int
    whole_seconds: int


ALONE = Lasts(8 * HOUR, 24 * HOUR)
TEAM = Lasts(HOUR // 2, 12 * HOUR)


@dataclass(frozen=True)
class Settings:
    """How the server is reached.

    `hosts` are the values of the Host header that are answered; all others are refused, whatever they resolve to.
    With `secure`, browsers reach it over TLS alone, its own or that of a proxy before it.
    """

    hosts: tuple[str, ...]
    port: int
    team: bool = False
    secure: bool = False
    lasts: Lasts = ALONE
    requests_a_minute: int = 1200
    provider: Provider | None = None
    secret: str = field(default="", repr=False)

    @property
    def cookie(self) -> str:
        """The session's cookie; browsers share cookies between the ports of a host, so it is named for its own."""
        return "__Host-cloison" if self.secure else f"cloison-{self.port}"

    @property
    def csrf_cookie(self) -> str:
        """The cookie that a form's token is compared with."""
        return f"{self.cookie}-form"

    @property
    def flow_cookie(self) -> str:
        """The cookie that says which login by an identity provider this browser began."""
        return f"{self.cookie}-login"

    @property
    def base(self) -> str:
        """What the address of every page begins with."""
        return f"http{'s' if self.secure else ''}://{self.hosts[0]}"
