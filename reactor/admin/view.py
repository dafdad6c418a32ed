"""What a system function sees: one transaction, and the deployment that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import orjson

from reactor.errors import DatabaseError, DeveloperError
from reactor.runner.context import space_of, transaction_of
from reactor.schema.places import place_of
from reactor.transaction.paginate import IndexRows, paginate
from reactor.transaction.ranges import everything
from reactor.transaction.system import SystemTable
from reactor.values.types import Absent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reactor.auth.oidc import Provider
    from reactor.log.commit import Log
    from reactor.log.snapshot import IndexData, TableData
    from reactor.runner.context import QueryCtx
    from reactor.runner.environment import Environment
    from reactor.runner.space import Space
    from reactor.runtime.random import Entropy
    from reactor.runtime.settings import Settings
    from reactor.schema.objects import Page, PaginationOptions
    from reactor.transaction.ranges import KeyRange

ComponentId = str | Absent | None
"""The `componentId` argument of a dashboard's call: a component's path (`Space.path`). Null or
missing is the space that the call was sent to, which is the project unless `componentPath` says
otherwise."""

Order = Literal["asc", "desc"]


@dataclass(frozen=True, slots=True)
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
    """

    log: Log
    spaces: Mapping[str, Space]
    settings: Settings
    entropy: Entropy
    environment: Environment
    settled: Callable[[Mapping[str, str]], list[Provider]]


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

    def tables(self, component: ComponentId = None) -> list[str]:
        """The names of a component's tables, sorted: declared ones, and others with a number.

        Raises:
            DeveloperError: there is no such component.
        """
        schema = self.space(component).schema
        return sorted(name for name in {*schema.tables, *schema.numbers} if name[0] != "_")

    def table(self, name: str, component: ComponentId = None) -> TableData:
        """A table's data by its name, the engine's own included.

        Raises:
            DatabaseError: there is no such table.
            DeveloperError: there is no such component.
        """
        log = self.deployment.log
        place = place_of(self.space(component).path, name)
        known = self.tables(component)
        if name not in known and not (name.startswith("_") and place in log.numbers):
            raise DatabaseError(f"Table {name!r} not found.", code="TableNotFound")
        return log.snapshot.table(place)

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
        rows = IndexRows(self.tx, index, span or everything(), order == "desc")
        return paginate(self.tx, rows, options, materialize=stored, keeps=keeps)
