"""Functions over HTTP: `/api/query`, `/api/mutation`, `/api/action` and their relatives.

Source: protocol.md 4.1 to 4.3.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from reactor import limits
from reactor.edge.access import admin_caller
from reactor.edge.answers import problem_response
from reactor.edge.origin import origin_of
from reactor.errors import BadRequest, InternalError
from reactor.runner.run import Call, Outcome
from reactor.session.messages import read_ts, write_ts
from reactor.values.json import Format, parse_format, reformat

if TYPE_CHECKING:
    from reactor.auth.identity import Caller
    from reactor.session.hub import Hub


class Body(msgspec.Struct, frozen=True):
    """What a function call carries; arguments stay raw."""

    path: str
    args: msgspec.Raw = msgspec.Raw(b"{}")
    format: str | None = None
    ts: str | None = None
    componentPath: str | None = None  # noqa: N815  # the wire's own name


class BatchBody(msgspec.Struct, frozen=True):
    """Several queries at one timestamp."""

    queries: list[Body]


class RunBody(msgspec.Struct, frozen=True):
    """A function call whose path stands in the URL."""

    args: msgspec.Raw = msgspec.Raw(b"{}")
    format: str | None = None


_run_body = msgspec.json.Decoder(RunBody).decode
_body = msgspec.json.Decoder(Body).decode
_batch = msgspec.json.Decoder(BatchBody).decode
_OLD_NPM, _OLD_PYTHON = (1, 4, 1), (0, 5, 0)
_CLIENT = re.compile(r"(npm|python)-(\d+)\.(\d+)\.(\d+)")


def decode_body(data: bytes) -> Body:
    """A function call's body.

    Raises:
        BadRequest: it is not JSON of the right shape.
    """
    try:
        return _checked(_body(data))
    except (msgspec.DecodeError, RecursionError) as error:
        refused = BadRequest(f"the request body cannot be read: {error}", code="BadJsonBody")
    # Half a surrogate pair inside the arguments is the argument's fault; see session.messages.
    try:
        parsed = json.loads(data)
        args = msgspec.Raw(json.dumps(parsed.pop("args")).encode())
        return msgspec.structs.replace(_body(msgspec.json.encode(parsed)), args=args)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise refused from None


def _checked(body: Body) -> Body:
    """Refuses arguments that are not one object, or a list of exactly one."""
    args = bytes(body.args).strip()
    if args.startswith(b"["):
        items = msgspec.json.decode(args, type=list[msgspec.Raw])
        args = bytes(items[0]).strip() if len(items) == 1 else b""
    if not args.startswith(b"{"):
        raise BadRequest("args must be an object, or a list of one object", code="BadJsonBody")
    return body


class Rpc:
    """The function-call endpoints of a node.

    Args:
        hub: runs the functions and tells when their results are durable.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def query(self, request: Request) -> Response:
        """`POST /api/query`, or `GET` with `path`, `args` and `format` in the URL."""
        caller = await self._caller(request)
        if request.method == "GET":
            params = request.query_params
            args = msgspec.Raw(params.get("args", "{}").encode())
            body = Body(params.get("path", ""), args, params.get("format"))
        else:
            body = decode_body(await read_body(request, limits.RPC_BODY_BYTES_MAX))
        return self._answer(request, body, await self._query(self._call(request, body, caller)))

    async def _query(self, call: Call) -> Outcome:
        outcome = await self._hub.queries.ask(call)
        await self._hub.durable(outcome.ts)
        return outcome

    async def mutation(self, request: Request) -> Response:
        """`POST /api/mutation`."""
        caller = await self._caller(request)
        body = decode_body(await read_body(request, limits.RPC_BODY_BYTES_MAX))
        return self._answer(request, body, await self._mutation(self._call(request, body, caller)))

    async def _mutation(self, call: Call) -> Outcome:
        outcome = await self._hub.runner.mutation(call)
        await self._hub.durable(outcome.ts)
        return outcome

    async def action(self, request: Request) -> Response:
        """`POST /api/action`."""
        caller = await self._caller(request)
        body = decode_body(await read_body(request, limits.RPC_BODY_BYTES_MAX))
        outcome = await self._hub.runner.action(self._call(request, body, caller))
        return self._answer(request, body, outcome)

    async def query_ts(self, request: Request) -> Response:
        """`POST /api/query_ts`: a timestamp for `/api/query_at_ts`."""
        await self._caller(request)
        ts = write_ts(self._hub.log.durable_ts).decode()
        return json_response(msgspec.json.encode({"ts": ts}))

    async def query_at_ts(self, request: Request) -> Response:
        """`POST /api/query_at_ts`: a query at a recent timestamp."""
        caller = await self._caller(request)
        body = decode_body(await read_body(request, limits.RPC_BODY_BYTES_MAX))
        if body.ts is None:
            raise BadRequest("ts is missing", code="BadJsonBody")
        ts = read_ts(body.ts)
        if ts > self._hub.log.durable_ts:
            raise BadRequest("ts is in the future", code="InvalidTimestamp")
        outcome = await self._hub.runner.query(self._call(request, body, caller), at_ts=ts)
        return self._answer(request, body, outcome)

    async def query_batch(self, request: Request) -> Response:
        """`POST /api/query_batch`: several queries at one timestamp."""
        caller = await self._caller(request)
        data = await read_body(request, limits.RPC_BODY_BYTES_MAX)
        try:
            queries = _batch(data).queries
        except (msgspec.DecodeError, RecursionError) as error:
            raise BadRequest(f"the body cannot be read: {error}", code="BadJsonBody") from None
        ts = self._hub.log.last_ts
        results: list[bytes] = []
        for body in queries:
            outcome = await self._hub.runner.query(self._call(request, body, caller), at_ts=ts)
            results.append(self._text(request, body, outcome))
        await self._hub.durable(ts)
        return json_response(b'{"results":[' + b",".join(results) + b"]}")

    async def run(self, request: Request) -> Response:
        """`POST /api/run/{dir/mod/fn}`: any public function, by a path with slashes."""
        caller = await self._caller(request)
        module, _, name = request.path_params["path"].rpartition("/")
        if not module or not name:
            raise BadRequest(
                "a function identifier needs a module and a name", code="MissingIdentifier"
            )
        data = await read_body(request, limits.RPC_BODY_BYTES_MAX)
        try:
            given = _run_body(data)
        except (msgspec.DecodeError, RecursionError) as error:
            raise BadRequest(f"the body cannot be read: {error}", code="BadJsonBody") from None
        body = _checked(Body(f"{module}:{name}", given.args, given.format))
        return self._answer(request, body, await self._any(self._call(request, body, caller)))

    async def function(self, request: Request) -> Response:
        """`POST /api/function`: any function at all, for the admin only."""
        caller = await admin_caller(self._hub, request)
        body = decode_body(await read_body(request, limits.RPC_BODY_BYTES_MAX))
        return self._answer(request, body, await self._any(self._call(request, body, caller)))

    async def _any(self, call: Call) -> Outcome:
        kind = self._hub.runner.kind_of(call)
        if kind == "mutation":
            return await self._mutation(call)
        if kind == "action":
            return await self._hub.runner.action(call)
        return await self._query(call)

    async def _caller(self, request: Request) -> Caller:
        return await self._hub.authenticator.from_header(request.headers.get("authorization"))

    def _call(self, request: Request, body: Body, caller: Caller) -> Call:
        return Call(
            body.path,
            bytes(body.args),
            caller,
            component=body.componentPath or "",
            sees_internal=caller.kind == "admin",
            request_id=self._hub.runner.request_id(),
            origin=origin_of("HttpApi", request.client, request.headers),
        )

    def _answer(self, request: Request, body: Body, outcome: Outcome) -> Response:
        return json_response(self._text(request, body, outcome))

    def _text(self, request: Request, body: Body, outcome: Outcome) -> bytes:
        form = parse_format(body.format, _default_format(request.headers.get("convex-client")))
        told = self._hub.told(outcome)
        lines = msgspec.json.encode(told)
        if outcome.failure is None:
            assert outcome.value is not None, "a success has a value"
            value = reformat(outcome.value, form)
            shown = b',"logLines":%b' % lines if told else b""
            return b'{"status":"success","value":%b%b}' % (value, shown)
        failure = outcome.failure
        message = failure.message(outcome.request_id, redacted=self._hub.redacts)
        text = b'{"status":"error","errorMessage":%b' % msgspec.json.encode(message)
        if failure.data is not None:
            text += b',"errorData":%b' % reformat(failure.data, form)
        if told:
            text += b',"logLines":%b' % lines
        return text + b"}"


