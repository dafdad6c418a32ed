"""Xendit's stand-in: invoices, the hosted pay page, and the callbacks that tell of payments."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import parse_qsl

import httpx2
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route, Router

from examples.standins.invoices import Invoice, InvoiceRequest, Invoices
from examples.standins.pages import error_page, pay_page
from examples.standins.sandbox import Clock, Link, Service
from examples.standins.settings import Settings, is_loopback_url
from examples.standins.webhooks import Delivery, post

RETRY_AFTER_S: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Waits before a callback that was not answered with 2xx is sent again."""

CHANNELS: Final[dict[str, tuple[str, str]]] = {
    "BCA": ("BANK_TRANSFER", "BCA"),
    "QRIS": ("QR_CODE", "QRIS"),
    "GOPAY": ("EWALLET", "GOPAY"),
}
"""Payment method and channel of each button of the pay page."""


class Payment(BaseModel):
    """`POST /xendit/_sandbox/invoices/<id>/pay`, `…/settle` and `…/expire`."""

    model_config = ConfigDict(extra="forbid")

    channel: Literal["BCA", "QRIS", "GOPAY"] = "BCA"
    callback: bool = True
    paid_amount: float | None = None


class Redelivery(BaseModel):
    """`POST …/redeliver`: the last callback again, or the one of a named status."""

    model_config = ConfigDict(extra="forbid")

    times: int = Field(default=1, ge=1, le=100)
    parallel: bool = False
    status: Literal["PAID", "SETTLED", "EXPIRED"] | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """One callback that was sent, for tests that ask what came of it."""

    invoice_id: str
    url: str
    body: dict[str, Any]
    attempt: int
    delivery: Delivery

    def to_json(self) -> dict[str, Any]:
        """As `GET /xendit/_sandbox/deliveries` lists it."""
        return {
            "invoiceId": self.invoice_id,
            "url": self.url,
            "body": self.body,
            "attempt": self.attempt,
            **self.delivery.to_json(),
        }


