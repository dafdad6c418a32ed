"""Queries over one index: ranges, order, filters, and the ways to read them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar, cast

from reactor.errors import DatabaseError
from reactor.log.snapshot import after_key
from reactor.schema.table import Document
from reactor.transaction.paginate import IndexRows, paginate
from reactor.transaction.ranges import KeyRange, key_range
from reactor.transaction.reading import Keep, Reading, kept
from reactor.transaction.search import search_plan
from reactor.transaction.transaction import SCAN_CHUNK, Transaction, consumed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from reactor.log.snapshot import IndexData, WirePath
    from reactor.schema.columns import Bound, FieldRef
    from reactor.schema.index import IndexRef, SearchIndexRef
    from reactor.schema.load import TableDef
    from reactor.schema.objects import Page, PaginationOptions

D = TypeVar("D", bound=Document)
Numbers: TypeAlias = (
    "FieldRef[D, float] | FieldRef[D, int] | FieldRef[D, float | None] | FieldRef[D, int | None]"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a query reads: one interval of one index, in one direction, through filters."""

    tx: Transaction
    definition: TableDef
    index: IndexData
    interval: KeyRange
    reverse: bool = False
    ordered: bool = False
    filters: tuple[Keep, ...] = ()

    def filtered(self, keep: Keep) -> Plan:
        """The same through one more filter."""
        return replace(self, filters=(*self.filters, keep))

    def keeps(self, document: Document) -> bool:
        """Whether every filter wants the document."""
        return kept(self.filters, document)

    def read(self, limit: int) -> list[Any]:
        """The first `limit` documents that the filters keep, recorded as read."""
        span = self.interval
        self.tx.usage.query()
        low, high = span.low, span.high
        try:
            found, seen, exhausted = self._scan(limit)
            low, high = consumed(low, high, seen, exhausted=exhausted, reverse=self.reverse)
        finally:
            # A filter that fails and a limit that is reached depend on these rows as well.
            if limit > 0:
                self.tx.record(self.index, span.depth, span.prefix, low, high)
        return found

    def _scan(self, limit: int) -> tuple[list[Any], list[bytes], bool]:
        """Documents, the keys of the last rows looked at, and whether there are no more rows."""
        tx, low, high = self.tx, self.interval.low, self.interval.high
        found: list[Any] = []
        seen: list[bytes] = []
        exhausted = False
        materialize = self.definition.materialize
        while len(found) < limit and not exhausted:
            want = limit - len(found) if not self.filters else SCAN_CHUNK
            want = min(want, _CHUNK_MAX)
            keys, raws = tx.slice(self.index, low, high, want, reverse=self.reverse)
            looked_at = len(keys)
            if not self.filters:
                found += [materialize(raw) for raw in raws]
            else:
                for at, raw in enumerate(raws):
                    document = materialize(raw)
                    if self.keeps(document):
                        found.append(document)
                        if len(found) == limit:
                            looked_at = at + 1
                            break
            exhausted = len(keys) < want and len(found) < limit
            if keys:
                seen = keys[:looked_at]
                tx.usage.read(raws[:looked_at])
                if self.reverse:
                    high = seen[-1]
                else:
                    low = after_key(seen[-1])
        return found, seen, exhausted

    def chunk(self) -> tuple[list[Any], Reading | None]:
        """Some first documents, not filtered yet, and how to read on; None at the end."""
        batch = replace(self, filters=()).read(SCAN_CHUNK)
        if len(batch) < SCAN_CHUNK:
            return batch, None
        last = self.tx.reads.ranges[-1]
        edge = last.low if self.reverse else last.high
        return batch, replace(self, interval=self.interval.after(edge, reverse=self.reverse))

    def page(self, options: PaginationOptions) -> Page[Any]:
        """One page of the range."""
        rows = IndexRows(self.tx, self.index, self.interval, self.reverse)
        return paginate(
            self.tx, rows, options, materialize=self.definition.materialize, keeps=self.keeps
        )


_CHUNK_MAX = 4096


