"""HTTP actions: exact paths, prefixes, methods, bodies, failures."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from functions import calls
from reactor import ActionCtx, AppError, HttpRouter

http = HttpRouter()


@http.post("/echo")
async def echo(ctx: ActionCtx, request: Request) -> Response:
    kind = request.headers.get("content-type", "none")
    headers = {"content-type": kind, "x-said": "yes"}
    return Response(await request.body(), status_code=201, headers=headers)


@http.get("/seen")
async def seen(ctx: ActionCtx, request: Request) -> Response:
    return JSONResponse(
        {
            "method": request.method,
            "path": request.url.path,
            "q": request.query_params.get("q"),
            "header": request.headers.get("x-sent"),
        }
    )


@http.get("/methods")
@http.post("/methods")
@http.put("/methods")
@http.patch("/methods")
@http.delete("/methods")
@http.options("/methods")
async def methods(ctx: ActionCtx, request: Request) -> Response:
    return _said("GET" if request.method == "HEAD" else request.method)


def _said(text: str) -> Response:
    return Response(text, media_type="text/plain")


@http.get("/files/one")
async def exact(ctx: ActionCtx, request: Request) -> Response:
    return _said("exact")


@http.get("/files/*")
async def prefix(ctx: ActionCtx, request: Request) -> Response:
    return _said("prefix")


@http.get("/files/deep/*")
async def deeper(ctx: ActionCtx, request: Request) -> Response:
    return _said("deeper prefix")


@http.post("/empty")
async def empty(ctx: ActionCtx, request: Request) -> Response:
    return Response(status_code=204)


@http.post("/bytes")
async def raw(ctx: ActionCtx, request: Request) -> Response:
    given = await request.body()
    return JSONResponse([len(given), *given[:4]])


@http.post("/add")
async def add(ctx: ActionCtx, request: Request) -> Response:
    await ctx.run_mutation(calls.add, **await request.json())
    return JSONResponse(await ctx.run_query(calls.count))


@http.get("/me")
async def me(ctx: ActionCtx, request: Request) -> Response:
    identity = await ctx.auth.get_user_identity()
    return _said("nobody" if identity is None else identity.subject)


@http.post("/caught")
async def caught(ctx: ActionCtx, request: Request) -> Response:
    try:
        await ctx.run_mutation(calls.refuse, data={"code": "NO"})
    except AppError as error:
        return JSONResponse(error.data, status_code=403)
    return _said("taken")
