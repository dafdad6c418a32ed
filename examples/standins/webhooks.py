"""Webhooks as Svix sends them: signed, one POST, the outcome told."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from examples.standins.settings import is_loopback_url

TIMEOUT_S: Final = 15.0
"""What Svix waits for an answer."""

OUTCOME_HEADER: Final = "x-reimaji-outcome"
"""Where Reimaji's webhook routes say what they did."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of one webhook: a reply, or the reason why there was none."""

    status: int | None
    outcome: str | None = None
    error: str | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has said that it need not be sent again."""
        return self.status is not None and 200 <= self.status < 300

    def to_json(self) -> dict[str, Any]:
        """The delivery as the stand-ins' controls answer it."""
        shown: dict[str, Any] = {"status": self.status, "outcome": self.outcome}
        return shown if self.error is None else {**shown, "error": self.error}


def svix_signature(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    """The value of `svix-signature`.

    Args:
        secret: `whsec_` followed by the key in base64.
        message_id: the value of `svix-id`.
        timestamp: the value of `svix-timestamp`: seconds since the epoch.
        body: exactly as it is sent.
    """
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


async def post(
    url: str,
    body: bytes,
    headers: dict[str, str],
    transport: httpx2.AsyncBaseTransport | None = None,
) -> Delivery:
    """Sends one webhook, to this machine only."""
    if not is_loopback_url(url):
        return Delivery(None, error=f"{url} is not on this machine; nothing was sent")
    # A proxy set in the environment must not be asked for this machine's own ports.
    async with httpx2.AsyncClient(
        transport=transport, timeout=TIMEOUT_S, trust_env=False
    ) as client:
        try:
            reply = await client.post(
                url, content=body, headers={"content-type": "application/json", **headers}
            )
        except httpx2.HTTPError as error:
            return Delivery(None, error=f"{url}: {str(error) or type(error).__name__}")
    return Delivery(reply.status_code, reply.headers.get(OUTCOME_HEADER))
