"""`@system_query` and `@system_mutation`: the engine's own functions, in no project's folder.

They run like everybody else's, in one transaction with a read set, so that an admin can subscribe
to them over the WebSocket. A module per topic declares them and names them in its `FUNCTIONS`;
`catalog.py` lists the modules. Only callers with the admin key reach them (`Runner.kind_of`).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from reactor.admin.view import Admin
from reactor.errors import DeveloperError
from reactor.runner.definition import define
from reactor.runner.loader import SYSTEM, canonical
from reactor.runner.registry import Fn, Kind, MutationFn, QueryFn
from reactor.runner.space import ROOT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from reactor.admin.view import Deployment
    from reactor.runner.context import QueryCtx
    from reactor.runner.definition import Definition

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class SystemFunction:
    """A function of the engine, not yet tied to a deployment.

    Args:
        paths: every wire path that it answers to, such as `_system/cli/tables`.
        kind: "query" or "mutation".
        handler: takes an `Admin` and keyword arguments, annotated like a project's.
    """

    paths: tuple[str, ...]
    kind: Kind
    handler: Callable[..., Awaitable[Any]]


def system_query(
    *paths: str,
) -> Callable[[Callable[Concatenate[Admin, P], Awaitable[Any]]], SystemFunction]:
    """Makes a system query of an async function that takes an `Admin` and keyword arguments."""
    return lambda handler: SystemFunction(paths, "query", handler)


def system_mutation(
    *paths: str,
) -> Callable[[Callable[Concatenate[Admin, P], Awaitable[Any]]], SystemFunction]:
    """Makes a system mutation of an async function that takes an `Admin` and keyword arguments."""
    return lambda handler: SystemFunction(paths, "mutation", handler)


def define_system(
    functions: Iterable[SystemFunction], deployment: Deployment
) -> dict[str, Definition]:
    """System functions, ready to run, by canonical path.

    Raises:
        SchemaError: a parameter has a type without a form on the wire.
        DeveloperError: a path is taken twice, or does not start with `_system/`.
    """
    found: dict[str, Definition] = {}
    for declared in functions:
        fn = _bound(declared, deployment)
        for given in declared.paths:
            path = canonical(given)
            if path in found or not path.startswith(SYSTEM):
                raise DeveloperError(f"{path} is no path for another system function")
            found[path] = define(fn, path, deployment.spaces[ROOT].schema.numbers)
    return found


def _bound(declared: SystemFunction, deployment: Deployment) -> Fn[..., Any]:
    handler = declared.handler

    @functools.wraps(handler)
    async def run(ctx: QueryCtx, **arguments: Any) -> Any:
        return await handler(Admin(deployment, ctx), **arguments)

    # Results hold stored JSON, which goes out as it is; validators have no word for that.
    run.__annotations__ = {**handler.__annotations__, "return": Any}
    return (QueryFn if declared.kind == "query" else MutationFn)(run, "internal")
