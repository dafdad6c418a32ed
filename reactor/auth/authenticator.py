"""Turns what a client sends about itself, a token or the admin key, into a `Caller`."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import orjson

from reactor.auth.fetch import HttpFetcher
from reactor.auth.identity import ANONYMOUS, Caller, UserIdentity
from reactor.auth.jwt import UnverifiedToken, not_verified, parse_token
from reactor.auth.keys import KeySet, VerificationKey
from reactor.errors import AuthFailed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from reactor.auth.oidc import Provider
    from reactor.runtime.clock import Clock

HEADER_CHARS_MAX: Final = 24 * 1024
"""Characters of an `Authorization` header: a token, or a key with an identity to act as."""

_NAMED_KEY: Final = re.compile(r".*\|([0-9A-Fa-f]{16,})", re.DOTALL)


class Authenticator:
    """Knows whom to trust; shared by every connection.

    Args:
        providers: the resolved providers, asked in this order.
        admin_key: the deployment's admin key; empty: no key is the right one.
        clock: tells when tokens expire and when keys may be fetched.
        fetch: reads a URL; raises OSError or ValueError when it cannot. The default is an
            `HttpFetcher`.
    """

    def __init__(
        self,
        providers: Sequence[Provider],
        *,
        admin_key: str,
        clock: Clock,
        fetch: Callable[[str], Awaitable[bytes]] | None = None,
    ) -> None:
        self._clock = clock
        self._http = HttpFetcher() if fetch is None else None
        reader = fetch or self._http
        assert reader is not None
        self._fetch = reader
        self._providers: list[tuple[Provider, KeySet]] = []
        self.trust(providers)
        secret = _secret(admin_key)
        self._admin_digest = _digest(secret) if secret else None

    def trust(self, providers: Sequence[Provider]) -> None:
        """Puts other providers in the place of those so far; one that stays keeps its keys."""
        self._providers = [(provider, self._keys_of(provider)) for provider in providers]

    def _keys_of(self, provider: Provider) -> KeySet:
        for known, keys in self._providers:
            if known == provider:
                return keys
        return KeySet(provider.keys, clock=self._clock, fetch=self._fetch)

    def verify_now(self, token: str) -> Caller | None:
        """The caller a token names, or None when its provider's keys must be fetched first.

        Raises:
            AuthFailed: the token cannot be trusted; the message is Convex's.
        """
        candidate = self._examine(token)
        found = candidate.keys.find(candidate.token.key_id, candidate.token.algorithm)
        return None if found is None else candidate.signed_by(found)

    async def verify(self, token: str) -> Caller:
        """The caller a token names; waits for the provider's keys where they are needed.

        Raises:
            AuthFailed: the token cannot be trusted; the message is Convex's.
        """
        candidate = self._examine(token)
        key_id, algorithm = candidate.token.key_id, candidate.token.algorithm
        found = candidate.keys.find(key_id, algorithm)
        if found is None:
            await candidate.keys.refresh()
            found = candidate.keys.known(key_id, algorithm)
        return candidate.signed_by(found)

    def admin(self, key: str, acting_as: Mapping[str, Any] | None = None) -> Caller:
        """The admin, acting as somebody if asked to.

        Args:
            key: the admin key, bare or in its textual form (`name|hex`, `prod:` or `dev:` before).
            acting_as: identity attributes as `getUserIdentity` returns them.

        Raises:
            AuthFailed: the key is wrong (`BadDeployKey`), or the identity cannot be used.
        """
        if not self._is_admin_key(key):
            raise AuthFailed(
                "The provided admin key is not valid for this deployment.",
                code="BadDeployKey",
                status=403,
            )
        if acting_as is None:
            return Caller.admin()
        return Caller.admin(UserIdentity.from_attributes(acting_as))

    async def from_header(self, header: str | None) -> Caller:
        """The caller an HTTP `Authorization` header names; nobody in particular without one.

        Args:
            header: `Bearer <token>` or `Convex <admin key>[:<base64 of identity attributes>]`.

        Raises:
            AuthFailed: the header cannot be read, or what it carries cannot be trusted.
        """
        if header is None:
            return ANONYMOUS
        scheme, _, credentials = header.strip().partition(" ")
        credentials = credentials.strip()
        if not credentials or len(header) > HEADER_CHARS_MAX:
            raise _bad_header()
        if scheme.lower() == "bearer":
            return await self.verify(credentials)
        if scheme.lower() == "convex":
            return self._from_admin_header(credentials)
        raise _bad_header()

    async def close(self) -> None:
        """Closes the connections to the providers."""
        if self._http is not None:
            await self._http.close()

    def _examine(self, text: str) -> _Candidate:
        """Everything that can be refused without a key."""
        token = parse_token(text)
        provider, keys = self._provider_of(token)
        # The provider's own list decides: `none` and the HS family are on nobody's.
        if token.algorithm not in provider.algorithms:
            raise not_verified(f"algorithm {token.algorithm!r} is not allowed")
        if provider.is_custom and token.key_id is None:
            raise not_verified("the header has no kid")
        if not isinstance(subject := token.claims.get("sub"), str) or not subject:
            raise not_verified("sub is missing or no text")
        until_ms = token.honoured_until_ms(self._clock.now_ms())
        return _Candidate(token, provider, keys, until_ms)

    def _provider_of(self, token: UnverifiedToken) -> tuple[Provider, KeySet]:
        for provider, keys in self._providers:
            if provider.accepts(token.issuer, token.audiences):
                return provider, keys
        raise self._no_provider()

    def _no_provider(self) -> AuthFailed:
        labels = ", ".join(provider.label for provider, _ in self._providers)
        return AuthFailed(
            "No auth provider found matching the given token. Check that your JWT's issuer and "
            f"audience match one of your configured providers: [{labels}]",
            code="NoAuthProvider",
        )

    def _is_admin_key(self, key: str) -> bool:
        if self._admin_digest is None or len(key) > HEADER_CHARS_MAX:
            return False
        return hmac.compare_digest(_digest(_secret(key)), self._admin_digest)

    def _from_admin_header(self, credentials: str) -> Caller:
        # The whole text first: a key may contain a colon (`prod:name|hex`), base64 cannot.
        if self._is_admin_key(credentials):
            return Caller.admin()
        key, _, encoded = credentials.rpartition(":")
        if not self._is_admin_key(key):
            return self.admin(credentials)
        try:
            attributes: object = orjson.loads(base64.b64decode(encoded, validate=True))
        except (binascii.Error, ValueError) as error:
            raise _bad_header() from error
        if not isinstance(attributes, dict):
            raise _bad_header()
        return self.admin(key, cast("dict[str, Any]", attributes))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A token with nothing wrong but that nobody has checked its signature yet."""

    token: UnverifiedToken
    provider: Provider
    keys: KeySet
    until_ms: float

    def signed_by(self, known: tuple[VerificationKey, ...]) -> Caller:
        """The caller, if the holder of one of these keys signed the token."""
        if self.keys.is_unknown:
            raise AuthFailed(
                f"Auth provider discovery of {self.provider.issuer} failed: {self.keys.failure}",
                code="AuthProviderDiscoveryFailed",
            )
        if not any(key.verify(self.token.signed, self.token.signature) for key in known):
            raise not_verified(f"no key {self.token.key_id!r} of {self.provider.label} signed it")
        identity = UserIdentity.from_claims(self.token.claims, custom=self.provider.is_custom)
        return Caller.user(identity, self.until_ms)


def _secret(key: str) -> str:
    """What has to match of a key: the part after `name|` when that is hex, else all of it.

    Source: protocol 4.3.
    """
    bare = key.removeprefix("prod:").removeprefix("dev:")
    named = _NAMED_KEY.fullmatch(bare)
    return named[1] if named else bare


def _digest(secret: str) -> bytes:
    """Equal lengths for the comparison; text from JSON may hold lone surrogates."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _bad_header() -> AuthFailed:
    return AuthFailed(
        "Could not read the Authorization header. Send `Bearer <token>` or `Convex <admin key>`.",
        code="InvalidAuthHeader",
    )
