"""Export and import over HTTP, for the admin: files go up in parts and come down as streams.

Source: protocol.md 8.5, 8.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from reactor import limits
from reactor.edge.rpc import Endpoint, guarded, json_response, read_body
from reactor.errors import BadRequest
from reactor.transfer.imports import Spec  # noqa: TC001  # msgspec reads it as it runs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from reactor.session.hub import Hub
    from reactor.transfer.desk import Transfer

S = TypeVar("S")


class FinishBody(msgspec.Struct, frozen=True, rename="camel"):
    """What an upload was for, and the parts it consists of."""

    import_: Spec = msgspec.field(name="import")
    upload_token: str
    part_tokens: list[str]


class ImportBody(msgspec.Struct, frozen=True, rename="camel"):
    """Which import is meant."""

    import_id: str


_finish = msgspec.json.Decoder(FinishBody)
_import = msgspec.json.Decoder(ImportBody)


class TransferEndpoints:
    """The endpoints.

    Args:
        hub: knows who is the admin.
        transfer: does the work.
    """

    def __init__(self, hub: Hub, transfer: Transfer) -> None:
        self._hub, self._transfer = hub, transfer

    def routes(self) -> list[Route]:
        """All of them, below `/api`."""
        post, get = ["POST"], ["GET"]
        return [
            self._route("/export/request/zip", self.request_export, post),
            self._route("/export/zip/{start_ts}", self.export, get),
            self._route("/import/start_upload", self.start_upload, post),
            self._route("/import/upload_part", self.upload_part, post),
            self._route("/import/finish_upload", self.finish_upload, post),
            self._route("/perform_import", self.perform, post),
            self._route("/cancel_import", self.cancel, post),
        ]

    def _route(self, path: str, endpoint: Endpoint, methods: list[str]) -> Route:
        async def for_admin(request: Request) -> Response:
            header = request.headers.get("authorization")
            if header is None and "adminKey" in request.query_params:
                header = f"Convex {request.query_params['adminKey']}"
            caller = await self._hub.authenticator.from_header(header)
            if caller.kind != "admin":
                raise BadRequest(
                    "this endpoint needs the deployment's admin key",
                    code="BadDeployKey",
                    status=403,
                )
            return await endpoint(request)

        return Route(path, guarded(for_admin, self._hub.note_error), methods=methods)

    async def request_export(self, request: Request) -> Response:
        """Starts an export."""
        include = request.query_params.get("includeStorage", "false") == "true"
        await self._transfer.exports.request(include_storage=include)
        return Response(b"")

    async def export(self, request: Request) -> Response:
        """A finished export's file; ranges of it, for whoever lost the connection."""
        text = request.path_params["start_ts"]
        path = self._transfer.exports.file(int(text)) if text.isdecimal() else None
        if path is None:
            raise BadRequest(
                "there is no such export, it is not finished, or it has had its time",
                code="ExportNotFound",
                status=404,
            )
        # npm takes what follows `filename=` as it is, quotes included, so there are none.
        headers = {"content-disposition": f"attachment; filename={path.name}"}
        return FileResponse(path, media_type="application/zip", headers=headers)

    async def start_upload(self, _: Request) -> Response:
        """A token to upload parts with."""
        token = await self._transfer.uploads.start()
        return json_response(msgspec.json.encode({"uploadToken": token}))

    async def upload_part(self, request: Request) -> Response:
        """Takes one part; its token."""
        number = request.query_params.get("partNumber", "")
        if not number.isdecimal() or len(number) > 9:
            raise BadRequest("partNumber must be a whole number")
        token = request.query_params.get("uploadToken", "")
        part = await self._transfer.uploads.add(token, int(number), _chunks(request))
        return json_response(msgspec.json.encode(part))

    async def finish_upload(self, request: Request) -> Response:
        """Makes an import of an upload; its id."""
        body = await _read(request, _finish)
        id = await self._transfer.imports.begin(body.import_, body.upload_token, body.part_tokens)
        return json_response(msgspec.json.encode({"importId": id}))

    async def perform(self, request: Request) -> Response:
        """Confirms an import."""
        body = await _read(request, _import)
        await self._transfer.imports.perform(body.import_id)
        return json_response(b"{}")

    async def cancel(self, request: Request) -> Response:
        """Cancels an import."""
        body = await _read(request, _import)
        await self._transfer.imports.cancel(body.import_id)
        return json_response(b"{}")


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect:
        raise BadRequest("the client went away", code="ClientDisconnect", status=408) from None


async def _read(request: Request, decoder: msgspec.json.Decoder[S]) -> S:
    data = await read_body(request, limits.RPC_BODY_BYTES_MAX)
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRequest(f"the body cannot be read: {error}", code="BadJsonBody") from None
