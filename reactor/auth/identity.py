"""Who is calling: the identity a token names, and the caller the engine acts for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Self, cast

import orjson

from reactor.errors import AuthFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

CLAIMS_DEPTH_MAX: Final = 32
"""Objects and arrays inside each other in a token. Lower refuses real tokens (they use about 5);
much higher than 64 and a function could not return the identity as a value."""

FLAT_NAME_CHARS_MAX: Final = 1024
"""Characters of a flattened claim name such as `org.role`: the length a field name may have."""


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _claimed_flag(value: object) -> bool | None:
    """Some issuers send a boolean claim as text."""
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else _flag(value)


def _claimed_time(value: object) -> str | None:
    """OpenID sends seconds since the epoch; some issuers already send RFC 3339."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _text(value)
    try:
        return datetime.fromtimestamp(value, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def _claimed_address(value: object) -> str | None:
    """OpenID sends an object whose `formatted` member is the whole address."""
    if isinstance(value, dict):
        return _text(cast("dict[str, object]", value).get("formatted"))
    return _text(value)


class _Attribute(NamedTuple):
    """One standard attribute: its field here, its wire name, its OpenID claim, its readers."""

    field: str
    wire: str
    claim: str
    read: Callable[[object], str | bool | None] = _text
    read_claim: Callable[[object], str | bool | None] = _text


# Source: protocol 5.11, the attributes of getUserIdentity and the claims they come from.
_ATTRIBUTES: Final = (
    _Attribute("name", "name", "name"),
    _Attribute("given_name", "givenName", "given_name"),
    _Attribute("family_name", "familyName", "family_name"),
    _Attribute("nickname", "nickname", "nickname"),
    _Attribute("preferred_username", "preferredUsername", "preferred_username"),
    _Attribute("profile_url", "profileUrl", "profile"),
    _Attribute("picture_url", "pictureUrl", "picture"),
    _Attribute("website_url", "websiteUrl", "website"),
    _Attribute("email", "email", "email"),
    _Attribute("email_verified", "emailVerified", "email_verified", _flag, _claimed_flag),
    _Attribute("gender", "gender", "gender"),
    _Attribute("birthday", "birthday", "birthdate"),
    _Attribute("timezone", "timezone", "zoneinfo"),
    _Attribute("language", "language", "locale"),
    _Attribute("phone_number", "phoneNumber", "phone_number"),
    _Attribute(
        "phone_number_verified",
        "phoneNumberVerified",
        "phone_number_verified",
        _flag,
        _claimed_flag,
    ),
    _Attribute("address", "address", "address", _text, _claimed_address),
    _Attribute("updated_at", "updatedAt", "updated_at", _text, _claimed_time),
)

_TOKEN_CLAIMS: Final = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti"})
"""What the token says about itself; getUserIdentity does not repeat it (`claims` does)."""

_OPENID_TOKEN_CLAIMS: Final = _TOKEN_CLAIMS | frozenset(
    {"auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserIdentity:
    """Who a verified token, or an admin acting as somebody, speaks for.

    The standard attributes are those of Convex's `getUserIdentity`; each is None when the token
    does not carry it in the expected type. Identities are shared between function runs: read
    them, never change what they hold.
    """

    subject: str
    issuer: str
    token_identifier: str
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    nickname: str | None = None
    preferred_username: str | None = None
    picture_url: str | None = None
    profile_url: str | None = None
    website_url: str | None = None
    email: str | None = None
    email_verified: bool | None = None
    gender: str | None = None
    birthday: str | None = None
    phone_number: str | None = None
    phone_number_verified: bool | None = None
    address: str | None = None
    language: str | None = None
    timezone: str | None = None
    updated_at: str | None = None
    claims: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)
    """Everything in the token, standard or not, by its own name."""
    _others: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False, repr=False)
    """What `attributes` adds to the standard ones, by its own name."""

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any], *, custom: bool) -> Self:
        """The identity that the claims of a verified token describe.

        Args:
            claims: the token's payload, as decoded from JSON.
            custom: the token came through a `CustomJwt` provider: its claims keep their raw
                names, and members of nested objects also appear as `"a.b"`.

        Raises:
            AuthFailed: `iss` or `sub` is missing, empty or no text, or the claims nest too deep.
        """
        own = _owned(claims)
        issuer, subject = _text(own.get("iss")), _text(own.get("sub"))
        if not issuer or not subject:
            raise AuthFailed("The token names no issuer (`iss`) or no subject (`sub`).")
        if custom:
            standard = {a.field: a.read(own.get(a.wire)) for a in _ATTRIBUTES}
            raw = {name: value for name, value in own.items() if name not in _TOKEN_CLAIMS}
            others = {**dict(_flattened(raw)), **raw}
        else:
            standard = {a.field: a.read_claim(own.get(a.claim)) for a in _ATTRIBUTES}
            mapped = _OPENID_TOKEN_CLAIMS.union(a.claim for a in _ATTRIBUTES)
            others = {name: value for name, value in own.items() if name not in mapped}
        return cls(
            subject=subject,
            issuer=issuer,
            token_identifier=f"{issuer}|{subject}",
            claims=own,
            _others=others,
            **cast("dict[str, Any]", standard),
        )

    @classmethod
    def from_attributes(cls, attributes: Mapping[str, Any]) -> Self:
        """The identity an admin acts as, from the JSON object that `attributes` returns.

        Args:
            attributes: needs `tokenIdentifier`, or `issuer` and `subject`; everything else is
                optional. Null counts as missing.

        Raises:
            AuthFailed: neither is there, one is no text, or the object is not plain JSON.
        """
        own = {name: value for name, value in _owned(attributes).items() if value is not None}
        ids = {name: own.get(name) for name in ("tokenIdentifier", "issuer", "subject")}
        if any(value is not None and not isinstance(value, str) for value in ids.values()):
            raise _bad_attributes("tokenIdentifier, issuer and subject must be text")
        token, issuer, subject = (_text(value) for value in ids.values())
        if not token and not (issuer and subject):
            raise _bad_attributes("it needs tokenIdentifier, or issuer and subject")
        token = token or f"{issuer}|{subject}"
        named_issuer, _, named_subject = token.partition("|")
        standard = {a.field: a.read(own.get(a.wire)) for a in _ATTRIBUTES}
        return cls(
            subject=subject or named_subject,
            issuer=issuer or named_issuer,
            token_identifier=token,
            claims=own,
            _others=own,
            **cast("dict[str, Any]", standard),
        )

    def attributes(self) -> dict[str, Any]:
        """The object Convex's `getUserIdentity` returns: camelCase names, missing ones left out.

        The result is the caller's own copy.
        """
        standard = {
            a.wire: value for a in _ATTRIBUTES if (value := getattr(self, a.field)) is not None
        }
        merged = {
            **_owned(self._others),
            **standard,
            # Order: last, so that no claim of these names can stand in for them.
            "tokenIdentifier": self.token_identifier,
            "issuer": self.issuer,
            "subject": self.subject,
        }
        return dict(sorted(merged.items()))


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf a function runs.

    `anonymous` sees public functions only; `user` has a verified token; `admin` holds the
    deployment's admin key and may act as somebody (then `identity` is set).
    """

    kind: Literal["anonymous", "user", "admin"]
    identity: UserIdentity | None = None
    expires_at_ms: float | None = None
    """Milliseconds since the epoch up to which the token is honoured, clock tolerance included."""
    key: str = ""
    """Equal for two callers exactly when every function sees the same caller: a cache key."""

    @classmethod
    def user(cls, identity: UserIdentity, expires_at_ms: float) -> Self:
        """The bearer of a verified token."""
        return cls("user", identity, expires_at_ms, f"user:{_fingerprint(identity)}")

    @classmethod
    def admin(cls, identity: UserIdentity | None = None) -> Self:
        """The holder of the admin key, acting as `identity` if that is given."""
        key = "admin" if identity is None else f"admin:{_fingerprint(identity)}"
        return cls("admin", identity, None, key)

    def is_expired(self, now_ms: float) -> bool:
        """Whether the token behind this caller has run out at `now_ms`."""
        return self.expires_at_ms is not None and now_ms >= self.expires_at_ms


ANONYMOUS: Final = Caller("anonymous")
"""Nobody in particular: no token, no key."""


def _fingerprint(identity: UserIdentity) -> str:
    encoded = orjson.dumps(identity.claims, option=orjson.OPT_SORT_KEYS)
    digest = hashlib.blake2b(encoded, digest_size=16).hexdigest()
    return f"{identity.token_identifier}|{digest}"


def _owned(value: Mapping[str, Any]) -> dict[str, Any]:
    """A deep copy that is certainly plain JSON and not too deep."""
    try:
        copy = orjson.loads(orjson.dumps(dict(value)))
    except (TypeError, ValueError) as error:
        raise _bad_attributes(f"it is not plain JSON ({error})") from error
    if _is_deeper(copy, CLAIMS_DEPTH_MAX):
        raise _bad_attributes(f"it nests deeper than {CLAIMS_DEPTH_MAX} levels")
    return cast("dict[str, Any]", copy)


def _is_deeper(value: object, levels: int) -> bool:
    inside: Iterable[object]
    if isinstance(value, dict):
        inside = cast("dict[str, object]", value).values()
    elif isinstance(value, list):
        inside = cast("list[object]", value)
    else:
        return False
    return levels == 0 or any(_is_deeper(member, levels - 1) for member in inside)


def _flattened(claims: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Members of nested objects by their dotted path, outer ones before inner ones."""
    for name, value in claims.items():
        path = prefix + name
        if prefix and len(path) <= FLAT_NAME_CHARS_MAX:
            yield path, value
        if isinstance(value, dict) and len(path) < FLAT_NAME_CHARS_MAX:
            yield from _flattened(cast("dict[str, Any]", value), f"{path}.")


def _bad_attributes(reason: str) -> AuthFailed:
    return AuthFailed(f"The identity cannot be used: {reason}.", code="InvalidIdentity")
