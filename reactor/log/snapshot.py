# Parsed JSON is Any, and narrowing it by its type leaves the types of its elements open:
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false
"""The resident state: every table's documents and indexes at the newest commit.

Documents are kept as their canonical JSON bytes. Index keys are order-preserving bytes in Convex's
total order: the declared columns, then `_creationTime`, then the 16-byte id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from reactor.log.blocks import Blocks
from reactor.log.sums import Sums
from reactor.values.json import from_json
from reactor.values.order import encode_key
from reactor.values.types import ABSENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reactor.log.terms import Follower, Terms

WirePath = tuple[str, ...]
BY_ID: Final = "by_id"
BY_CREATION_TIME: Final = "by_creation_time"
ID_BYTES: Final = 16
FILLING: Final = b""
"""No document's id: who reads it reads which indexes of a table are filled."""

KeyParts = list[bytes]
"""The encoded columns of one key, `_creationTime` last; the id is not among them."""


def prefix_end(prefix: bytes) -> bytes:
    """The smallest bytes above everything that starts with `prefix`."""
    stem = prefix.rstrip(b"\xff")
    return stem[:-1] + bytes((stem[-1] + 1,)) if stem else b"\xff" * (ID_BYTES + 1)


def after_key(key: bytes) -> bytes:
    """The smallest bytes above one key."""
    return key + b"\x00"


def encode_stored(value: Any) -> bytes:
    """The key of a value as it stands in parsed canonical JSON."""
    kind = type(value)
    return encode_key(from_json(value) if kind is dict or kind is list else value)


def value_at(document: Any, path: WirePath) -> Any:
    """The value at a wire path of a parsed document; ABSENT where there is none."""
    for name in path:
        if type(document) is not dict:
            return ABSENT
        document = document.get(name, ABSENT)
    return document


def number_at(document: Any, path: WirePath) -> float:
    """The number at a wire path of a parsed document; 0 where there is none."""
    value = value_at(document, path)
    if type(value) is dict:
        value = from_json(value)
    return value if type(value) is float or type(value) is int else 0.0


class IndexData:
    """One ordered index of one table, filled.

    Args:
        table: whose index it is.
        name: its wire name.
        paths: the declared columns as wire paths.
        unique: whether two documents may not share a key.
        sums: the columns whose sums it keeps, as wire paths.

    `is_filling` is True while a staged index takes in the documents that were there before it:
    it follows every write from its first document on, but not every document is in it yet.
    """

    __slots__ = ("blocks", "is_filling", "name", "paths", "sums", "table", "unique")

    def __init__(
        self,
        table: TableData,
        name: str,
        paths: tuple[WirePath, ...],
        *,
        unique: bool = False,
        sums: tuple[WirePath, ...] = (),
    ) -> None:
        self.table, self.name, self.paths, self.unique = table, name, paths, unique
        self.is_filling = False
        self.blocks = Blocks()
        self.sums = {path: Sums() for path in sums}

    def parts(self, document: dict[str, Any], encoded: dict[WirePath, bytes]) -> KeyParts:
        """The key parts of a parsed document; `encoded` is shared between its indexes."""
        out: KeyParts = []
        for path in self.paths:
            part = encoded.get(path)
            if part is None:
                part = encoded[path] = encode_stored(value_at(document, path))
            out.append(part)
        out.append(encoded[_CREATION_TIME])
        return out

    def key(self, id: bytes, raw: bytes) -> bytes:
        """The key of one version of a document."""
        document = orjson.loads(raw)
        created = {_CREATION_TIME: encode_key(document["_creationTime"])}
        return b"".join(self.parts(document, created)) + id

    def extend_sorted(self, keys: list[bytes], raws: list[bytes]) -> None:
        """Fills the empty index from keys in order and the document of each."""
        self.blocks.extend_sorted(keys, raws)
        for path, sums in self.sums.items():
            numbers = [number_at(orjson.loads(raw), path) for raw in raws]
            sums.extend_sorted(list(zip(keys, numbers, strict=True)))

    def put(self, key: bytes, raw: bytes) -> None:
        """Takes in the key of a new version."""
        self.blocks.put(key, raw)
        if self.sums:
            document = orjson.loads(raw)
            for path, sums in self.sums.items():
                sums.put(key, number_at(document, path))

    def twin(self, table: TableData) -> IndexData:
        """The same index of another table's documents, empty."""
        return IndexData(table, self.name, self.paths, unique=self.unique, sums=tuple(self.sums))

    def adopt(self, other: IndexData) -> None:
        """Takes over what a twin holds; the index itself, which read sets know, stays."""
        self.blocks, self.sums = other.blocks, other.sums

    def take_out(self, key: bytes) -> None:
        """Removes the key of a version that is no more."""
        if self.is_filling:
            self.blocks.discard(key)
        else:
            self.blocks.remove(key)
        for sums in self.sums.values():
            sums.remove(key)

    def __repr__(self) -> str:
        return f"{self.table.name}.{self.name}"


