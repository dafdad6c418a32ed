"""Reimaji with Xendit's stand-in behind it: invoices, payments, callbacks, faults."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from examples.standins import create_app
from functions import _clients as clients
from reactor.testing import Harness
from schema import EmailLog, Notification, Subscription, Transaction, User
from tests.app.support import Json, Reimaji

BASE = "http://127.0.0.1:3215"
SITE = "http://127.0.0.1:3211"
TOKEN = "xendit-callback-token"  # a test's
ENV = {
    "XENDIT_BASE_URL": f"{BASE}/xendit",
    "XENDIT_SECRET_KEY": "xnd_test",
    "XENDIT_WEBHOOK_TOKEN": TOKEN,
    "SANDBOX_XENDIT_CALLBACK_URL": f"{SITE}/webhooks/xendit",
    "RESEND_BASE_URL": f"{BASE}/resend",
    "RESEND_API_KEY": "re_test",
}
MONTH = 30 * 86_400_000
YEAR = 365 * 86_400_000


class _Wire(httpx2.AsyncBaseTransport):
    """A connection to the stand-in that breaks as a real one does."""

    def __init__(self, app: Any) -> None:
        self._inner = httpx2.ASGITransport(app=app)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            return await self._inner.handle_async_request(request)
        except ConnectionError as error:
            raise httpx2.ReadError(str(error), request=request) from error


class _Site(httpx2.AsyncBaseTransport):
    """The way back: callbacks arrive at the node that runs now."""

    def __init__(self, backend: Harness) -> None:
        self._backend = backend

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        inner = httpx2.ASGITransport(app=self._backend.node.site)
        return await inner.handle_async_request(request)


class Checkout:
    """A buyer's day.

    Args:
        app: Reimaji, with `ENV`.
        monkeypatch: puts the stand-in behind the clients.
    """

    def __init__(self, app: Reimaji, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app = app
        self.pauses: list[float] = []
        self.standin = create_app(ENV, clock=app.backend.clock, transport=_Site(app.backend))
        monkeypatch.setattr(clients, "transport", _Wire(self.standin))
        monkeypatch.setattr(clients, "pause", self._pause)
        self._client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.standin), base_url=BASE
        )

    async def _pause(self, seconds: float) -> None:
        """Waiting is what moves the clock."""
        self.pauses.append(seconds)
        self.app.backend.clock.advance(seconds)
        await self.app.backend.clock.sleep(0)

    # ------------------------------------------------------------ Xendit's side

    async def control(self, path: str, body: Json | None = None) -> Any:
        """One of the stand-in's controls."""
        answer = await self._client.post(path, json=body or {})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def break_xendit(self, match: str | None = None, **fault: Any) -> None:
        """The next matching requests fail."""
        await self.control("/_sandbox/faults", {"service": "xendit", "match": match, **fault})

    async def lose_answer(self, external_id: str) -> str:
        """Makes an invoice as an action did whose server stopped then; Xendit's number."""
        basic = httpx2.BasicAuth(ENV["XENDIT_SECRET_KEY"], "")
        wanted = {"external_id": external_id, "amount": 99_000, "currency": "IDR"}
        made = await self._client.post("/xendit/v2/invoices", json=wanted, auth=basic)
        assert made.status_code == 200, made.text
        return str(made.json()["id"])

    async def invoices(self) -> list[Json]:
        """What Xendit knows."""
        return list((await self._client.get("/xendit/_sandbox/invoices")).json())

    async def requests(self, method: str = "POST") -> list[Json]:
        """The API requests that Xendit saw."""
        seen = (await self._client.get("/_sandbox/requests?service=xendit")).json()
        return [each for each in seen if each["method"] == method]

    async def move(self, transaction: str, how: str = "pay", **body: Any) -> Any:
        """pay, settle, expire or redeliver the invoice of a transaction; what came of it."""
        invoice = (await self.transaction(transaction)).xendit_invoice_id
        done = await self.control(f"/xendit/_sandbox/invoices/{invoice}/{how}", body)
        await self.app.backend.drain()
        return done

    async def callback(self, body: Any, *, token: str | None = TOKEN) -> httpx2.Response:
        """A callback of the test's own making."""
        headers = {} if token is None else {"x-callback-token": token}
        if isinstance(body, bytes):
            post = self.app.backend.post("/webhooks/xendit", content=body, headers=headers)
        else:
            post = self.app.backend.post("/webhooks/xendit", json=body, headers=headers)
        answer = await post
        await self.app.backend.drain()
        return answer

    async def paid(self, transaction: str, **changes: Any) -> Json:
        """The body of the callback that says that a transaction is paid."""
        row = await self.transaction(transaction)
        body: Json = {
            "id": row.xendit_invoice_id,
            "external_id": row.external_id,
            "user_id": "5f9a3fbd571a1c4068aa40ce",
            "status": "PAID",
            "amount": row.amount,
            "paid_amount": row.amount,
            "paid_at": "2026-01-01T00:00:00.000Z",
            "currency": "IDR",
            "payment_method": "EWALLET",
            "payment_channel": "GOPAY",
        }
        return {**body, **changes}

    # ------------------------------------------------------------ our side

    async def order(self, buyer: Harness | None = None, **args: Any) -> str:
        """Makes an invoice; the id of the transaction."""
        buyer = buyer or self.app.free
        whole = args or {"plan": "pro_monthly"}
        return str((await buyer.call("transactions:createInvoice", whole))["transactionId"])

    async def buy(self, buyer: Harness | None = None, **args: Any) -> str:
        """Makes an invoice and pays it."""
        transaction = await self.order(buyer, **args)
        await self.move(transaction)
        return transaction

    async def leap(self, **span: float) -> None:
        """Moves the clock in one go: crons that were due on the way run once, at the end."""
        self.app.backend.clock.advance(timedelta(**span).total_seconds())
        await self.app.backend.drain()

    async def transaction(self, id: str) -> Transaction:
        """One row."""
        rows: list[Transaction] = await self.app.rows(Transaction)
        return next(row for row in rows if row.id == id)

    async def user(self, subject: str = "free-1") -> User:
        """Somebody's row."""
        rows: list[User] = await self.app.rows(User)
        return next(row for row in rows if row.clerk_user_id == subject)

    async def periods(self, subject: str = "free-1") -> list[Subscription]:
        """Somebody's subscriptions, the oldest first."""
        user = await self.user(subject)
        return [row for row in await self.app.rows(Subscription) if row.user_id == user.id]

    async def period(self, subject: str = "free-1") -> Subscription:
        """Somebody's only subscription, in step with the user's row (I6)."""
        (period,) = await self.periods(subject)
        user = await self.user(subject)
        assert user.subscription_expires_at == period.expires_at
        assert user.subscription_status == period.status
        return period

    async def notices(self, kind: str, subject: str = "free-1") -> list[Notification]:
        """What somebody was told."""
        user = await self.user(subject)
        rows = await self.app.rows(Notification)
        return [row for row in rows if row.user_id == user.id and row.type_ == kind]

    async def mails(self, template: str) -> list[EmailLog]:
        """The e-mails of a kind."""
        return [row for row in await self.app.rows(EmailLog) if row.template == template]
