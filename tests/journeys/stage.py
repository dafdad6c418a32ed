"""What the journeys share: people with open tabs, live views, and the controls of the stand-ins."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import httpx2

from tests.compat.support.client import Client, Kind, RemoteError, Subscription, open_client
from tests.compat.support.server import ADMIN_KEY, Server

Json = dict[str, Any]
LIVE_SECONDS = 10.0
"""How long a single push may take on a machine that does other things as well."""
PROMISED_SECONDS = 2.0
"""What the product promises; nine of ten pushes of a run must keep it, on any machine."""
WAITS: list[float] = []
"""How long each push of this run took to be seen, from when somebody looked for it."""
POLL_SECONDS = 0.1
DAY_MS = 86_400_000.0


class View:
    """A live query in a tab: nobody asks again, the server pushes."""

    def __init__(self, client: Client, subscription: Subscription) -> None:
        self._client = client
        self._subscription = subscription

    @property
    def changes(self) -> list[Any]:
        """Every value so far, equal neighbours once."""
        return self._subscription.changes

    async def shows(self, test: Callable[[Any], bool], seconds: float = LIVE_SECONDS) -> Any:
        """Waits until the newest result is a value that passes the test; the value."""

        def is_there() -> bool:
            seen = self._subscription.seen
            return bool(seen) and not isinstance(seen[-1], RemoteError) and test(seen[-1])

        start = time.perf_counter()
        await self._client.until(is_there, seconds)
        if seconds == LIVE_SECONDS:  # others wait for what takes its time: tokens, an end of term
            WAITS.append(time.perf_counter() - start)
        return self._subscription.seen[-1]

    async def refuses(self, seconds: float = LIVE_SECONDS) -> Any:
        """Waits until the newest result is an error; its data."""
        return (await self._subscription.until_error(seconds)).data


class Tab:
    """An official client, as a browser tab or a script has it."""

    def __init__(self, client: Client, subject: str | None) -> None:
        self.client = client
        self.subject = subject
        self.query, self.mutation, self.action = client.query, client.mutation, client.action

    def live(self, path: str, **args: Any) -> View:
        """Subscribes."""
        return View(self.client, self.client.subscribe(path, **args))

    async def refusal(self, kind: str, path: str, **args: Any) -> Any:
        """The data of the error that a call ends with."""
        try:
            await self.client.ask(kind, path=path, args=args)
        except RemoteError as error:
            return error.data
        raise AssertionError(f"{path} let {self.subject} in")


class Stage:
    """Reimaji under `reactor dev`, and everybody who uses it.

    Args:
        server: the running server.
        stack: ends the clients with the test.
    """

    def __init__(self, server: Server, stack: AsyncExitStack) -> None:
        self.server = server
        self._stack = stack
        self._http = httpx2.AsyncClient(timeout=30)

    async def __aenter__(self) -> Stage:
        await self._stack.enter_async_context(self._http)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    # ------------------------------------------------------------ people

    async def tab(self, subject: str | None = None, kind: Kind = "npm") -> Tab:
        """Opens a tab, signed in as somebody or not."""
        client = await self._stack.enter_async_context(open_client(kind, self.server.url))
        if subject is not None:
            client.set_auth([await self.token(subject)])
        return Tab(client, subject)

    async def token(self, subject: str) -> str:
        """A token of the sign-in stand-in."""
        wanted = {"sub": subject, "email": f"{subject}@example.test"}
        return str((await self.control("POST", "/clerk/dev/token", wanted))["token"])

    async def admin(self) -> Tab:
        """A tab of the demo administrator's."""
        return await self.tab("admin-1")

    async def newcomer(self) -> Tab:
        """A tab of somebody who has just signed up."""
        subject = new_subject()
        tab = await self.tab(subject)
        await tab.mutation("users:createOrUpdate", email=f"{subject}@example.test", name="Wayan")
        return tab

    async def system(self, path: str, **args: Any) -> Any:
        """Calls any function with the deployment's key, as an operator does."""
        answer = await self._http.post(
            f"{self.server.url}/api/function",
            json={"path": path, "args": args, "format": "json"},
            headers={"Authorization": f"Convex {ADMIN_KEY}"},
        )
        body = answer.json()
        assert body["status"] == "success", body
        return body["value"]

    # ------------------------------------------------------------ the outside world

    async def control(self, method: str, path: str, body: Json | None = None) -> Any:
        """A control of the stand-ins."""
        url = f"{self.server.sandbox_url}{path}"
        answer = await self._http.request(method, url, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def get(self, url: str) -> httpx2.Response:
        """What a browser gets from an address."""
        return await self._http.get(url)

    async def site(self, path: str) -> str:
        """A page of the project's own routes."""
        answer = await self.get(f"{self.server.site_url}{path}")
        assert answer.status_code == 200, answer.text
        return answer.text

    async def pay_on_page(self, payment_url: str, choice: str = "QRIS") -> None:
        """Opens the hosted pay page and clicks a button."""
        page = await self.get(payment_url)
        assert page.status_code == 200
        clicked = await self._http.post(payment_url, data={"choice": choice})
        assert clicked.status_code == 303, clicked.text

    async def mails(self, to: str, template: str, count: int = 1) -> list[Json]:
        """The letters to somebody, as soon as there are so many."""
        address = f"/resend/_sandbox/emails?to={to}@example.test&template={template}"
        letters: list[Json] = []

        async def is_there() -> bool:
            letters[:] = await self.control("GET", address)
            return len(letters) >= count

        await eventually(is_there)
        return letters


def new_subject() -> str:
    """A Clerk id that nobody has."""
    return f"user-{uuid4().hex[:10]}"


def invoice_of(payment_url: str) -> str:
    """The provider's id of an invoice, from the address of its pay page."""
    return payment_url.rpartition("/")[2]


async def eventually(test: Callable[[], Awaitable[bool]], seconds: float = 20.0) -> None:
    """Waits for what nobody pushes."""
    for _ in range(int(seconds / POLL_SECONDS)):
        if await test():
            return
        await asyncio.sleep(POLL_SECONDS)
    raise AssertionError(f"waited {seconds} s in vain")
