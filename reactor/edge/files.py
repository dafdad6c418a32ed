"""Files over HTTP: uploads to signed URLs, downloads by the secret name in a file's URL.

Source: protocol.md 4.5.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Final

import anyio
import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from reactor import limits
from reactor.edge.ranges import Unsatisfiable, parse_range
from reactor.edge.rpc import json_response
from reactor.errors import BadRequest, LimitError, ValueNotAllowed
from reactor.files.store import parse_sha256
from reactor.files.tables import parse_uuid

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from reactor.files.tables import FileRecord
    from reactor.files.tokens import Permit
    from reactor.session.hub import Hub

_CACHED: Final = "private, max-age=2592000"
_INERT: Final = ("image/", "audio/", "video/", "font/", "text/plain", "application/pdf")
_SANDBOX: Final = "sandbox allow-scripts allow-forms allow-popups allow-downloads"


class FileRoutes:
    """The endpoints of file storage.

    Args:
        hub: the node.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def upload(self, request: Request) -> Response:
        """`POST /api/storage/upload?token=…`: one file as the raw body.

        Raises:
            BadRequest: 401 for the token, 400 for the digest, 408 for a client that is gone or too
                slow, 413 for a file that is too large.
        """
        files = self._hub.runner.files
        permit = files.permits.read(request.query_params.get("token"))
        digest = _announced_digest(request)
        _check_length(request)
        with anyio.CancelScope() as receiving:
            timer = self._hub.background.start(self._expire(receiving))
            try:
                id = await self._receive(request, digest, permit)
            finally:
                timer.cancel()
            return json_response(msgspec.json.encode({"storageId": id}))
        raise BadRequest(
            f"the upload took longer than {limits.UPLOAD_S} seconds; send a smaller file, or set "
            "REACTOR_LIMIT_UPLOAD_S",
            code="UploadTimedOut",
            status=408,
        )

    async def _expire(self, receiving: anyio.CancelScope) -> None:
        await self._hub.clock.sleep(limits.UPLOAD_S)
        receiving.cancel()

    async def _receive(self, request: Request, digest: bytes | None, permit: Permit) -> str:
        try:
            return await self._hub.runner.files.receive(
                request.stream(),
                content_type=request.headers.get("content-type"),
                sha256=digest,
                table=permit.table,
                permit=permit,
            )
        except LimitError as error:
            raise BadRequest(str(error), code=error.code, status=413) from None
        except ValueNotAllowed as error:
            raise BadRequest(str(error), code=error.code) from None
        except ClientDisconnect:
            raise BadRequest("the client went away", code="ClientDisconnect", status=408) from None

    async def download(self, request: Request) -> Response:
        """`GET /api/storage/{uuid}`, and HEAD: a file, or one range of it.

        Raises:
            BadRequest: 400 for what is no uuid, 404 where there is no such file.
        """
        record = self._named(request.path_params["uuid"])
        tag = f'"{record.sha256}"'
        headers = _headers(record, tag)
        if request.method == "HEAD":
            return Response(None, 200, _whole(headers, record))
        if tag in request.headers.get("if-none-match", ""):
            return Response(None, 304, headers)
        # A range of the version that the client has; of another one it would get nonsense.
        asked = request.headers.get("range")
        if request.headers.get("if-range", tag) != tag:
            asked = None
        try:
            part = parse_range(asked, record.size)
        except Unsatisfiable:
            outside = {"content-range": f"bytes */{record.size}", "accept-ranges": "bytes"}
            return Response(None, 416, outside)
        if part is None:
            return await self._stream(record, 0, record.size, 200, _whole(headers, record))
        start, length = part
        headers["content-range"] = f"bytes {start}-{start + length - 1}/{record.size}"
        headers["content-length"] = str(length)
        return await self._stream(record, start, length, 206, headers)

    def _named(self, text: str) -> FileRecord:
        uuid = parse_uuid(text)
        if uuid is None:
            raise BadRequest(
                f"Invalid storage path: {text[:64]!r} is no uuid; use the URL that "
                "ctx.storage.get_url() gives",
                code="InvalidStoragePath",
            )
        record = self._hub.runner.files.named(uuid)
        if record is None:
            raise BadRequest(f"File {uuid} not found", code="FileNotFound", status=404)
        return record

    async def _stream(
        self, record: FileRecord, start: int, length: int, status: int, headers: dict[str, str]
    ) -> Response:
        blocks = self._hub.runner.files.read(record, start, length)
        # The first block before the head: where bytes are lost, the client gets an error.
        first = await anext(blocks, b"")
        return StreamingResponse(_after(first, blocks), status, headers)


async def _after(first: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(rest):
        yield first
        async for block in rest:
            yield block


def _headers(record: FileRecord, tag: str) -> dict[str, str]:
    content_type = record.content_type or "application/octet-stream"
    headers = {
        "content-type": content_type,
        "accept-ranges": "bytes",
        "cache-control": _CACHED,
        "etag": tag,
        "x-content-type-options": "nosniff",
    }
    kind = content_type.lower()
    if not kind.startswith(_INERT) or kind.startswith("image/svg"):
        # Whoever may upload must not get a script to run as if it were this deployment's own.
        headers["content-security-policy"] = _SANDBOX
    return headers


def _whole(headers: dict[str, str], record: FileRecord) -> dict[str, str]:
    return {**headers, "content-length": str(record.size), "digest": f"sha-256={record.sha256}"}


def _announced_digest(request: Request) -> bytes | None:
    """The sha-256 in the `Digest` header; other algorithms are not looked at."""
    for one in request.headers.get("digest", "").split(","):
        name, _, value = one.strip().partition("=")
        if name.lower() == "sha-256":
            digest = parse_sha256(value)
            if digest is None:
                raise BadRequest(
                    f"Digest: sha-256={value[:100]} is not 32 bytes in base64", code="InvalidDigest"
                )
            return digest
    return None


def _check_length(request: Request) -> None:
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > limits.UPLOAD_BYTES_MAX:
        raise BadRequest(
            f"the file is too large (limit: {limits.UPLOAD_BYTES_MAX} bytes)",
            code="FileTooLarge",
            status=413,
        )
