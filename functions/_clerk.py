"""What Clerk says about a person, read from its webhook's payload."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from functions import _errors as errors
from functions import utils, validation
from reactor import ABSENT, Absent, AppError, Flat, Object, ParseError, parse

NAME_CHARS_MAX = 120


class _Address(Object, camel=False):
    id: str
    email_address: str
    more: Flat[dict[str, Any]]


class _Payload(Object, camel=False):
    """`data` of `user.created` and `user.updated`, as far as we read it."""

    id: str
    email_addresses: list[_Address]
    primary_email_address_id: str | Absent | None = ABSENT
    first_name: str | Absent | None = ABSENT
    last_name: str | Absent | None = ABSENT
    username: str | Absent | None = ABSENT
    image_url: str | Absent | None = ABSENT
    updated_at: float | Absent | None = ABSENT
    more: Flat[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Person:
    """A person as Clerk knows them; `updated_at` in ms orders what Clerk says."""

    subject: str
    email: str
    name: str | None
    avatar: str | None
    updated_at: float


_KEYS = (
    "id",
    "email_addresses",
    "primary_email_address_id",
    "first_name",
    "last_name",
    "username",
    "image_url",
    "updated_at",
)


def essentials(data: dict[str, Any]) -> dict[str, Any]:
    """What we read of a payload; metadata in it may hold keys that no document can have.

    Raises:
        ValueError: a text is no valid Unicode.
    """
    kept = {key: data[key] for key in _KEYS if key in data}
    addresses: Any = kept.get("email_addresses")
    if isinstance(addresses, list):
        kept["email_addresses"] = list(map(_address, cast("Sequence[Any]", addresses)))
    json.dumps(kept, ensure_ascii=False).encode()
    return kept


def _address(entry: Any) -> Any:
    if not isinstance(entry, dict):
        return None
    known = cast("dict[str, Any]", entry)
    return {key: known[key] for key in ("id", "email_address") if key in known}


def read_person(data: Any, event_timestamp: float) -> Person:
    """Reads the payload; metadata in it never means anything here, least of all a role.

    Raises:
        AppError: INVALID_ARGUMENT when it is not a person with an e-mail address.
    """
    try:
        payload = parse(_Payload, data)
    except ParseError as error:
        raise errors.invalid_argument("data", f"is not a Clerk user: {error}") from error
    if not payload.id.strip():
        raise errors.invalid_argument("data", "has no id")
    full_name = f"{_text(payload.first_name)} {_text(payload.last_name)}".strip()
    name = full_name or _text(payload.username).strip()
    return Person(
        subject=payload.id,
        email=_primary_email(payload.email_addresses, _text(payload.primary_email_address_id)),
        name=utils.take_chars(name, NAME_CHARS_MAX) or None,
        avatar=_web_address(_text(payload.image_url)),
        updated_at=payload.updated_at if isinstance(payload.updated_at, float) else event_timestamp,
    )


def _primary_email(addresses: Sequence[_Address], primary_id: str) -> str:
    if not addresses:
        raise errors.invalid_argument("data", "has no e-mail address")
    primary = next((entry for entry in addresses if entry.id == primary_id), addresses[0])
    return validation.email(primary.email_address)


def _web_address(text: str) -> str | None:
    try:
        return validation.avatar(text)
    except AppError:
        return None  # a picture we cannot show is no reason to lose the account


def _text(value: str | Absent | None) -> str:
    return value if isinstance(value, str) else ""
