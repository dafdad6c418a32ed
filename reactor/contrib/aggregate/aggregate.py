"""`Aggregate` and `TableAggregate`: the typed faces of the aggregate component."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar

from reactor import ActionCtx, Change, Component, Id, MutationCtx, QueryCtx, Table, limits
from reactor.contrib.aggregate import schema
from reactor.contrib.aggregate.bounds import Bounds, Order, key_parts
from reactor.contrib.aggregate.functions import items
from reactor.contrib.aggregate.functions.items import Entry, Target
from reactor.errors import DeveloperError

if TYPE_CHECKING:
    from collections.abc import Callable

K = TypeVar("K")
D = TypeVar("D", bound=Table)

_EVERYTHING: Final = Bounds()


class Figures(Generic[K]):
    """What can be asked of an aggregate; every figure is one to six reads of an index.

    Args:
        name: unique among the project's aggregates; two objects of one name share their items.
    """

    component: ClassVar[Component] = Component(
        "aggregate", functions="reactor.contrib.aggregate.functions", schema=schema
    )

    def __init__(self, name: str, /) -> None:
        self.name = name

    async def count(
        self, ctx: QueryCtx | ActionCtx, bounds: Bounds = _EVERYTHING, /, *, namespace: Any = None
    ) -> int:
        """How many items lie in a range."""
        fn = self.component(items.count)
        return await ctx.run_query(fn, target=self._target(namespace), bounds=bounds)

    async def sum(
        self, ctx: QueryCtx | ActionCtx, bounds: Bounds = _EVERYTHING, /, *, namespace: Any = None
    ) -> float:
        """What the values of the items in a range add up to, exactly, rounded once."""
        fn = self.component(items.total)
        return await ctx.run_query(fn, target=self._target(namespace), bounds=bounds)

    async def at(
        self,
        ctx: QueryCtx | ActionCtx,
        offset: int,
        bounds: Bounds = _EVERYTHING,
        /,
        *,
        order: Order = "asc",
        namespace: Any = None,
    ) -> Entry | None:
        """The item at a position of a range; None past its end.

        Args:
            ctx: of a query, a mutation or an action.
            offset: items before it, from 0.
            bounds: the range.
            order: "desc" counts from the largest key.
            namespace: whose items.
        """
        return await ctx.run_query(
            self.component(items.at),
            target=self._target(namespace), bounds=bounds, offset=offset, order=order,
        )  # fmt: skip

    async def min(
        self, ctx: QueryCtx | ActionCtx, bounds: Bounds = _EVERYTHING, /, *, namespace: Any = None
    ) -> Entry | None:
        """The item with the smallest key of a range; None when it is empty."""
        return await self.at(ctx, 0, bounds, namespace=namespace)

    async def max(
        self, ctx: QueryCtx | ActionCtx, bounds: Bounds = _EVERYTHING, /, *, namespace: Any = None
    ) -> Entry | None:
        """The item with the largest key of a range; None when it is empty."""
        return await self.at(ctx, 0, bounds, order="desc", namespace=namespace)

    async def entries(
        self,
        ctx: QueryCtx | ActionCtx,
        bounds: Bounds = _EVERYTHING,
        /,
        *,
        limit: int,
        order: Order = "asc",
        namespace: Any = None,
    ) -> list[Entry]:
        """The first items of a range, at most `limit`, with their keys and values."""
        return await ctx.run_query(
            self.component(items.entries),
            target=self._target(namespace), bounds=bounds, limit=limit, order=order,
        )  # fmt: skip

    async def rank(
        self,
        ctx: QueryCtx | ActionCtx,
        key: K,
        /,
        *,
        item: str | None = None,
        order: Order = "asc",
        namespace: Any = None,
    ) -> int:
        """How many items stand before a key, whether an item has that key or not.

        Args:
            ctx: of a query, a mutation or an action.
            key: the key.
            item: among items with the same key, which are in the order of their names, this one.
            order: "desc" counts the items with larger keys.
            namespace: whose items.
        """
        return await ctx.run_query(
            self.component(items.rank),
            target=self._target(namespace), key=key_parts(key), item=item, order=order,
        )  # fmt: skip

    async def find(self, ctx: QueryCtx | ActionCtx, item: str, /) -> Entry | None:
        """An item, in whatever namespace it stands; None when it is not there."""
        return await ctx.run_query(self.component(items.find), name=self.name, item=item)

    async def clear(self, ctx: MutationCtx | ActionCtx, /, *, namespace: Any = None) -> None:
        """Removes every item of a namespace; from an action, in batches of a thousand.

        Raises:
            LimitError: in a mutation, when there are more than it may write.
        """
        fn, target = self.component(items.clear), self._target(namespace)
        while await ctx.run_mutation(fn, target=target, limit=limits.AGGREGATE_CLEAR_BATCH):
            pass

    def _target(self, namespace: Any) -> Target:
        return Target(name=self.name, namespace=namespace)

    async def _put(
        self, ctx: MutationCtx | ActionCtx, item: str, key: Any, value: float, namespace: Any
    ) -> None:
        await ctx.run_mutation(
            self.component(items.put),
            target=self._target(namespace), item=item, key=key_parts(key), value=float(value),
        )  # fmt: skip

    async def _delete(self, ctx: MutationCtx | ActionCtx, item: str) -> None:
        await ctx.run_mutation(self.component(items.delete), name=self.name, item=item)


class Aggregate(Figures[K]):
    """Counts, sums and ranks of items that you name: `Aggregate[tuple[str, float]]("plays")`.

    Its items live in a component of their own: `Reactor(components=[Aggregate.component])`. A key
    is one value, or a tuple of up to six, ordered as an index orders them.
    """

    async def insert(
        self,
        ctx: MutationCtx | ActionCtx,
        item: str,
        key: K,
        /,
        *,
        value: float = 0.0,
        namespace: Any = None,
    ) -> None:
        """Adds an item.

        Args:
            ctx: in a mutation the item comes and goes with everything else that it writes.
            item: its name, unique in the aggregate; often a document's id.
            key: where it stands.
            value: what it adds to sums.
            namespace: items of different namespaces are never counted together.

        Raises:
            DeveloperError: an item of that name is there.
        """
        await ctx.run_mutation(
            self.component(items.insert),
            target=self._target(namespace), item=item, key=key_parts(key), value=float(value),
        )  # fmt: skip

    async def replace(
        self,
        ctx: MutationCtx | ActionCtx,
        item: str,
        key: K,
        /,
        *,
        value: float = 0.0,
        namespace: Any = None,
    ) -> None:
        """Gives an item another key, value and namespace.

        Raises:
            DeveloperError: there is no item of that name.
        """
        await ctx.run_mutation(
            self.component(items.replace),
            target=self._target(namespace), item=item, key=key_parts(key), value=float(value),
        )  # fmt: skip

    async def put(
        self,
        ctx: MutationCtx | ActionCtx,
        item: str,
        key: K,
        /,
        *,
        value: float = 0.0,
        namespace: Any = None,
    ) -> None:
        """Adds an item, or gives the one of that name another key, value and namespace."""
        await self._put(ctx, item, key, value, namespace)

    async def delete(self, ctx: MutationCtx | ActionCtx, item: str, /) -> None:
        """Removes an item.

        Raises:
            DeveloperError: there is no item of that name.
        """
        await self._delete(ctx, item)


class TableAggregate(Figures[Any], Generic[D]):
    """An aggregate over the documents of a table, written together with them.

    `scores = TableAggregate(Score, key=lambda s: s.points)`; from then on `scores.insert(ctx, …)`
    in the place of `ctx.db.insert(…)`, and so on. Documents that are written past it are not
    counted: `put` brings one in, a migration all of them.

    Args:
        table: whose documents.
        key: a document's key: one value, or a tuple of up to six.
        value: what a document adds to sums.
        namespace: which documents are counted together; None for all.
        name: unique among the project's aggregates; the table's name by default.
    """

    def __init__(
        self,
        table: type[D],
        /,
        *,
        key: Callable[[D], Any],
        value: Callable[[D], float] | None = None,
        namespace: Callable[[D], Any] | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(name or table.__table_name__)
        self._key = key
        self._value = value
        self._namespace = namespace

    async def insert(self, ctx: MutationCtx, document: D, /) -> Id[D]:
        """Stores a new document, counts it, and returns its id."""
        id = await ctx.db.insert(document)
        await self.put(ctx, await ctx.db.require(id))
        return id

    async def patch(self, ctx: MutationCtx, id: Id[D], /, *changes: Change[D]) -> None:
        """Changes some columns of a document, and where it is counted."""
        await ctx.db.patch(id, *changes)
        await self.put(ctx, await ctx.db.require(id))

    async def replace(self, ctx: MutationCtx, id: Id[D], document: D, /) -> None:
        """Puts another document in the place of one, and counts that."""
        await ctx.db.replace(id, document)
        await self.put(ctx, await ctx.db.require(id))

    async def delete(self, ctx: MutationCtx, id: Id[D], /) -> None:
        """Removes a document, and counts it no longer.

        Raises:
            DeveloperError: it was never counted.
        """
        await ctx.db.delete(id)
        await self._delete(ctx, id)

    async def put(self, ctx: MutationCtx, document: D, /) -> None:
        """Counts a document that was written past the aggregate, or anew after a change.

        With several aggregates over one table, write the document and `put` it into each.

        Raises:
            DeveloperError: its value is no number.
        """
        value = 0.0 if self._value is None else self._value(document)
        if type(value) is not float and type(value) is not int:
            raise DeveloperError(
                f"aggregate {self.name!r}: the value of {document.id} is {value!r}, which is no "
                "number",
                code="InvalidAggregateValue",
            )
        namespace = None if self._namespace is None else self._namespace(document)
        await self._put(ctx, document.id, self._key(document), value, namespace)
