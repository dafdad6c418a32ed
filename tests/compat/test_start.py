"""A start that cannot succeed stops at once, with one clear sentence; one that can is quick."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.compat.conftest import Connect
from tests.compat.support.client import RemoteError
from tests.compat.support.server import PROJECT, Server
from tests.compat.support.tokens import Issuer

ROOT = Path(__file__).parent.parent.parent


def refused(server: Server) -> str:
    """Starts a server that must not come up; gives what it said on standard error."""
    ended = subprocess.run(
        server.command(), env=server.env, capture_output=True, text=True, timeout=30, check=False
    )
    assert ended.returncode not in (0, None), ended.stdout
    assert "Traceback" not in ended.stderr
    lines = [line for line in ended.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, ended.stderr
    return lines[0]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the compatibility project, to be spoilt."""
    return shutil.copytree(PROJECT, tmp_path / "project")


def new_server(tmp_path: Path, issuer: Issuer, project: Path = PROJECT) -> Server:
    return Server(tmp_path, issuer.env, project=project)


@pytest.mark.parametrize("which", ["port", "site_port"])
def test_a_port_that_is_taken(tmp_path: Path, issuer: Issuer, which: str) -> None:
    """It names the port and does not half-start."""
    server = new_server(tmp_path, issuer)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", getattr(server, which)))
        holder.listen()
        assert str(getattr(server, which)) in refused(server)


def test_a_sandbox_port_that_is_taken(tmp_path: Path) -> None:
    """`reactor dev` refuses as well when it cannot serve the stand-ins."""
    server = Server(tmp_path, {}, project=ROOT, command="dev")
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", server.sandbox_port))
        holder.listen()
        assert str(server.sandbox_port) in refused(server)


def test_a_data_folder_that_is_a_file(tmp_path: Path, issuer: Issuer) -> None:
    """It names the folder."""
    server = new_server(tmp_path, issuer)
    server.data_dir.write_text("I am a file")
    assert str(server.data_dir) in refused(server)


def test_a_data_folder_with_a_foreign_file(tmp_path: Path, issuer: Issuer) -> None:
    """A database file that is none is not overwritten."""
    server = new_server(tmp_path, issuer)
    server.start()
    server.stop()
    files = [path for path in server.data_dir.rglob("*") if path.is_file()]
    database = max(files, key=lambda path: path.stat().st_size)
    for path in files:
        path.unlink()
    database.write_bytes(b"this is no database" * 500)
    assert str(database.name) in refused(server)
    assert database.read_bytes() == b"this is no database" * 500


def test_two_servers_on_one_folder(tmp_path: Path, issuer: Issuer) -> None:
    """The second one says that the data is in use; the first one lives."""
    first = new_server(tmp_path, issuer)
    first.start()
    second = new_server(tmp_path, issuer)
    try:
        assert str(second.data_dir) in refused(second)
        assert first.metrics()
    finally:
        first.kill()


def test_a_project_that_is_not_there(tmp_path: Path, issuer: Issuer) -> None:
    """It names the folder it looked in."""
    missing = tmp_path / "nowhere"
    assert str(missing) in refused(new_server(tmp_path, issuer, missing))


def test_a_folder_that_is_no_project(tmp_path: Path, issuer: Issuer) -> None:
    """It says what a project has."""
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "functions" in refused(new_server(tmp_path, issuer, empty))


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("schema.py", 'Index("bucket", "rank")', 'Index("bucket", "rnak")', "rank"),
        ("schema.py", 'name="items"', 'name="_items"', "_items"),
        ("schema.py", "class Item(", "class Item((", "schema.py"),
        ("schema.py", "rank: Field[float]", "rank: Field[object]", "rank"),
        ("functions/logs.py", "text: str", "text: object", "text"),
        ("functions/logs.py", "import logging", "import loging", "loging"),
    ],
)
def test_a_project_that_cannot_load(
    tmp_path: Path, issuer: Issuer, project: Path, file: str, old: str, new: str, words: str
) -> None:
    """It names the place and, for a misspelt name, what was meant."""
    path = project / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert words in refused(new_server(tmp_path, issuer, project))


async def test_a_schema_that_old_rows_do_not_fit(
    connect: Connect, tmp_path: Path, issuer: Issuer, project: Path
) -> None:
    """Stored documents are checked before a new schema is served."""
    server = new_server(tmp_path, issuer, project)
    await asyncio.to_thread(server.start)
    client = await connect("npm", server.url)
    await client.mutation("counters:increment", name="old")
    await client.close()
    await asyncio.to_thread(server.stop)
    path = project / "schema.py"
    path.write_text(path.read_text().replace("value: Field[int]", "value: Field[str]", 1))
    assert "counters" in await asyncio.to_thread(refused, server)


def test_it_starts_again_and_a_stop_is_clean(tmp_path: Path, issuer: Issuer) -> None:
    """Over the data it left, and SIGTERM ends it with 0."""
    server = new_server(tmp_path, issuer)
    server.start()
    assert server.stop() == 0, server.output()
    server.start()
    assert server.stop() == 0, server.output()


def hello_project(folder: Path, greeting: str) -> Path:
    """A project of one function and nothing else."""
    functions = folder / "bare" / "functions"
    functions.mkdir(parents=True, exist_ok=True)
    (functions / "__init__.py").touch()
    (functions / "hello.py").write_text(
        "from reactor import QueryCtx, query\n\n\n"
        "@query\nasync def say(ctx: QueryCtx, *, name: str) -> str:\n"
        f'    return f"{greeting} {{name}}"\n'
    )
    return folder / "bare"


async def test_a_folder_without_schema_and_server(
    connect: Connect, tmp_path: Path, issuer: Issuer
) -> None:
    """`functions/` alone is a project."""
    server = new_server(tmp_path, issuer, hello_project(tmp_path, "hello"))
    await asyncio.to_thread(server.start)
    try:
        for kind in ("npm", "pypi"):
            client = await connect(kind, server.url)
            assert await client.query("hello:say", name="Ayu") == "hello Ayu"
    finally:
        await asyncio.to_thread(server.kill)


async def test_dev_serves_what_was_saved(connect: Connect, tmp_path: Path, issuer: Issuer) -> None:
    """A saved change reaches the open view of a client that does nothing about it."""
    project = hello_project(tmp_path, "hello")
    server = Server(tmp_path, issuer.env, project=project, command="dev")
    await asyncio.to_thread(server.start)
    try:
        client = await connect("npm", server.url)
        view = client.subscribe("hello:say", name="Ayu")
        await view.until("hello Ayu")
        hello_project(tmp_path, "halo")
        await view.until("halo Ayu", 30)
    finally:
        assert await asyncio.to_thread(server.stop) == 0


async def test_production_keeps_its_error_texts(
    connect: Connect, tmp_path: Path, issuer: Issuer
) -> None:
    """With `REACTOR_ENV=prod` clients see a request id; a ConvexError's data still travels."""
    server = Server(tmp_path, {**issuer.env, "REACTOR_ENV": "prod"})
    await asyncio.to_thread(server.start)
    try:
        client = await connect("pypi", server.url)
        with pytest.raises(RemoteError) as crashed:
            await client.mutation("failures:crashWrite", message="a secret")
        assert re.fullmatch(r"\[Request ID: [0-9a-f]{16}\] Server Error", crashed.value.message)
        with pytest.raises(RemoteError) as refused:
            await client.mutation("failures:refuseWrite", data={"code": "NO"})
        assert refused.value.data == {"code": "NO"}
        assert await client.query("logs:speak", text="hello") == "hello"
    finally:
        await asyncio.to_thread(server.kill)
