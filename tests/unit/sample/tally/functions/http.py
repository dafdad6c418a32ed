"""The component's own routes."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from reactor import ActionCtx, HttpRouter
from tests.unit.sample.tally.functions import tallies

http = HttpRouter()


@http.post("/add/*")
async def add(ctx: ActionCtx, request: Request) -> Response:
    name = request.url.path.rpartition("/")[2]
    await ctx.run_mutation(tallies.add, name=name)
    value = await ctx.run_query(tallies.get, name=name)
    return PlainTextResponse(str(value))


@http.get("/who")
async def who(ctx: ActionCtx, request: Request) -> Response:
    identity = await ctx.auth.get_user_identity()
    path = f"{request.scope['root_path']} {request.url.path}"
    return PlainTextResponse(f"{identity} {path} {tallies.get.handle}")
