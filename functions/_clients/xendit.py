"""Xendit: invoices that people pay on a page of Xendit's.

Creating an invoice has no idempotency key, and Xendit takes the same `external_id` twice. So before
a request is sent again, we look for what the lost one may have left, and adopt it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import httpx2
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError

from functions import _clients as clients
from functions._env import Env

TIMEOUT_S: Final = 15.0
WAITS_S: Final = (1.0, 3.0)
"""Before the second and the third try."""

TOO_MANY_REQUESTS: Final = 429
SERVER_ERROR: Final = 500

INVOICE_SECONDS: Final = 86_400
"""How long an invoice can be paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What an invoice is for; `amount` in rupiah."""

    external_id: str
    amount: int
    description: str
    item: str
    payer_name: str
    payer_email: str
    transaction_id: str


class Invoice(BaseModel):
    """An invoice at Xendit, as far as we read it. Statuses that we do not know may come."""

    id: str
    external_id: str
    status: str
    amount: float
    currency: str
    invoice_url: str
    expiry_date: AwareDatetime
    paid_amount: float | None = None
    paid_at: str | None = None
    payment_method: str | None = None
    payment_channel: str | None = None

    @property
    def expires_at(self) -> float:
        """In whole ms since the epoch."""
        return _ms(self.expiry_date)

    def event(self) -> dict[str, Any]:
        """What a callback would tell of the invoice as it is now."""
        return self.model_dump(exclude={"invoice_url", "expiry_date"}, exclude_none=True)


@dataclass(frozen=True, slots=True)
class Problem:
    """Xendit did not do it, or we cannot know.

    Args:
        reason: for operators.
        is_temporary: whether the same request can work later.
        status: of the answer, 0 when there was none.
    """

    reason: str
    is_temporary: bool
    status: int = 0


class _Refusal(BaseModel):
    error_code: str = "UNKNOWN_ERROR"
    message: str = ""


_INVOICES = TypeAdapter(list[Invoice])


async def create(settings: Env, order: Order) -> Invoice | Problem:
    """Creates an invoice, once: three tries, and before each new one a look for what is there."""
    result = await _create_once(settings, order)
    for seconds in WAITS_S:
        if isinstance(result, Invoice) or not result.is_temporary:
            return result
        await clients.pause(seconds)
        found = await find(settings, order.external_id)
        if isinstance(found, Problem):
            result = found  # without knowing what is there, another request could be a second one
        else:
            result = found[0] if found else await _create_once(settings, order)
    return result


async def find(settings: Env, external_id: str) -> Sequence[Invoice] | Problem:
    """The invoices with our number, paid ones first, then those that can be paid."""
    answer = await _send(settings, "GET", "v2/invoices", params={"external_id": external_id})
    if isinstance(answer, Problem):
        return answer
    try:
        invoices = _INVOICES.validate_json(answer)
    except ValidationError:
        return _unreadable()
    mine = [invoice for invoice in invoices if invoice.external_id == external_id]
    return sorted(mine, key=lambda invoice: _ORDER.get(invoice.status, len(_ORDER)))


_ORDER: Final = {"SETTLED": 0, "PAID": 0, "PENDING": 1}


async def get(settings: Env, invoice_id: str) -> Invoice | Problem:
    """An invoice as it is now."""
    return _invoice(await _send(settings, "GET", f"v2/invoices/{invoice_id}"))


async def expire(settings: Env, invoice_id: str) -> Invoice | Problem:
    """Makes an invoice that nobody has paid unpayable."""
    return _invoice(await _send(settings, "POST", f"invoices/{invoice_id}/expire!"))


async def _create_once(settings: Env, order: Order) -> Invoice | Problem:
    app = settings.next_public_app_url.rstrip("/")
    payload = {
        "external_id": order.external_id,
        "amount": order.amount,
        "currency": "IDR",
        "description": order.description,
        "payer_email": order.payer_email,
        "invoice_duration": INVOICE_SECONDS,
        "should_send_email": True,
        "customer": {"given_names": order.payer_name, "email": order.payer_email},
        "items": [{"name": order.item, "price": order.amount, "quantity": 1}],
        "success_redirect_url": f"{app}/billing/success?invoice_id={order.external_id}",
        "failure_redirect_url": f"{app}/billing/failed?invoice_id={order.external_id}",
        "metadata": {"transactionId": order.transaction_id},
    }
    return _invoice(await _send(settings, "POST", "v2/invoices", json=payload))


async def _send(
    settings: Env, method: str, path: str, *, json: Any = None, params: Any = None
) -> bytes | Problem:
    client = clients.connect(settings.xendit_base_url, timeout_s=TIMEOUT_S)
    basic = httpx2.BasicAuth(settings.xendit_secret_key or "", "")
    try:
        async with client:
            response = await client.request(method, path, json=json, params=params, auth=basic)
    except httpx2.HTTPError as error:
        return Problem(f"Xendit was not reached: {type(error).__name__}", is_temporary=True)
    if response.is_success:
        return response.content
    return _problem(response)


def _invoice(answer: bytes | Problem) -> Invoice | Problem:
    if isinstance(answer, Problem):
        return answer
    try:
        return Invoice.model_validate_json(answer)
    except ValidationError:
        return _unreadable()


def _unreadable() -> Problem:
    return Problem("Xendit's answer cannot be read", is_temporary=True)


def _problem(response: httpx2.Response) -> Problem:
    try:
        refusal = _Refusal.model_validate_json(response.content)
    except ValidationError:
        refusal = _Refusal()
    status = response.status_code
    is_temporary = status == TOO_MANY_REQUESTS or status >= SERVER_ERROR
    reason = f"{status} {refusal.error_code}: {refusal.message}"[:500]
    return Problem(reason, is_temporary, status)


def _ms(date: datetime) -> float:
    return float(round(date.timestamp() * 1000))
