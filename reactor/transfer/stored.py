"""Stored files of an import: their bytes first, then their documents, with the names they had.

A file keeps its id, and its public name too, so that addresses which were given out go on working;
unless a file that stays here has that name. Bytes are marked as being written until their documents
are committed, so that the sweeper leaves them alone, and are taken back when the import fails.
"""

from __future__ import annotations

import base64
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from reactor.errors import TransferRefused, ValueNotAllowed
from reactor.files.tables import BLOBS, GARBAGE, parse_uuid
from reactor.log.snapshot import Write
from reactor.values.ids import encode_id, new_internal_id
from reactor.values.json import compact

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from reactor.files.store import Files
    from reactor.log.snapshot import TableData
    from reactor.transfer.reader import Rows


@dataclass(frozen=True, slots=True)
class _Stored:
    table: str
    id: str
    blob: str
    uuid: str


class StoredFiles:
    """The files that an import has taken in so far.

    Args:
        files: where their bytes go.
        replaced: tables of files that the import replaces, by their places.
    """

    def __init__(self, files: Files, replaced: set[str]) -> None:
        self._files, self._replaced = files, replaced
        self._keeping = AsyncExitStack()
        self._taken: dict[bytes, _Stored] = {}
        self._uuids: set[str] = set()

    async def __aenter__(self) -> StoredFiles:
        await self._keeping.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._keeping.__aexit__(*error)

    async def take(self, table: str, rows: Rows, pieces: AsyncIterator[bytes]) -> Rows:
        """Stores one file; the row of its document as it will be.

        Raises:
            TransferRefused: the bytes are not those that its document tells of.
        """
        ((line, id, number, internal, raw),) = rows
        told: dict[str, Any] = orjson.loads(raw)
        content_type, sha256 = told.get("contentType"), told.get("sha256")
        try:
            keeping = self._files.keeping(pieces, content_type)
            kept = await self._keeping.enter_async_context(keeping)
        except ValueNotAllowed as error:
            raise TransferRefused(f"{table}, line {line}: {error}") from None
        digest = base64.b64encode(kept.sha256).decode()
        if sha256 != digest:
            raise TransferRefused(
                f"{table}, line {line}: the bytes of {id} have the sha-256 {digest}, and not "
                f"{sha256}, as the archive says"
            )
        self._taken[internal] = _Stored(table, id, kept.blob, self._uuid(told.get("internalId")))
        told.pop("internalId", None)
        document = {**told, "contentType": content_type, "size": float(kept.size)}
        return [(line, id, number, internal, orjson.dumps(document, option=orjson.OPT_SORT_KEYS))]

    def _uuid(self, told: Any) -> str:
        uuid = parse_uuid(told) if isinstance(told, str) else None
        holder = None if uuid is None else self._files.resident.named(uuid)
        is_taken = holder is not None and holder["table"] not in self._replaced
        if uuid is None or is_taken or uuid in self._uuids:
            uuid = str(UUID(bytes=self._files.entropy.token(16), version=4))
        self._uuids.add(uuid)
        return uuid

    def added(self, internal: bytes) -> Write:
        """The write that ties a document to its bytes."""
        log = self._files.log
        blobs = log.snapshot.table(BLOBS)
        stored = self._taken[internal]
        return self._write(
            blobs,
            internal,
            blobs.documents.get(internal),
            blob=stored.blob, file=stored.id, table=stored.table, uuid=stored.uuid,
        )  # fmt: skip

    def exchanged(self, tables: list[TableData]) -> Iterator[Write]:
        """The writes beside documents that take the places of all in some tables.

        Args:
            tables: of files, before their contents are replaced.
        """
        snapshot = self._files.log.snapshot
        blobs, garbage = snapshot.table(BLOBS), snapshot.table(GARBAGE)
        now_ms = self._files.clock.now_ms()
        for table in tables:
            for internal in table.documents:
                raw = blobs.documents[internal]
                new = new_internal_id(self._files.entropy, now_ms)
                yield self._write(garbage, new, None, blob=orjson.loads(raw)["blob"])
                if internal not in self._taken:
                    yield Write(blobs, internal, orjson.loads(raw)["_id"], raw, None)
        for internal in self._taken:
            yield self.added(internal)

    def _write(self, where: TableData, internal: bytes, old: bytes | None, /, **body: str) -> Write:
        text = encode_id(self._files.log.number_of(where), internal)
        whole = {**body, "_id": text, "_creationTime": self._files.clock.now_ms()}
        raw = compact(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS))
        return Write(where, internal, text, old, raw)
