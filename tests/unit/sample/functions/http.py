"""The sample's own HTTP routes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from reactor import ActionCtx, AppError, HttpRouter
from tests.unit.sample.functions import counters
from tests.unit.sample.gate import gate

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


@http.get("/asker")
async def asker(ctx: ActionCtx, request: Request) -> Response:
    return PlainTextResponse(f"{ctx.meta.request.ip} {ctx.meta.request.user_agent}")


@http.get("/stuck")
async def stuck(ctx: ActionCtx, request: Request) -> Response:
    await gate.passing()
    return PlainTextResponse("passed")


@http.get("/broken")
async def broken(ctx: ActionCtx, request: Request) -> Response:
    raise ZeroDivisionError("it broke")


@http.get("/url")
async def url(ctx: ActionCtx, request: Request) -> Response:
    return PlainTextResponse(str(request.url))


@http.post("/size")
async def size(ctx: ActionCtx, request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


@http.get("/large/*")
async def large(ctx: ActionCtx, request: Request) -> Response:
    return Response(b"x" * int(request.url.path.rpartition("/")[2]))


@http.post("/stream")
async def stream(ctx: ActionCtx, request: Request) -> Response:
    async def shouting() -> AsyncIterator[bytes]:
        async for part in request.stream():
            yield part.upper()

    return StreamingResponse(shouting())


@http.get("/half")
async def half(ctx: ActionCtx, request: Request) -> Response:
    async def breaking() -> AsyncIterator[bytes]:
        yield b"half"
        raise ZeroDivisionError("in the middle")

    return StreamingResponse(breaking())


@http.get("/nothing")
async def nothing(ctx: ActionCtx, request: Request) -> Response:
    return cast("Response", None)


@http.put("/picture")
async def picture(ctx: ActionCtx, request: Request) -> Response:
    kind = request.headers.get("content-type")
    id = await ctx.storage.store(request.stream(), content_type=kind)
    return PlainTextResponse(await ctx.storage.get_url(id))


@http.get("/refused")
async def refused(ctx: ActionCtx, request: Request) -> Response:
    raise AppError({"code": "REFUSED"})
