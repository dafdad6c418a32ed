"""The ASGI app: every stand-in under its path, the shared controls, the index page."""

from __future__ import annotations

import os
from collections.abc import Mapping

import httpx2
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from examples.standins.clerk import Clerk
from examples.standins.faults import Fault
from examples.standins.openai import OpenAI
from examples.standins.pages import index_page
from examples.standins.resend import Resend
from examples.standins.sandbox import Clock, FrontDoor, Sandbox, SystemClock
from examples.standins.settings import Settings
from examples.standins.xendit import Xendit


def create_app(
    env: Mapping[str, str] | None = None,
    *,
    clock: Clock | None = None,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> FrontDoor:
    """The stand-ins as one ASGI app, with state of its own.

    Args:
        env: the variables of `Settings`; None: the process's environment, followed live.
        clock: tells the time; None: the machine's.
        transport: what webhooks are sent through; None: the network, loopback only.
    """
    chosen_clock = clock or SystemClock()
    settings = Settings(os.environ if env is None else env)
    services = [
        Clerk(settings, chosen_clock, transport).service(),
        Xendit(settings, chosen_clock, transport).service(),
        Resend(settings, chosen_clock).service(),
        OpenAI(chosen_clock).service(),
    ]
    sandbox = Sandbox({service.name: service for service in services}, chosen_clock)
    controls = _Controls(sandbox)
    starlette = Starlette(
        routes=[
            Route("/", controls.index),
            Route("/_sandbox/faults", controls.add_fault, methods=["POST"]),
            Route("/_sandbox/faults", controls.clear_faults, methods=["DELETE"]),
            Route("/_sandbox/requests", controls.requests),
            Route("/_sandbox/reset", controls.reset, methods=["POST"]),
            *(Mount(f"/{service.name}", service.app) for service in services),
        ],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origin_regex=r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?",
                allow_methods=["*"],
                allow_headers=["*"],
            )
        ],
        exception_handlers={ValidationError: _bad_input},
    )
    return FrontDoor(starlette, sandbox)


class _Controls:
    """The routes that belong to no vendor."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def index(self, request: Request) -> Response:
        return index_page(self._sandbox.services.values())

    async def add_fault(self, request: Request) -> Response:
        fault = Fault.model_validate_json(await request.body())
        if fault.service not in self._sandbox.services:
            return self._no_such_service()
        self._sandbox.faults.add(fault)
        return JSONResponse(fault.model_dump())

    async def clear_faults(self, request: Request) -> Response:
        return JSONResponse({"cleared": self._sandbox.faults.clear()})

    async def requests(self, request: Request) -> Response:
        service = request.query_params.get("service") or None
        if service is not None and service not in self._sandbox.services:
            return self._no_such_service()
        return JSONResponse(self._sandbox.requests.seen(service))

    async def reset(self, request: Request) -> Response:
        self._sandbox.reset()
        return JSONResponse({"ok": True})

    def _no_such_service(self) -> Response:
        known = ", ".join(self._sandbox.services)
        return JSONResponse({"error": f"There is no such service; known: {known}."}, 400)


async def _bad_input(request: Request, error: Exception) -> Response:
    assert isinstance(error, ValidationError)
    faults = [
        {"at": ".".join(str(part) for part in e["loc"]), "error": e["msg"]}
        for e in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return JSONResponse({"error": "The request cannot be used.", "details": faults}, 400)
