"""The sample's own HTTP routes."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from reactor import ActionCtx, AppError, HttpRouter
from tests.unit.sample.functions import counters

http = HttpRouter()


@http.get("/count")
async def count(ctx: ActionCtx, request: Request) -> Response:
    return JSONResponse(await ctx.run_query(counters.get, name=request.query_params["name"]))


@http.post("/hooks/*")
async def hook(ctx: ActionCtx, request: Request) -> Response:
    value = await ctx.run_mutation(counters.add, name="hooks")
    return PlainTextResponse(f"{request.url.path} {value} {(await request.body()).decode()}")


@http.get("/me")
async def me(ctx: ActionCtx, request: Request) -> Response:
    identity = await ctx.auth.get_user_identity()
    return PlainTextResponse("nobody" if identity is None else identity.subject)


@http.get("/broken")
async def broken(ctx: ActionCtx, request: Request) -> Response:
    raise ZeroDivisionError("it broke")


@http.get("/refused")
async def refused(ctx: ActionCtx, request: Request) -> Response:
    raise AppError({"code": "REFUSED"})