class Xendit:
    """One Xendit account.

    Args:
        settings: its own address, the callback's address and token.
        clock: stamps invoices, and waits for their expiry.
        transport: what callbacks are sent through; None: the network.
    """

    def __init__(
        self, settings: Settings, clock: Clock, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._transport = transport
        self._invoices = Invoices(clock)
        self._sent: list[Sent] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def service(self) -> Service:
        """What the sandbox mounts under `/xendit`."""
        routes = [
            Route("/v2/invoices", self._create, methods=["POST"]),
            Route("/v2/invoices/", self._create, methods=["POST"]),
            Route("/v2/invoices", self._find),
            Route("/v2/invoices/{id}", self._get),
            Route("/invoices/{id}/expire!", self._expire_by_api, methods=["POST"]),
            Route("/web/{id}", self._pay_form),
            Route("/web/{id}", self._pay_by_hand, methods=["POST"]),
            Route("/_sandbox/invoices", self._list),
            Route("/_sandbox/invoices/{id}/pay", self._pay, methods=["POST"]),
            Route("/_sandbox/invoices/{id}/settle", self._settle, methods=["POST"]),
            Route("/_sandbox/invoices/{id}/expire", self._expire, methods=["POST"]),
            Route("/_sandbox/invoices/{id}/redeliver", self._redeliver, methods=["POST"]),
            Route("/_sandbox/deliveries", self._deliveries),
        ]
        return Service(
            name="xendit",
            title="Xendit",
            app=Router(routes),
            reset=self._reset,
            controls=("/_sandbox/", "/web/"),
            links=_LINKS,
        )

    # ------------------------------------------------------------ what Xendit has too

    async def _create(self, request: Request) -> Response:
        if not _has_key(request):
            return _no_key()
        try:
            wanted = InvoiceRequest.model_validate_json(await request.body())
        except ValidationError as error:
            return _refused(error)
        invoice = self._invoices.create(wanted, self._settings.xendit_base_url)
        self._start(self._expire_in_time(invoice))
        return JSONResponse(invoice.to_json())

    async def _find(self, request: Request) -> Response:
        if not _has_key(request):
            return _no_key()
        return JSONResponse(self._listed(request))

    async def _get(self, request: Request) -> Response:
        if not _has_key(request):
            return _no_key()
        invoice = self._invoices.get(request.path_params["id"])
        return _not_found() if invoice is None else JSONResponse(invoice.to_json())

    async def _expire_by_api(self, request: Request) -> Response:
        if not _has_key(request):
            return _no_key()
        invoice = self._invoices.get(request.path_params["id"])
        if invoice is None:
            return _not_found()
        if invoice.status != "PENDING":
            return _problem(400, "INVOICE_STATUS_ERROR", "The invoice is no longer pending.")
        invoice.expire(self._clock.now_ms())
        self._start(self._deliver(invoice))
        return JSONResponse(invoice.to_json())

    # ------------------------------------------------------------ the hosted page

    async def _pay_form(self, request: Request) -> Response:
        invoice = self._invoices.get(request.path_params["id"])
        if invoice is None:
            return error_page("Tagihan tidak ditemukan. / There is no such invoice.")
        return pay_page(invoice, request.url.path, self._clock.now_ms())

    async def _pay_by_hand(self, request: Request) -> Response:
        invoice = self._invoices.get(request.path_params["id"])
        if invoice is None:
            return error_page("Tagihan tidak ditemukan. / There is no such invoice.")
        choice = dict(parse_qsl((await request.body()).decode("utf-8", "replace"))).get("choice")
        if choice not in (*CHANNELS, "EXPIRE"):
            return error_page("Pilihan tidak dikenal. / There is no such choice.")
        if invoice.status != "PENDING":
            return RedirectResponse(request.url.path, 303)
        if choice == "EXPIRE":
            invoice.expire(self._clock.now_ms())
        else:
            invoice.pay(self._clock.now_ms(), *CHANNELS[choice])
        await self._deliver_first(invoice)
        where = invoice.failure_redirect_url if choice == "EXPIRE" else invoice.success_redirect_url
        if where is None or not is_loopback_url(where):
            return RedirectResponse(request.url.path, 303)
        return RedirectResponse(where, 303)

    # ------------------------------------------------------------ what only a stand-in has

    async def _list(self, request: Request) -> Response:
        return JSONResponse(self._listed(request))

    def _listed(self, request: Request) -> list[dict[str, Any]]:
        external_id = request.query_params.get("external_id") or None
        return [invoice.to_json() for invoice in self._invoices.all(external_id)]

    async def _pay(self, request: Request) -> Response:
        return await self._moved(request, "PAID")

    async def _settle(self, request: Request) -> Response:
        return await self._moved(request, "SETTLED")

    async def _expire(self, request: Request) -> Response:
        return await self._moved(request, "EXPIRED")

    async def _moved(self, request: Request, status: str) -> Response:
        """Whatever the invoice was: tests also ask for what cannot happen in order."""
        wanted = Payment.model_validate_json(await request.body() or b"{}")
        invoice = self._invoices.get(request.path_params["id"])
        if invoice is None:
            return _not_found()
        now = self._clock.now_ms()
        if status == "EXPIRED":
            invoice.expire(now)
        else:
            invoice.pay(now, *CHANNELS[wanted.channel], paid_amount=wanted.paid_amount)
            invoice.status = status
        replies = [await self._deliver_first(invoice)] if wanted.callback else []
        return JSONResponse(
            {"invoice": invoice.to_json(), "replies": [reply.to_json() for reply in replies]}
        )

    async def _redeliver(self, request: Request) -> Response:
        wanted = Redelivery.model_validate_json(await request.body() or b"{}")
        invoice = self._invoices.get(request.path_params["id"])
        if invoice is None:
            return _not_found()
        body = invoice.callback()
        earlier = [sent.body for sent in self._sent if sent.invoice_id == invoice.id]
        if wanted.status is not None:
            body = {**body, "status": wanted.status}
        elif earlier:
            body = earlier[-1]
        calls = [self._send(invoice, body, attempt=1) for _ in range(wanted.times)]
        if wanted.parallel:
            replies = list(await asyncio.gather(*calls))
        else:
            replies = [await call for call in calls]
        return JSONResponse([reply.status for reply in replies])

    async def _deliveries(self, request: Request) -> Response:
        return JSONResponse([sent.to_json() for sent in self._sent])

    # ------------------------------------------------------------ callbacks

    async def _deliver_first(self, invoice: Invoice) -> Delivery:
        """Sends the callback now; if that fails, goes on trying beside everything else."""
        body = invoice.callback()
        delivery = await self._send(invoice, body, attempt=1)
        if not delivery.is_taken:
            self._start(self._retry(invoice, body))
        return delivery

    async def _deliver(self, invoice: Invoice) -> None:
        await self._deliver_first(invoice)

    async def _retry(self, invoice: Invoice, body: dict[str, Any]) -> None:
        for attempt, seconds in enumerate(RETRY_AFTER_S, start=2):
            await self._clock.sleep(seconds)
            if (await self._send(invoice, body, attempt)).is_taken:
                return

    async def _expire_in_time(self, invoice: Invoice) -> None:
        await self._clock.sleep((invoice.expires_at - self._clock.now_ms()) / 1000)
        if invoice.status == "PENDING":
            invoice.expire(self._clock.now_ms())
            await self._deliver(invoice)

    async def _send(self, invoice: Invoice, body: dict[str, Any], attempt: int) -> Delivery:
        url = self._settings.xendit_callback_url
        headers = {
            "x-callback-token": self._settings.xendit_webhook_token,
            "webhook-id": f"{invoice.id}-{body['status']}",
            "user-agent": "Xendit/stand-in",
        }
        delivery = await post(url, json.dumps(body).encode(), headers, self._transport)
        self._sent.append(Sent(invoice.id, url, body, attempt, delivery))
        return delivery

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _reset(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._invoices = Invoices(self._clock)
        self._sent = []


def _has_key(request: Request) -> bool:
    """Whether the request carries a secret key as HTTP Basic wants it: `xnd_…` and no password."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    try:
        name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return scheme.lower() == "basic" and name.startswith("xnd_") and not password


def _problem(status: int, code: str, message: str, **more: Any) -> Response:
    return JSONResponse({"error_code": code, "message": message, **more}, status)


def _no_key() -> Response:
    return _problem(401, "INVALID_API_KEY", "API key format is invalid")


def _not_found() -> Response:
    return _problem(404, "INVOICE_NOT_FOUND_ERROR", "Could not find invoice")


def _refused(error: ValidationError) -> Response:
    errors = [
        {"path": ".".join(map(str, e["loc"])), "message": e["msg"]}
        for e in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    message = "There was an error with the format submitted to the server."
    return _problem(400, "API_VALIDATION_ERROR", message, errors=errors)


_LINKS: Final = (
    Link("POST /xendit/v2/invoices", "create; also GET, GET ?external_id=, POST …/expire!"),
    Link("GET /xendit/web/<id>", "the hosted pay page, where invoice_url leads"),
    Link("GET /xendit/_sandbox/invoices", "every invoice", "/xendit/_sandbox/invoices"),
    Link("GET /xendit/_sandbox/deliveries", "callbacks sent", "/xendit/_sandbox/deliveries"),
    Link(
        "POST /xendit/_sandbox/invoices/<id>/pay",
        '{channel?: "BCA" | "QRIS" | "GOPAY", callback?, paid_amount?}; also …/settle, …/expire',
    ),
    Link(
        "POST /xendit/_sandbox/invoices/<id>/redeliver",
        "{times?, parallel?, status?}; answers with the reply codes",
    ),
)
