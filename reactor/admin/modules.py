"""The project's functions, described: `npx convex function-spec`, and a dashboard's list of them.

Source: protocol.md 8.7, 8.8, 9.3.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final

import orjson

from reactor.admin.registry import SystemFunction, system_query
from reactor.admin.view import Admin, ComponentId, Wire
from reactor.runner.loader import canonical
from reactor.values.types import ABSENT

if TYPE_CHECKING:
    from reactor.runner.definition import Definition
    from reactor.runner.loader import Functions

Json = dict[str, Any]

_ANY: Final = {"type": "any"}
_SOURCE: Final = "python"
"""Stands for the id of a package of sources: a project here is files, and nothing is pushed."""


@system_query("_system/cli/modules:apiSpec", "_system/frontend/modules:apiSpec")
async def api_spec(admin: Admin, *, component_id: ComponentId = ABSENT) -> Wire:
    """Every function with its kind, visibility, arguments and result, and every HTTP route."""
    return Wire.of(function_spec(admin.space(component_id).functions))


@system_query("_system/frontend/modules:list")
async def list_modules(admin: Admin, *, component_id: ComponentId = ABSENT) -> list[list[Any]]:
    """The modules by path, as pairs, each with its functions."""
    return _modules(admin.space(component_id).functions)


@system_query("_system/frontend/modules:listForAllComponents")
async def list_for_all_components(admin: Admin) -> list[list[Any]]:
    """The same for every component, as pairs; None is the project itself."""
    return [
        [None if space.is_root else space.path, _modules(space.functions)]
        for _, space in sorted(admin.deployment.spaces.items())
    ]


@system_query("_system/frontend/modules:argsValidator")
async def args_validator(
    admin: Admin, *, path: str, component_id: ComponentId = ABSENT
) -> str | None:
    """A function's arguments as the JSON text of a validator; None when there is no function."""
    found = admin.space(component_id).functions.by_path.get(canonical(path))
    return None if found is None else _text(found.args.export())


def function_spec(functions: Functions) -> list[Json]:
    """The functions and HTTP routes of a component, in the form of protocol.md 9.3."""
    listed: list[Json] = [
        {
            "identifier": one.module_path,
            "functionType": one.fn.kind.capitalize(),
            "visibility": {"kind": one.fn.visibility},
            "args": one.args.export(),
            "returns": _ANY if one.returns is None else one.returns.export(),
        }
        for _, one in sorted(functions.by_path.items())
    ]
    routes = [] if functions.http is None else functions.http.routes()
    return listed + [
        {"functionType": "HttpAction", "method": method, "path": path} for method, path in routes
    ]


def _modules(functions: Functions) -> list[list[Any]]:
    by_module: dict[str, list[Json]] = {}
    for path, one in sorted(functions.by_path.items()):
        module, _, name = path.partition(":")
        by_module.setdefault(f"{module}.js", []).append(_described(one, name))
    for method, path in [] if functions.http is None else functions.http.routes():
        by_module.setdefault("http.js", []).append(
            {
                "name": f"{method} {path}",
                "udfType": "HttpAction",
                "visibility": {"kind": "public"},
                "argsValidator": _text(_ANY),
            }
        )
    return [
        [module, {"functions": found, "sourcePackageId": _SOURCE}]
        for module, found in sorted(by_module.items())
    ]


def _described(one: Definition, name: str) -> Json:
    code = getattr(inspect.unwrap(one.fn.handler), "__code__", None)
    return {
        "name": name,
        "lineno": code.co_firstlineno if code is not None else None,
        "udfType": one.fn.kind.capitalize(),
        "visibility": {"kind": one.fn.visibility},
        "argsValidator": _text(one.args.export()),
        "returnsValidator": _text(_ANY if one.returns is None else one.returns.export()),
    }


def _text(validator: Json) -> str:
    return orjson.dumps(validator).decode()


FUNCTIONS: Final[tuple[SystemFunction, ...]] = (
    api_spec,
    list_modules,
    list_for_all_components,
    args_validator,
)
