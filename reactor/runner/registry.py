"""`@query`, `@mutation`, `@action` and the function objects that they make."""

from __future__ import annotations

from copy import copy
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Concatenate,
    Final,
    Generic,
    Literal,
    ParamSpec,
    Self,
    TypeVar,
)

from reactor.errors import ProjectError
from reactor.runner.space import ROOT, current_space, handle_of, read_reference

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from reactor.runner.context import ActionCtx, MutationCtx, QueryCtx

P = ParamSpec("P")
R = TypeVar("R")
G = TypeVar("G")

Kind = Literal["query", "mutation", "action"]
Visibility = Literal["public", "internal"]


class Fn(Generic[P, R]):
    """A function of the project, as other functions name it in `ctx.run_…`.

    Args:
        handler: the developer's coroutine function.
        visibility: whether clients may call it.
        wire: the name given with `options(name=…)`, or None.
        camel: whether parameter names become camelCase on the wire.
        guard: what computes the handler's second parameter, or None.

    Attributes:
        declared: the function as it was declared; itself, unless a component aimed it.
        mount: the name of the component that it is aimed at; "" for a function of one's own.
        reference: the handle or the path of a function that is only named; None otherwise.
    """

    kind: ClassVar[Kind]

    def __init__(
        self,
        handler: Callable[..., Awaitable[Any]],
        visibility: Visibility,
        wire: str | None = None,
        *,
        camel: bool = True,
        guard: Callable[[Any], Awaitable[Any]] | None = None,
    ) -> None:
        self.handler = handler
        self.visibility: Visibility = visibility
        self.wire = wire
        self.camel = camel
        self.guard = guard
        self._path = ""
        self.declared: Fn[P, R] = self
        self.mount = ""
        self.reference: str | None = None
        self.__doc__ = handler.__doc__
        self.__name__ = getattr(handler, "__name__", "function")
        self.__module__ = handler.__module__

    @property
    def path(self) -> str:
        """Its wire path inside its own space; "" until it is loaded, or while it is a reference."""
        return self.declared._path

    @path.setter
    def path(self, path: str) -> None:
        self.declared._path = path

    @property
    def handle(self) -> str:
        """A string that can be stored, given to a component and turned back with `ref`."""
        space = current_space()
        if space is not None:
            definition = space.resolve(self)
            return handle_of(definition.component, definition.path)
        if self.reference is not None:
            component, path = read_reference(self.reference)
            return handle_of(component or ROOT, path)
        if not self.path:
            raise ProjectError(f"{self.__name__} belongs to no loaded project yet")
        return handle_of(self.mount, self.path)

    def aimed(self, mount: str) -> Self:
        """The same function, to be run by the component mounted under a name.

        Raises:
            ProjectError: it is aimed already, or is a reference, which says itself where it runs.
        """
        if self.declared is not self or self.reference is not None:
            raise ProjectError(f"{self!r} cannot be aimed at {mount!r}: it has its place already")
        twin = copy(self)
        twin.mount = mount
        return twin

    def __repr__(self) -> str:
        name = self.reference or self.path or self.__name__
        return f"<{self.visibility} {self.kind} {f'{self.mount};' * bool(self.mount)}{name}>"


def is_function(value: object) -> bool:
    """Whether a value is a function of a project: one that carries a decorator, or a reference."""
    return isinstance(value, Fn)


class QueryFn(Fn[P, R]):
    """A query: reads, never writes."""

    kind = "query"

    @staticmethod
    def ref(handle: str, /) -> QueryFn[..., Any]:
        """From a handle, or from a path such as "news:list"."""
        return _referred(QueryFn[..., Any], handle)


class MutationFn(Fn[P, R]):
    """A mutation: one serializable transaction."""

    kind = "mutation"

    @staticmethod
    def ref(handle: str, /) -> MutationFn[..., Any]:
        """From a handle, or from a path such as "news:create"."""
        return _referred(MutationFn[..., Any], handle)


class ActionFn(Fn[P, R]):
    """An action: may use the network, and calls queries and mutations."""

    kind = "action"

    @staticmethod
    def ref(handle: str, /) -> ActionFn[..., Any]:
        """From a handle, or from a path such as "ai:ask"."""
        return _referred(ActionFn[..., Any], handle)


