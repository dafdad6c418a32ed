"""The deployment's variables: listed, and changed all at once or not at all.

Source: protocol.md 5.12, 7 and 8.4.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reactor import limits
from reactor.admin.audit import note
from reactor.admin.registry import SystemFunction, system_mutation, system_query
from reactor.admin.view import Admin, ComponentId, Wire
from reactor.errors import DeveloperError, ProjectError
from reactor.runner.environment import Environment
from reactor.runner.space import ROOT
from reactor.runtime.settings import URLS
from reactor.schema.objects import Object
from reactor.schema.system import EnvironmentVariable
from reactor.values.types import ABSENT, Absent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reactor.transaction.system import Body, SystemTable

UPDATE: Final = "_system/reactor/updateEnvironmentVariables"
"""The mutation behind `POST /api/update_environment_variables`; its name is ours."""

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class EnvironmentChange(Object):
    """A variable's new value; without one it is removed."""

    name: str
    value: str | Absent | None = ABSENT


@system_query("_system/cli/queryEnvironmentVariables", "_system/frontend/listEnvironmentVariables")
async def list_variables(admin: Admin, *, component_id: ComponentId = ABSENT) -> list[Wire]:
    """The deployment's own variables, by name."""
    del component_id  # components have none of their own
    return [Wire.of(body) for body in _all(_table(admin))]


@system_query("_system/cli/queryEnvironmentVariables:get")
async def get_variable(admin: Admin, *, name: str) -> Wire | None:
    """One variable of the deployment's own; None when it has none of that name."""
    found = _table(admin).range("by_name", [name], 1)
    return Wire.of(found[0]) if found else None


@system_mutation(UPDATE)
async def update_variables(admin: Admin, *, changes: list[EnvironmentChange]) -> None:
    """Sets and removes variables.

    Raises:
        DeveloperError: a name or a value cannot be, there would be too many, or the project cannot
            run with the result. No value is ever repeated in a message.
    """
    table = _table(admin)
    rows = {row["name"]: row for row in _all(table)}
    values: dict[str, str] = {name: row["value"] for name, row in rows.items()}
    for change in changes:
        if isinstance(change.value, str):
            _check(change.name, change.value)
            values[change.name] = change.value
        else:
            values.pop(change.name, None)
    _check_all(values)
    _check_project(admin, values)
    for name in sorted(rows.keys() - values.keys()):
        table.delete(rows[name]["_id"])
        note(admin, "delete_environment_variable", variable_name=name)
    for name, value in values.items():
        if name not in rows:
            table.insert({"name": name, "value": value})
            note(admin, "create_environment_variable", variable_name=name)
        elif rows[name]["value"] != value:
            table.put(rows[name]["_id"], {**rows[name], "value": value})
            note(admin, "update_environment_variable", variable_name=name)


def _table(admin: Admin) -> SystemTable:
    return admin.system(EnvironmentVariable.__table_name__, ROOT)


def _all(table: SystemTable) -> list[Body]:
    return table.range("by_name", [], limits.ENVIRONMENT_VARIABLES_MAX + 1)


def _check(name: str, value: str) -> None:
    if len(name) > limits.ENVIRONMENT_NAME_CHARS_MAX or not _NAME.fullmatch(name):
        raise DeveloperError(
            f"{name[:64]!r} is no name for an environment variable: letters, digits and "
            "underscores, not starting with a digit, at most "
            f"{limits.ENVIRONMENT_NAME_CHARS_MAX} characters",
            code="EnvVarNameInvalid",
        )
    if name in URLS:
        raise DeveloperError(
            f"{name} says where this deployment lives and cannot be set on it; set it in the "
            "environment of the server's process",
            code="EnvVarNameReserved",
        )
    size = len(value.encode())
    if size > limits.ENVIRONMENT_VALUE_BYTES_MAX:
        raise DeveloperError(
            f"the value of {name} is too large ({size} bytes, limit: "
            f"{limits.ENVIRONMENT_VALUE_BYTES_MAX} bytes)",
            code="EnvVarValueTooLarge",
        )


def _check_all(values: Mapping[str, str]) -> None:
    if len(values) > limits.ENVIRONMENT_VARIABLES_MAX:
        raise DeveloperError(
            f"{len(values)} environment variables (limit: {limits.ENVIRONMENT_VARIABLES_MAX})",
            code="TooManyEnvVars",
        )
    size = sum(len(name) + len(value.encode()) for name, value in values.items())
    if size > limits.ENVIRONMENT_BYTES_MAX:
        raise DeveloperError(
            f"the environment variables take {size} bytes (limit: {limits.ENVIRONMENT_BYTES_MAX})",
            code="EnvVarsTooLarge",
        )


def _check_project(admin: Admin, values: Mapping[str, str]) -> None:
    """Refuses a change that the project could not run with: it would fail call by call."""
    deployment = admin.deployment
    try:
        deployment.settled(Environment.merged(deployment.settings.variables, values))
    except ProjectError as error:
        raise DeveloperError(
            f"the project cannot run with this change: {error}", code="EnvVarsRefused"
        ) from None


FUNCTIONS: Final[tuple[SystemFunction, ...]] = (list_variables, get_variable, update_variables)
