"""Svix signs the webhooks that Clerk sends; its scheme is the one of standardwebhooks.com."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from standardwebhooks import Webhook

TOLERANCE_S: Final = 300
"""How far a webhook's time may be from ours; older ones may be replays."""

_PREFIXES: Final = ("svix", "webhook")


def verified_id(secret: str, headers: Mapping[str, str], body: bytes, now_ms: float) -> str | None:
    """The id of a webhook that its sender signed just now; None for any other.

    Args:
        secret: `whsec_` and base64.
        headers: by lower-case name; `svix-…`, or `webhook-…` as they are also called.
        body: as it came.
        now_ms: our time.

    Raises:
        ValueError: the secret is none.
    """
    try:
        signer = Webhook(secret)
    except (binascii.Error, ValueError) as error:
        raise ValueError("the webhook secret is not whsec_ and base64") from error
    for prefix in _PREFIXES:
        event_id = headers.get(f"{prefix}-id", "")
        timestamp = headers.get(f"{prefix}-timestamp", "")
        signatures = headers.get(f"{prefix}-signature", "").split(" ")
        if event_id and _is_now(timestamp, now_ms):
            return event_id if _signed(signer, event_id, timestamp, body, signatures) else None
    return None


def _is_now(timestamp: str, now_ms: float) -> bool:
    # The signature covers the text, and the library signs whole seconds.
    is_whole = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    return is_whole and abs(int(timestamp) - now_ms / 1000) <= TOLERANCE_S


def _signed(
    signer: Webhook, event_id: str, timestamp: str, body: bytes, signatures: list[str]
) -> bool:
    """Whether one of the signatures is right; versions other than v1 mean nothing to us."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return False
    at = datetime.fromtimestamp(int(timestamp), UTC)
    expected = base64.b64decode(signer.sign(event_id, at, text).removeprefix("v1,"))
    return any(hmac.compare_digest(expected, given) for given in map(_v1, signatures))


def _v1(signature: str) -> bytes:
    version, _, encoded = signature.partition(",")
    try:
        return base64.b64decode(encoded, validate=True) if version == "v1" else b""
    except (binascii.Error, ValueError):
        return b""
