"""Mutations that a client sends again run once: their results are kept beside their writes.

The record is an ordinary document of the system table `_session_requests`, committed in the same
transaction, so it is there exactly when the writes are. Its id is derived from the session and the
request, so that finding it needs no index.

Source: protocol.md 3.8.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from reactor import limits
from reactor.log.reads import ReadSet
from reactor.log.snapshot import ID_BYTES, TableData, Write
from reactor.values.ids import encode_id
from reactor.values.json import compact

if TYPE_CHECKING:
    from reactor.log.commit import Log

TABLE = "_session_requests"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a mutation answered the first time."""

    value: bytes
    ts: int


class SessionRequests:
    """The results of recent mutations, by session and request.

    Args:
        log: where they are kept.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._table: TableData = log.snapshot.table(TABLE)

    def find(self, session_id: str, request_id: int) -> Recorded | None:
        """The recorded answer, or None when the mutation has not succeeded before."""
        raw = self._table.documents.get(_id(session_id, request_id))
        if raw is None:
            return None
        document = orjson.loads(raw)
        return Recorded(orjson.dumps(document["result"]), int(document["ts"]))

    def record(
        self, session_id: str, request_id: int, identity: str, value: bytes, ts: int
    ) -> Write:
        """The write that records an answer, to be committed with the mutation."""
        assert self.find(session_id, request_id) is None, "a request runs once at a time"
        internal = _id(session_id, request_id)
        text = encode_id(self._log.number_of(self._table), internal)
        created_ms = self._log.clock.now_ms()
        body = {
            "_creationTime": created_ms,
            "_id": text,
            "identity": identity,
            "requestId": float(request_id),
            "result": orjson.Fragment(value),
            "sessionId": session_id,
            "ts": str(ts),
        }
        return Write(self._table, internal, text, None, compact(orjson.dumps(body)), body)

    def prune(self) -> int:
        """Forgets answers past their retention, oldest first; returns how many.

        Bounded per call, so that it never holds the loop.
        """
        table = self._table
        excess = len(table.documents) - limits.SESSION_REQUESTS_MAX
        oldest_ms = self._log.clock.now_ms() - limits.SESSION_REQUEST_RETENTION_MS
        _, raws = table.by_creation_time.blocks.slice(
            b"", b"\xff", limits.PRUNE_BATCH, reverse=False
        )
        writes: list[Write] = []
        for at, raw in enumerate(raws):
            document = orjson.loads(raw)
            if at >= excess and document["_creationTime"] >= oldest_ms:
                break
            key = _id(document["sessionId"], int(document["requestId"]))
            writes.append(Write(table, key, document["_id"], raw, None))
        if writes:
            self._log.commit(writes, ReadSet.empty(), self._log.last_ts, "system:prune")
        return len(writes)


def _id(session_id: str, request_id: int) -> bytes:
    text = f"{session_id}|{request_id}".encode()
    return hashlib.blake2b(text, digest_size=ID_BYTES).digest()
