"""What an operator, `npx convex` and dashboards do over HTTP.

Every endpoint needs the admin key. Where one changes data it runs a system mutation, so that it is
one transaction with all of a transaction's promises; a large change is a series of them.

Source: protocol.md 4.4, 8.4, 8.8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

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
    from reactor.runner.run import Outcome
    from reactor.session.hub import Hub

T = TypeVar("T")


class TablesBody(msgspec.Struct, frozen=True, rename="camel"):
    """Tables to be deleted."""

    table_names: list[str]
    component_id: str | None = None


class ComponentBody(msgspec.Struct, frozen=True, rename="camel"):
    """A component by its path."""

    component_id: str


class JobBody(msgspec.Struct, frozen=True, rename="camel"):
    """A scheduled function."""

    id: str
    component_id: str | None = None


class JobsBody(msgspec.Struct, frozen=True, rename="camel"):
    """Scheduled functions: all of them, or those of one function."""

    udf_path: str | None = None
    component_id: str | None = None


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
            self._route("GET", "/shapes2", self._shapes),
            self._route("GET", "/get_indexes", self._indexes),
            self._route("POST", "/delete_tables", self._delete_tables),
            self._route("POST", "/delete_component", self._delete_component),
            self._route("POST", "/cancel_job", self._cancel_job),
            self._route("POST", "/cancel_all_jobs", self._cancel_all_jobs),
            self._route("POST", "/run_test_function", self._run_test_function),
            self._route("POST", "/deploy2/{step}", self._push),
            self._route("POST", "/get_config_hashes", self._push),
        ]

    def _route(self, method: str, path: str, endpoint: Endpoint) -> Route:
        return Route(path, guarded(endpoint, self._hub.note_error), methods=[method])

    async def _check_key(self, request: Request) -> Response:
        await admin_caller(self._hub, request)
        return json_response(b'{"success":true,"allowedOps":["all"],"isReadOnly":false}')

    # --- environment variables ------------------------------------------------------------

    async def _update_variables(self, request: Request) -> Response:
        caller = await admin_caller(self._hub, request)
        await self._mutate(UPDATE, await read_body(request, limits.RPC_BODY_BYTES_MAX), caller)
        # Whose tokens are trusted may depend on them.
        variables = self._deployment.environment.variables()
        self._hub.authenticator.trust(self._deployment.settled(variables))
        return Response(b"")

    async def _list_variables(self, request: Request) -> Response:
        caller = await admin_caller(self._hub, request)
        rows = msgspec.json.decode(await self._ask("_system/cli/queryEnvironmentVariables", caller))
        listed = {row["name"]: row["value"] for row in rows}
        return json_response(msgspec.json.encode({"environmentVariables": listed}))

    # --- tables and components ------------------------------------------------------------

    async def _shapes(self, request: Request) -> Response:
        caller = await admin_caller(self._hub, request)
        component = request.query_params.get("component")
        args = {} if component is None else {"componentId": component}
        return json_response(await self._ask("_system/reactor/shapes", caller, **args))

    async def _indexes(self, request: Request) -> Response:
        caller = await admin_caller(self._hub, request)
        indexes = await self._ask("_system/reactor/allIndexes", caller)
        return json_response(b'{"indexes":%b}' % indexes)

    async def _delete_tables(self, request: Request) -> Response:
        caller = await admin_caller(self._hub, request)
        body = await self._body(request, TablesBody)
        for table in body.table_names:
            args = {"table": table, "componentId": body.component_id}
            await self._until_done("_system/reactor/deleteTable", caller, **args)
        return Response(b"")

    async def _delete_component(self, request: Request) -> Response:
        caller = await admin_caller(self._hub, request)
        body = await self._body(request, ComponentBody)
        await self._until_done("_system/reactor/deleteComponent", caller, path=body.component_id)
        return Response(b"")

    # --- scheduled functions --------------------------------------------------------------

    async def _cancel_job(self, request: Request) -> Response:
        caller = await admin_caller(self._hub, request)
        body = await self._body(request, JobBody)
        args = {"id": body.id, "componentId": body.component_id}
        await self._mutate("_system/reactor/cancelJob", msgspec.json.encode(args), caller)
        return Response(b"")

    async def _cancel_all_jobs(self, request: Request) -> Response:
        caller = await admin_caller(self._hub, request)
        body = await self._body(request, JobsBody)
        args = {"udfPath": body.udf_path, "componentId": body.component_id}
        await self._until_done("_system/reactor/cancelAllJobs", caller, **args)
        return Response(b"")

    # --- what is refused ------------------------------------------------------------------

    async def _run_test_function(self, request: Request) -> Response:
        await admin_caller(self._hub, request)
        raise BadRequest(
            "this deployment runs Python functions, and the request brings JavaScript; call a "
            "function of the project instead: `npx convex run module:function`",
            code="JavaScriptNotSupported",
        )

    async def _push(self, request: Request) -> Response:
        await admin_caller(self._hub, request)
        raise BadRequest(
            "this deployment serves the Python project that it was started with; nothing is pushed "
            "to it. Use `reactor dev`, or deploy the files and restart `reactor serve`",
            code="PushNotSupported",
        )

    # --- how they are run -----------------------------------------------------------------

    async def _body(self, request: Request, shape: type[T]) -> T:
        data = await read_body(request, limits.RPC_BODY_BYTES_MAX)
        try:
            return msgspec.json.decode(data, type=shape)
        except (msgspec.DecodeError, RecursionError) as error:
            raise BadRequest(f"the body cannot be read: {error}", code="BadJsonBody") from None

    async def _ask(self, path: str, caller: Caller, /, **args: Any) -> bytes:
        """A system query's result, as wire JSON.

        Raises:
            BadRequest: it was refused.
        """
        call = self._call(path, msgspec.json.encode(args), caller)
        return await self._result(await self._hub.queries.ask(call))

    async def _mutate(self, path: str, args: bytes, caller: Caller) -> bytes:
        """Runs a system mutation; durable when this returns its result.

        Raises:
            BadRequest: it was refused.
        """
        return await self._result(await self._hub.runner.mutation(self._call(path, args, caller)))

    async def _until_done(self, path: str, caller: Caller, /, **args: Any) -> None:
        """Runs a system mutation again until there is no more; others have their turn between."""
        body, has_more = msgspec.json.encode(args), True
        while has_more:
            has_more = msgspec.json.decode(await self._mutate(path, body, caller))["hasMore"]

    async def _result(self, outcome: Outcome) -> bytes:
        await self._hub.durable(outcome.ts)
        if outcome.failure is not None:
            text = outcome.failure.text.removeprefix("Uncaught Error: ").rstrip("\n")
            raise BadRequest(text, code=outcome.failure.code)
        assert outcome.value is not None, "a success has a value"
        return outcome.value

    def _call(self, path: str, args: bytes, caller: Caller) -> Call:
        return Call(path, args, caller, request_id=self._hub.runner.request_id())
