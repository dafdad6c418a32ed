"""From a folder to a project."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reactor.cli.project import load_attribute, open_project, sandbox_environment
from reactor.errors import ProjectError

SERVER = "from reactor import Reactor\napp = Reactor(functions='functions', camel=False)\n"


def test_a_folder_without_server_py_is_a_project(folder: Path) -> None:
    project = open_project(folder)
    assert project.functions == "functions"
    assert project.schema is not None


def test_a_project_needs_no_schema(folder: Path) -> None:
    (folder / "schema.py").unlink()
    assert open_project(folder).schema is None


def test_server_py_says_more(folder: Path) -> None:
    (folder / "server.py").write_text(SERVER)
    assert not open_project(folder).camel


@pytest.mark.parametrize("text", ["", f"{SERVER}other = Reactor(functions='functions')\n", "1/0"])
def test_server_py_makes_one_reactor(folder: Path, text: str) -> None:
    (folder / "server.py").write_text(text)
    with pytest.raises(ProjectError):
        open_project(folder)


def test_a_folder_without_functions_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(ProjectError):
        open_project(tmp_path)


def test_another_package_cannot_stand_in_for_the_functions(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Serving somebody else's code under one's own name would be worse than an error."""
    mine = tmp_path_factory.mktemp("mine")
    (mine / "functions").mkdir()
    sys.path.insert(0, str(folder))
    with pytest.raises(ProjectError):
        open_project(mine)


def test_stand_ins_are_named_as_module_and_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sys.path.insert(0, str(folder))
    (folder / "standins.py").write_text(
        "app = 3\ndef environment(url): return {'STANDIN_URL': url, 'STANDIN_KEY': 'k'}\n"
    )
    assert load_attribute("standins:app") == 3
    with pytest.raises(ProjectError):
        load_attribute("standins:nothing")
    with pytest.raises(ProjectError):
        load_attribute("standins_nowhere:app")
    monkeypatch.setenv("STANDIN_KEY", "mine")
    assert sandbox_environment("standins:app", "http://x") == {"STANDIN_URL": "http://x"}
    assert sandbox_environment("schema:app", "http://x") == {}
