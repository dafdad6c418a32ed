"""What an operator, `npx convex` and dashboards do over HTTP.

Every endpoint needs the admin key. Where one changes data it runs a system mutation, so that it is
one transaction with all of a transaction's promises.

Source: protocol.md 4.4, 8.4, 8.8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from reactor import limits
from reactor.admin.environment import UPDATE
from reactor.edge.access import admin_caller
from reactor.edge.rpc import Endpoint, guarded, json_response, read_body
from reactor.errors import BadRequest
from reactor.runner.run import Call

if TYPE_CHECKING:
    from starlette.requests import Request

    from reactor.admin.view import Deployment
    from reactor.auth.identity import Caller
    from reactor.session.hub import Hub


class AdminApi:
    """The admin's endpoints of a node.

    Args:
        hub: runs the functions and tells when their results are durable.
        deployment: what the node is.
    """

    def __init__(self, hub: Hub, deployment: Deployment) -> None:
        self._hub = hub
        self._deployment = deployment

    def routes(self) -> list[Route]:
        """The endpoints, relative to `/api`."""
        both = [
            self._route("POST", "/update_environment_variables", self._update_variables),
            self._route("GET", "/list_environment_variables", self._list_variables),
        ]
        versioned = [Route(f"/v1{one.path}", one.endpoint, methods=one.methods) for one in both]
        return [
            self._route("GET", "/check_admin_key", self._check_key),
            *both,
            *versioned,
        ]

    def _route(self, method: str, path: str, endpoint: Endpoint) -> Route:
        return Route(path, guarded(endpoint, self._hub.note_error), methods=[method])

    async def _check_key(self, request: Request) -> Response:
        await admin_caller(self._hub, request)
        return json_response(b'{"success":true,"allowedOps":["all"],"isReadOnly":false}')

    async def _update_variables(self, request: Request) -> Response:
        caller = await admin_caller(self._hub, request)
        await self._mutate(UPDATE, await read_body(request, limits.RPC_BODY_BYTES_MAX), caller)
        # Whose tokens are trusted may depend on them.
        variables = self._deployment.environment.variables()
        self._hub.authenticator.trust(self._deployment.settled(variables))
        return Response(b"")

    async def _list_variables(self, request: Request) -> Response:
        caller = await admin_caller(self._hub, request)
        rows = msgspec.json.decode(
            await self._ask("_system/cli/queryEnvironmentVariables", b"{}", caller)
        )
        listed = {row["name"]: row["value"] for row in rows}
        return json_response(msgspec.json.encode({"environmentVariables": listed}))

    async def _ask(self, path: str, args: bytes, caller: Caller) -> bytes:
        """A system query's result, as wire JSON."""
        outcome = await self._hub.queries.ask(self._call(path, args, caller))
        await self._hub.durable(outcome.ts)
        assert outcome.value is not None, "the engine's own queries answer the engine"
        return outcome.value

    async def _mutate(self, path: str, args: bytes, caller: Caller) -> bytes:
        """Runs a system mutation; durable when this returns its result.

        Raises:
            BadRequest: it was refused.
        """
        outcome = await self._hub.runner.mutation(self._call(path, args, caller))
        await self._hub.durable(outcome.ts)
        if outcome.failure is not None:
            text = outcome.failure.text.removeprefix("Uncaught Error: ").rstrip("\n")
            raise BadRequest(text, code=outcome.failure.code)
        assert outcome.value is not None, "a success has a value"
        return outcome.value

    def _call(self, path: str, args: bytes, caller: Caller) -> Call:
        return Call(path, args, caller, request_id=self._hub.runner.request_id())
