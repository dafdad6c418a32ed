"""`reactor check auth`: whether the keys of every provider can be had from here."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reactor.auth.checking import Step, check_provider
from reactor.auth.fetch import HttpFetcher
from reactor.cli.checking import dev_variables
from reactor.cli.project import open_project
from reactor.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reactor.app import Reactor


@click.command("auth")
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--json", "as_json", is_flag=True, help="Print the steps as JSON.")
def check_auth_command(folder: Path, *, as_json: bool) -> None:
    """Checks the auth providers of the project in FOLDER, step by step.

    Reads their discovery documents and key sets with this process's environment, and says at the
    first step that fails what to do. Ends with 1 if one fails.
    """
    project = open_project(folder)
    if not project.auth:
        raise ProjectError(
            'the project names no providers; add auth=[Clerk(issuer="env:CLERK_ISSUER")] or its '
            "like to Reactor(...)"
        )
    found = asyncio.run(_check(project, dev_variables(project)))
    is_fine = all(step.is_fine for _, steps in found for step in steps)
    if as_json:
        click.echo(json.dumps([_as_json(label, steps) for label, steps in found]))
    else:
        for label, steps in found:
            click.echo(label)
            for step in steps:
                click.echo(f"  {'ok ' if step.is_fine else 'NOT'} {step.what}: {step.found}")
                if step.advice is not None:
                    click.echo(f"      do: {step.advice}")
    if not is_fine:
        raise SystemExit(1)


async def _check(project: Reactor, variables: Mapping[str, str]) -> list[tuple[str, list[Step]]]:
    fetch = HttpFetcher()
    found: list[tuple[str, list[Step]]] = []
    try:
        for provider in project.auth:
            try:
                resolved = provider.resolve(variables)
            except ProjectError as error:
                step = Step("read its settings", str(error), _SETTINGS)
                found.append((type(provider).__name__, [step]))
                continue
            steps = [step async for step in check_provider(resolved, fetch)]
            found.append((resolved.label, steps))
    finally:
        await fetch.close()
    return found


_SETTINGS = (
    "set the variable here to check with it; the deployment may have it as its own: "
    "`reactor env list`"
)


def _as_json(label: str, steps: list[Step]) -> dict[str, Any]:
    rows = [{"what": one.what, "found": one.found, "advice": one.advice} for one in steps]
    return {"provider": label, "isFine": all(one.is_fine for one in steps), "steps": rows}
