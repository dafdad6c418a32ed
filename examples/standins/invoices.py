"""The invoices of Xendit's stand-in: what was asked for, how it stands, what is told of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from examples.standins.sandbox import Clock

MERCHANT_ID: Final = "5f9a3fbd571a1c4068aa40ce"
"""Xendit's id of the business that receives the money: `user_id` everywhere, never a customer."""

MERCHANT_NAME: Final = "Reimaji"


class Item(BaseModel):
    """A line of an invoice."""

    model_config = ConfigDict(extra="ignore")

    name: str
    price: float = Field(ge=0, allow_inf_nan=False)
    quantity: float = Field(gt=0, allow_inf_nan=False)


class InvoiceRequest(BaseModel):
    """`POST /v2/invoices`; fields we do not stand in for are ignored, as Xendit does."""

    model_config = ConfigDict(extra="ignore", strict=True)

    external_id: str = Field(min_length=1, max_length=255)
    amount: float = Field(gt=0, allow_inf_nan=False)
    currency: str = "IDR"
    description: str | None = None
    payer_email: str | None = None
    invoice_duration: float = Field(default=86_400, ge=1, le=31_536_000)
    customer: dict[str, Any] | None = None
    items: list[Item] = []
    success_redirect_url: str | None = None
    failure_redirect_url: str | None = None
    metadata: dict[str, Any] | None = None


@dataclass(slots=True)
class Invoice:
    """One invoice; times in ms since the epoch."""

    id: str
    url: str
    asked: InvoiceRequest
    created: float
    updated: float
    expires_at: float
    status: str = "PENDING"
    paid: dict[str, Any] = field(default_factory=dict)

    @property
    def success_redirect_url(self) -> str | None:
        return self.asked.success_redirect_url

    @property
    def failure_redirect_url(self) -> str | None:
        return self.asked.failure_redirect_url

    def pay(
        self, now_ms: float, method: str, channel: str, *, paid_amount: float | None = None
    ) -> None:
        """Money has arrived."""
        self.status = "PAID"
        self.updated = now_ms
        self.paid = {
            "paid_amount": _number(self.asked.amount if paid_amount is None else paid_amount),
            "paid_at": _iso(now_ms),
            "payment_method": method,
            "payment_channel": channel,
            "payment_destination": f"8808{self.id[:10]}",
            "payment_id": f"pay-{self.id}",
        }

    def expire(self, now_ms: float) -> None:
        """Nobody has paid in time."""
        self.status = "EXPIRED"
        self.updated = now_ms

    def to_json(self) -> dict[str, Any]:
        """The invoice as the API answers it."""
        asked = self.asked
        return {
            **self._common(),
            "expiry_date": _iso(self.expires_at),
            "invoice_url": self.url,
            "customer": asked.customer,
            "items": [item.model_dump() for item in asked.items],
            "success_redirect_url": asked.success_redirect_url,
            "failure_redirect_url": asked.failure_redirect_url,
            "metadata": asked.metadata,
            **self.paid,
        }

    def callback(self) -> dict[str, Any]:
        """The flat body of a callback: no envelope, and no customer of ours in `user_id`."""
        return {**self._common(), "is_high": False, **self.paid}

    def _common(self) -> dict[str, Any]:
        asked = self.asked
        return {
            "id": self.id,
            "external_id": asked.external_id,
            "user_id": MERCHANT_ID,
            "status": self.status,
            "merchant_name": MERCHANT_NAME,
            "amount": _number(asked.amount),
            "currency": asked.currency,
            "description": asked.description,
            "payer_email": asked.payer_email,
            "created": _iso(self.created),
            "updated": _iso(self.updated),
        }


class Invoices:
    """Every invoice of the account, oldest first.

    Args:
        clock: stamps them.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_id: dict[str, Invoice] = {}

    def create(self, asked: InvoiceRequest, base_url: str) -> Invoice:
        """A new invoice; `external_id` is not unique, as at Xendit."""
        now = self._clock.now_ms()
        seed = f"{now}|{len(self._by_id)}|{asked.external_id}".encode()
        id = hashlib.sha256(seed).hexdigest()[:24]
        invoice = Invoice(
            id, f"{base_url}/web/{id}", asked, now, now, now + asked.invoice_duration * 1000
        )
        self._by_id[id] = invoice
        return invoice

    def get(self, id: str) -> Invoice | None:
        """One invoice."""
        return self._by_id.get(id)

    def all(self, external_id: str | None = None) -> list[Invoice]:
        """All of them, or those that a client gave this name."""
        return [
            invoice
            for invoice in self._by_id.values()
            if external_id in (None, invoice.asked.external_id)
        ]


def _iso(at_ms: float) -> str:
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _number(value: float) -> float:
    return int(value) if value == int(value) else value
