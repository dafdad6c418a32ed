"""`reactor run`, `reactor data` and `reactor function-spec`: a running deployment, looked into."""

from __future__ import annotations

import base64
import itertools
import json
import re
import sys
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from reactor.cli.remote import Remote, remote_options
from reactor.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMPONENT = click.option("--component", default="", help="Path of a mounted component.")
_PAGE = 1_000
"""Documents asked for at a time."""

_CELL = 40
"""Characters of a cell in a table that is set to be read."""


@click.command("run")
@click.argument("function")
@click.argument("args", default="{}")
@click.option("--as", "identity", help="On whose behalf: a subject, or attributes in JSON.")
@_COMPONENT
@remote_options
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer on one line.")
def run_command(
    function: str, args: str, identity: str | None, component: str, url: str,
    admin_key: str | None, *, as_json: bool,
) -> None:  # fmt: skip
    """Runs FUNCTION of a running deployment, internal ones included, and prints its result.

    ARGS is a JSON object, or - to read it from standard input. The result goes to standard output
    in Convex's wire form, what the function printed to standard error.
    """
    given = _object(sys.stdin.read() if args == "-" else args, "the arguments")
    acting_as = None if identity is None else _identity(identity)
    with Remote(url, admin_key, acting_as) as remote:
        answer = remote.call(function, given, component)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "status": "success" if answer.error is None else "error",
                    "value": answer.value,
                    "errorMessage": answer.error,
                    "errorData": answer.data,
                    "logLines": answer.log_lines,
                }
            )
        )
    else:
        for line in answer.log_lines:
            click.echo(line, err=True)
        if answer.error is None:
            click.echo(json.dumps(answer.value, indent=2, ensure_ascii=False))
    if answer.error is not None:
        if not as_json:
            click.echo(f"reactor: {function} failed: {answer.error.rstrip()}", err=True)
        raise SystemExit(1)


def _object(text: str, what: str) -> dict[str, Any]:
    try:
        given: object = json.loads(text)
    except ValueError as error:
        raise ProjectError(f"{what} are no JSON: {error}") from None
    if not isinstance(given, dict):
        raise ProjectError(f"""{what} must be a JSON object, such as '{{"limit": 5}}'""")
    return given  # pyright: ignore[reportUnknownVariableType]  # parsed JSON


def _identity(text: str) -> dict[str, Any]:
    """Who is meant: JSON attributes, or just a subject."""
    if text.lstrip().startswith("{"):
        attributes = _object(text, "the identity attributes")
    else:
        attributes = {"subject": text}
    if "tokenIdentifier" not in attributes:
        attributes.setdefault("issuer", "https://reactor.test")
    return attributes


@click.command("data")
@click.argument("table", required=False)
@click.option(
    "--where",
    "conditions",
    multiple=True,
    help="FIELD=VALUE, also != < <= > >=; VALUE is JSON, or else a text. All must hold.",
)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@click.option(
    "--order", type=click.Choice(["asc", "desc"]), default="desc", show_default=True,
    help="By creation time.",
)  # fmt: skip
@_COMPONENT
@remote_options
@click.option("--json", "as_json", is_flag=True, help="Print an array of whole documents.")
def data_command(
    table: str | None, conditions: tuple[str, ...], limit: int, order: str, component: str,
    url: str, admin_key: str | None, *, as_json: bool,
) -> None:  # fmt: skip
    """Prints documents of TABLE, or the names of all tables."""
    with Remote(url, admin_key) as remote:
        if table is None:
            names = [one["name"] for one in _pages(remote, "_system/cli/tables", component, {})]
            click.echo(json.dumps(names) if as_json else "\n".join(names))
            return
        clauses = [_clause(condition) for condition in conditions]
        filters = base64.b64encode(json.dumps({"clauses": clauses, "order": order}).encode())
        args = {"table": table, "filters": filters.decode()}
        path = "_system/frontend/paginatedTableDocuments"
        documents = list(itertools.islice(_pages(remote, path, component, args), limit))
    if as_json:
        click.echo(json.dumps(documents))
    elif documents:
        _print_table(documents)
    else:
        click.echo("No documents.", err=True)


def _pages(
    remote: Remote, path: str, component: str, args: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    is_done = False
    while not is_done:
        options = {"numItems": _PAGE, "cursor": cursor}
        page = remote.ask(path, component, paginationOpts=options, **args)
        yield from page["page"]
        cursor, is_done = page["continueCursor"], page["isDone"]


_CONDITION = re.compile(r"([\w.]+)\s*(!=|<=|>=|=|<|>)\s*(.*)", re.DOTALL)
_OPERATORS = {"=": "eq", "!=": "neq", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


def _clause(condition: str) -> dict[str, Any]:
    match = _CONDITION.fullmatch(condition)
    if match is None:
        raise ProjectError(f"{condition!r} is no condition; write one as in --where isDraft=true")
    field, sign, text = match.groups()
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    return {"field": field, "op": _OPERATORS[sign], "value": value}


def _print_table(documents: list[dict[str, Any]]) -> None:
    console = Console(highlight=False)
    own = sorted({name for one in documents for name in one if not name.startswith("_")})
    columns = ["_id", "_creationTime", *own]
    shown = Table(*columns, box=None, header_style="bold")
    for document in documents:
        shown.add_row(*[_cell(document, column) for column in columns])
    # Where nobody reads it on a screen, no column is squeezed to fit one.
    console.print(shown, width=None if console.is_terminal else _CELL * len(columns), markup=False)


def _cell(document: dict[str, Any], column: str) -> str:
    if column not in document:
        return ""
    value = document[column]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = " ".join(text.split())
    return line if len(line) <= _CELL else line[: _CELL - 1] + "…"


@click.command("function-spec")
@_COMPONENT
@remote_options
@click.option("--json", "as_json", is_flag=True, help="Print what `npx convex function-spec` does.")
def function_spec_command(
    component: str, url: str, admin_key: str | None, *, as_json: bool
) -> None:
    """Lists the functions and HTTP routes of a running deployment."""
    with Remote(url, admin_key) as remote:
        functions = remote.ask("_system/cli/modules:apiSpec", component)
        address = remote.ask("_system/cli/convexUrl:cloudUrl")
    if as_json:
        click.echo(json.dumps({"url": address, "functions": functions}, indent=2))
        return
    for one in functions:
        if one["functionType"] == "HttpAction":
            click.echo(f"{'http':<9} {'public':<9} {one['method']} {one['path']}")
            continue
        kind, visibility = one["functionType"].lower(), one["visibility"]["kind"]
        path = one["identifier"].replace(".js:", ":")
        click.echo(f"{kind:<9} {visibility:<9} {path}({_parameters(one['args'])})")


def _parameters(args: dict[str, Any]) -> str:
    if args["type"] != "object":
        return "…"
    fields = args["value"].items()
    return ", ".join(f"{name}?" if field["optional"] else name for name, field in fields)
