"""The app's own routes; one of them lies where a component's lie."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from reactor import ActionCtx, HttpRouter

http = HttpRouter()


@http.get("/left/mine")
async def mine(ctx: ActionCtx, request: Request) -> Response:
    return PlainTextResponse("the app's")