_CREATION_TIME: WirePath = ("_creationTime",)


class TableData:
    """The documents of one table, by id and in every index.

    `name` is its place in storage (`schema/places.py`): `rateLimiter/limits` for a component's
    `limits`. `number` is 0 until the table has been written to for the first time; `store` is where
    its rows lie on disk, the number itself until the contents were replaced as a whole.
    """

    __slots__ = (
        "by_creation_time", "by_id", "documents", "followers", "has_unique", "indexes", "name",
        "number", "staged", "store",
    )  # fmt: skip

    def __init__(self, name: str, number: int) -> None:
        self.name, self.number, self.store = name, number, number
        self.documents: dict[bytes, bytes] = {}
        self.by_id = IndexData(self, BY_ID, ())
        self.by_creation_time = IndexData(self, BY_CREATION_TIME, ())
        self.indexes: dict[str, IndexData] = {BY_CREATION_TIME: self.by_creation_time}
        self.staged: dict[str, IndexData] = {}
        self.followers: dict[str, Follower] = {}
        self.has_unique = False

    def add_index(
        self,
        name: str,
        paths: tuple[WirePath, ...],
        *,
        unique: bool,
        sums: tuple[WirePath, ...] = (),
    ) -> IndexData:
        """Declares an index; the table must still be empty."""
        assert not self.documents, "indexes are declared before documents are loaded"
        index = self.indexes[name] = IndexData(self, name, paths, unique=unique, sums=sums)
        self.has_unique = self.has_unique or unique
        return index

    def stage_index(
        self, name: str, paths: tuple[WirePath, ...], *, sums: tuple[WirePath, ...] = ()
    ) -> IndexData:
        """Declares an index that is filled later, by `Filling`, and not read yet."""
        index = self.staged[name] = IndexData(self, name, paths, sums=sums)
        return index

    def follow(self, name: str, follower: Follower) -> None:
        """Has an index that is not ordered kept in step; the table must still be empty."""
        assert not self.documents, "followers are declared before documents are loaded"
        self.followers[name] = follower

    def twin(self, number: int, store: int) -> TableData:
        """An empty table with the same indexes, staged ones among them."""
        made = TableData(self.name, number)
        made.store, made.has_unique = store, self.has_unique
        made.by_creation_time = self.by_creation_time.twin(made)
        made.indexes = {
            index.name: index.twin(made)
            for index in (*self.staged.values(), *self.indexes.values())
            if index.name not in (BY_ID, BY_CREATION_TIME)
        }
        made.indexes[BY_CREATION_TIME] = made.by_creation_time
        made.followers = {name: follower.empty() for name, follower in self.followers.items()}
        return made

    def adopt(self, other: TableData) -> None:
        """Takes over the documents of a twin; the table itself, which read sets know, stays.

        A staged index that was not begun stays empty; the twin had one in case it would be.
        """
        self.documents, self.store = other.documents, other.store
        self.followers = other.followers
        # by_id is built when it is first scanned; the next scan builds it from these documents.
        self.indexes.pop(BY_ID, None)
        self.by_id.blocks = Blocks()
        for index in self.indexes.values():
            index.adopt(other.indexes[index.name])

    def ordered_by_id(self) -> IndexData:
        """The `by_id` index in order, built when it is first scanned and kept from then on."""
        if BY_ID not in self.indexes:
            ids = sorted(self.documents)
            self.by_id.blocks.extend_sorted(ids, [self.documents[id] for id in ids])
            self.indexes[BY_ID] = self.by_id
        return self.by_id

    def keys(self, id: bytes, raw: bytes, document: dict[str, Any] | None = None) -> Keys:
        """The keys of one version of a document, in every index.

        Args:
            id: the 16-byte internal id.
            raw: its canonical JSON.
            document: the same, parsed, when the caller has it.
        """
        parsed: dict[str, Any] = orjson.loads(raw) if document is None else document
        encoded = {_CREATION_TIME: encode_key(parsed["_creationTime"])}
        out: Keys = []
        for index in self.indexes.values():
            if index is self.by_id:
                out.append((index, [], id))
                continue
            parts = index.parts(parsed, encoded)
            out.append((index, parts, b"".join(parts) + id))
        return out


