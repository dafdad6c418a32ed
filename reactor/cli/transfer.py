"""`reactor export` and `reactor import`: all data of a running server as a file, and back."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any, Final

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from reactor.cli.remote import Remote, remote_options
from reactor.errors import ProjectError
from reactor.values.json import from_json

if TYPE_CHECKING:
    from collections.abc import Generator

PART_BYTES: Final = 5 * 2**20
POLL_S: Final = 0.2
"""Seconds between two looks at how far the server is."""

_FORMATS: Final = {".csv": "csv", ".jsonl": "jsonLines", ".json": "jsonArray", ".zip": "zip"}
_PARTS_MAX: Final = 9_999
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--include-storage", is_flag=True, help="Put the stored files in as well.")
@remote_options
@_AS_JSON
def export_command(
    file: Path, url: str, admin_key: str | None, *, include_storage: bool, as_json: bool
) -> None:
    """Saves all data of a running server as FILE, a zip that `reactor import` brings back."""
    with Remote(url, admin_key) as remote, _shown(as_json=as_json) as bar:
        saved = export(remote, file, bar, include_storage=include_storage)
    if as_json:
        click.echo(json.dumps({"file": str(saved), "bytes": saved.stat().st_size}))
    else:
        click.echo(f"Saved {saved} ({saved.stat().st_size:,} bytes).")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--table", help="The table that the file's documents go to; not for zip.")
@click.option("--format", "form", type=click.Choice(list(_FORMATS.values())), help="Of the file.")
@click.option("--component", help="The component whose tables are meant.")
@click.option("--replace", "mode", flag_value="replace", help="Replace tables that the file has.")
@click.option("--append", "mode", flag_value="append", help="Add to what is there.")
@click.option(
    "--replace-all",
    "mode",
    flag_value="replaceAll",
    help="Replace everything: tables that the file does not have are emptied.",
)
@click.option("--yes", "-y", is_flag=True, help="Do not ask before documents are deleted.")
@remote_options
@_AS_JSON
def import_command(
    file: Path,
    table: str | None,
    form: str | None,
    component: str | None,
    mode: str | None,
    url: str,
    admin_key: str | None,
    *,
    yes: bool,
    as_json: bool,
) -> None:
    """Brings the documents of FILE into a running server: a zip, CSV, JSON lines or JSON array.

    Without --replace, --append or --replace-all, the tables must be empty.
    """
    spec = {
        "mode": mode or "requireEmpty",
        "format": form or _format_of(file),
        "tableName": table,
        "componentPath": component,
    }
    with Remote(url, admin_key) as remote, _shown(as_json=as_json) as bar:
        count = import_file(remote, file, spec, bar, yes=yes, as_json=as_json)
    click.echo(json.dumps({"documents": count}) if as_json else f"Added {count:,} documents.")


class Bar:
    """What a person sees of the progress; nothing without a terminal.

    Args:
        progress: the bars, or None.
    """

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def show(self, what: str, done: float | None = None, total: float | None = None) -> None:
        """Says what is being done; how far it is, where that is known."""
        if self._progress is None:
            return
        if self._task is None:
            self._task = self._progress.add_task(what, total=total)
        self._progress.update(self._task, description=what, completed=done or 0, total=total)

    def says(self, line: str) -> None:
        """A line that stays."""
        if self._progress is not None:
            self._progress.console.print(line, highlight=False, markup=False)

    def hide(self) -> None:
        """Leaves the screen to a question."""
        if self._progress is not None:
            self._progress.stop()

    def back(self) -> None:
        """Comes back after a question."""
        if self._progress is not None:
            self._progress.start()


@contextmanager
def _shown(*, as_json: bool) -> Generator[Bar]:
    console = Console(stderr=True)
    if as_json or not console.is_terminal:
        yield Bar(None)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield Bar(progress)


def export(remote: Remote, file: Path, bar: Bar, *, include_storage: bool) -> Path:
    """Has a server export everything, and saves it.

    Args:
        remote: the server.
        file: where to; a folder gets a file named after the moment.
        bar: shows how far it is.
        include_storage: whether stored files are wanted.

    Returns:
        The file.

    Raises:
        ProjectError: the server refuses or fails, or the file is there already.
    """
    if file.exists() and not file.is_dir():
        raise ProjectError(f"{file} is there already; name another file, or a folder")
    if not file.is_dir() and not file.parent.is_dir():
        raise ProjectError(f"there is no folder {file.parent} to save {file.name} in")
    wants = str(include_storage).lower()
    remote.request("POST", f"/api/export/request/zip?includeStorage={wants}")
    found = _finished_export(remote, bar)
    ts = int(from_json(found["start_ts"]))
    target = file / f"snapshot_{ts}.zip" if file.is_dir() else file
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as out:
            done = 0
            for piece, size in remote.download(f"/api/export/zip/{ts}"):
                done += out.write(piece)
                bar.show("Downloading", done, size or None)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def _finished_export(remote: Remote, bar: Bar) -> dict[str, Any]:
    while True:
        found: dict[str, Any] = remote.ask("_system/cli/exports:getLatest")
        if found["state"] == "completed":
            return found
        if found["state"] == "failed":
            raise ProjectError(f"the export failed: {found.get('error_message', '')}")
        bar.show("Exporting", *fraction(found.get("progress_message", "")))
        sleep(POLL_S)


def import_file(
    remote: Remote,
    file: Path,
    spec: dict[str, Any],
    bar: Bar,
    *,
    yes: bool,
    as_json: bool,
) -> int:
    """Uploads a file and has a server import it.

    Args:
        remote: the server.
        file: what to upload.
        spec: mode, format, table and component.
        bar: shows how far it is.
        yes: whether documents may be deleted without a question.
        as_json: whether a program reads the output.

    Returns:
        How many documents were written.

    Raises:
        ProjectError: the file cannot be read, or the server refuses it; nothing has changed then,
            except that an import which appends keeps what it has added.
    """
    if not file.is_file():
        raise ProjectError(f"there is no file {file}")
    id = _upload(remote, file, spec, bar)
    state = _settled(remote, id, bar)
    if state["state"] == "waiting_for_confirmation":
        _confirm(remote, id, state, bar, yes=yes, as_json=as_json)
        state = _settled(remote, id, bar)
    return int(from_json(state["num_rows_written"]))


def _upload(remote: Remote, file: Path, spec: dict[str, Any], bar: Bar) -> str:
    size = file.stat().st_size
    part_bytes = max(PART_BYTES, -(-size // _PARTS_MAX))
    token = (remote.request("POST", "/api/import/start_upload"))["uploadToken"]
    parts: list[str] = []
    with file.open("rb") as content:
        while piece := content.read(part_bytes):
            where = f"/api/import/upload_part?uploadToken={token}&partNumber={len(parts) + 1}"
            parts.append(remote.upload(where, piece))
            bar.show(f"Uploading {file.name}", content.tell(), size)
    body = {"import": spec, "uploadToken": token, "partTokens": parts}
    id: str = (remote.request("POST", "/api/import/finish_upload", body))["importId"]
    return id


def _settled(remote: Remote, id: str, bar: Bar) -> dict[str, Any]:
    told = 0
    while True:
        record = remote.ask("_system/cli/queryImport", importId=id)
        state: dict[str, Any] = record["state"]
        if state["state"] == "failed":
            raise ProjectError(state["error_message"])
        if state["state"] in ("completed", "waiting_for_confirmation"):
            return state
        for line in state.get("checkpoint_messages", [])[told:]:
            bar.says(line)
            told += 1
        message = state.get("progress_message", "Looking at the file")
        bar.show(message.partition(":")[0], *fraction(message))
        sleep(POLL_S)


def _confirm(
    remote: Remote, id: str, state: dict[str, Any], bar: Bar, *, yes: bool, as_json: bool
) -> None:
    message = state.get("message_to_confirm", "")
    if not as_json:
        bar.hide()
        click.echo(message, err=True)
    if state.get("require_manual_confirmation", True) and not yes:
        if as_json or not sys.stdin.isatty():
            remote.request("POST", "/api/cancel_import", {"importId": id})
            raise ProjectError(
                f"{message}\nNothing was imported: there is nobody to ask. Add --yes to go on."
            )
        if not click.confirm("Go on?", err=True):
            remote.request("POST", "/api/cancel_import", {"importId": id})
            raise ProjectError("canceled; nothing was imported")
    bar.back()
    remote.request("POST", "/api/perform_import", {"importId": id})


def _format_of(file: Path) -> str:
    found = _FORMATS.get(file.suffix)
    if found is None:
        raise ProjectError(
            f"{file.name} does not say what it is written in; give --format "
            f"({', '.join(_FORMATS.values())})"
        )
    return found


def fraction(message: str) -> tuple[float, float] | tuple[()]:
    """The numbers in `Importing news: 500 of 1,000 documents`."""
    words = message.replace(",", "").split()
    numbers = [float(word) for word in words if word.isdecimal()]
    return (numbers[-2], numbers[-1]) if len(numbers) >= 2 else ()
