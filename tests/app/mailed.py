"""Reimaji beside the stand-in of Resend: real requests, over a transport in memory."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx2

import schema
from examples.standins import create_app
from functions import _clients as clients
from functions._env import Env
from reactor import Id
from reactor.testing import open_harness
from schema import EmailLog
from tests.app.support import ENV, Reimaji

BASE = "http://127.0.0.1:3215"
MAIL_ENV = {**ENV, "RESEND_API_KEY": "re_test", "RESEND_BASE_URL": f"{BASE}/resend"}


class _Network(httpx2.AsyncBaseTransport):
    """A stand-in that drops the connection is an error of the network to its caller."""

    def __init__(self, app: Any) -> None:
        self._inner = httpx2.ASGITransport(app=app)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            return await self._inner.handle_async_request(request)
        except Exception as error:
            raise httpx2.RemoteProtocolError("the server went away") from error


class Mailed(Reimaji):
    """Reimaji, and the mailbox that its e-mails arrive in.

    Args:
        backend: the harness.
        standins: a client of the stand-ins' own controls.
    """

    def __init__(self, backend: Any, standins: httpx2.AsyncClient) -> None:
        super().__init__(backend)
        self.standins = standins

    async def mailbox(self, **filters: str) -> list[dict[str, Any]]:
        """The e-mails that were taken, the oldest first."""
        answer = await self.standins.get("/resend/_sandbox/emails", params=filters)
        return cast("list[dict[str, Any]]", answer.json())

    async def fault(self, **fault: Any) -> None:
        """Lets the next request of an e-mail fail."""
        answer = await self.standins.post("/_sandbox/faults", json={"service": "resend", **fault})
        assert answer.status_code == 200, answer.text

    async def requests(self) -> list[dict[str, Any]]:
        """Every request that was made, whatever became of it."""
        answer = await self.standins.get("/_sandbox/requests", params={"service": "resend"})
        return cast("list[dict[str, Any]]", answer.json())

    async def log(self) -> list[EmailLog]:
        """The e-mail log."""
        return await self.rows(EmailLog)

    async def recipient(self, subject: str = "ayu", **columns: Any) -> Id[schema.User]:
        """An account that was not welcomed."""
        return await self.insert_user(subject, **columns)

    async def enqueue(self, user: str, key: str = "k", template: str = "welcome") -> str:
        """Queues an e-mail by hand."""
        args: dict[str, Any] = {"userId": user, "key": key, "template": template, "vars": {}}
        return str(await self.system.call("emails:enqueue", args))


@asynccontextmanager
async def open_mailed(
    env: Mapping[str, str] = MAIL_ENV, *, is_limited: bool = True
) -> AsyncGenerator[Mailed]:
    """A fresh Reimaji without people, whose e-mails go to a stand-in on the same clock."""
    harness = open_harness(schema=schema, functions="functions", env=env, settings=Env, crons=False)
    async with harness as backend:
        standins = create_app(
            {"SANDBOX_RESEND_RATE_LIMIT": "1" if is_limited else "0"}, clock=backend.clock
        )
        before, clients.transport = clients.transport, _Network(standins)
        try:
            transport = httpx2.ASGITransport(app=standins)
            async with httpx2.AsyncClient(transport=transport, base_url=BASE) as client:
                yield Mailed(backend, client)
        finally:
            clients.transport = before
