"""From a folder to a project: what it names in `server.py`, or what its files say by themselves."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from typing import TYPE_CHECKING, Any

from reactor.app import Reactor
from reactor.errors import ProjectError
from reactor.runner.loader import import_module

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def open_project(folder: Path) -> Reactor:
    """The project in a folder: the Reactor in its `server.py`, or one made of its parts.

    The folder becomes the first place that Python imports from.

    Raises:
        ProjectError: there is no `functions` folder, or a module cannot be imported.
    """
    folder = folder.resolve()
    if not (folder / "functions").is_dir():
        raise ProjectError(
            f"{folder} is no project: it has no functions/ folder. Name a folder that has one, as "
            "in `reactor dev my-project`"
        )
    sys.path.insert(0, str(folder))
    _check_home(folder)
    if (folder / "server.py").is_file():
        module = import_module("server")
        found = [value for value in vars(module).values() if isinstance(value, Reactor)]
        if len(found) != 1:
            raise ProjectError(
                f"{folder / 'server.py'} must make exactly one Reactor, as in app = Reactor(...); "
                f"it makes {len(found)}"
            )
        return found[0]
    schema = import_module("schema") if (folder / "schema.py").is_file() else None
    return Reactor(functions="functions", schema=schema)


def _check_home(folder: Path) -> None:
    """Refuses a `functions` folder that another installed package would stand in for."""
    spec = importlib.util.find_spec("functions")
    places = [] if spec is None else list(spec.submodule_search_locations or [])
    if str(folder / "functions") not in places:
        raise ProjectError(
            f"another package named functions hides {folder / 'functions'}; add an empty "
            "__init__.py to the folder"
        )


def load_attribute(target: str) -> Any:
    """What "module:name" names.

    Raises:
        ProjectError: there is no such module or name.
    """
    module_name, _, name = target.partition(":")
    module = import_module(module_name)
    if not hasattr(module, name):
        raise ProjectError(f"{module_name} has no {name!r}, which {target!r} asks for")
    return getattr(module, name)


def sandbox_environment(target: str, url: str) -> Mapping[str, str]:
    """The variables that point a project at its stand-ins, where the sandbox tells them.

    Args:
        target: the sandbox as "module:name"; a function `environment(url)` beside it is asked.
        url: where the sandbox will be served.
    """
    module = import_module(target.partition(":")[0])
    environment = getattr(module, "environment", None)
    given: Mapping[str, str] = {} if environment is None else environment(url)
    return {name: value for name, value in given.items() if name not in os.environ}
