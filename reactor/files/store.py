"""The files of a node: bytes in first, then the document, in one place for all who store and read.

Order: bytes are durable before their document is committed, and are removed only after the commit
that deletes the document is durable. So a document never lacks its bytes, whenever the power goes;
what can be left over are bytes without a document, and the sweeper finds those.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from contextlib import aclosing, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final, TypeVar

import anyio
from anyio.to_thread import run_sync

from reactor import limits
from reactor.errors import BadRequest, FilesFailed, LimitError, ValueNotAllowed
from reactor.files.tables import BLOBS, GARBAGE, PERMITS, STORAGE, FileTable, Kept, Resident
from reactor.files.tokens import Permits
from reactor.storage.blobs import BLOCK_BYTES, new_key
from reactor.transaction.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable

    from reactor.files.tables import FileRecord
    from reactor.files.tokens import Permit
    from reactor.log.commit import Invalidation, Log
    from reactor.runtime.clock import Clock
    from reactor.runtime.random import Entropy
    from reactor.storage.blobs import Blobs

T = TypeVar("T")

_INLINE_BYTES: Final = 64 * 1024
_CONTENT_TYPE: Final = re.compile(r"[\x20-\x7e\xa0-\xff]{1,255}")
_SHA256_HEX: Final = re.compile(r"[0-9a-fA-F]{64}")


class Files:
    """Stores, finds and reads files.

    Args:
        log: where their documents are.
        blobs: where their bytes are.
        clock: for the ends of upload URLs.
        entropy: for keys, ids and uuids.
        secret: the deployment's own; signs upload URLs.
        cloud_url: the public address of the client API, as file URLs start.
        committed: told of every commit.
        durable: waits until a timestamp is durable.
    """

    def __init__(
        self,
        log: Log,
        blobs: Blobs,
        clock: Clock,
        entropy: Entropy,
        *,
        secret: bytes,
        cloud_url: str,
        committed: Callable[[Invalidation], None],
        durable: Callable[[int], Awaitable[None]],
    ) -> None:
        self.log = log
        self.blobs = blobs
        self.clock = clock
        self.entropy = entropy
        self.permits = Permits(secret, clock, entropy)
        self.resident = Resident(log)
        self.writing: set[str] = set()
        self.readers = 0
        self._cloud_url = cloud_url.rstrip("/")
        self._committed = committed
        self._durable = durable
        for name in (BLOBS, GARBAGE, PERMITS):
            log.number_of(log.snapshot.table(name))

    # --- addresses ------------------------------------------------------------------------

    def url(self, uuid: str) -> str:
        """The public address of a file: whoever has it can read the file."""
        return f"{self._cloud_url}/api/storage/{uuid}"

    def upload_url(self, table: str = STORAGE) -> str:
        """An address that takes one file, for an hour."""
        return f"{self._cloud_url}/api/storage/upload?token={self.permits.issue(table)}"

    # --- documents ------------------------------------------------------------------------

    def table(self, tx: Transaction, name: str = STORAGE) -> FileTable:
        """The files of one namespace, inside a transaction."""
        return FileTable(tx, self.entropy, name)

    def transact(self, source: str, body: Callable[[Transaction], T]) -> T:
        """Runs a transaction of the engine's own; it cannot suspend, so it meets no conflict."""
        tx = Transaction(self.log, self.clock.now_ms())
        try:
            result = body(tx)
            invalidation = tx.commit(source)
        finally:
            tx.close()
        if invalidation is not None:
            self._committed(invalidation)
        return result

    async def durable(self) -> None:
        """Returns once everything committed so far can no longer be lost."""
        await self._durable(self.log.last_ts)

    def find(self, id: str, table: str = STORAGE) -> FileRecord | None:
        """The file with this document id or uuid, now; None when there is none.

        Raises:
            InvalidId: the text is neither, or an id of another table.
        """
        return self.transact("system:find", lambda tx: self.table(tx, table).find(id))

    def named(self, uuid: str) -> FileRecord | None:
        """The file of any namespace with this public name, now; None when there is none."""
        found = self.resident.named(uuid)
        if found is None:
            return None
        return self.transact(
            "system:find", lambda tx: self.table(tx, found["table"]).find(found["file"])
        )

    # --- bytes in -------------------------------------------------------------------------

    async def receive(
        self,
        chunks: AsyncIterable[bytes],
        *,
        content_type: str | None,
        sha256: bytes | None = None,
        table: str = STORAGE,
        permit: Permit | None = None,
    ) -> str:
        """Stores a file and gives the id of its document, which is durable.

        Args:
            chunks: its bytes, in pieces of any size.
            content_type: what it is said to be.
            sha256: the digest that it must have.
            table: where its document goes.
            permit: the upload URL that is used up by it.

        Raises:
            BadRequest: the digest differs, or the permit was used before.
            FilesFailed: the place refused.
            LimitError: it is too large.
            ValueNotAllowed: the content type cannot be sent as a header.
        """

        def add(tx: Transaction) -> str:
            files = self.table(tx, table)
            if permit is not None:
                files.spend(permit)
            return files.add(kept)

        _check_content_type(content_type)
        async with self.keeping(chunks, content_type) as kept:
            if sha256 is not None and sha256 != kept.sha256:
                raise BadRequest(
                    f"the file's sha-256 is {_base64(kept.sha256)}, not {_base64(sha256)}; it was "
                    "changed on its way, so send it again",
                    code="DigestMismatch",
                )
            id = self.transact("system:storeFile", add)
        await self.durable()
        return id

    @asynccontextmanager
    async def keeping(
        self, chunks: AsyncIterable[bytes], content_type: str | None
    ) -> AsyncGenerator[Kept]:
        """Bytes that are stored; a block that raises instead of committing them takes them back.

        Raises:
            FilesFailed: the place refused.
            LimitError: it is too large.
        """
        key = new_key(self.entropy, self.clock.now_ms())
        # Invariant: a key is in use from here until its document is committed or its bytes are
        # gone, and the sweeper leaves keys in use alone.
        self.writing.add(key)
        try:
            measure = _Measure()
            async with aclosing(measure.blocks(chunks)) as blocks:
                await self.blobs.put(key, blocks)
            yield Kept(key, measure.size, measure.digest(), content_type)
        except BaseException:
            with anyio.CancelScope(shield=True):
                await self._take_back(key)
            raise
        finally:
            self.writing.discard(key)

    async def _take_back(self, key: str) -> None:
        if self.resident.is_referenced(key):
            return
        # The sweeper will find it; what failed first is what the caller must hear.
        with suppress(FilesFailed):
            await self.blobs.delete([key])

    # --- bytes out ------------------------------------------------------------------------

    def read(
        self, record: FileRecord, start: int = 0, length: int | None = None
    ) -> AsyncGenerator[bytes, None]:
        """A file's bytes, or a part of them, block by block; the caller closes it.

        Raises:
            FilesFailed: the place refused, or has lost them.
        """
        return self.blobs.read(
            record.blob, start, record.size - start if length is None else length
        )


