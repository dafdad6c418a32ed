"""Text searches: from an index and equalities to hits, and the ways to read those."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from reactor import limits
from reactor.errors import DatabaseError, InvalidCursor, LimitError, SchemaError
from reactor.log.snapshot import ID_BYTES
from reactor.search.query import TextQuery
from reactor.search.text import TextIndex
from reactor.transaction.paginate import paginate
from reactor.transaction.ranges import encode_bound
from reactor.transaction.reading import Keep, Reading, kept
from reactor.transaction.transaction import SCAN_CHUNK, Transaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reactor.log.snapshot import TableData, WirePath
    from reactor.schema.columns import Bound
    from reactor.schema.index import SearchIndexRef
    from reactor.schema.load import SearchIndexDef, TableDef
    from reactor.schema.objects import Page, PaginationOptions
    from reactor.schema.table import Document
    from reactor.search.ranking import Hit

_POSITION: Final = struct.Struct(f">qd{ID_BYTES}s")


@dataclass(frozen=True, slots=True)
class SearchRows:
    """The hits of a search, best first, after one position and up to another.

    Args:
        tx: where they are looked up.
        table: whose documents they are.
        name: the wire name of the index.
        query: what is searched for.
        start: the last hit that is left out.
        end: the last hit that is taken.
    """

    tx: Transaction
    table: TableData
    name: str
    query: TextQuery
    start: Hit | None = None
    end: Hit | None = None

    def fingerprint(self) -> bytes:
        """The index, the terms and the equalities."""
        query = self.query
        return repr((self.table.name, self.name, query.terms, query.columns, query.values)).encode()

    def between(self, start: bytes | None, end: bytes | None) -> SearchRows:
        """The hits after one position up to another, which is included."""
        return replace(
            self,
            start=self.start if start is None else _hit(start),
            end=self.end if end is None else _hit(end),
        )

    def take(self, limit: int) -> tuple[list[bytes], list[bytes]]:
        """Keys and documents of the best hits; a search ends after as many as it may find."""
        keys: list[bytes] = []
        raws: list[bytes] = []
        for hit in islice(self.hits(), limits.SEARCH_RESULTS_MAX):
            if len(keys) == limit or (self.end is not None and hit > self.end):
                break
            if self.start is None or hit > self.start:
                raw = self.raw(hit)
                assert raw is not None, "a text index holds what its table holds"
                keys.append(_position(hit))
                raws.append(raw)
        return keys, raws

    def record(self, last: bytes | None) -> None:
        """Nothing: the terms were recorded when they were looked up."""

    def hits(self) -> Iterator[Hit]:
        """Every hit, those before the start among them."""
        return self.tx.hits(self.table, self.query)

    def raw(self, hit: Hit) -> bytes | None:
        """The stored document of a hit."""
        return self.tx.peek(self.table, hit[2])


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """A search through filters (`Reading`).

    Args:
        definition: turns stored JSON into documents.
        rows: all hits.
        filters: functions that drop some of them.
        left: hits that were looked up and are still to be read.
    """

    definition: TableDef
    rows: SearchRows
    filters: tuple[Keep, ...] = ()
    left: tuple[Hit, ...] | None = None

    def filtered(self, keep: Keep) -> SearchPlan:
        """The same through one more filter."""
        return replace(self, filters=(*self.filters, keep))

    def keeps(self, document: Document) -> bool:
        """Whether every filter wants the document."""
        return kept(self.filters, document)

    def read(self, limit: int) -> list[Any]:
        """The best `limit` documents that the filters keep.

        Raises:
            LimitError: TooManySearchResults, when the next hit is one more than a search finds.
        """
        tx = self.rows.tx
        tx.usage.query()
        found: list[Any] = []
        for rank, hit in enumerate(self.rows.hits()):
            if len(found) == limit:
                break
            if rank == limits.SEARCH_RESULTS_MAX:
                raise _too_many()
            document = self._document(hit)
            if document is not None and self.keeps(document):
                found.append(document)
        return found

    def chunk(self) -> tuple[list[Any], Reading | None]:
        """Some best documents, and how to read on.

        All hits are looked up before the first is handed out: what a function writes while it goes
        through them may change what words weigh, but not the order that it goes in.
        """
        self.rows.tx.settle()
        left = self.left
        if left is None:
            self.rows.tx.usage.query()
            left = tuple(islice(self.rows.hits(), limits.SEARCH_RESULTS_MAX + 1))
            if len(left) > limits.SEARCH_RESULTS_MAX:
                raise _too_many()
        documents = [
            found for hit in left[:SCAN_CHUNK] if (found := self._document(hit)) is not None
        ]
        rest = left[SCAN_CHUNK:]
        return documents, replace(self, left=rest) if rest else None

    def _document(self, hit: Hit) -> Document | None:
        """The document of a hit; None when the function itself has deleted it since."""
        raw = self.rows.raw(hit)
        if raw is None:
            return None
        self.rows.tx.usage.read([raw])
        return self.definition.materialize(raw)

    def page(self, options: PaginationOptions) -> Page[Any]:
        """One page of the hits."""
        return paginate(
            self.rows.tx, self.rows, options,
            materialize=self.definition.materialize, keeps=self.keeps,
        )  # fmt: skip


def search_plan(
    tx: Transaction,
    definition: TableDef,
    ref: SearchIndexRef[Any],
    text: str,
    equals: Sequence[Bound[Any]],
) -> SearchPlan:
    """The search that a query describes.

    Args:
        tx: where it is read.
        definition: the table.
        ref: one of its text indexes.
        text: the words.
        equals: equalities on filter columns, each at most once.

    Raises:
        DatabaseError: IndexNotFoundError, IndexStagedError, FieldNotInIndex for what is no filter
            column, or AlreadyDefinedBound; the text is none; a bound is no equality.
        LimitError: TooManySearchTerms or TooManySearchFilters.
    """
    name = ref.index.name
    declared = definition.search_indexes.get(name)
    if declared is not None and declared.staged:
        raise DatabaseError(
            f"Index {definition.name}.{name} is staged, and cannot be queried until staged=True is "
            "removed from it.",
            code="IndexStagedError",
        )
    table = tx.log.snapshot.table(definition.place)
    index = table.followers.get(name)
    owner = getattr(ref.owner, "__table_name__", None)
    if owner != definition.name or declared is None or not isinstance(index, TextIndex):
        raise DatabaseError(f"Index {owner}.{name} not found.", code="IndexNotFoundError")
    given: Any = text  # whatever its annotation says
    if not isinstance(given, str):
        raise DatabaseError(f"with_search_index() needs a text to search for, not {given!r}")
    values = _equalities(definition, declared, equals)
    columns = tuple(sorted(values))
    query = TextQuery(
        index, tuple(index.analyzer.query(text)), columns, tuple([values[at] for at in columns])
    )
    return SearchPlan(definition, SearchRows(tx, table, name, query))


def _equalities(
    definition: TableDef, declared: SearchIndexDef, equals: Sequence[Bound[Any]]
) -> dict[int, bytes]:
    """What must stand in which filter column, by its position."""
    where = f"Search index {definition.name}.{declared.name}"
    if len(equals) > limits.SEARCH_FILTERS_MAX:
        raise LimitError(
            f"{where}: {len(equals)} filters (limit: {limits.SEARCH_FILTERS_MAX}); "
            "drop some documents with filter() instead",
            code="TooManySearchFilters",
        )
    values: dict[int, bytes] = {}
    for bound in equals:
        at, value = equality(where, definition, declared.filters, bound)
        if at in values:
            raise DatabaseError(
                f"{where}: {bound.path} is compared twice", code="AlreadyDefinedBound"
            )
        values[at] = value
    return values


def equality(
    where: str, definition: TableDef, filters: Sequence[WirePath], bound: Bound[Any]
) -> tuple[int, bytes]:
    """Which of an index's filter columns a bound is about, and the encoded value.

    Args:
        where: the index, for messages.
        definition: its table.
        filters: its filter columns.
        bound: must be an equality.

    Raises:
        DatabaseError: it is none, or FieldNotInIndex for what is no filter column.
    """
    if bound.op != "eq":
        raise DatabaseError(
            f"{where}: {bound.path} may only be compared with == or is_(); "
            "use filter() for other conditions"
        )
    try:
        column = definition.column(bound.path)
    except SchemaError as error:
        raise DatabaseError(f"{where}: {error}", code="FieldNotInIndex") from None
    owner = getattr(bound.owner, "__table_name__", None)
    if owner != definition.name or column.wire_path not in filters:
        known = ", ".join(".".join(path) for path in filters) or "none"
        raise DatabaseError(
            f"{where}: {bound.owner.__name__}.{bound.path} is not one of its filter columns "
            f"({known}); add it to filters=[...], or use filter()",
            code="FieldNotInIndex",
        )
    return filters.index(column.wire_path), encode_bound(column, bound.value)


def _too_many() -> LimitError:
    return LimitError(
        f"Search query found more than {limits.SEARCH_RESULTS_MAX} documents (limit: "
        f"{limits.SEARCH_RESULTS_MAX}). Take fewer with take(), read pages, or narrow the search "
        "with filter columns.",
        code="TooManySearchResults",
    )


def _position(hit: Hit) -> bytes:
    return _POSITION.pack(*hit)


def _hit(position: bytes) -> Hit:
    try:
        minus_score, minus_created, id = _POSITION.unpack(position)
    except struct.error:
        raise InvalidCursor from None
    return minus_score, minus_created, id
