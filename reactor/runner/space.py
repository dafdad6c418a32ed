"""Spaces: the project itself and every component that it mounts.

A space has tables, functions and settings of its own. The root's path is "", a component's is the
names under which it and its parents are mounted: `workpool`, `parent/child`. A function object is
shared by all instances of its package; which of them runs is decided by where the call comes from
(`Space.resolve`), so nothing about it is kept in the function.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from reactor.errors import FunctionNotFound
from reactor.runner.current import running
from reactor.runtime.settings import URLS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reactor.runner.definition import Definition
    from reactor.runner.loader import Functions
    from reactor.runner.registry import Fn
    from reactor.schema.load import Schema

ROOT: Final = ""
_HANDLE: Final = "function://"


@dataclass(slots=True, repr=False)
class Space:
    """One instance of a set of tables and functions.

    Args:
        path: "" for the root, `parent/child` for a component.
        schema: its tables.
        functions: its functions.
        spaces: every space of the node by path, this one included.
        env: the variables that it sees: their names in it to the deployment's; None for all.
        http_prefix: the path below which its HTTP routes are served; None when they are not.
    """

    path: str
    schema: Schema
    functions: Functions
    spaces: Mapping[str, Space]
    env: Mapping[str, str] | None = None
    http_prefix: str | None = ""

    @property
    def is_root(self) -> bool:
        """Whether it is the project itself."""
        return self.path == ROOT

    @property
    def name(self) -> str:
        """What it is mounted as."""
        return self.path.rpartition("/")[2]

    def resolve(self, fn: Fn[..., Any]) -> Definition:
        """What a call of this function from here runs.

        Args:
            fn: a function of this space, one that is aimed at a component mounted here, or a
                reference.

        Raises:
            FunctionNotFound: the reference leads nowhere, or the function is another space's.
        """
        if fn.reference is not None:
            return self._referred(fn.reference)
        target = self
        if fn.mount:
            found = self.spaces.get(child_path(self.path, fn.mount))
            if found is None:
                raise FunctionNotFound(
                    f"component {fn.mount!r} is not mounted in {self}; add it to components"
                )
            target = found
        definition = target.functions.by_fn.get(fn.declared)
        if definition is None:
            raise FunctionNotFound(
                f"{fn.declared.__module__}.{fn.declared.__name__} is no function of "
                f"{target}; aim a component's function at its instance, as in "
                "ctx.run_mutation(component(fn), ...)"
            )
        return definition

    def _referred(self, reference: str) -> Definition:
        component, path = read_reference(reference)
        space = self if component is None else self.spaces.get(component)
        if space is None:
            raise FunctionNotFound(f"Could not find component {component!r}; is it still mounted?")
        return space.functions.find(path, sees_internal=True)

    def __str__(self) -> str:
        return "the app" if self.is_root else f"component {self.path!r}"

    def __repr__(self) -> str:
        # Logs show the locals of every frame: a space must not bring its whole node along.
        return f"<Space {self.path!r}>"

    def variables(self, deployment: Mapping[str, str]) -> Mapping[str, str]:
        """The environment variables that its functions see.

        Args:
            deployment: the deployment's.
        """
        if self.env is None:
            return deployment
        shared = {name: name for name in URLS} | dict(self.env)
        return {own: deployment[name] for own, name in shared.items() if name in deployment}


def current_space() -> Space | None:
    """The space whose function is running."""
    run = running()
    return None if run is None else run.space


def child_path(parent: str, name: str) -> str:
    """The path of a component that is mounted in a space."""
    return f"{parent}/{name}" if parent else name


def handle_of(component: str, path: str) -> str:
    """The text that names a function from everywhere."""
    return f"{_HANDLE}{component};{path}" if component else _HANDLE + path


def read_reference(text: str) -> tuple[str | None, str]:
    """The component and the path that a text names; no component means the space that calls."""
    if not text.startswith(_HANDLE):
        return None, text
    component, _, path = text.removeprefix(_HANDLE).rpartition(";")
    return component, path
