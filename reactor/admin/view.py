"""What a system function sees: one transaction, and the deployment that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import orjson

from reactor.errors import DatabaseError, DeveloperError
from reactor.runner.context import transaction_of
from reactor.transaction.paginate import paginate
from reactor.transaction.ranges import everything
from reactor.transaction.system import SystemTable
from reactor.values.types import Absent

if TYPE_CHECKING:
    from collections.abc import Callable

    from reactor.log.commit import Log
    from reactor.log.snapshot import IndexData, TableData
    from reactor.runner.context import QueryCtx
    from reactor.runner.loader import Functions
    from reactor.runtime.random import Entropy
    from reactor.runtime.settings import Settings
    from reactor.schema.load import Schema
    from reactor.schema.objects import Page, PaginationOptions
    from reactor.transaction.ranges import KeyRange

ComponentId = str | Absent | None
"""The `componentId` argument of a dashboard's call: null or missing is the project itself."""

Order = Literal["asc", "desc"]


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a node is, beside its data.

    Args:
        log: the data.
        schema: the project's tables.
        functions: the project's functions.
        settings: how the node is run.
        entropy: where new ids come from.
    """

    log: Log
    schema: Schema
    functions: Functions
    settings: Settings
    entropy: Entropy


class Wire:
    """A part of a result that is wire JSON already, parsed or as `orjson.Fragment`."""

    __slots__ = ("json",)

    def __init__(self, json: Any) -> None:
        self.json = json

    def __wire__(self) -> Any:
        """What is sent of it."""
        return self.json


def stored(raw: bytes) -> Wire:
    """A stored document, sent as it lies there."""
    return Wire(orjson.Fragment(raw))


class Admin:
    """One run of a system function.

    Args:
        deployment: the node.
        ctx: the run's context.
    """

    __slots__ = ("deployment", "tx")

    def __init__(self, deployment: Deployment, ctx: QueryCtx) -> None:
        self.deployment = deployment
        self.tx = transaction_of(ctx)

    def system(self, name: str) -> SystemTable:
        """A table of the engine's own, such as `_storage`."""
        return SystemTable(self.tx, name, self.deployment.entropy)

    def tables(self, component: ComponentId = None) -> list[str]:
        """The names of a component's tables, sorted: declared ones, and others with a number.

        Raises:
            DeveloperError: there is no such component.
        """
        if isinstance(component, str):
            raise DeveloperError(f"there is no component {component!r}", code="ComponentNotFound")
        schema = self.deployment.schema
        return sorted(name for name in {*schema.tables, *schema.numbers} if name[0] != "_")

    def table(self, name: str, component: ComponentId = None) -> TableData:
        """A table's data by its name, the engine's own included.

        Raises:
            DatabaseError: there is no such table.
        """
        log = self.deployment.log
        known = self.tables(component)
        if name not in known and not (name.startswith("_") and name in log.numbers):
            raise DatabaseError(f"Table {name!r} not found.", code="TableNotFound")
        return log.snapshot.table(name)

    def page(
        self,
        index: IndexData,
        options: PaginationOptions,
        *,
        order: Order = "asc",
        span: KeyRange | None = None,
        keeps: Callable[[Wire], bool] = lambda _: True,
    ) -> Page[Wire]:
        """One page of stored documents, in an index's order."""
        return paginate(
            self.tx, index, span or everything(), options,
            reverse=order == "desc", materialize=stored, keeps=keeps,
        )  # fmt: skip
