"""The commands, their flags, and one clear sentence when they cannot go on."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
import structlog
from rich.console import Console
from rich.markup import escape
from watchfiles import PythonFilter, awatch  # pyright: ignore[reportUnknownVariableType]

from reactor import limits
from reactor.app import load
from reactor.auth.identity import Caller
from reactor.cli.calling import data_command, function_spec_command, run_command
from reactor.cli.checking import check_data, missing_settings, print_result
from reactor.cli.migrating import migrate_command
from reactor.cli.project import load_attribute, open_project, sandbox_environment
from reactor.cli.serving import Beside, Sockets, bind, serve
from reactor.cli.signing_in import check_auth_command
from reactor.cli.transfer import export_command, import_command
from reactor.cli.variables import env_command
from reactor.errors import ReactorError
from reactor.runner.run import Call
from reactor.runtime.settable import purposes, set_limits
from reactor.runtime.settings import (
    HOST,
    PORT,
    SANDBOX_PORT,
    SITE_PORT,
    URLS,
    Settings,
    database_in,
    settings_from,
)
from reactor.schema.places import split_place

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from reactor.app import Node, Reactor

_out = Console(highlight=False)
_FOLDER = click.argument("folder", type=click.Path(path_type=Path), default=Path())


_FLAGS = (
    click.option(
        "--data-dir",
        type=click.Path(path_type=Path),
        help="Folder of the database [REACTOR_DATA_DIR; .reactor in the project].",
    ),
    click.option(
        "--sandbox-port",
        type=int,
        default=SANDBOX_PORT,
        show_default=True,
        envvar="REACTOR_SANDBOX_PORT",
        help="Port of the project's stand-ins, where it has any (dev only).",
    ),
    click.option(
        "--site-port",
        type=int,
        default=SITE_PORT,
        show_default=True,
        envvar="REACTOR_SITE_PORT",
        help="Port of the project's own HTTP routes.",
    ),
    click.option(
        "--port",
        type=int,
        default=PORT,
        show_default=True,
        envvar="REACTOR_PORT",
        help="Port of the client API and the WebSocket.",
    ),
    click.option(
        "--host", default=HOST, show_default=True, envvar="REACTOR_HOST", help="Address to bind."
    ),
)


def _flags(command: Callable[..., None]) -> Callable[..., None]:
    for option in _FLAGS:
        command = option(command)
    return command


class _Plain(click.Group):
    """Commands whose errors are one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        with _plain_errors():
            return super().invoke(ctx)


class _Check(click.Group):
    """`reactor check FOLDER`, and `reactor check auth` beside it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in self.commands:
            args = ["project", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Plain, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="reactor-backend")
def main() -> None:
    """Reactor: a real-time reactive backend that Convex's clients connect to."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(20),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


@contextlib.contextmanager
def _plain_errors() -> Generator[None]:
    """One sentence instead of a stack, for everything that the user can mend."""
    try:
        yield
    except ReactorError as error:
        _refuse(str(error))


def _refuse(sentence: str) -> NoReturn:
    click.echo(f"reactor: {sentence}", err=True)
    raise SystemExit(1)


def _run(main_coroutine: Any) -> None:
    try:
        import uvloop
    except ImportError:
        asyncio.run(main_coroutine)
    else:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(main_coroutine)


@main.command("serve")
@_FOLDER
@_flags
def serve_command(
    folder: Path, host: str, port: int, site_port: int, sandbox_port: int, data_dir: Path | None
) -> None:
    """Serves the project in FOLDER for production: no reload, no stand-ins, no seed."""
    del sandbox_port  # accepted everywhere, used by dev
    with _plain_errors():
        settings = settings_from(
            host=host, port=port, site_port=site_port, data_dir=_data_dir(folder, data_dir)
        )
        project = open_project(folder)
        sockets = Sockets(
            bind(host, settings.port, "--port"), bind(host, settings.site_port, "--site-port")
        )
        _run(serve(project, settings, sockets, Beside(), lambda node: _announce(node, None)))


@main.command("dev")
@_FOLDER
@_flags
def dev_command(
    folder: Path, host: str, port: int, site_port: int, sandbox_port: int, data_dir: Path | None
) -> None:
    """Serves the project in FOLDER with demo data and stand-ins; restarts when code changes."""
    with _plain_errors():
        project = open_project(folder)
        target = project.dev.sandbox if project.dev is not None else None
        url = f"http://{host}:{sandbox_port}"
        defaults: Mapping[str, str] = {} if target is None else sandbox_environment(target, url)
        os.environ.update(defaults)
        settings = settings_from(
            dev=True, host=host, port=port, site_port=site_port,
            data_dir=_data_dir(folder, data_dir),
        )  # fmt: skip
        # What runs beside the node finds it by these, as its functions do.
        os.environ.update({name: settings.variables[name] for name in URLS})
        sockets = Sockets(
            bind(host, settings.port, "--port"), bind(host, settings.site_port, "--site-port")
        )
        restart = _Restart(folder)
        beside = Beside(opened=_seeder(project), watch=restart.watch)
        if target is not None:
            bound = bind(host, sandbox_port, "--sandbox-port")
            beside.sandbox = (load_attribute(target), bound)
        shown = url if target is not None else None
        _run(serve(project, settings, sockets, beside, lambda node: _announce(node, shown)))
    if restart.is_wanted:
        os.execv(sys.executable, [sys.executable, "-m", "reactor.cli", *sys.argv[1:]])


