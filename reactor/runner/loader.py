"""From a package of plain files to the functions in it, by wire path."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from reactor.errors import FunctionNotFound, ProjectError
from reactor.runner.definition import Definition, define
from reactor.runner.failure import PERMISSION_DENIED
from reactor.runner.http import HttpRouter
from reactor.runner.registry import Fn
from reactor.schema.names import wire_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    from reactor.values.scalars import Tables

SYSTEM: Final = "_system/"
"""What the paths of the engine's own functions start with; no module of a project can."""

_SPECIAL = ("http", "crons")
_REACTOR = __file__.rsplit("/", 2)[0] + "/"


@dataclass(slots=True, repr=False)
class Functions:
    """The functions of one space.

    Args:
        by_path: canonical path (`news:list`) to function.
        by_fn: the same functions by the objects that other functions name.
        http: the space's own HTTP routes, if it has any.
        crons: the module with its cron jobs, if it has one.
        system: the engine's own functions by canonical path; for the admin only.
    """

    by_path: dict[str, Definition] = field(default_factory=dict[str, Definition])
    by_fn: dict[Fn[..., Any], Definition] = field(default_factory=dict["Fn[..., Any]", Definition])
    http: HttpRouter | None = None
    crons: ModuleType | None = None
    system: dict[str, Definition] = field(default_factory=dict[str, Definition])

    def __repr__(self) -> str:
        return f"<Functions {', '.join(sorted(self.by_path))[:100]}>"

    def find(self, path: str, *, sees_internal: bool) -> Definition:
        """The function that a client names.

        Args:
            path: as clients send it; see `canonical`.
            sees_internal: whether the caller may reach internal functions.

        Raises:
            FunctionNotFound: with Convex's words, and the nearest public name.
        """
        name = canonical(path)
        found = self.by_path.get(name)
        if found is not None and (sees_internal or found.fn.visibility == "public"):
            return found
        kind = "function" if sees_internal else "public function"
        public = [p for p, d in self.by_path.items() if d.fn.visibility == "public"]
        near = difflib.get_close_matches(name, public, 1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        raise FunctionNotFound(
            f"Could not find {kind} for '{shown_path(path)}'. Is it in functions/, does it carry a "
            f"decorator, and has the server been started since?{hint}"
        )

    def find_system(self, path: str, *, is_admin: bool) -> Definition | None:
        """The engine's own function of that path; None when there is none.

        Raises:
            FunctionNotFound: it is such a path, and somebody else than the admin asks. The words
                are those that `npx convex` looks for, so that it ends and says why.
        """
        if not path.startswith(SYSTEM):
            return None
        if not is_admin:
            raise FunctionNotFound(
                "You do not have permission to perform this operation: system functions need the "
                "deployment's admin key.",
                code=PERMISSION_DENIED,
            )
        return self.system.get(canonical(path))


def canonical(path: str) -> str:
    """`news.js:list`, `news:list` and `news` (the default export) in one form.

    Source: protocol.md 3.2 and 5.1.
    """
    module, _, name = path.partition(":")
    return f"{module.removesuffix('.js')}:{name or 'default'}"


def shown_path(path: str) -> str:
    """A path for messages: without `.js`, and not longer than a line."""
    module, colon, name = path.partition(":")
    return (module.removesuffix(".js") + colon + name)[:200]


def load_functions(
    package: str,
    tables: Tables,
    *,
    component: str = "",
    foreign: Sequence[str] = (),
    camel: bool = True,
) -> Functions:
    """Imports every served module of a package and defines its functions.

    Args:
        package: its import name, such as `functions`.
        tables: the table numbers, for ids in arguments.
        component: the path of the space that they are for.
        foreign: packages that are served in other spaces: importing one of their functions by
            name, to aim calls at it, does not publish it here.
        camel: whether names become camelCase on the wire.

    Raises:
        ProjectError: a module cannot be imported, or two functions share a path.
        SchemaError: a function's signature has no form on the wire.
    """
    functions = Functions()
    for module, wire_module in _modules(package, foreign):
        if wire_module == "http":
            functions.http = _router(module)
        if wire_module == "crons":
            functions.crons = module
        if wire_module in _SPECIAL:
            continue
        for attribute, fn in _own_functions(module, package, foreign):
            path = _path(fn, wire_module, wire_name(attribute, camel=camel))
            if path in functions.by_path:
                other = functions.by_path[path].fn.handler
                raise ProjectError(
                    f"{path} is defined twice: {other.__module__}.{other.__name__} and "
                    f"{module.__name__}.{attribute}"
                )
            fn.path = path
            definition = define(fn, path, tables, component=component, camel=camel)
            functions.by_path[path] = functions.by_fn[fn] = definition
    return functions


def _router(module: ModuleType) -> HttpRouter | None:
    found = {id(v): v for v in vars(module).values() if isinstance(v, HttpRouter)}
    if len(found) > 1:
        raise ProjectError(
            f"{module.__name__} makes {len(found)} HttpRouters; put every route on one of them"
        )
    return next(iter(found.values()), None)


def _path(fn: Fn[..., Any], module: str, name: str) -> str:
    if fn.wire is None:
        return f"{module}:{name}"
    return fn.wire if ":" in fn.wire else f"{module}:{fn.wire}"


def _modules(package: str, foreign: Sequence[str]) -> Iterator[tuple[ModuleType, str]]:
    root = import_module(package)
    search = getattr(root, "__path__", None)
    if search is None:
        raise ProjectError(f"{package!r} is a module; functions live in a folder of that name")
    yield root, "index"
    for info in pkgutil.walk_packages(search, prefix=f"{package}."):
        parts = info.name[len(package) + 1 :].split(".")
        if any(part.startswith("_") for part in parts):
            continue
        if any(_is_in(info.name, each) for each in foreign if not _is_in(package, each)):
            continue
        names = [wire_name(part) for part in parts]
        yield import_module(info.name), "/".join(names) + ("/index" if info.ispkg else "")


def import_module(name: str) -> ModuleType:
    """Imports a module of the project.

    Raises:
        ProjectError: it fails; the line of the project that failed is named.
    """
    try:
        return importlib.import_module(name)
    except ProjectError:
        raise
    except Exception as error:
        where = ""
        trace = error.__traceback__
        while trace is not None:
            file = trace.tb_frame.f_code.co_filename
            if "importlib" not in file and not file.startswith(_REACTOR):
                where = f" ({file}, line {trace.tb_lineno})"
            trace = trace.tb_next
        if isinstance(error, SyntaxError) and error.filename:
            where = f" ({error.filename}, line {error.lineno})"
        raise ProjectError(
            f"cannot import {name}: {type(error).__name__}: {error}{where}"
        ) from error


def _own_functions(
    module: ModuleType, package: str, foreign: Sequence[str]
) -> Iterator[tuple[str, Fn[..., Any]]]:
    for attribute, value in vars(module).items():
        if not isinstance(value, Fn) or value.mount or value.reference is not None:
            continue
        home = value.handler.__module__
        # Served where it was written; one that a library made, where it was assigned.
        inside = any(_is_in(home, each) for each in (package, *foreign))
        if home == module.__name__ or not inside:
            yield attribute, value


def _is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")
