"""A project's own HTTP routes: under `/http/…` here, and at the root of the site port.

Source: protocol.md 4.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from reactor.auth.identity import ANONYMOUS
from reactor.errors import AuthFailed
from reactor.runner.failure import failure_of
from reactor.runner.http import find_route

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from reactor.session.hub import Hub

PREFIX = "/http"


class Site:
    """Answers requests with the handlers of the `HttpRouter`s of a project and its components.

    Args:
        hub: where the handlers' calls go.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; the path is the public one, without `/http`."""
        request = Request(scope, receive)
        response = await self._respond(request)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        spaces = self._hub.runner.spaces.values()
        if all(space.functions.http is None for space in spaces):
            return PlainTextResponse(
                "This Convex deployment does not have HTTP actions enabled.", 404
            )
        path = request.scope["path"][len(PREFIX) :] or "/"
        route = find_route(spaces, request.method, path)
        if route is None:
            return PlainTextResponse(f"No HttpAction routed for {path}", 404)
        try:
            # A bad token is nobody here: webhooks carry Authorization headers of their own kind.
            caller = await self._hub.authenticator.from_header(request.headers.get("authorization"))
        except AuthFailed:
            caller = ANONYMOUS
        public = dict(request.scope, path=path, raw_path=path.encode(), root_path=route.prefix)
        asked = Request(public, request.receive)
        try:
            return await self._hub.runner.unregistered_action(
                f"{request.method} {path}",
                lambda ctx: route.handler(ctx, asked),
                caller,
                route.space.path,
            )
        except Exception as error:
            # A developer's handler may raise anything; its client gets a 500 and the request id.
            return self._failed(error)

    def _failed(self, error: Exception) -> Response:
        self._hub.note_error(error)
        failure = failure_of(error)
        head = f"[Request ID: {self._hub.runner.request_id()}] Server Error"
        lines = failure.text.rstrip("\n").split("\n")
        body: dict[str, object] = {"code": head}
        if not self._hub.redacts:
            body = {"code": f"{head}: {lines[0].removeprefix('Uncaught ')}", "trace": failure.text}
        if failure.data is not None:
            body["data"] = msgspec.Raw(failure.data)
        return Response(msgspec.json.encode(body), 500, media_type="application/json")


def at_root(app: ASGIApp) -> ASGIApp:
    """The site port's application: every path of it is `/http` and that path of `app`."""

    async def site(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = PREFIX + scope["path"]
            scope = dict(scope, path=path, raw_path=path.encode())
            await app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    return site
