"""The HTTP routes beside the client API."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from reactor import ActionCtx, HttpRouter

http = HttpRouter()


@http.get("/health")
async def health(ctx: ActionCtx, request: Request) -> Response:
    """Says that the server answers, and what time it is there."""
    return JSONResponse({"status": "ok", "time": ctx.now_ms()})
