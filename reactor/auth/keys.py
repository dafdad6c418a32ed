"""The keys a provider signs with: read from its key set, kept, and fetched again with restraint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import anyio
import jwt
import orjson
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from jwt.algorithms import Algorithm

    from reactor.runtime.clock import Clock

LOOK_AGAIN_S: Final = 60.0
"""Seconds between two fetches made because a token names an unknown key, per provider. Lower and
a stranger with made-up tokens makes us hammer the provider; higher and a new key works later."""

KEYS_AGE_MAX_S: Final = 900.0
"""Seconds until known keys are fetched again. Higher and a key that the provider withdrew is
trusted for longer; lower and signing in waits on the provider more often."""

RETRY_S: Final = 5.0
"""Seconds between two attempts while no keys are known at all, so that a server started before
its provider recovers quickly."""

KEYS_MAX: Final = 64
"""Keys read from one key set; large providers publish about ten."""

RSA_BITS_MIN: Final = 2048
"""Smaller RSA keys can be broken (NIST SP 800-131A)."""

RSA_BITS_MAX: Final = 8192
"""Larger RSA keys make every verification slow."""

_PUBLIC_MEMBERS: Final = {
    "RSA": ("n", "e"),
    "EC": ("crv", "x", "y"),
    "OKP": ("crv", "x"),
}
"""What is read of a key, by type. Nothing private, and no symmetric type at all."""

_ALGORITHMS: Final[dict[tuple[str, str | None], tuple[str, Algorithm]]] = {
    ("RSA", None): ("RS256", RSAAlgorithm(RSAAlgorithm.SHA256)),
    ("EC", "P-256"): ("ES256", ECAlgorithm(ECAlgorithm.SHA256)),
    ("OKP", "Ed25519"): ("EdDSA", OKPAlgorithm()),
}
"""The one algorithm each type of key is used with, whatever a token or the key set claims."""


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """One public key of a provider, tied to the one algorithm it is used with."""

    key_id: str | None
    algorithm: str
    _public: Any
    _method: Algorithm

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether the holder of the private half signed `message`."""
        return self._method.verify(message, self._public, signature)


class KeySource(Protocol):
    """Where a provider's keys come from."""

    async def load(self, fetch: Callable[[str], Awaitable[bytes]]) -> tuple[VerificationKey, ...]:
        """Reads the keys anew.

        Raises:
            OSError: the provider cannot be reached.
            ValueError: its answer cannot be used.
        """
        ...


def parse_key_set(body: bytes) -> tuple[VerificationKey, ...]:
    """The usable keys of a JWK set; keys of other kinds or for other uses are left out.

    Raises:
        ValueError: the body is no JWK set, or has more than `KEYS_MAX` keys.

    Source: RFC 7517.
    """
    parsed: object = orjson.loads(body)
    keys = cast("dict[str, object]", parsed).get("keys") if isinstance(parsed, dict) else None
    if not isinstance(keys, list):
        raise ValueError('no key set: a JSON object with a list "keys" was expected')
    entries = cast("list[object]", keys)
    if len(entries) > KEYS_MAX:
        raise ValueError(f"{len(entries)} keys in one key set (limit: {KEYS_MAX})")
    usable = (_parse_key(cast("dict[str, object]", e)) for e in entries if isinstance(e, dict))
    return tuple(key for key in usable if key is not None)


def _parse_key(jwk: dict[str, object]) -> VerificationKey | None:
    kind, key_id = jwk.get("kty"), jwk.get("kid")
    if not isinstance(kind, str) or not isinstance(key_id, str | None) or not _is_for_signing(jwk):
        return None
    public = {name: jwk.get(name) for name in _PUBLIC_MEMBERS.get(kind, ())}
    if not all(isinstance(value, str) for value in public.values()):
        return None
    curve = cast("str | None", public.get("crv"))
    algorithm, method = _ALGORITHMS.get((kind, curve), (None, None))
    if algorithm is None or method is None or jwk.get("alg", algorithm) != algorithm:
        return None
    try:
        key = method.from_jwk({"kty": kind, **public})
    except (jwt.InvalidKeyError, ValueError, TypeError):
        return None
    if kind == "RSA" and not RSA_BITS_MIN <= key.key_size <= RSA_BITS_MAX:
        return None
    return VerificationKey(key_id, algorithm, key, method)


