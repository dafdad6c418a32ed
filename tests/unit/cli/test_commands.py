"""The commands: what they print, and one sentence when they cannot go on."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from reactor import limits
from reactor.app import Node, Reactor
from reactor.cli import commands
from reactor.cli.commands import main
from reactor.cli.serving import Beside, Sockets, bind
from reactor.runtime.settings import Settings

Served = tuple[Reactor, Settings, Beside]


def run(*arguments: object, **variables: str) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments], env=variables)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Served]:
    """What would have been served; each is opened, announced and closed."""
    seen: list[Served] = []

    async def serve(
        project: Reactor,
        settings: Settings,
        sockets: Sockets,
        beside: Beside,
        ready: Callable[[Node], None],
    ) -> None:
        seen.append((project, settings, beside))
        for bound in (sockets.client, sockets.site):
            bound.close()
        if beside.sandbox is not None:
            beside.sandbox[1].close()
        node = await Node.open(project, settings)
        try:
            if beside.opened is not None:
                await beside.opened(node)
                await beside.opened(node)
            ready(node)
        finally:
            await node.close()

    monkeypatch.setattr(commands, "serve", serve)
    return seen


def ports() -> tuple[str, ...]:
    """Flags with ports that are free now."""
    flags = ("--port", "--site-port", "--sandbox-port")
    bound = [bind("127.0.0.1", 0, flag) for flag in flags]
    numbers = [str(each.getsockname()[1]) for each in bound]
    for each in bound:
        each.close()
    return tuple(part for pair in zip(flags, numbers, strict=True) for part in pair)


def test_check_counts_what_is_in_order(folder: Path) -> None:
    result = run("check", folder)
    assert (result.exit_code, result.output) == (0, "1 tables and 3 functions are in order.\n")


def test_check_can_be_read_by_machines(folder: Path) -> None:
    result = run("check", folder, "--json")
    assert json.loads(result.output) == {
        "tables": ["notes"],
        "functions": ["notes:fail", "notes:fill", "notes:texts"],
        "missingSettings": None,
    }


def test_limits_shows_what_a_node_would_run_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CALL_DEPTH_MAX", limits.CALL_DEPTH_MAX)
    result = run("limits", REACTOR_LIMIT_CALL_DEPTH_MAX="9")
    assert "CALL_DEPTH_MAX = 9 calls (default 8)" in result.output
    rows = json.loads(run("limits", "--json", REACTOR_LIMIT_CALL_DEPTH_MAX="9").output)
    depth = next(row for row in rows if row["name"] == "CALL_DEPTH_MAX")
    assert {**depth, "what": ""} == {
        "name": "CALL_DEPTH_MAX", "value": 9, "default": 8, "unit": "calls", "lowest": 1,
        "highest": 64, "what": "",
    }  # fmt: skip


def test_limits_that_cannot_be_are_refused_in_a_sentence() -> None:
    result = run("limits", REACTOR_LIMIT_CALL_DEPTH_MAX="deep")
    assert result.exit_code == 1
    assert "REACTOR_LIMIT_CALL_DEPTH_MAX" in result.output


SETTINGS = """
from reactor import Env, Reactor
class Settings(Env):
    greeting: str
app = Reactor(functions="functions", env=Settings)
"""


def test_check_does_not_fail_for_settings_that_the_deployment_may_have(folder: Path) -> None:
    """`reactor dev` runs it before each restart; variables live on the deployment, not here."""
    (folder / "server.py").write_text(SETTINGS)
    result = run("check", folder)
    assert (result.exit_code, result.output.splitlines()[0][:8]) == (0, "0 tables")
    assert "GREETING is not set" in result.stderr


@pytest.mark.parametrize(
    ("file", "text"),
    [("schema.py", "1/0"), ("functions/notes.py", "import nowhere_at_all"), ("server.py", "")],
)
def test_what_is_wrong_is_one_sentence(folder: Path, file: str, text: str) -> None:
    (folder / file).write_text(text)
    result = run("check", folder)
    assert result.exit_code == 1
    assert result.stderr.startswith("reactor: ")
    assert "Traceback" not in result.output


def test_a_folder_that_is_no_project(tmp_path: Path) -> None:
    for command in ("check", "dev", "serve"):
        result = run(command, tmp_path, REACTOR_ADMIN_KEY="k")
        assert (result.exit_code, result.stderr[:9]) == (1, "reactor: ")


def test_serve_needs_an_admin_key(folder: Path) -> None:
    """A default key in production would open the database to everybody who knows reactor."""
    result = run("serve", folder)
    assert result.exit_code == 1
    assert "REACTOR_ADMIN_KEY" in result.stderr


def test_serve_serves_for_production(folder: Path, served: list[Served]) -> None:
    result = run("serve", folder, *ports(), REACTOR_ADMIN_KEY="k", REACTOR_WRITER="thread")
    assert result.exit_code == 0, result.output
    [(_, settings, beside)] = served
    assert (settings.is_production, settings.admin_key) == (True, "k")
    assert beside == Beside()
    assert "curl" in result.output
    assert (folder / ".reactor").is_dir()


SERVER = """
from functions import notes
from reactor import Dev, Reactor
import schema
app = Reactor(
    functions="functions", schema=schema, dev=Dev(sandbox="standins:app", seed=notes.{seed}))
"""
STANDINS = "app = object()\ndef environment(url): return {'STANDIN_URL': url}\n"


def test_dev_fills_an_empty_database_once(folder: Path, served: list[Served]) -> None:
    (folder / "server.py").write_text(SERVER.replace("{seed}", "fill"))
    (folder / "standins.py").write_text(STANDINS)
    data = folder / "data"
    result = run("dev", folder, *ports(), "--data-dir", data)
    assert result.exit_code == 0, result.output
    [(_, settings, beside)] = served
    assert beside.sandbox is not None
    assert not settings.is_production
    assert settings.variables["STANDIN_URL"].startswith("http://127.0.0.1:")
    assert "stand-ins" in result.output


def test_a_seed_that_fails_stops_dev(folder: Path, served: list[Served]) -> None:
    (folder / "server.py").write_text(SERVER.replace("{seed}", "fail"))
    (folder / "standins.py").write_text(STANDINS)
    result = run("dev", folder, *ports())
    assert result.exit_code == 1
    assert "notes:fail" in result.stderr


def test_a_port_that_is_taken_is_one_sentence(folder: Path) -> None:
    taken = bind("127.0.0.1", 0, "--port")
    result = run("dev", folder, "--port", taken.getsockname()[1])
    taken.close()
    assert result.exit_code == 1
    assert "--port" in result.stderr


def test_help_and_version() -> None:
    assert run("--version").exit_code == 0
    for command in ("serve", "dev", "check"):
        assert run(command, "-h").exit_code == 0


def test_coroutines_run_on_the_fast_loop_where_there_is_one() -> None:
    seen: list[int] = []

    async def body() -> None:
        seen.append(1)

    work: Coroutine[Any, Any, None] = body()
    commands._run(work)  # pyright: ignore[reportPrivateUsage]  # the only door to either loop
    assert seen == [1]
