"""What the database knows of files, inside a transaction.

    _storage           the documents that functions see: sha256, size, contentType
    _storage_blobs     beside each: its public uuid, and the key of its bytes
    _storage_garbage   keys whose document was deleted; their bytes are removed once that is durable
    _storage_permits   upload URLs that were used, until they would have expired anyway

The first may exist once per namespace, under other names; the others serve all of them, and no
function of a project can read them: a document id never leads to the uuid of a URL.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

import orjson

from reactor import limits
from reactor.errors import BadRequest, DatabaseError, InvalidId, Overloaded
from reactor.log.snapshot import prefix_end
from reactor.schema.places import split_place
from reactor.transaction.system import SystemTable
from reactor.values.ids import decode_id, encode_id
from reactor.values.order import encode_key

if TYPE_CHECKING:
    from reactor.files.tokens import Permit
    from reactor.log.commit import Log
    from reactor.log.snapshot import Snapshot, TableData
    from reactor.runtime.random import Entropy
    from reactor.transaction.system import Body
    from reactor.transaction.transaction import Transaction

STORAGE: Final = "_storage"
BLOBS: Final = "_storage_blobs"
GARBAGE: Final = "_storage_garbage"
PERMITS: Final = "_storage_permits"

_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that are stored and have no document yet.

    Args:
        blob: the key of the bytes.
        size: how many.
        sha256: their digest, 32 bytes.
        content_type: what they are said to be; None when nothing was said.
    """

    blob: str
    size: int
    sha256: bytes
    content_type: str | None


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file: its document, and what the document does not show.

    Args:
        document: `_id`, `_creationTime`, `sha256` (base64), `size`, `contentType`.
        uuid: the public name in its URL.
        blob: the key of its bytes.
    """

    document: Body
    uuid: str
    blob: str

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return int(self.document["size"])

    @property
    def content_type(self) -> str | None:
        """What the file is said to be."""
        told: str | None = self.document["contentType"]
        return told

    @property
    def sha256(self) -> str:
        """The digest in base64."""
        digest: str = self.document["sha256"]
        return digest


def declare(snapshot: Snapshot) -> None:
    """Declares the indexes of the hidden tables, before documents are loaded."""
    blobs = snapshot.table(BLOBS)
    blobs.add_index("by_uuid", (("uuid",),), unique=True)
    blobs.add_index("by_blob", (("blob",),), unique=True)


def parse_uuid(text: str) -> str | None:
    """The text in the one form that is stored; None when it is no uuid."""
    return str(UUID(text)) if _UUID.fullmatch(text) else None


class FileTable:
    """The files of one namespace, inside one transaction.

    Args:
        tx: the transaction.
        entropy: where ids and uuids come from.
        name: the table that functions see.
    """

    __slots__ = ("_blobs", "_entropy", "_files", "_garbage", "_permits", "_tx", "name")

    def __init__(self, tx: Transaction, entropy: Entropy, name: str = STORAGE) -> None:
        self.name = name
        self._tx = tx
        self._entropy = entropy
        self._files = SystemTable(tx, name, entropy)
        self._blobs = SystemTable(tx, BLOBS, entropy)
        self._garbage = SystemTable(tx, GARBAGE, entropy)
        self._permits = SystemTable(tx, PERMITS, entropy)

    def find(self, id: str) -> FileRecord | None:
        """The file with this document id, or with this uuid; None when there is none.

        Raises:
            InvalidId: the text is neither, or an id of another table.
        """
        uuid = parse_uuid(id)
        if uuid is not None:
            return self.named(uuid)
        internal = self._internal(id)
        document = self._files.get(id)
        if document is None:
            return None
        record = self._blobs.get(self._record_id(internal))
        assert record is not None, "a file and its record are written together"
        return FileRecord(document, record["uuid"], record["blob"])

    def named(self, uuid: str) -> FileRecord | None:
        """The file with this public name; None when there is none in this table."""
        found = self._blobs.range("by_uuid", [uuid], 1)
        if not found or found[0]["table"] != self.name:
            return None
        document = self._files.get(found[0]["file"])
        assert document is not None, "a file and its record are written together"
        return FileRecord(document, uuid, found[0]["blob"])

    def add(self, kept: Kept) -> str:
        """Makes a document of stored bytes and gives its id."""
        sha256 = base64.b64encode(kept.sha256).decode()
        id = self._files.insert(
            {"contentType": kept.content_type, "sha256": sha256, "size": float(kept.size)}
        )
        record = {
            "_creationTime": self._tx.now_ms,
            "blob": kept.blob,
            "file": id,
            "table": self.name,
            "uuid": str(UUID(bytes=self._entropy.token(16), version=4)),
        }
        self._blobs.put(self._record_id(decode_id(id)[1]), record)
        return id

    def remove(self, id: str) -> None:
        """Removes a file; its bytes follow when this is durable.

        Raises:
            InvalidId: the text is no id of a file.
            DatabaseError: there is no such file (StorageIdNotFound).
        """
        found = self.find(id)
        if found is None:
            raise DatabaseError(f"storage id {id} not found", code="StorageIdNotFound")
        own = found.document["_id"]
        self._files.delete(own)
        self._blobs.delete(self._record_id(decode_id(own)[1]))
        self._garbage.insert({"blob": found.blob})

    def spend(self, permit: Permit) -> None:
        """Marks an upload URL as used.

        Raises:
            BadRequest: 401: it was used before.
            Overloaded: more of them are remembered than may be.
        """
        log = self._tx.log
        table = log.snapshot.table(PERMITS)
        id = encode_id(log.number_of(table), permit.number)
        if self._permits.get(id) is not None:
            raise BadRequest(
                "this upload URL has been used; each stores one file, so ask for another",
                code="UploadUrlUsed",
                status=401,
            )
        if len(table.documents) >= limits.UPLOAD_URLS_SPENT_MAX:
            raise Overloaded("too many uploads in one hour; try again later", code="TooManyUploads")
        self._permits.put(
            id, {"_creationTime": self._tx.now_ms, "expiresMs": float(permit.expires_ms)}
        )

    def _internal(self, id: str) -> bytes:
        try:
            number, internal = decode_id(id)
        except (InvalidId, TypeError) as error:
            raise InvalidId(f"Invalid storage ID: {error}") from None
        log = self._tx.log
        if number != log.snapshot.table(self.name).number:
            space, expected = split_place(self.name)
            tables = log.numbers.of(space)
            other = next(
                (f'Id<"{t}">' for t, known in tables.items() if known == number), "another"
            )
            raise InvalidId(f'expected to be an Id<"{expected}">, got {other} instead.')
        return internal

    def _record_id(self, internal: bytes) -> str:
        log = self._tx.log
        return encode_id(log.number_of(log.snapshot.table(BLOBS)), internal)


class Resident:
    """What the newest state says of blobs, outside of any transaction.

    Args:
        log: the data.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._blobs = log.snapshot.table(BLOBS)
        self._garbage = log.snapshot.table(GARBAGE)
        self._permits = log.snapshot.table(PERMITS)

    def is_referenced(self, blob: str) -> bool:
        """Whether a document has these bytes."""
        index = self._blobs.indexes["by_blob"]
        low = encode_key(blob)
        return index.blocks.count(low, prefix_end(low)) > 0

    def named(self, uuid: str) -> Body | None:
        """The record of the file with this public name, in whichever table it is."""
        low = encode_key(uuid)
        index = self._blobs.indexes["by_uuid"]
        _, raws = index.blocks.slice(low, prefix_end(low), 1, reverse=False)
        found: Body | None = orjson.loads(raws[0]) if raws else None
        return found

    def garbage(self, limit: int) -> list[Body]:
        """The oldest keys whose document was deleted."""
        return _oldest(self._garbage, limit)

    def expired_permits(self, now_ms: float, limit: int) -> list[Body]:
        """The oldest used upload URLs, as far as they have expired."""
        return [one for one in _oldest(self._permits, limit) if one["expiresMs"] <= now_ms]


def _oldest(table: TableData, limit: int) -> list[Body]:
    _, raws = table.by_creation_time.blocks.slice(b"", prefix_end(b""), limit, reverse=False)
    return [orjson.loads(raw) for raw in raws]