def _default_format(client: str | None) -> Format:
    match = _CLIENT.match(client or "")
    if match is not None:
        version = tuple(int(part) for part in match.groups()[1:])
        if version <= (_OLD_NPM if match.group(1) == "npm" else _OLD_PYTHON):
            return Format.ENCODED
    return Format.JSON


async def read_body(request: Request, limit: int) -> bytes:
    """A request's body.

    Args:
        request: whose body.
        limit: bytes.

    Raises:
        BadRequest: 413 when it is longer, 408 when the client goes away.
    """
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise BadRequest(
                    f"the body is too large (limit: {limit} bytes)", code="BodyTooLarge", status=413
                )
            chunks.append(chunk)
    except ClientDisconnect:
        raise BadRequest("the client went away", code="ClientDisconnect", status=408) from None
    return b"".join(chunks)


def json_response(body: bytes, status: int = 200) -> Response:
    """A JSON answer from ready text."""
    return Response(body, status, media_type="application/json")


Endpoint = Callable[[Request], Awaitable[Response]]


def guarded(endpoint: Endpoint, note: Callable[[BaseException], None]) -> Endpoint:
    """An endpoint whose infrastructure errors become `{"code", "message"}`.

    Args:
        endpoint: what answers.
        note: told of errors that are our fault.
    """

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except InternalError as error:
            return problem_response(error)
        except Exception as error:
            # The last line before the client: whatever it is, it must not leak its text.
            note(error)
            return problem_response(InternalError(""))

    return answer