Keys = list[tuple[IndexData, KeyParts, bytes]]
"""For one document version: each index, the key's parts, and the whole key."""


@dataclass(slots=True)
class Write:
    """One document's change in one commit.

    Args:
        table: whose document it is.
        id: the 16-byte internal id.
        text: the id as clients see it.
        old: the JSON before, None for an insert.
        new: the JSON after, None for a delete.
        parsed: `new`, parsed, when the writer has it.
        keys: the keys of `new`, when the writer has computed them.
    """

    table: TableData
    id: bytes
    text: str
    old: bytes | None
    new: bytes | None
    parsed: dict[str, Any] | None = None
    keys: Keys | None = None


@dataclass(slots=True)
class Touch:
    """What one write touched: both keys in every index, both versions' terms in every follower."""

    table: TableData
    id: bytes
    old: bytes | None
    new: bytes | None
    keys: Keys
    terms: Sequence[Terms] = ()


class Snapshot:
    """All tables at the newest commit."""

    def __init__(self) -> None:
        self.tables: dict[str, TableData] = {}

    def table(self, name: str) -> TableData:
        """The table of that name; an unknown one is empty until it is written to."""
        found = self.tables.get(name)
        if found is None:
            found = self.tables[name] = TableData(name, 0)
        return found

    def load(self, table: TableData, documents: list[tuple[bytes, bytes]]) -> None:
        """Fills an empty table from stored (id, JSON) pairs."""
        indexes = list(table.indexes.values())
        assert table.by_id not in indexes, "by_id is built when it is first scanned"
        paths = list(dict.fromkeys(path for index in indexes for path in index.paths))
        places = [[paths.index(path) for path in index.paths] for index in indexes]
        filled: list[list[bytes]] = [[] for _ in indexes]
        kept = table.documents
        for id, raw in documents:
            kept[id] = raw
            parsed = orjson.loads(raw)
            columns = [encode_stored(value_at(parsed, path)) for path in paths]
            end = encode_key(parsed["_creationTime"]) + id
            for keys, own in zip(filled, places, strict=True):
                keys.append(b"".join([columns[place] for place in own]) + end)
        for index, keys in zip(indexes, filled, strict=True):
            # Places sort faster than pairs, and nothing is looked up that lies far away in memory.
            order = sorted(range(len(keys)), key=keys.__getitem__)
            index.extend_sorted([keys[at] for at in order], [documents[at][1] for at in order])
            keys.clear()
        for follower in table.followers.values():
            follower.load(documents)

    def apply(self, write: Write) -> Touch:
        """Makes one write part of the state."""
        table, id, old, new = write.table, write.id, write.old, write.new
        old_keys = table.keys(id, old) if old is not None else []
        if new is None:
            for index, _, key in old_keys:
                index.take_out(key)
            del table.documents[id]
            return Touch(table, id, old, None, old_keys, _followed(write))
        new_keys = write.keys
        if new_keys is None or len(new_keys) != len(table.indexes):
            # An index came into being since: by_id is built when it is first scanned.
            new_keys = table.keys(id, new, write.parsed)
        table.documents[id] = new
        touched = new_keys
        if old_keys:
            touched = list(new_keys)
            for before, after in zip(old_keys, new_keys, strict=True):
                if before[2] != after[2]:
                    before[0].take_out(before[2])
                    touched.append(before)
        for index, _, key in new_keys:
            index.put(key, new)
        return Touch(table, id, old, new, touched, _followed(write))


def _followed(write: Write) -> Sequence[Terms]:
    """Applies a write to every follower of its table."""
    out: list[Terms] = []
    for follower in write.table.followers.values():
        out += follower.apply(write.id, write.old, write.new)
    return out
