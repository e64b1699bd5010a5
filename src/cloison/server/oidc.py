"""Whom does an identity provider say that someone is? OpenID Connect: authorization code with PKCE, state and nonce.

What the provider says is believed when it is signed by a key of its own, for this client, for this very login, now.
"""

import base64
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from cloison.errors import InputError

WAIT_SECONDS = 10.0
FLOW_SECONDS = 600.0
FLOWS = 1_000
T = TypeVar("T")
_ANSWER_BYTES = 1 << 20
_LEEWAY_SECONDS = 60
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""All are signatures: with a secret that both know, or with none, a provider would prove nothing."""


class OidcError(Exception):
    """A login by an identity provider that is not believed; the text may be shown."""


@dataclass(frozen=True)
class Provider:
    """An identity provider, and as which of its clients the console asks it."""

    issuer: str
    client_id: str
    redirect_uri: str
    secret: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Refuse a provider that is reached without TLS, unless on this machine."""
        _check_address(self.issuer)


class _Metadata(msgspec.Struct, frozen=True):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str


@dataclass(frozen=True)
class Flow:
    """A login that was begun: what must come back, and where it leads."""

    nonce: str
    verifier: str
    leads_to: str
    begun: float


@dataclass(frozen=True)
class Claims:
    """Who someone is: the provider's own id, and an address when the provider has verified it."""

    sub: str
    email: str


class Oidc:
    """Logins by one identity provider.

    Args:
        provider: which.
        clock: seconds that only grow.
        client: through what it is asked.
    """

    def __init__(self, provider: Provider, clock: Callable[[], float], client: httpx.AsyncClient | None = None) -> None:
        self._provider, self._clock = provider, clock
        self._client = client or httpx.AsyncClient(timeout=WAIT_SECONDS, follow_redirects=False)
        self._flows = OrderedDict[str, Flow]()
        self._metadata: _Metadata | None = None

    @property
    def name(self) -> str:
        """How the provider is called on the page where one logs in."""
        return urlsplit(self._provider.issuer).netloc

    async def begin(self, leads_to: str) -> tuple[str, str]:
        """The state of a new login, and where the browser must go."""
        metadata = await self._described()
        state, flow = secrets.token_urlsafe(32), self._flow(leads_to)
        self._flows[state] = flow
        while len(self._flows) > FLOWS:
            self._flows.popitem(last=False)
        challenge = hashlib.sha256(flow.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._provider.client_id,
            "redirect_uri": self._provider.redirect_uri,
            "scope": "openid email",
            "state": state,
            "nonce": flow.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        joint = "&" if urlsplit(metadata.authorization_endpoint).query else "?"
        return state, f"{metadata.authorization_endpoint}{joint}{urlencode(asked)}"

    async def end(self, state: str, began: str, code: str, issuer: str = "") -> tuple[Claims, str]:
        """Who has logged in, and where that leads.

        Args:
            state: what came back.
            began: the state of the login that this very browser began.
            code: what the provider gave for the browser.
            issuer: who says so, where the provider does (RFC 9207).

        Raises:
            OidcError: anything is not as it must be.
        """
        flow = self._flows.pop(state, None) if secrets.compare_digest(state.encode(), began.encode()) else None
        if flow is None or self._clock() - flow.begun > FLOW_SECONDS:
            raise OidcError("this login was not begun here, was ended already, or took too long: begin again")
        if issuer and issuer != self._provider.issuer:
            raise OidcError("another provider answers than was asked")
        return await self._claims(await self._redeemed(code, flow), flow), flow.leads_to

    async def close(self) -> None:
        """Ask no more."""
        await self._client.aclose()

    def _flow(self, leads_to: str) -> Flow:
        return Flow(secrets.token_urlsafe(32), secrets.token_urlsafe(48), leads_to, self._clock())

    async def _described(self) -> _Metadata:
        if self._metadata is None:
            address = f"{self._provider.issuer.rstrip('/')}/.well-known/openid-configuration"
            found = _decoded(await self._asked("GET", address), _Metadata)
            if found.issuer.rstrip("/") != self._provider.issuer.rstrip("/"):
                raise OidcError("the provider calls itself otherwise than it was given")
            for endpoint in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
                _check_address(endpoint)
            self._metadata = found
        return self._metadata

    async def _redeemed(self, code: str, flow: Flow) -> str:
        metadata = await self._described()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._provider.redirect_uri,
            "client_id": self._provider.client_id,
            "code_verifier": flow.verifier,
        }
        login = httpx.BasicAuth(self._provider.client_id, self._provider.secret) if self._provider.secret else None
        return _decoded(await self._asked("POST", metadata.token_endpoint, form, login), _Tokens).id_token

    async def _claims(self, id_token: str, flow: Flow) -> Claims:
        metadata = await self._described()
        said = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": metadata.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": self._provider.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": flow.nonce},
        )
        try:
            keys = KeySet.import_key_set(msgspec.json.decode(await self._asked("GET", metadata.jwks_uri)))
            claims = jwt.decode(id_token, keys, algorithms=_ALGORITHMS).claims
            said.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as fault:
            raise OidcError("what the provider says is not signed by it, for this client and this login") from fault
        self._check_party(claims)
        email = claims.get("email") if claims.get("email_verified") is True else None
        return Claims(str(claims["sub"]), str(email or ""))

    def _check_party(self, claims: Mapping[str, object]) -> None:
        """Refuse what was said for several clients when it was another that asked."""
        audience = claims.get("aud")
        several = isinstance(audience, list) and len(audience) > 1
        party = claims.get("azp", None if several else self._provider.client_id)
        if party != self._provider.client_id:
            raise OidcError("what the provider says is for another client")

    async def _asked(
        self, method: str, address: str, form: Mapping[str, str] | None = None, login: httpx.Auth | None = None
    ) -> bytes:
        try:
            async with self._client.stream(method, address, data=form, auth=login) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise OidcError(f"the provider refuses: {answer.status_code}")
                return await _read(answer)
        except httpx.HTTPError as fault:
            raise OidcError("the provider cannot be reached") from fault


async def _read(answer: httpx.Response) -> bytes:
    read = b""
    async for piece in answer.aiter_bytes():
        read += piece
        if len(read) > _ANSWER_BYTES:
            raise OidcError("the provider says too much")
    return read


def _decoded(answer: bytes, form: type[T]) -> T:
    try:
        return msgspec.json.decode(answer, type=form)
    except msgspec.DecodeError as fault:
        raise OidcError("what the provider answers is not OpenID Connect") from fault


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    here = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise InputError("an identity provider is asked over TLS alone", where=address, remedy="write https://…")
