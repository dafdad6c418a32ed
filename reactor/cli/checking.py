"""`reactor check`: whether a project, and the documents it has stored, are in order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from reactor.cli.project import sandbox_environment
from reactor.errors import ProjectError
from reactor.log.commit import Log
from reactor.log.loading import Report, examine, fill
from reactor.runtime.clock import SystemClock
from reactor.runtime.settings import HOST, SANDBOX_PORT, settings_from
from reactor.schema.places import split_place
from reactor.storage.sqlite import SqliteStorage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reactor.app import Loaded, Reactor
    from reactor.schema.diff import Misfits

NAMED_MAX = 20
"""Offending documents that are listed for each table."""


def dev_variables(project: Reactor) -> Mapping[str, str]:
    """The environment that `dev` would give the project, so that a check asks for no keys."""
    target = project.dev.sandbox if project.dev is not None else None
    url = f"http://{HOST}:{SANDBOX_PORT}"
    defaults: Mapping[str, str] = {} if target is None else sandbox_environment(target, url)
    return settings_from(dev=True, defaults=defaults).variables


def missing_settings(project: Reactor) -> str | None:
    """What the project needs and this process lacks.

    The deployment may have it as a variable of its own, so that it is no reason to fail.
    """
    try:
        project.settled(dev_variables(project))
    except ProjectError as error:
        return str(error)
    return None


def check_data(loaded: Loaded, database: Path) -> Report:
    """Checks every stored document; a server may be running on the same file.

    Args:
        loaded: the project's code.
        database: the SQLite file.

    Raises:
        ProjectError: the file is not there or cannot be read.
    """
    storage = SqliteStorage(database)
    opened = storage.look()
    loaded.numbers.learn(opened.tables)
    log = Log(SystemClock(), opened.last_ts, loaded.numbers)
    fill(log, loaded.schemas, storage.load(), opened.stores)
    return examine(log, loaded.schemas, {}, named_max=NAMED_MAX)


def print_result(
    loaded: Loaded, report: Report | None, missing: str | None, *, as_json: bool
) -> None:
    """Says what was found, to a person or to a program."""
    tables = sorted(name for name in loaded.root.schema.tables if not name.startswith("_"))
    functions = sorted(loaded.root.functions.by_path)
    if as_json:
        result: dict[str, Any] = {
            "tables": tables,
            "functions": functions,
            "missingSettings": missing,
        }
        if report is not None:
            result["data"] = _as_data(report)
        click.echo(json.dumps(result))
        return
    click.echo(f"{len(tables)} tables and {len(functions)} functions are in order.")
    if missing is not None:
        click.echo(f"note: {missing}; fine if the deployment has it (`reactor env list`)", err=True)
    if report is not None:
        _print_report(report)


def _print_report(report: Report) -> None:
    for wrong in report.misfits:
        click.echo(f"{wrong.table}: {wrong.count:,} of {wrong.checked:,} documents do not match")
        for one in wrong.first:
            click.echo(f"  {one.id}  {one.problem}")
    for twice in report.duplicates:
        click.echo(f"{twice.table}: {twice.count:,} documents share a key with another")
        for one in twice.first:
            click.echo(f"  {one.id}  {one.problem}")
    for name, count in report.undeclared.items():
        component, _ = split_place(name)
        whose = "schema.py" if not component else f"a mounted component {component!r}"
        click.echo(f"{name}: {count:,} documents, and {whose} has no such table")
    if report.is_clean:
        click.echo("Every stored document matches the schema.")


def _as_data(report: Report) -> dict[str, Any]:
    def rows(found: list[Misfits]) -> list[dict[str, Any]]:
        return [
            {
                "name": one.table,
                "checked": one.checked,
                "count": one.count,
                "first": [{"id": each.id, "problem": each.problem} for each in one.first],
            }
            for one in found
        ]

    return {
        "isClean": report.is_clean,
        "misfits": rows(report.misfits),
        "duplicates": rows(report.duplicates),
        "undeclared": report.undeclared,
    }
