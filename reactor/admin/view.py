"""What a system function sees: one transaction, and the deployment that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

import orjson

from reactor import limits
from reactor.errors import DatabaseError, DeveloperError
from reactor.runner.context import space_of, transaction_of
from reactor.schema.objects import PaginationOptions
from reactor.schema.places import place_of
from reactor.schema.system import CreatedTable
from reactor.transaction.paginate import IndexRows, paginate
from reactor.transaction.ranges import everything
from reactor.transaction.system import SystemTable
from reactor.values.ids import decode_id
from reactor.values.types import Absent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reactor.auth.oidc import Provider
    from reactor.files.store import Files
    from reactor.log.commit import Log
    from reactor.log.snapshot import IndexData, TableData
    from reactor.runner.context import QueryCtx
    from reactor.runner.environment import Environment
    from reactor.runner.space import Space
    from reactor.runtime.random import Entropy
    from reactor.runtime.settings import Settings
    from reactor.schema.objects import Page
    from reactor.transaction.ranges import KeyRange

ComponentId = str | Absent | None
"""The `componentId` argument of a dashboard's call: a component's path (`Space.path`). Null or
missing is the space that the call was sent to, which is the project unless `componentPath` says
otherwise."""

Order = Literal["asc", "desc"]


@dataclass(frozen=True, slots=True, repr=False)
class Deployment:
    """What a node is, beside its data.

    Args:
        log: the data.
        spaces: the project and its components, by path.
        settings: how the node is run.
        entropy: where new ids come from.
        environment: the variables that functions see.
        settled: whose tokens the project trusts under such variables; raises ProjectError when
            the project cannot run with them.
        files: file storage.
    """

    log: Log
    spaces: Mapping[str, Space]
    settings: Settings
    entropy: Entropy
    environment: Environment
    settled: Callable[[Mapping[str, str]], list[Provider]]
    files: Files


class Wire:
    """A part of a result that is wire JSON already, and sent as it is."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    @classmethod
    def of(cls, parsed: Any) -> Self:
        """The same of parsed wire JSON, such as a `SystemTable` gives."""
        return cls(orjson.dumps(parsed, option=orjson.OPT_SORT_KEYS))

    def parsed(self) -> Any:
        """The same as parsed wire JSON."""
        return orjson.loads(self.raw)

    def __wire__(self) -> orjson.Fragment:
        """What is sent of it."""
        return orjson.Fragment(self.raw)


class Admin:
    """One run of a system function.

    Args:
        deployment: the node.
        ctx: the run's context.
    """

    __slots__ = ("_space", "deployment", "tx")

    def __init__(self, deployment: Deployment, ctx: QueryCtx) -> None:
        self.deployment = deployment
        self.tx = transaction_of(ctx)
        self._space = space_of(ctx)

    def space(self, component: ComponentId = None) -> Space:
        """The space that a call is about: the component it names, or else its `componentPath`'s.

        Raises:
            DeveloperError: there is no such component.
        """
        if not isinstance(component, str):
            return self._space
        found = self.deployment.spaces.get(component)
        if found is None:
            raise DeveloperError(f"there is no component {component!r}", code="ComponentNotFound")
        return found

    def system(self, name: str, component: ComponentId = None) -> SystemTable:
        """A table of the engine's own, such as `_storage`."""
        place = place_of(self.space(component).path, name)
        return SystemTable(self.tx, place, self.deployment.entropy)

    def data(self, name: str, component: ComponentId = None) -> TableData:
        """What stands where a component's table of that name would; empty when there is none."""
        return self.deployment.log.snapshot.table(place_of(self.space(component).path, name))

    def tables(self, component: ComponentId = None) -> list[str]:
        """The names of a component's tables, sorted.

        A table is there when the schema declares it, when it was created by hand, or when it
        holds documents.

        Raises:
            DeveloperError: there is no such component.
        """
        schema = self.space(component).schema
        names = {name for name in schema.tables if not name.startswith("_")}
        created = self.system(CreatedTable.__table_name__, component)
        names.update(row["name"] for row in created.range("by_name", [], limits.TABLES_MAX))
        names.update(
            name
            for name in list(schema.numbers)
            if name not in names and not name.startswith("_") and self.count(name, component)
        )
        return sorted(names)

    def table(self, name: str, component: ComponentId = None) -> TableData:
        """A table's data by its name, the engine's own included.

        Raises:
            DatabaseError: there is no such table.
            DeveloperError: there is no such component.
        """
        numbers = self.space(component).schema.numbers
        if name not in numbers if name.startswith("_") else name not in self.tables(component):
            raise DatabaseError(f"Table {name!r} not found.", code="TableNotFound")
        return self.data(name, component)

    def table_of(self, id: str, component: ComponentId = None) -> str | None:
        """The name of the component's table that an id belongs to; None when there is none.

        Raises:
            InvalidId: the text is no id.
        """
        number, _ = decode_id(id)
        numbers = self.space(component).schema.numbers
        return next((name for name, known in numbers.items() if known == number), None)

    def count(self, name: str, component: ComponentId = None) -> int:
        """How many documents a table holds."""
        index, whole = self.data(name, component).by_creation_time, everything()
        self.tx.record(index, whole.depth, whole.prefix, whole.low, whole.high)
        return self.tx.count(index, whole.low, whole.high)

    def page(
        self,
        index: IndexData,
        options: PaginationOptions,
        *,
        order: Order = "asc",
        span: KeyRange | None = None,
        keeps: Callable[[Wire], bool] = lambda _: True,
    ) -> Page[Wire]:
        """One page of stored documents, in an index's order, of a size that a tool can take."""
        bounded = PaginationOptions(
            num_items=min(options.num_items, items_max()),
            cursor=options.cursor,
            end_cursor=options.end_cursor,
            maximum_rows_read=options.maximum_rows_read or limits.ADMIN_PAGE_SCANNED_MAX,
            maximum_bytes_read=options.maximum_bytes_read or limits.ADMIN_PAGE_BYTES_MAX,
        )
        rows = IndexRows(self.tx, index, span or everything(), order == "desc")
        return paginate(self.tx, rows, bounded, materialize=Wire, keeps=keeps)


def items_max() -> int:
    """The most items of one page: what a tool can take, and what an array may hold."""
    return min(limits.ADMIN_PAGE_ITEMS_MAX, limits.ARRAY_LENGTH_MAX)
