"""A project's own HTTP routes: under `/http/…` here, and at the root of the site port.

Source: protocol.md 4.6.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import anyio
import msgspec
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from reactor.auth.identity import ANONYMOUS
from reactor.edge.answers import problem_response
from reactor.edge.exchange import Exchange
from reactor.edge.origin import origin_of
from reactor.errors import AuthFailed, BadRequest, DeveloperError
from reactor.runner.failure import failure_of
from reactor.runner.http import METHODS, Route, find_route
from reactor.runner.run import Call

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.types import ASGIApp, Receive, Scope, Send

    from reactor.runner.context import ActionCtx
    from reactor.session.hub import Hub

PREFIX: Final = "/http"

_log = structlog.get_logger("reactor.edge")
_PROTO: Final = re.compile(r'(?:^|[;,\s])proto="?(https?)\b', re.IGNORECASE)


class Site:
    """Answers requests with the handlers of the `HttpRouter`s of a project and its components.

    Args:
        hub: where the handlers' calls go.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; handlers see the public URL, without `/http`."""
        public = public_scope(scope)
        found = self._find(public["method"], public["path"])
        if isinstance(found, Response):
            await found(scope, receive, send)
            return
        with anyio.CancelScope() as answering:
            exchange = Exchange(scope, receive, send, self._hub.background, answering)
            request_id = self._hub.runner.request_id()
            try:
                await self._run(found, public, exchange, request_id)
            except ClientDisconnect:
                pass  # there is nobody to answer
            except Exception as error:
                # A developer's handler may raise anything; its client gets a 500 and the request
                # id. Half an answer must not pass for a whole one: there the server hangs up.
                if exchange.is_started:
                    raise
                await self._failed(error, request_id)(scope, receive, send)
            finally:
                exchange.close()

    def _find(self, method: str, path: str) -> Route | Response:
        spaces = self._hub.runner.spaces.values()
        if all(space.functions.http is None for space in spaces):
            text = "This Convex deployment does not have HTTP actions enabled."
            return PlainTextResponse(text, 404)
        if method not in METHODS:
            allowed = {"allow": ", ".join(METHODS)}
            return PlainTextResponse(f"HTTP actions do not take {method}", 405, allowed)
        route = find_route(spaces, method, path)
        return route or PlainTextResponse(f"No HttpAction routed for {path}", 404)

    async def _run(self, route: Route, public: Scope, exchange: Exchange, request_id: str) -> None:
        request = Request({**public, "root_path": route.prefix}, exchange.receive)
        try:
            # A bad token is nobody here: webhooks carry Authorization headers of their own kind.
            caller = await self._hub.authenticator.from_header(request.headers.get("authorization"))
        except AuthFailed:
            caller = ANONYMOUS

        async def answer(ctx: ActionCtx) -> int:
            response: Any = await route.handler(ctx, request)
            if not isinstance(response, Response):
                raise DeveloperError(
                    f"the handler of {request.method} {public['path']} returned "
                    f"{type(response).__name__}; return a starlette Response",
                    code="NotAResponse",
                )
            # Within the run, so that a stream can call functions as the handler can.
            await response(public, exchange.receive, exchange.send)
            return response.status_code

        call = Call(
            f"{request.method} {public['path']}", b"", caller, route.space.path,
            request_id=request_id,
            origin=origin_of("HttpEndpoint", request.client, request.headers),
        )  # fmt: skip
        await self._hub.runner.unregistered_action(call, answer, lambda status: status)

    def _failed(self, error: Exception, request_id: str) -> Response:
        if isinstance(error, BadRequest):
            return problem_response(error)
        failure = failure_of(error)
        _log.error("an HTTP route failed", request=request_id, error=failure.text)
        head = f"[Request ID: {request_id}] Server Error"
        lines = failure.text.rstrip("\n").split("\n")
        body: dict[str, object] = {"code": head}
        if not self._hub.redacts:
            body = {"code": f"{head}: {lines[0].removeprefix('Uncaught ')}", "trace": failure.text}
        if failure.data is not None:
            body["data"] = msgspec.Raw(failure.data)
        return Response(msgspec.json.encode(body), 500, media_type="application/json")


def public_scope(scope: Scope) -> Scope:
    """The request as its sender wrote it: without `/http`, with the scheme before any proxy."""
    request = Request(scope)
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return {
        **scope,
        "scheme": _forwarded_scheme(request.headers) or scope["scheme"],
        "path": scope["path"][len(PREFIX) :] or "/",
        "raw_path": raw.removeprefix(PREFIX.encode()) or b"/",
        "root_path": "",
        "app_root_path": "",
        # Responses leave it to the exchange to notice that the client is gone.
        "asgi": {**scope.get("asgi", {}), "spec_version": "2.4"},
    }


def _forwarded_scheme(headers: Headers) -> str | None:
    told = headers.get("x-forwarded-proto", "").split(",")[0].strip().lower()
    if told in ("http", "https"):
        return told
    found = _PROTO.search(headers.get("forwarded", ""))
    return found.group(1).lower() if found else None


def at_root(app: ASGIApp) -> ASGIApp:
    """The site port's application: every path of it is `/http` and that path of `app`."""

    async def site(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            raw: bytes = scope.get("raw_path") or scope["path"].encode()
            path = PREFIX + scope["path"]
            await app(dict(scope, path=path, raw_path=PREFIX.encode() + raw), receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    return site
