"""From a package of plain files to functions by wire path."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from reactor.errors import FunctionNotFound, ProjectError, SchemaError
from reactor.runner.loader import Functions, canonical, load_functions, shown_path
from tests.unit.sample.world import FUNCTIONS

HEAD = "from __future__ import annotations\nfrom reactor import *\n"
LIST = f"{HEAD}@query\nasync def list_(ctx: QueryCtx) -> str:\n    return 'x'\n"


class Package:
    """A package of functions that is imported once, under a name of its own."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder / name, name
        self.write("__init__", "")

    def write(self, module: str, text: str) -> Package:
        file = self.folder / f"{module}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return self

    def load(self) -> Functions:
        return load_functions(self.name, {})


@pytest.fixture
def package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Package:
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    importlib.invalidate_caches()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return Package(tmp_path, f"loaded_{abs(hash(request.node.name))}")


def test_paths_are_modules_and_names(package: Package) -> None:
    """These are the names in clients' code; a change of one breaks every client."""
    package.write("news", LIST).write("user_accounts", LIST).write("deep/_hidden", "1/0")
    package.write("deep/__init__", LIST).write("deep/er_still", LIST).write("_private", "1/0")
    package.write("__init__", LIST).write("crons", LIST).write("http", HEAD)
    loaded = package.load()
    assert sorted(loaded.by_path) == [
        "deep/erStill:list", "deep/index:list", "index:list", "news:list", "userAccounts:list",
    ]  # fmt: skip
    assert loaded.http is None


def test_names_can_be_chosen(package: Package) -> None:
    package.write(
        "news",
        f"{HEAD}@query.options(name='HTML')\nasync def page(ctx: QueryCtx) -> str:\n    return ''\n"
        "@query.options(name='old:page')\nasync def old(ctx: QueryCtx) -> str:\n    return ''\n",
    )
    assert sorted(package.load().by_path) == ["news:HTML", "old:page"]


def test_functions_are_served_where_they_were_written(package: Package) -> None:
    """An import for a nested call must not publish the function a second time."""
    package.write("news", LIST)
    package.write("other", f"from {package.name}.news import list_\n")
    assert sorted(package.load().by_path) == ["news:list"]


def test_a_project_has_one_router(package: Package) -> None:
    """Routes on a second one would silently never be served."""
    package.write("http", "from reactor import HttpRouter\na = HttpRouter()\nhttp = a\n")
    assert package.load().http is not None


def test_two_routers_are_refused(package: Package) -> None:
    package.write("http", "from reactor import HttpRouter\na, b = HttpRouter(), HttpRouter()\n")
    with pytest.raises(ProjectError, match="one of them"):
        package.load()


def test_two_functions_cannot_share_a_path(package: Package) -> None:
    other = LIST.replace("@query", "@query.options(name='news:list')").replace("list_", "other")
    package.write("news", LIST).write("zoo", other)
    with pytest.raises(ProjectError):
        package.load()


@pytest.mark.parametrize("text", ["1/0", "def (", "import nowhere_at_all"])
def test_a_module_that_cannot_be_imported_is_named_with_its_line(
    package: Package, text: str
) -> None:
    package.write("news", f"\n\n{text}\n")
    with pytest.raises(ProjectError) as caught:
        package.load()
    assert "news.py, line 3" in str(caught.value)


def test_a_project_error_of_the_project_is_passed_on(package: Package) -> None:
    package.write("news", "from reactor.errors import ProjectError\nraise ProjectError('mine')\n")
    with pytest.raises(ProjectError) as caught:
        package.load()
    assert str(caught.value) == "mine"


def test_a_module_is_no_folder_of_functions() -> None:
    with pytest.raises(ProjectError):
        load_functions("tests.unit.sample.gate", {})


def test_a_signature_that_cannot_be_served(package: Package) -> None:
    package.write("news", LIST.replace("ctx: QueryCtx", "ctx: QueryCtx, x: object"))
    with pytest.raises(SchemaError):
        package.load()


def test_functions_are_found_in_every_spelling_of_clients() -> None:
    functions = load_functions(FUNCTIONS, {})
    assert functions.http is not None
    for path in ("counters:get", "counters.js:get"):
        assert functions.find(path, sees_internal=False).path == "counters:get"
    assert canonical("news") == "news:default"
    assert shown_path("news.js:list") == "news:list"
    assert len(shown_path("x" * 1000)) == 200


@pytest.mark.parametrize("path", ["counters:secret", "counters:gte", "", ":", "x" * 100_000])
def test_what_strangers_cannot_see_is_not_there(path: str) -> None:
    functions = load_functions(FUNCTIONS, {})
    with pytest.raises(FunctionNotFound):
        functions.find(path, sees_internal=False)


def test_internal_functions_are_there_for_those_who_may() -> None:
    functions = load_functions(FUNCTIONS, {})
    assert functions.find("counters:secret", sees_internal=True).path == "counters:secret"
    with pytest.raises(FunctionNotFound):
        functions.find("counters:nothing", sees_internal=True)