class _Measure:
    """Cuts a stream into blocks, and counts and digests it on its way."""

    def __init__(self) -> None:
        self.size = 0
        self._hash = hashlib.sha256()

    def digest(self) -> bytes:
        return self._hash.digest()

    async def blocks(self, chunks: AsyncIterable[bytes]) -> AsyncGenerator[bytes, None]:
        waiting = bytearray()
        async for chunk in chunks:
            self._count(len(chunk))
            view = memoryview(chunk)
            while len(waiting) + len(view) >= BLOCK_BYTES:
                cut = BLOCK_BYTES - len(waiting)
                waiting += view[:cut]
                view = view[cut:]
                yield await self._digested(bytes(waiting))
                waiting.clear()
            waiting += view
        if waiting:
            yield await self._digested(bytes(waiting))

    def _count(self, more: int) -> None:
        self.size += more
        if self.size > limits.UPLOAD_BYTES_MAX:
            raise LimitError(
                f"the file is too large (limit: {limits.UPLOAD_BYTES_MAX} bytes)",
                code="FileTooLarge",
            )

    async def _digested(self, block: bytes) -> bytes:
        if len(block) <= _INLINE_BYTES:
            self._hash.update(block)
        else:
            await run_sync(self._hash.update, block)
        return block


def parse_sha256(text: str) -> bytes | None:
    """A digest written in base64 or in hex; None when it is neither."""
    if _SHA256_HEX.fullmatch(text):
        return bytes.fromhex(text)
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return digest if len(digest) == hashlib.sha256().digest_size else None


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def _check_content_type(text: str | None) -> None:
    if text is not None and not _CONTENT_TYPE.fullmatch(text):
        raise ValueNotAllowed(
            f"{text[:64]!r} is no content type; give a text such as 'image/png', in one line",
            code="InvalidContentType",
        )