def _is_for_signing(jwk: dict[str, object]) -> bool:
    operations = jwk.get("key_ops", ["verify"])
    return (
        jwk.get("use", "sig") == "sig" and isinstance(operations, list) and "verify" in operations
    )


class KeySet:
    """One provider's keys, cached.

    Its states: *unknown* (nothing fetched yet, or every attempt failed), *fresh*, *stale* (older
    than `KEYS_AGE_MAX_S`). `find` never waits; it answers None when a fetch is due, and then
    `refresh` moves the state. A failed fetch never takes away keys that are known.

    Args:
        source: where the keys come from.
        clock: paces the fetches.
        fetch: reads a URL; raises OSError or ValueError when it cannot.
    """

    def __init__(
        self, source: KeySource, *, clock: Clock, fetch: Callable[[str], Awaitable[bytes]]
    ) -> None:
        self._source = source
        self._clock = clock
        self._fetch = fetch
        self._keys: tuple[VerificationKey, ...] | None = None
        self._loaded_at = 0.0
        self._tried_at: float | None = None
        self._looked_again_at: float | None = None
        self._round = 0
        self._lock = anyio.Lock()
        self.failure: str | None = None
        """Why the last fetch failed; None when it did not."""

    @property
    def is_unknown(self) -> bool:
        """Whether no keys could be fetched so far."""
        return self._keys is None

    def known(self, key_id: str | None, algorithm: str) -> tuple[VerificationKey, ...]:
        """The cached keys a token with this header may be signed with; often one, maybe none."""
        return tuple(
            key
            for key in self._keys or ()
            if key.algorithm == algorithm and (key_id is None or key.key_id == key_id)
        )

    def find(self, key_id: str | None, algorithm: str) -> tuple[VerificationKey, ...] | None:
        """Like `known`, or None when the provider must and may be asked first."""
        if self._is_load_due():
            return None
        found = self.known(key_id, algorithm)
        return found if found or not self._may_learn_more() else None

    async def refresh(self) -> None:
        """Fetches the keys; everyone who asks meanwhile shares the one fetch.

        A failure is not raised but kept in `failure`.
        """
        seen = self._round
        async with self._lock:
            if self._round != seen:
                return
            self._tried_at = self._clock.monotonic()
            if not self._is_stale():
                self._looked_again_at = self._tried_at
            # Shielded: a client that goes away neither wastes the one fetch a minute nor
            # leaves the others waiting without an answer. The fetch has its own time limit.
            with anyio.CancelScope(shield=True):
                await self._load()

    async def _load(self) -> None:
        try:
            self._keys = await self._source.load(self._fetch)
        except (OSError, ValueError) as error:
            self.failure = str(error) or type(error).__name__
        else:
            self.failure = None
            self._loaded_at = self._clock.monotonic()
        self._round += 1

    def _is_stale(self) -> bool:
        return self._keys is None or self._clock.monotonic() - self._loaded_at >= KEYS_AGE_MAX_S

    def _is_load_due(self) -> bool:
        pause = RETRY_S if self.is_unknown else LOOK_AGAIN_S
        return self._is_stale() and self._is_due(self._tried_at, pause)

    def _may_learn_more(self) -> bool:
        """Whether a fetch is under way, to be joined, or may be made for an unknown key."""
        if self._lock.locked():
            return True
        return not self.is_unknown and self._is_due(self._looked_again_at, LOOK_AGAIN_S)

    def _is_due(self, last: float | None, pause: float) -> bool:
        return last is None or self._clock.monotonic() - last >= pause
