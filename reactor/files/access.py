"""`ctx.storage`: what queries, mutations and actions can do with files."""

from __future__ import annotations

import base64
from contextlib import aclosing
from typing import TYPE_CHECKING, cast

from reactor.errors import ValueNotAllowed
from reactor.files.store import parse_sha256
from reactor.files.tables import STORAGE
from reactor.schema.objects import Object

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator

    from reactor.files.store import Files
    from reactor.files.tables import FileRecord, FileTable
    from reactor.schema.fields import Id
    from reactor.schema.system import StoredFile
    from reactor.transaction.transaction import Transaction


class FileMetadata(Object):
    """What `get_metadata` tells: `sha256` in hex, `size` in bytes, `storage_id` the public uuid."""

    storage_id: str
    sha256: str
    size: int
    content_type: str | None


class StorageReader:
    """Files as a query sees them.

    Args:
        files: the node's files.
        tx: the transaction; None in an action, where each call is one of its own.
        table: the namespace's table of files.
    """

    __slots__ = ("_files", "_name", "_tx")

    def __init__(self, files: Files, tx: Transaction | None, table: str = STORAGE) -> None:
        self._files = files
        self._tx = tx
        self._name = table

    async def get_url(self, id: Id[StoredFile], /) -> str | None:
        """The public, permanent address of a file; None when there is no such file.

        Raises:
            InvalidId: the text is no id of a file.
        """
        found = self._find(id)
        return None if found is None else self._files.url(found.uuid)

    async def get_metadata(self, id: Id[StoredFile], /) -> FileMetadata | None:
        """Convex's older form of a file's document; prefer `ctx.db.get(id)`.

        Raises:
            InvalidId: the text is no id of a file.
        """
        found = self._find(id)
        if found is None:
            return None
        return FileMetadata(
            storage_id=found.uuid,
            sha256=base64.b64decode(found.sha256).hex(),
            size=found.size,
            content_type=found.content_type,
        )

    def _find(self, id: str) -> FileRecord | None:
        if self._tx is None:
            return self._files.find(id, self._name)
        return self._table(self._tx).find(id)

    def _table(self, tx: Transaction) -> FileTable:
        return self._files.table(tx, self._name)


class StorageWriter(StorageReader):
    """Files as a mutation sees them; what it deletes is deleted if it commits."""

    __slots__ = ()

    async def generate_upload_url(self) -> str:
        """An address to which a client may POST one file, for an hour."""
        return self._files.upload_url(self._name)

    async def delete(self, id: Id[StoredFile], /) -> None:
        """Removes a file; its URL stops working.

        Raises:
            InvalidId: the text is no id of a file.
            DatabaseError: there is no such file (StorageIdNotFound).
        """
        if self._tx is not None:
            self._table(self._tx).remove(id)
            return
        self._files.transact("system:deleteFile", lambda tx: self._table(tx).remove(id))
        await self._files.durable()


class Storage(StorageWriter):
    """Files as an action sees them: each call is durable when it returns."""

    __slots__ = ()

    async def store(
        self,
        data: bytes | AsyncIterable[bytes],
        /,
        *,
        content_type: str | None = None,
        sha256: str | None = None,
    ) -> Id[StoredFile]:
        """Stores a file and gives its id.

        Args:
            data: its bytes, whole or in pieces as they come.
            content_type: what it is, such as "image/png".
            sha256: the digest that it must have, in base64 or hex.

        Raises:
            BadRequest: the digest differs.
            FilesFailed: the place of the files refused.
            LimitError: it is too large.
            ValueNotAllowed: the content type or the digest cannot be read.
        """
        digest = None if sha256 is None else parse_sha256(sha256)
        if sha256 is not None and digest is None:
            raise ValueNotAllowed(
                f"{sha256[:100]!r} is no sha-256; give its 32 bytes in base64 or hex",
                code="InvalidDigest",
            )
        chunks = _once(data) if isinstance(data, bytes | bytearray | memoryview) else data
        id = await self._files.receive(
            chunks, content_type=content_type, sha256=digest, table=self._name
        )
        return cast("Id[StoredFile]", id)

    async def get(self, id: Id[StoredFile], /) -> Blob | None:
        """A file, to be read; None when there is no such file.

        Raises:
            InvalidId: the text is no id of a file.
        """
        found = self._find(id)
        return None if found is None else Blob(self._files, found)


class Blob:
    """A stored file; its bytes are fetched when they are asked for.

    Iterating gives them piece by piece, in bounded memory.
    """

    __slots__ = ("_files", "_record", "content_type", "sha256", "size")

    def __init__(self, files: Files, record: FileRecord) -> None:
        self._files = files
        self._record = record
        self.content_type = record.content_type
        self.size = record.size
        self.sha256 = record.sha256

    async def read(self) -> bytes:
        """All of it."""
        return b"".join([block async for block in self])

    async def text(self, encoding: str = "utf-8") -> str:
        """All of it, as text."""
        return (await self.read()).decode(encoding)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async with aclosing(self._files.read(self._record)) as blocks:
            async for block in blocks:
                yield block


async def _once(data: bytes | bytearray | memoryview) -> AsyncIterator[bytes]:
    yield bytes(data)
