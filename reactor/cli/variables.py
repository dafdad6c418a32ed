"""`reactor env`: the environment variables of a running deployment."""

from __future__ import annotations

import json
import sys

import click

from reactor.cli.remote import Remote, remote_options
from reactor.errors import ProjectError


@click.group("env")
def env_command() -> None:
    """Environment variables of a running deployment.

    They hide those of the server's process; functions see a change at once.
    """


@env_command.command("list")
@remote_options
@click.option("--names-only", is_flag=True, help="Print no values.")
@click.option("--json", "as_json", is_flag=True, help="Print an object of names and values.")
def list_command(url: str, admin_key: str | None, *, names_only: bool, as_json: bool) -> None:
    """Lists the variables by name."""
    with Remote(url, admin_key) as remote:
        answer = remote.request("GET", "/api/list_environment_variables")
    variables: dict[str, str] = answer["environmentVariables"]
    if as_json:
        click.echo(json.dumps(list(variables) if names_only else variables))
        return
    for name, value in variables.items():
        click.echo(name if names_only else f"{name}={_shown(value)}")


@env_command.command("get")
@click.argument("name")
@remote_options
@click.option("--json", "as_json", is_flag=True, help="Print the value as JSON.")
def get_command(name: str, url: str, admin_key: str | None, *, as_json: bool) -> None:
    """Prints the value of the variable NAME."""
    with Remote(url, admin_key) as remote:
        found = remote.ask("_system/cli/queryEnvironmentVariables:get", name=name)
    if found is None:
        raise ProjectError(f"{name} is not set on {url}; `reactor env set {name} …` sets it")
    click.echo(json.dumps(found["value"]) if as_json else found["value"])


@env_command.command("set")
@click.argument("name")
@click.argument("value", required=False)
@remote_options
@click.option("--json", "as_json", is_flag=True, help="Print the name as JSON.")
def set_command(
    name: str, value: str | None, url: str, admin_key: str | None, *, as_json: bool
) -> None:
    """Sets the variable NAME to VALUE; without VALUE it is read from standard input.

    NAME=VALUE in one word does as well. A value on the command line stays in the shell's history.
    """
    if value is None and "=" in name:
        name, _, value = name.partition("=")
    text = sys.stdin.read().removesuffix("\n") if value is None else value
    _change(url, admin_key, {"name": name, "value": text})
    click.echo(json.dumps({"set": name}) if as_json else f"{name} is set.")


@env_command.command("remove")
@click.argument("name")
@remote_options
@click.option("--json", "as_json", is_flag=True, help="Print the name as JSON.")
def remove_command(name: str, url: str, admin_key: str | None, *, as_json: bool) -> None:
    """Removes the variable NAME; the process's own of that name, if any, is seen again."""
    _change(url, admin_key, {"name": name})
    click.echo(json.dumps({"removed": name}) if as_json else f"{name} is removed.")


def _change(url: str, admin_key: str | None, change: dict[str, str]) -> None:
    with Remote(url, admin_key) as remote:
        remote.request("POST", "/api/update_environment_variables", {"changes": [change]})


def _shown(value: str) -> str:
    """A value as a line of a .env file."""
    plain = value and value.isprintable() and not any(c in value for c in " '\"#\\$")
    return value if plain else json.dumps(value, ensure_ascii=False)
