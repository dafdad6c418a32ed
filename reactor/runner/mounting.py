"""From a project and the components that it mounts to the spaces that a node runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reactor.errors import ProjectError, SchemaError
from reactor.runner.http import is_below
from reactor.runner.loader import load_functions
from reactor.runner.space import ROOT, Space, child_path
from reactor.schema.load import Schema
from reactor.schema.names import check_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import ModuleType

    from reactor.runner.component import Component
    from reactor.schema.places import TableNumbers


class Mounting:
    """Builds the spaces of one project.

    Args:
        numbers: the table numbers of all of them.
        package: the project's own package of functions.
        components: what the project mounts.
    """

    def __init__(
        self, numbers: TableNumbers, package: str, components: Sequence[Component]
    ) -> None:
        self.spaces: dict[str, Space] = {}
        self._numbers = numbers
        self._packages = {package, *(one.functions for one in _all(components))}
        self._package = package
        self._components = components

    def mount(
        self,
        schema: ModuleType | None,
        *,
        schema_validation: bool = True,
        http_prefix: str = "",
        camel: bool = True,
    ) -> None:
        """Loads the project and everything it mounts.

        Args:
            schema: the project's tables.
            schema_validation: whether its documents must match them.
            http_prefix: where its HTTP routes are served; "" for everywhere.
            camel: whether its names become camelCase on the wire.

        Raises:
            ProjectError: a module cannot be imported, or a component cannot be mounted as it is.
            SchemaError: a table or a signature cannot be what was declared.
        """
        own = self._numbers.of(ROOT)
        self.spaces[ROOT] = Space(
            ROOT,
            Schema(schema, validate=schema_validation, numbers=own),
            load_functions(self._package, own, foreign=self._foreign(self._package), camel=camel),
            self.spaces,
            http_prefix=_checked_prefix(http_prefix, "the app"),
        )
        self._mount_in(self.spaces[ROOT], self._components)
        self._check_prefixes()

    def _foreign(self, package: str) -> list[str]:
        return sorted(self._packages - {package})

    def _mount_in(self, parent: Space, components: Sequence[Component]) -> None:
        for component in components:
            path = child_path(parent.path, check_identifier(component.name, "a component"))
            if path in self.spaces:
                raise ProjectError(
                    f"two components are mounted as {path!r}; give one of them another name"
                )
            self.spaces[path] = self._space(parent, path, component)
            self._mount_in(self.spaces[path], component.components)

    def _space(self, parent: Space, path: str, component: Component) -> Space:
        own = self._numbers.of(path)
        try:
            schema = Schema(component.schema, numbers=own, space=path)
            functions = load_functions(
                component.functions,
                own,
                component=path,
                foreign=self._foreign(component.functions),
            )
        except (ProjectError, SchemaError) as error:
            raise type(error)(f"component {path!r}: {error}") from error
        prefix = None
        if component.http_prefix is not None and parent.http_prefix is not None:
            prefix = parent.http_prefix + _checked_prefix(component.http_prefix, repr(path))
        env = _passed_on(parent, path, component.env)
        return Space(path, schema, functions, self.spaces, env, prefix)

    def _check_prefixes(self) -> None:
        taken: dict[str, str] = {}
        for space in self.spaces.values():
            prefix = space.http_prefix
            if prefix is None or space.functions.http is None:
                continue
            if prefix in taken:
                raise ProjectError(
                    f"{space} and {taken[prefix]} both serve HTTP routes under "
                    f"{prefix or '/'!r}; give one of them another http_prefix"
                )
            taken[prefix] = str(space)


def _all(components: Sequence[Component]) -> Iterator[Component]:
    for component in components:
        yield component
        yield from _all(component.components)


def _checked_prefix(prefix: str, whose: str) -> str:
    plain = prefix.rstrip("/")
    if plain and not plain.startswith("/"):
        raise ProjectError(f"http_prefix {prefix!r} of {whose} must start with a slash")
    if is_below(plain, "/.files"):
        raise ProjectError(f"http_prefix {prefix!r} of {whose} is reserved")
    return plain


def _passed_on(parent: Space, path: str, env: Mapping[str, str]) -> dict[str, str]:
    """What a component's names for variables are in the deployment."""
    if parent.env is None:
        return dict(env)
    hidden = sorted(set(env.values()) - parent.env.keys())
    if hidden:
        raise ProjectError(
            f"component {path!r} is given {', '.join(hidden)}, which {parent} does not see itself"
        )
    return {own: parent.env[name] for own, name in env.items()}
