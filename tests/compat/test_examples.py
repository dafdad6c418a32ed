"""Issue A 8: the examples, run against `reactor dev` on Reimaji, see a publish arrive live."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.compat.support.server import Server

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "examples" / "live-news"
VIEWS = {
    "node": ["node", str(EXAMPLE / "live.mjs")],
    "python": [sys.executable, str(EXAMPLE / "live.py")],
}
LINES_MAX = 40


@pytest.fixture(scope="module")
def reimaji(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Reimaji under `reactor dev`, with its demo data and its token issuer."""
    server = Server(tmp_path_factory.mktemp("reimaji"), {}, project=ROOT, command="dev")
    server.start()
    yield server
    assert server.stop() == 0, server.output()


async def publish(server: Server, title: str) -> None:
    """Runs `publish.py`."""
    where = ["--url", server.url, "--issuer", f"{server.sandbox_url}/clerk"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(EXAMPLE / "publish.py"), title, *where
    )
    assert await process.wait() == 0


def _listen_to_ctrl_c() -> None:
    """A shell starts background jobs deaf to Ctrl-C, and Python leaves it at that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@asynccontextmanager
async def running(command: list[str], **env: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    """An example's process, ended with the test."""
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **env},
        stdout=asyncio.subprocess.PIPE,
        preexec_fn=_listen_to_ctrl_c,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until_line(process: asyncio.subprocess.Process, words: str) -> None:
    """Reads the process's output up to a line with these words."""
    assert process.stdout is not None
    async with asyncio.timeout(20):
        while words.encode() not in (line := await process.stdout.readline()):
            assert line, f"the example ended before it said {words!r}"


@pytest.mark.parametrize("language", sorted(VIEWS))
async def test_a_publish_arrives_live(reimaji: Server, language: str) -> None:
    """The open view prints the new title by itself, and ends on Ctrl-C."""
    title = f"Halo dari {language}"
    async with running([*VIEWS[language], reimaji.url]) as view:
        await until_line(view, "Published news")
        await publish(reimaji, title)
        await until_line(view, title)
        view.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(view.wait(), 10) == 0


@pytest.mark.parametrize("language", sorted(VIEWS))
async def test_once_prints_and_ends(reimaji: Server, language: str) -> None:
    """`--once` prints the newest titles and ends; the address may come from REACTOR_URL."""
    await publish(reimaji, f"Sekali dari {language}")
    async with running([*VIEWS[language], "--once"], REACTOR_URL=reimaji.url) as view:
        output, _ = await asyncio.wait_for(view.communicate(), 15)
        assert view.returncode == 0
        assert f"Sekali dari {language}".encode() in output


@pytest.mark.parametrize("name", ["live.mjs", "live.py"])
def test_the_examples_are_short(name: str) -> None:
    """Under 40 lines each."""
    assert len((EXAMPLE / name).read_text().splitlines()) < LINES_MAX


def test_the_start_says_what_to_try(reimaji: Server) -> None:
    """`reactor dev` names its addresses."""
    output = reimaji.output()
    for port in (reimaji.port, reimaji.site_port, reimaji.sandbox_port):
        assert str(port) in output