class OrderedQuery(Generic[D]):
    """A query whose order is settled: filter it, then read it."""

    __slots__ = ("_is_used", "_plan")

    def __init__(self, plan: Reading) -> None:
        self._plan = plan
        self._is_used = False

    def _use(self) -> Reading:
        if self._is_used:
            raise DatabaseError("this query was already read; build another one to read it again")
        self._is_used = True
        return self._plan

    def filter(self, keep: Callable[[D], bool], /) -> OrderedQuery[D]:
        """Drops documents the function refuses. They still count as read."""
        return OrderedQuery(self._use().filtered(keep))

    async def collect(self) -> list[D]:
        """Every document of the query; mind the limit on documents read."""
        return self._use().read(_ALL)

    async def take(self, n: int, /) -> list[D]:
        """The first `n` documents.

        Raises:
            DatabaseError: `n` is no whole number from 0 up.
        """
        if type(n) is not int or n < 0:
            raise DatabaseError(f"take() needs a whole number from 0 up, not {n!r}")
        return self._use().read(n)

    async def first(self) -> D | None:
        """The first document, or None."""
        found = self._use().read(1)
        return found[0] if found else None

    async def unique(self) -> D | None:
        """The only document, or None when there is none.

        Raises:
            DatabaseError: there are two or more.
        """
        plan = self._use()
        found = plan.read(2)
        if len(found) > 1:
            ids = ", ".join(document.id for document in found)
            raise DatabaseError(
                "unique() query returned more than one result from table "
                f"{plan.definition.name}:\n [{ids}, ...]"
            )
        return found[0] if found else None

    async def paginate(self, options: PaginationOptions, /) -> Page[D]:
        """One page; the position is a key, so it stays put when rows before it come and go.

        Raises:
            DatabaseError: no items asked for, too many, a second page in one function, or any
                page in a component.
            InvalidCursor: the cursor belongs to another query.
        """
        plan = self._use()
        if plan.definition.place != plan.definition.name:
            raise DatabaseError(
                "paginate() is for the functions of the app itself: only they have cursors. Take "
                "a number of documents and a position as arguments instead",
                code="PaginateInComponent",
            )
        return cast("Page[D]", plan.page(options))

    async def __aiter__(self) -> AsyncIterator[D]:
        rest: Reading | None = self._use()
        while rest is not None:
            plan = rest
            batch, rest = plan.chunk()
            for document in batch:
                if plan.keeps(document):
                    yield document


_ALL = 2**62


class RangeQuery(OrderedQuery[D]):
    """An index range that is not filtered yet: counting and positions cost O(log n)."""

    __slots__ = ("_range",)

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._range = plan

    def _use_range(self) -> Plan:
        self._use()
        return self._range

    async def count(self) -> int:
        """How many documents the range holds, without reading them."""
        plan = self._use_range()
        span = plan.interval
        plan.tx.usage.query()
        size = plan.tx.count(plan.index, span.low, span.high)
        plan.tx.record(plan.index, span.depth, span.prefix, span.low, span.high)
        return size

    async def nth(self, offset: int, /) -> D | None:
        """The document `offset` places into the range; None past its end.

        Raises:
            DatabaseError: `offset` is no whole number from 0 up.
        """
        if type(offset) is not int or offset < 0:
            raise DatabaseError(f"nth() needs a whole number from 0 up, not {offset!r}")
        plan = self._use_range()
        span, tx = plan.interval, plan.tx
        tx.usage.query()
        found = tx.nth(plan.index, span.low, span.high, offset, reverse=plan.reverse)
        keys = [] if found is None else [found[0]]
        low, high = consumed(
            span.low, span.high, keys, exhausted=found is None, reverse=plan.reverse
        )
        tx.record(plan.index, span.depth, span.prefix, low, high)
        if found is None:
            return None
        tx.usage.read([found[1]])
        return cast("D", plan.definition.materialize(found[1]))

    async def sum(self, column: Numbers[D], /) -> float:
        """The sum of a column over the range, without reading its documents; 0 when it is empty.

        Documents without a number there count nothing. The sum is exact, and rounded once.

        Args:
            column: one that the index names in its `sums`.

        Raises:
            DatabaseError: the index does not sum that column.
        """
        plan = self._use_range()
        path = _summed(plan, column)
        span = plan.interval
        plan.tx.usage.query()
        total = plan.tx.sum(plan.index, path, span.low, span.high)
        plan.tx.record(plan.index, span.depth, span.prefix, span.low, span.high)
        return total


