"""`Env`: a project's typed settings, read from the environment."""

from __future__ import annotations

import typing
from typing import Any, ClassVar, TypeVar

import pydantic

from reactor.errors import ProjectError

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

E = TypeVar("E", bound="Env")


class Env:
    """Subclass it: `support_email: str | None = None` reads SUPPORT_EMAIL.

    Values are the deployment's current ones; what is declared without a default must be set.
    """

    convex_site_url: str
    convex_cloud_url: str

    __fields__: ClassVar[dict[str, tuple[str, pydantic.TypeAdapter[Any], Any]]] = {}

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)

    def problems(self) -> Iterable[str]:
        """What is wrong with the values together, such as two that exclude each other.

        A project's class may say it; the server then refuses to start, as for a missing variable.
        """
        return ()

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("settings are read-only; change the environment variable instead")

    def __repr__(self) -> str:
        # Values may be secrets: they are never printed.
        return f"{type(self).__name__}({', '.join(sorted(self.__dict__))})"


_UNSET = object()


def _fields(cls: type[Env]) -> dict[str, tuple[str, pydantic.TypeAdapter[Any], Any]]:
    if "__fields__" not in cls.__dict__:
        hints = typing.get_type_hints(cls, include_extras=True)
        cls.__fields__ = {
            name: (name.upper(), pydantic.TypeAdapter(hint), getattr(cls, name, _UNSET))
            for name, hint in hints.items()
            if typing.get_origin(hint) is not ClassVar
        }
    return cls.__fields__


def read_env(cls: type[E], variables: Mapping[str, str]) -> E:
    """An Env from environment variables.

    Args:
        cls: the project's subclass.
        variables: names in capitals to texts.

    Raises:
        ProjectError: variables are missing or cannot be read as their type; all are named.
    """
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for name, (variable, adapter, default) in _fields(cls).items():
        text = variables.get(variable)
        if text is None:
            if default is _UNSET:
                wrong.append(f"{variable} is not set")
            else:
                values[name] = default
            continue
        try:
            values[name] = adapter.validate_python(text)
        except pydantic.ValidationError as error:
            reason = error.errors(include_input=False, include_url=False)[0]["msg"]
            wrong.append(f"{variable}: {reason}")
    settings = cls(values)
    wrong += () if wrong else settings.problems()
    if wrong:
        raise ProjectError(f"settings of {cls.__name__}: " + "; ".join(wrong))
    return settings
