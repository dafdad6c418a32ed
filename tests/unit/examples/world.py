"""The stand-ins on a clock of ours, with a webhook endpoint that notes what arrives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import jwt

from examples.standins import create_app
from reactor.auth.authenticator import Authenticator
from reactor.auth.oidc import Clerk, Oidc
from reactor.runtime.clock import VirtualClock

BASE = "http://127.0.0.1:3215"
ISSUER = f"{BASE}/clerk"


class World:
    """The stand-ins on a clock of ours, with a webhook endpoint that notes what arrives."""

    def __init__(self, env: dict[str, str] | None = None) -> None:
        self.clock = VirtualClock()
        self.env = env or {}
        self.webhooks: list[httpx2.Request] = []
        self.reply: Callable[[httpx2.Request], httpx2.Response] = lambda _: httpx2.Response(
            200, headers={"x-reimaji-outcome": "processed"}
        )
        self.app = create_app(
            self.env, clock=self.clock, transport=httpx2.MockTransport(self._receive)
        )
        self.client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.app), base_url=BASE, follow_redirects=False
        )

    def _receive(self, request: httpx2.Request) -> httpx2.Response:
        self.webhooks.append(request)
        return self.reply(request)

    async def token(self, **wanted: object) -> str:
        answer = await self.client.post("/clerk/dev/token", json={"sub": "free-1", **wanted})
        assert answer.status_code == 200, answer.text
        token = answer.json()["token"]
        assert isinstance(token, str)
        return token

    def authenticator(self, provider: Oidc | None = None) -> Authenticator:
        """Reactor's own, reading the stand-in's keys."""

        async def fetch(url: str) -> bytes:
            return (await self.client.get(url)).content

        chosen = provider or Clerk(issuer=ISSUER)
        return Authenticator([chosen.resolve({})], admin_key="", clock=self.clock, fetch=fetch)


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})