def _summed(plan: Plan, column: FieldRef[Any, Any]) -> WirePath:
    known = getattr(column.owner, "__table_name__", None) == plan.definition.name
    path = plan.definition.column(column.path).wire_path if known else None
    if path is None or path not in plan.index.sums:
        raise DatabaseError(
            f"{plan.index} keeps no sum of {column.path!r}; read the range with an index that "
            f"does, as in Index(..., sums=[{column.path!r}])",
            code="ColumnNotSummed",
        )
    return path


def plan_of(query: RangeQuery[Any]) -> Plan:
    """What a query would read; for the engine's own functions."""
    return query._range  # pyright: ignore[reportPrivateUsage]  # this module's own


class IndexedQuery(RangeQuery[D]):
    """An index range whose order is not chosen yet: ascending unless `order` says otherwise."""

    __slots__ = ()

    def order(self, direction: Literal["asc", "desc"], /) -> RangeQuery[D]:
        """The order of the whole index key."""
        plan = self._use_range()
        if direction not in ("asc", "desc"):
            raise DatabaseError(f'order() takes "asc" or "desc", not {direction!r}')
        if plan.ordered:
            raise DatabaseError("Queries may only specify order at most once")
        return RangeQuery(replace(plan, reverse=direction == "desc", ordered=True))


class TableQuery(IndexedQuery[D]):
    """All documents of a table, by creation time, unless an index is chosen.

    It starts a new query each time it is used; what comes of that is read once. Source: npm's own
    query builder, which tests/differential runs.
    """

    __slots__ = ()

    def _use(self) -> Plan:
        return self._range

    def with_index(self, index: IndexRef[D], /, *bounds: Bound[D]) -> IndexedQuery[D]:
        """The documents in a range of an index.

        Args:
            index: an index of the same table.
            bounds: equalities on a prefix of its columns, then at most one further column with a
                lower bound, an upper bound or both.

        Raises:
            DatabaseError: the index is another table's, or the bounds do not follow its columns.
        """
        plan = self._use_range()
        data = index_data(plan.tx, plan.definition, index)
        interval = key_range(plan.definition, data, bounds)
        return IndexedQuery(replace(plan, index=data, interval=interval))

    def with_search_index(
        self, index: SearchIndexRef[D], text: str, /, *equals: Bound[D]
    ) -> OrderedQuery[D]:
        """The documents that hold words of a text, most relevant first.

        The last word also finds longer words that begin with it. There is no other order to be
        had; `filter`, `take`, pages and the rest work as for other queries.

        Args:
            index: a text index of the same table.
            text: words; none, and nothing is found.
            equals: equalities on filter columns of the index, all of which must hold.

        Raises:
            DatabaseError: the index is another table's, or a comparison is not one that it knows.
            LimitError: too many words, or too many equalities.
        """
        plan = self._use_range()
        return OrderedQuery(search_plan(plan.tx, plan.definition, index, text, equals))


def index_data(tx: Transaction, definition: TableDef, index: IndexRef[Any]) -> IndexData:
    """The filled index that a reference means.

    Raises:
        DatabaseError: it is an index of another table.
    """
    owner = getattr(index.owner, "__table_name__", None)
    if owner != definition.name:
        raise DatabaseError(f"Index {definition.name}.{index.index.name} not found.", code="IndexNotFoundError")  # noqa: E501  # fmt: skip
    table = tx.log.snapshot.table(definition.place)
    if index.index.name == "by_id":
        return table.ordered_by_id()
    found = table.indexes.get(index.index.name)
    if index.index.name in table.staged:
        raise DatabaseError(
            f"Index {definition.name}.{index.index.name} is staged: it is being filled, and cannot "
            "be queried until staged=True is removed from it.",
            code="IndexStagedError",
        )
    if found is None:
        raise DatabaseError(
            f"Index {definition.name}.{index.index.name} not found.", code="IndexNotFoundError"
        )
    return found
