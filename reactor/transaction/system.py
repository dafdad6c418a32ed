"""The engine's own tables, read and written inside a transaction like everybody else's.

Scheduled functions, files, environment variables and the like are ordinary documents of tables
whose names start with an underscore, so they share every promise of the log. Functions of a
project read some of them (`StoredFile`, `ScheduledFunction`) and write none: only the engine does,
and only through this class. Documents are plain dictionaries in wire form here: numbers are
floats, an int64 is its `$integer` object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from reactor.log.snapshot import encode_stored, prefix_end
from reactor.transaction.transaction import consumed, whole
from reactor.values.ids import decode_id, encode_id, new_internal_id
from reactor.values.json import compact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reactor.runtime.random import Entropy
    from reactor.transaction.transaction import Transaction

Body = dict[str, Any]


class SystemTable:
    """One system table inside one transaction.

    Args:
        tx: the transaction that reads and writes.
        place: where it stands, such as `_storage`, or `rateLimiter/_storage`.
        entropy: where new ids come from.
    """

    __slots__ = ("_data", "_entropy", "_tx")

    def __init__(self, tx: Transaction, place: str, entropy: Entropy) -> None:
        self._tx = tx
        self._data = tx.log.snapshot.table(place)
        self._entropy = entropy

    def get(self, id: str) -> Body | None:
        """The document with this id of this table; None when there is none.

        Raises:
            InvalidId: the text is no id.
        """
        number, internal = decode_id(id)
        if number != self._data.number:
            return None
        raw = self._tx.get(self._data, internal)
        found: Body | None = None if raw is None else orjson.loads(raw)
        return found

    def insert(self, body: Body) -> str:
        """Adds a document, given without its system fields, and returns its id."""
        internal = new_internal_id(self._entropy, self._tx.now_ms)
        text = encode_id(self._tx.log.number_of(self._data), internal)
        self._write(text, internal, {**body, "_creationTime": self._tx.next_creation_time()})
        return text

    def put(self, id: str, body: Body) -> None:
        """Puts a document in the place of one that was read; creation time stays as given."""
        self._write(id, decode_id(id)[1], body)

    def delete(self, id: str) -> None:
        """Removes a document that was read."""
        self._tx.write(self._data, decode_id(id)[1], id, None, None)

    def range(
        self, index: str, equal: Sequence[Any], limit: int, *, reverse: bool = False
    ) -> list[Body]:
        """Documents in the order of an index; what was consumed is recorded as read.

        Args:
            index: its wire name.
            equal: wire values of the index's first columns.
            limit: how many documents at most.
            reverse: from the end.
        """
        data = self._data.indexes[index]
        prefix = b"".join(encode_stored(value) for value in equal)
        low, high = whole(prefix) if prefix else (b"", prefix_end(b""))
        keys, raws = self._tx.slice(data, low, high, limit, reverse=reverse)
        low, high = consumed(low, high, keys, exhausted=len(keys) < limit, reverse=reverse)
        self._tx.record(data, len(equal), prefix, low, high)
        return [orjson.loads(raw) for raw in raws]

    def _write(self, id: str, internal: bytes, body: Body) -> None:
        whole_body = {**body, "_id": id}
        raw = compact(orjson.dumps(whole_body, option=orjson.OPT_SORT_KEYS))
        self._tx.write(self._data, internal, id, raw, orjson.loads(raw))
