"""Who may sign tokens: the providers a project names, and what they come to at start."""

from __future__ import annotations

import base64
import binascii
import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast
from urllib.parse import unquote_to_bytes, urlsplit

import orjson

from reactor.auth.keys import KeySource, VerificationKey, parse_key_set
from reactor.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

_ENV_PREFIX: Final = "env:"


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider with its settings filled in: all that verifying a token needs."""

    label: str
    """How error messages name it, as `OIDC(domain=https://example.test, app_id=convex)`."""
    issuer: str
    """Without trailing slash, with its scheme."""
    application_id: str | None
    """What `aud` must contain; None: `aud` is not looked at."""
    algorithms: frozenset[str]
    is_custom: bool
    """A `CustomJwt`: tokens must name their key, and claims keep their raw names."""
    jwks: str | None
    """Where its key set lies, as it was given; None: discovery finds it."""
    keys: KeySource

    def accepts(self, issuer: str, audiences: tuple[str, ...]) -> bool:
        """Whether a token with this `iss` and `aud` is this provider's to judge."""
        if normalized_issuer(issuer) != self.issuer:
            return False
        return self.application_id is None or self.application_id in audiences


class Oidc:
    """An OpenID Connect provider; its keys are found through discovery.

    Every value may be `"env:NAME"`: the deployment's variable NAME, read at start.

    Args:
        domain: the provider's issuer; `https://` is added when the scheme is missing.
        application_id: what `aud` of its tokens must contain.
    """

    def __init__(self, *, domain: str, application_id: str) -> None:
        self.domain = domain
        self.application_id = application_id

    def resolve(self, env: Mapping[str, str], *, dev: bool = False) -> Provider:
        """The provider with its variables read.

        Args:
            env: the deployment's variables.
            dev: allows plain http beyond loopback.

        Raises:
            ProjectError: a variable is missing, or a value cannot be used.
        """
        settings = _Settings(type(self).__name__, env, dev=dev)
        issuer = normalized_issuer(settings.read("domain", self.domain))
        settings.check_url("domain", issuer)
        application_id = settings.read("application_id", self.application_id)
        return Provider(
            label=f"OIDC(domain={issuer}, app_id={application_id})",
            issuer=issuer,
            application_id=application_id,
            algorithms=frozenset({"RS256", "ES256", "EdDSA"}),
            is_custom=False,
            jwks=self._jwks(issuer),
            keys=self._source(issuer, dev=dev),
        )

    def _jwks(self, issuer: str) -> str | None:
        del issuer
        return None

    def _source(self, issuer: str, *, dev: bool) -> KeySource:
        jwks = self._jwks(issuer)
        return _Discovered(issuer, dev) if jwks is None else _Published(jwks)


class Clerk(Oidc):
    """Clerk: an OpenID provider whose keys lie at a known place.

    Args:
        issuer: the Frontend API URL of the Clerk instance, or `"env:NAME"`.
        audience: `aud` of the JWT template; Convex's is named `convex`.
    """

    def __init__(self, *, issuer: str, audience: str = "convex") -> None:
        super().__init__(domain=issuer, application_id=audience)

    def _jwks(self, issuer: str) -> str | None:
        return f"{issuer}/.well-known/jwks.json"


class CustomJwt:
    """Any issuer of JWTs whose public keys can be read.

    Every value but `algorithm` may be `"env:NAME"`: the deployment's variable NAME, read at start.

    Args:
        issuer: what `iss` of its tokens must equal.
        jwks: URL of its key set: https, http on loopback, or `data:` with the set itself.
        algorithm: the one it signs with.
        application_id: what `aud` must contain; None: `aud` is not looked at.
    """

    def __init__(
        self,
        *,
        issuer: str,
        jwks: str,
        algorithm: Literal["RS256", "ES256"],
        application_id: str | None = None,
    ) -> None:
        self.issuer = issuer
        self.jwks = jwks
        self.algorithm: str = algorithm
        self.application_id = application_id

    def resolve(self, env: Mapping[str, str], *, dev: bool = False) -> Provider:
        """The provider with its variables read.

        Args:
            env: the deployment's variables.
            dev: allows plain http beyond loopback.

        Raises:
            ProjectError: a variable is missing, or a value cannot be used.
        """
        settings = _Settings("CustomJwt", env, dev=dev)
        issuer = normalized_issuer(settings.read("issuer", self.issuer))
        application_id = self.application_id
        if application_id is not None:
            application_id = settings.read("application_id", application_id)
        if self.algorithm not in ("RS256", "ES256"):
            raise settings.error("algorithm", f"must be RS256 or ES256, not {self.algorithm!r}")
        return Provider(
            label=f"CustomJWT(issuer={issuer}, app_id={application_id or 'none'})",
            issuer=issuer,
            application_id=application_id,
            algorithms=frozenset({self.algorithm}),
            is_custom=True,
            jwks=(jwks := settings.read("jwks", self.jwks)),
            keys=self._source(settings, jwks),
        )

    def _source(self, settings: _Settings, jwks: str) -> KeySource:
        if not jwks.lower().startswith("data:"):
            settings.check_url("jwks", jwks)
            return _Published(jwks)
        try:
            keys = parse_key_set(_data_url_body(jwks))
        except ValueError as error:
            raise settings.error("jwks", f"cannot be read: {error}") from error
        if not any(key.algorithm == self.algorithm for key in keys):
            raise settings.error("jwks", f"holds no key for {self.algorithm}")
        return _Inline(keys)


