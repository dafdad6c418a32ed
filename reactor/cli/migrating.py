"""`reactor migrate`: starts a migration of a running deployment, and follows it to its end."""

from __future__ import annotations

import json
from time import sleep
from typing import TYPE_CHECKING, Any, Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from reactor.cli.remote import Remote, remote_options
from reactor.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator

POLL_S: Final = 0.3
"""Seconds between two looks at how far it is."""

Json = dict[str, Any]


@click.command("migrate")
@click.argument("name", required=False)
@click.option("--all", "every", is_flag=True, help="Run every migration that is not done.")
@click.option("--dry-run", is_flag=True, help="Try the next batch and take it back.")
@click.option("--reset", is_flag=True, help="Start over, done or not.")
@click.option("--cancel", is_flag=True, help="Stop it after the batch under way.")
@click.option("--batch", type=click.IntRange(min=1), help="Documents per transaction.")
@remote_options
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def migrate_command(
    name: str | None, batch: int | None, url: str, admin_key: str | None,
    *, every: bool, dry_run: bool, reset: bool, cancel: bool, as_json: bool,
) -> None:  # fmt: skip
    """Runs the migration NAME, such as migrations:fillSlugs, and follows it to its end.

    Without NAME it lists the migrations and how far each has come. A migration goes on by itself
    when this command is interrupted. Ends with 1 when one fails.
    """
    asked: Json = {"dryRun": dry_run, "reset": reset, "cancel": cancel}
    if batch is not None:
        asked["batch"] = batch
    with Remote(url, admin_key) as remote:
        known = {one["name"]: one["record"] for one in remote.ask("_system/cli/migrations")}
        if name is None and not every:
            _list(known, as_json=as_json)
            return
        names = [_checked(name, known)] if name is not None else list(_unfinished(known))
        ended = [_run(remote, one, asked, as_json=as_json) for one in names]
    if as_json:
        click.echo(json.dumps(ended if every else ended[0]))
    if any(one["state"] == "failed" for one in ended):
        raise SystemExit(1)


def _checked(name: str, known: Json) -> str:
    if name not in known:
        there = ", ".join(known) or "none; declare one with @migration"
        raise ProjectError(f"there is no migration {name!r}; there are: {there}")
    return name


def _unfinished(known: Json) -> Iterator[str]:
    for name, record in known.items():
        if record is None or record["state"] != "done":
            yield name


def _list(known: Json, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([{"name": name, **(known[name] or {})} for name in known]))
        return
    if not known:
        click.echo("There are no migrations; declare one with @migration.")
    for name, record in known.items():
        click.echo(f"{name}  {_told(record)}")


def _told(record: Json | None) -> str:
    if record is None:
        return "not run yet"
    text = f"{record['state']}, {int(record['processed']):,} of {int(record['total']):,} documents"
    return text + (f"; {record['error']}" if record.get("error") else "")


def _run(remote: Remote, name: str, asked: Json, *, as_json: bool) -> Json:
    answer = remote.call(name, asked)
    if answer.error is not None:
        raise ProjectError(f"{name} failed: {answer.error.strip()}")
    status: Json = answer.value
    bar = Progress(
        TextColumn(name), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=Console(stderr=True), disable=as_json,
    )  # fmt: skip
    with bar:
        task = bar.add_task(name, total=None)
        while status["state"] == "running":
            bar.update(task, total=int(status["total"]), completed=int(status["processed"]))
            sleep(POLL_S)
            status = _record(remote, name)
        bar.update(task, total=int(status["total"]), completed=int(status["processed"]))
    if not as_json:
        click.echo(f"{name}: {_said(status)}")
    return status


def _record(remote: Remote, name: str) -> Json:
    for one in remote.ask("_system/cli/migrations"):
        if one["name"] == name and one["record"] is not None:
            found: Json = one["record"]
            return found
    raise ProjectError(f"{name} is gone: the deployment runs other code now")


def _said(status: Json) -> str:
    if status["state"] == "dryRun":
        tried = f"the next batch would write {int(status['changed']):,} documents"
        return f"{tried}; {status['error']}" if status.get("error") else tried
    return _told(status)
