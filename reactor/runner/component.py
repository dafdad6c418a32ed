"""`Component`: functions and tables of their own, mounted in a project under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType

    from reactor.runner.registry import ActionFn, Fn, MutationFn, QueryFn

P = ParamSpec("P")
R = TypeVar("R")


class Component:
    """Functions and tables of their own, behind a subtransaction.

    Calling it with one of its functions aims a call at it:
    `await ctx.run_mutation(audit_sink(audits.write), event=event)`. Two components of one package
    are two instances: each has its own documents.

    Args:
        name: what it is mounted as: letters, digits and underscores.
        functions: the import name of the package with its functions.
        schema: the module with its tables; None for a component without a schema.
        http_prefix: where its HTTP routes are served, such as "/audit"; None for nowhere.
        env: the environment variables that it sees, from its own names to those of whoever mounts
            it; it sees no others.
        components: what it mounts itself.
    """

    def __init__(
        self,
        name: str,
        *,
        functions: str,
        schema: ModuleType | None = None,
        http_prefix: str | None = None,
        env: Mapping[str, str] | None = None,
        components: Sequence[Component] = (),
    ) -> None:
        self.name = name
        self.functions = functions
        self.schema = schema
        self.http_prefix = http_prefix
        self.env = dict(env or {})
        self.components = tuple(components)

    @overload
    def __call__(self, fn: QueryFn[P, R], /) -> QueryFn[P, R]: ...
    @overload
    def __call__(self, fn: MutationFn[P, R], /) -> MutationFn[P, R]: ...
    @overload
    def __call__(self, fn: ActionFn[P, R], /) -> ActionFn[P, R]: ...
    def __call__(self, fn: Any, /) -> Any:
        """The same function, to be run by this instance.

        Raises:
            ProjectError: it is aimed already, or is a reference.
        """
        declared: Fn[..., Any] = fn
        return declared.aimed(self.name)

    def __repr__(self) -> str:
        return f"<Component {self.name}>"