@main.group("check", cls=_Check)
def check_group() -> None:
    """Checks a project, or with `check auth` its auth providers."""


@check_group.command("project")
@_FOLDER
@click.option("--data", "with_data", is_flag=True, help="Check every stored document as well.")
@_FLAGS[0]
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def check_command(folder: Path, data_dir: Path | None, *, with_data: bool, as_json: bool) -> None:
    """Loads the project in FOLDER and says whether its tables and functions are right.

    With --data it also lists the stored documents that the schema does not allow, beside a running
    server if need be; then it ends with 1 if there are any. `reactor check auth` checks the
    project's auth providers.
    """
    with _plain_errors():
        project = open_project(folder)
        loaded = load(project)
        missing = missing_settings(project)
        database = database_in(_data_dir(folder, data_dir))
        report = check_data(loaded, database) if with_data else None
    print_result(loaded, report, missing, as_json=as_json)
    if report is not None and not report.is_clean:
        raise SystemExit(1)


@main.command("limits")
@click.option("--json", "as_json", is_flag=True, help="Print the limits as JSON.")
def limits_command(*, as_json: bool) -> None:
    """Lists every limit; REACTOR_LIMIT_<NAME> sets one when a node starts."""
    with _plain_errors():
        set_limits(limits, os.environ)
    told = purposes(limits)
    if as_json:
        rows = [
            {"name": name, "value": vars(limits)[name], **asdict(limit), "what": told[name]}
            for name, limit in limits.SETTABLE.items()
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    for name, limit in limits.SETTABLE.items():
        value = vars(limits)[name]
        mark = "" if value == limit.default else f" (default {limit.default})"
        allowed = f"[{limit.lowest} to {limit.highest}]"
        _out.print(f"[bold]{name}[/bold] = {value} {limit.unit}{mark}  {escape(allowed)}")
        _out.print(f"    {escape(told[name])}", soft_wrap=True)


def _data_dir(folder: Path, given: Path | None) -> Path:
    if given is not None:
        return given
    return Path(os.environ.get("REACTOR_DATA_DIR", folder / ".reactor"))


def _announce(node: Node, sandbox: str | None) -> None:
    settings: Settings = node.settings
    base = f"http://{settings.host}:{settings.port}"
    functions = node.loaded.root.functions.by_path
    public = [p for p, d in functions.items() if d.fn.visibility == "public"]
    rows = [
        ("client API and WebSocket", base),
        ("HTTP routes", f"http://{settings.host}:{settings.site_port}"),
    ]
    if sandbox is not None:
        rows.append(("stand-ins", sandbox))
    rows.append(("data", str(settings.database)))
    _out.print("[bold]reactor[/bold] serves", f"{len(public)} public functions:")
    for what, where in rows:
        _out.print(f"  {what:<26} {where}")
    queries = sorted(p for p in public if functions[p].fn.kind == "query")
    name = "news:list" if "news:list" in queries else next(iter(queries), None)
    if name is not None:
        body = json.dumps({"path": name, "args": {}})
        _out.print("next:")
        _out.print(
            f"  curl -s {base}/api/query -H 'content-type: application/json' -d '{body}'",
            soft_wrap=True,
        )


def _seeder(project: Reactor) -> Callable[[Node], Any] | None:
    seed = project.dev.seed if project.dev is not None else None
    if seed is None:
        return None

    async def fill(node: Node) -> None:
        tables = node.log.snapshot.tables.items()
        if any(data.documents for place, data in tables if split_place(place)[1][0] != "_"):
            return
        found = node.loaded.root.resolve(seed)
        call = Call(
            found.path, b"{}", Caller.admin(), component=found.component, sees_internal=True
        )
        if seed.kind == "mutation":
            outcome = await node.hub.runner.mutation(call)
        else:
            outcome = await node.hub.runner.action(call)
        if outcome.failure is not None:
            _refuse(f"the seed {found.path} failed: {outcome.failure.text}")
        await node.hub.durable(outcome.ts)

    return fill


class _Restart:
    """Waits for a change of the code that loads, then lets the process be replaced.

    Args:
        folder: the project.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.is_wanted = False

    async def watch(self) -> None:
        """Returns when a saved change is fit to be served; one that is not is reported."""
        names = ("functions", "schema.py", "server.py")
        watched = [path for name in names if (path := self._folder / name).exists()]
        async for _ in awatch(*watched, watch_filter=PythonFilter()):
            check = await asyncio.to_thread(
                subprocess.run,
                [sys.executable, "-m", "reactor.cli", "check", str(self._folder)],
                capture_output=True,
                text=True,
                check=False,
            )
            if check.returncode == 0:
                self.is_wanted = True
                return
            why = check.stderr.strip() or check.stdout.strip()
            _out.print("not restarted, the running code stays:", why, soft_wrap=True)


check_group.add_command(check_auth_command)
for _command in (
    env_command, run_command, data_command, function_spec_command, export_command, import_command,
    migrate_command,
):  # fmt: skip
    main.add_command(_command)
