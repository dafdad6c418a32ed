from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from functions import counters
from reactor import ActionCtx, HttpRouter

http = HttpRouter()


@http.post("/hook")
async def hook(ctx: ActionCtx, request: Request) -> Response:
    name = request.query_params["name"]
    count = await ctx.run_mutation(counters.increment, name=name)
    return JSONResponse({"count": count, "size": len(await request.body())})


@http.get("/files/*")
async def prefix(ctx: ActionCtx, request: Request) -> Response:
    return PlainTextResponse(str(request.url))


@http.get("/ticks")
async def ticks(ctx: ActionCtx, request: Request) -> Response:
    """Ticks until its client goes, and counts that as well."""
    name = request.query_params["name"]

    async def forever() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"tick\n"
                await asyncio.sleep(0.01)
        finally:
            await asyncio.shield(ctx.run_mutation(counters.increment, name=name))

    return StreamingResponse(forever())


@http.get("/cut")
async def cut(ctx: ActionCtx, request: Request) -> Response:
    async def breaking() -> AsyncIterator[bytes]:
        yield b"half"
        raise ZeroDivisionError

    return StreamingResponse(breaking())
