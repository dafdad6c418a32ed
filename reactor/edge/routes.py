"""The HTTP application of a node: Starlette starts and stops here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute

from reactor import limits
from reactor.edge.admin import AdminApi
from reactor.edge.asgi import AsgiSync
from reactor.edge.files import FileRoutes
from reactor.edge.logs import FunctionLogs
from reactor.edge.rpc import Endpoint, Rpc, guarded, read_body
from reactor.edge.site import PREFIX, Site
from reactor.edge.transfer import TransferEndpoints

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from reactor.admin.view import Deployment
    from reactor.session.hub import Hub
    from reactor.transfer.desk import Transfer

VERSION = "reactor-0.1.0"


def http_app(hub: Hub, deployment: Deployment, transfer: Transfer) -> Starlette:
    """Every HTTP route of a node, and the sync protocol for servers with their own WebSockets.

    Args:
        hub: the node's sessions and functions.
        deployment: what else the node is.
        transfer: its exports and imports.
    """
    rpc = Rpc(hub)
    files = FileRoutes(hub)

    def post(path: str, endpoint: Endpoint, *more: str) -> Route:
        return Route(path, guarded(endpoint, hub.note_error), methods=["POST", *more])

    api = [
        post("/query", rpc.query, "GET"),
        post("/mutation", rpc.mutation),
        post("/action", rpc.action),
        post("/query_ts", rpc.query_ts),
        post("/query_at_ts", rpc.query_at_ts),
        post("/query_batch", rpc.query_batch),
        post("/run/{path:path}", rpc.run),
        post("/function", rpc.function),
        post("/debug_event", _ignored),
        post("/storage/upload", files.upload),
        Route("/storage/{uuid:path}", guarded(files.download, hub.note_error)),
        *AdminApi(hub, deployment).routes(),
        *TransferEndpoints(hub, transfer).routes(),
        Route("/stream_function_logs", guarded(FunctionLogs(hub), hub.note_error)),
        Route("/stream_udf_execution", guarded(FunctionLogs(hub, only_ended=True), hub.note_error)),
        WebSocketRoute("/sync", AsgiSync(hub)),
        WebSocketRoute("/{version}/sync", AsgiSync(hub)),
    ]
    cors = Middleware(
        CORSMiddleware,
        allow_origin_regex=".*",
        allow_credentials=True,
        allow_methods=["GET", "POST", "OPTIONS", "PATCH", "DELETE", "PUT"],
        allow_headers=["*"],
        max_age=86_400,
    )
    routes = [
        Route("/", _greeting),
        Route("/version", _text(VERSION)),
        Route("/instance_version", _text(VERSION)),
        Route("/instance_name", _text(deployment.settings.name)),
        Route("/metrics", _Metrics(hub)),
        Route("/echo", guarded(_echo, hub.note_error), methods=["POST"]),
        Mount("/api", routes=api, middleware=[cors]),
        Mount(PREFIX, app=_Whole(Site(hub))),
    ]
    return Starlette(routes=routes)


class _Whole:
    """Gives a mounted application the whole path; Site takes its own prefix off."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._site(scope, receive, send)


async def _greeting(_: Request) -> Response:
    return PlainTextResponse("This is a reactor deployment. Point a Convex client at this URL.\n")


def _text(text: str) -> Endpoint:
    async def answer(_: Request) -> Response:
        return PlainTextResponse(text)

    return answer


async def _ignored(request: Request) -> Response:
    await read_body(request, limits.RPC_BODY_BYTES_MAX)
    return Response(b"")


async def _echo(request: Request) -> Response:
    return Response(await read_body(request, limits.ECHO_BODY_BYTES_MAX))


class _Metrics:
    """Counters in the text form that Prometheus reads."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        hub = self._hub
        figures = {
            "reactor_query_runs_total": hub.runner.query_runs,
            "reactor_mutation_runs_total": hub.runner.mutation_runs,
            "reactor_connections_opened_total": hub.opened_total,
            "reactor_connections": len(hub.sessions),
            "reactor_live_queries": len(hub.queries),
            "reactor_last_commit_ns": hub.log.last_ts,
        }
        lines = [f"# TYPE {key} {_type(key)}\n{key} {value}\n" for key, value in figures.items()]
        await PlainTextResponse("".join(lines))(scope, receive, send)


def _type(name: str) -> str:
    return "counter" if name.endswith("_total") else "gauge"