def normalized_issuer(text: str) -> str:
    """An issuer as two spellings of it compare: `https://` added, trailing slash dropped.

    Source: protocol 5.11.
    """
    return (text if "://" in text else f"https://{text}").removesuffix("/")


@dataclass(frozen=True, slots=True)
class _Inline:
    keys: tuple[VerificationKey, ...]

    async def load(self, fetch: Callable[[str], Awaitable[bytes]]) -> tuple[VerificationKey, ...]:
        return self.keys


@dataclass(frozen=True, slots=True)
class _Published:
    url: str

    async def load(self, fetch: Callable[[str], Awaitable[bytes]]) -> tuple[VerificationKey, ...]:
        return parse_key_set(await fetch(self.url))


@dataclass(frozen=True, slots=True)
class _Discovered:
    issuer: str
    dev: bool

    async def load(self, fetch: Callable[[str], Awaitable[bytes]]) -> tuple[VerificationKey, ...]:
        document = await fetch(discovery_url(self.issuer))
        return parse_key_set(await fetch(read_discovery(self.issuer, document, dev=self.dev)))


def discovery_url(issuer: str) -> str:
    """Where an OpenID provider describes itself."""
    return f"{issuer}/.well-known/openid-configuration"


def read_discovery(issuer: str, document: bytes, *, dev: bool = False) -> str:
    """The URL of the key set that a discovery document names.

    Args:
        issuer: whose document it must be.
        document: as it was fetched.
        dev: allows plain http beyond loopback.

    Raises:
        ValueError: it is not JSON, another issuer's, or names no usable key set.

    Source: OpenID Connect Discovery 1.0, sections 4.2 and 4.3.
    """
    parsed: object = orjson.loads(document)
    found = cast("dict[str, object]", parsed) if isinstance(parsed, dict) else {}
    named, url = found.get("issuer"), found.get("jwks_uri")
    if not isinstance(named, str) or normalized_issuer(named) != issuer:
        raise ValueError("the discovery document is another issuer's")
    if not isinstance(url, str) or _url_fault(url, dev=dev) is not None:
        raise ValueError("the discovery document has no usable jwks_uri")
    return url


class _Settings:
    """Reads one provider's settings and words what is wrong with them."""

    def __init__(self, owner: str, env: Mapping[str, str], *, dev: bool) -> None:
        self._owner = owner
        self._env = env
        self._dev = dev

    def read(self, name: str, value: str) -> str:
        if value.startswith(_ENV_PREFIX):
            variable = value.removeprefix(_ENV_PREFIX)
            value = self._env.get(variable, "").strip()
            if not value:
                raise self.error(
                    name, f"reads the environment variable {variable}, which is not set"
                )
        if not value:
            raise self.error(name, "is empty")
        return value

    def check_url(self, name: str, url: str) -> None:
        fault = _url_fault(url, dev=self._dev)
        if fault is not None:
            # What stands before an @ may be a password: such a value is not repeated.
            value = "cannot be used" if "@" in url else f"is {url!r}"
            raise self.error(name, f"{value}: {fault}")

    def error(self, name: str, fault: str) -> ProjectError:
        return ProjectError(f"Auth provider {self._owner}: `{name}` {fault}.")


def _url_fault(url: str, *, dev: bool) -> str | None:
    """What keeps us from fetching keys from a URL; None when nothing does."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"it is no URL ({error})"
    if not host or any(c.isspace() or not c.isprintable() for c in url):
        return "it is no URL"
    if "@" in parts.netloc or parts.fragment:
        return "it must carry no user name, password or fragment"
    if parts.scheme == "https" or (parts.scheme == "http" and (dev or is_loopback(host))):
        return None
    return "keys are only read over https (or http on loopback)"


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _data_url_body(url: str) -> bytes:
    """The bytes a `data:` URL carries (RFC 2397)."""
    head, comma, body = url.partition(",")
    if not comma:
        raise ValueError("a data: URL needs a comma before its content")
    raw = unquote_to_bytes(body)
    if not head.lower().endswith(";base64"):
        return raw
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(f"its base64 is broken ({error})") from error