F = TypeVar("F", bound="Fn[..., Any]")


async def _by_reference(*_: object) -> None:
    raise AssertionError("a reference is resolved by its text and never run itself")


def _referred(cls: type[F], handle: str) -> F:
    fn = cls(_by_reference, "internal")
    fn.reference = handle
    return fn


class _Decorator:
    def __init__(
        self,
        visibility: Visibility,
        wire: str | None = None,
        *,
        camel: bool = True,
        guard: Callable[[Any], Awaitable[Any]] | None = None,
    ) -> None:
        self._visibility: Visibility = visibility
        self._wire = wire
        self._camel = camel
        self._guard = guard

    def options(self, *, name: str | None = None, camel: bool = True) -> Self:
        """The same decorator with settings.

        Args:
            name: the wire name, as in `@query.options(name="HTMLPage")`; "module:name" for the
                whole path.
            camel: False keeps parameter names as written.
        """
        return type(self)(self._visibility, name, camel=camel, guard=self._guard)

    def _settings(self) -> dict[str, Any]:
        return {"wire": self._wire, "camel": self._camel, "guard": self._guard}


class _QueryDecorator(_Decorator):
    """Makes queries of async functions that take a context and keyword arguments."""

    def __call__(self, fn: Callable[Concatenate[QueryCtx, P], Awaitable[R]], /) -> QueryFn[P, R]:
        return QueryFn(fn, self._visibility, **self._settings())

    def using(self, guard: Callable[[QueryCtx], Awaitable[G]], /) -> _GuardedQuery[G]:
        """A decorator whose handlers get the guard's result as their second parameter."""
        return _GuardedQuery(self._visibility, self._wire, camel=self._camel, guard=guard)


class _GuardedQuery(_Decorator, Generic[G]):
    """Makes queries whose second parameter is the result of a guard."""

    def __call__(self, fn: Callable[Concatenate[QueryCtx, G, P], Awaitable[R]], /) -> QueryFn[P, R]:
        return QueryFn(fn, self._visibility, **self._settings())


class _MutationDecorator(_Decorator):
    """Makes mutations of async functions that take a context and keyword arguments."""

    def __call__(
        self, fn: Callable[Concatenate[MutationCtx, P], Awaitable[R]], /
    ) -> MutationFn[P, R]:
        return MutationFn(fn, self._visibility, **self._settings())

    def using(self, guard: Callable[[MutationCtx], Awaitable[G]], /) -> _GuardedMutation[G]:
        """A decorator whose handlers get the guard's result as their second parameter."""
        return _GuardedMutation(self._visibility, self._wire, camel=self._camel, guard=guard)


class _GuardedMutation(_Decorator, Generic[G]):
    """Makes mutations whose second parameter is the result of a guard."""

    def __call__(
        self, fn: Callable[Concatenate[MutationCtx, G, P], Awaitable[R]], /
    ) -> MutationFn[P, R]:
        return MutationFn(fn, self._visibility, **self._settings())


class _ActionDecorator(_Decorator):
    """Makes actions of async functions that take a context and keyword arguments."""

    def __call__(self, fn: Callable[Concatenate[ActionCtx, P], Awaitable[R]], /) -> ActionFn[P, R]:
        return ActionFn(fn, self._visibility, **self._settings())

    def using(self, guard: Callable[[ActionCtx], Awaitable[G]], /) -> _GuardedAction[G]:
        """A decorator whose handlers get the guard's result as their second parameter."""
        return _GuardedAction(self._visibility, self._wire, camel=self._camel, guard=guard)


class _GuardedAction(_Decorator, Generic[G]):
    """Makes actions whose second parameter is the result of a guard."""

    def __call__(
        self, fn: Callable[Concatenate[ActionCtx, G, P], Awaitable[R]], /
    ) -> ActionFn[P, R]:
        return ActionFn(fn, self._visibility, **self._settings())


query: Final = _QueryDecorator("public")
mutation: Final = _MutationDecorator("public")
action: Final = _ActionDecorator("public")
internal_query: Final = _QueryDecorator("internal")
internal_mutation: Final = _MutationDecorator("internal")
internal_action: Final = _ActionDecorator("internal")
