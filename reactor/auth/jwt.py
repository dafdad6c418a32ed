"""What a token says before anybody has checked who says it: parsing, and the clock."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any, Final, cast

import orjson

from reactor.errors import AuthFailed

TOKEN_BYTES_MAX: Final = 8 * 1024
"""Bytes of a token. Real ones are 0.5 to 4 KiB; parsing happens before anything is trusted, so
the bound is what a stranger's message can make us work through."""

CLOCK_TOLERANCE_S: Final = 5.0
"""Seconds by which our clock and the provider's may differ (protocol 5.11)."""

EXPIRY_S_MAX: Final = 253_402_300_799
"""The last second of the year 9999; a later `exp` is a mistake and would not fit a date."""

_COMPACT: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)")


@dataclass(frozen=True, slots=True)
class UnverifiedToken:
    """The readable parts of a token; nothing in it may be believed yet."""

    algorithm: str
    key_id: str | None
    issuer: str
    audiences: tuple[str, ...]
    claims: dict[str, Any]
    signed: bytes
    signature: bytes

    def honoured_until_ms(self, now_ms: float) -> float:
        """Milliseconds since the epoch up to which the token counts, clock tolerance included.

        Raises:
            AuthFailed: it counts no more, not yet, or does not say until when.
        """
        expires, starts = _seconds(self.claims.get("exp")), _seconds(self.claims.get("nbf", 0))
        if expires is None or starts is None:
            raise not_verified("exp is missing, or exp or nbf is no time")
        until_ms = (expires + CLOCK_TOLERANCE_S) * 1000.0
        if now_ms >= until_ms:
            raise not_verified(f"expired at {expires}")
        if now_ms < (starts - CLOCK_TOLERANCE_S) * 1000.0:
            raise not_verified(f"not valid before {starts}")
        return until_ms


def parse_token(text: str) -> UnverifiedToken:
    """Takes a token apart, without judging it.

    Raises:
        AuthFailed: it is no signed JWT in compact form, or longer than `TOKEN_BYTES_MAX`.

    Source: RFC 7515 section 7.1, RFC 7519 section 7.2.
    """
    if len(text) > TOKEN_BYTES_MAX:
        raise _unreadable(f"longer than {TOKEN_BYTES_MAX} bytes")
    parts = _COMPACT.fullmatch(text)
    if parts is None:
        raise _unreadable("no three base64url parts separated by dots")
    header, claims = _json_object(parts[1]), _json_object(parts[2])
    algorithm, key_id = header.get("alg"), header.get("kid")
    issuer, audience = claims.get("iss"), claims.get("aud", [])
    if not isinstance(algorithm, str) or not isinstance(key_id, str | None):
        raise _unreadable("alg or kid is no text")
    if "crit" in header:
        raise _unreadable("the header demands extensions that we do not know")
    if not isinstance(issuer, str):
        raise _unreadable("iss is missing or no text")
    return UnverifiedToken(
        algorithm=algorithm,
        key_id=key_id,
        issuer=issuer,
        audiences=_audiences(audience),
        claims=claims,
        signed=f"{parts[1]}.{parts[2]}".encode("ascii"),
        signature=_decoded(parts[3]),
    )


def not_verified(why: str) -> AuthFailed:
    """The one answer to every token that is not to be trusted.

    Args:
        why: for logs only; it travels as a note of the exception, never to the client.
    """
    failure = AuthFailed(
        "Could not verify OIDC token claim. Check that the token signature is valid and the token "
        "hasn't expired."
    )
    failure.add_note(f"Refused because: {why}.")
    return failure


def _unreadable(why: str) -> AuthFailed:
    failure = AuthFailed(
        "Could not parse JWT payload. Check that the token is a signed JWT: three base64url parts "
        "separated by dots.",
        code="InvalidAuthHeader",
    )
    failure.add_note(f"Refused because: {why}.")
    return failure


def _json_object(part: str) -> dict[str, Any]:
    try:
        parsed: object = orjson.loads(_decoded(part))
    except orjson.JSONDecodeError as error:
        raise _unreadable("a part is not JSON") from error
    if not isinstance(parsed, dict):
        raise _unreadable("a part is no JSON object")
    return cast("dict[str, Any]", parsed)


def _decoded(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error as error:
        raise _unreadable("a part is not base64url") from error


def _audiences(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list):
        return tuple(a for a in cast("list[object]", value) if isinstance(a, str))
    raise _unreadable("aud is neither text nor a list")


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= EXPIRY_S_MAX else None
