"""`npx convex logs`, unmodified, shows what was run."""

from __future__ import annotations

import asyncio
import json
import os
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2

from tests.compat.support.server import ADMIN_KEY, Server

CONVEX = Path(__file__).parent / "node_modules" / ".bin" / "convex"


@asynccontextmanager
async def followed(server: Server, folder: Path, *flags: str) -> AsyncGenerator[Process]:
    """`npx convex logs` in a folder of its own; it is following when this is entered."""
    (folder / "package.json").write_text('{"dependencies": {"convex": "1.48.0"}}')
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CONVEX")},
        "CONVEX_SELF_HOSTED_URL": server.url,
        "CONVEX_SELF_HOSTED_ADMIN_KEY": ADMIN_KEY,
        "NO_COLOR": "1",
        "CI": "1",
    }
    process = await asyncio.create_subprocess_exec(
        str(CONVEX), "logs", *flags, cwd=folder, env=environment, stdout=PIPE, stderr=STDOUT
    )
    try:
        # It throws its first answer away, so whether it follows shows by what it shows.
        seen = asyncio.ensure_future(shown(process, "is anybody there"))
        while not seen.done():
            await call(server, "mutation", "logs:shout", {"text": "is anybody there"})
            await asyncio.wait([seen], timeout=0.3)
        await seen
        yield process
    finally:
        process.kill()
        await process.wait()


async def shown(process: Process, wanted: str) -> str:
    """What is printed up to and with a line that holds some text."""
    text = ""
    assert process.stdout is not None
    async with asyncio.timeout(20):
        while wanted not in text.rpartition("\n")[0].rpartition("\n")[2]:
            line = (await process.stdout.readline()).decode()
            assert line, text
            text += line
    return text


async def call(server: Server, kind: str, path: str, args: object) -> None:
    body = {"path": path, "args": args, "format": "json"}
    async with httpx2.AsyncClient(base_url=server.url) as client:
        await client.post(f"/api/{kind}", json=body)


async def test_lines_and_errors_are_shown(server: Server, tmp_path: Path, name: str) -> None:
    async with followed(server, tmp_path) as process:
        await call(server, "query", "logs:speak", {"text": f"hello {name}"})
        text = await shown(process, f"careful with hello {name}")
        assert "[CONVEX Q(logs:speak)] [LOG]" in text
        assert f"hello {name}" in text
        await call(server, "mutation", "failures:crashWrite", {"message": name, "name": name})
        assert "M(failures:crashWrite)" in await shown(process, f"Uncaught RuntimeError: {name}")


async def test_json_lines_carry_every_field(server: Server, tmp_path: Path, name: str) -> None:
    """Tools read these."""
    async with followed(server, tmp_path, "--jsonl") as process:
        await call(server, "mutation", "counters:increment", {"name": name})
        entry = json.loads((await shown(process, '"Mutation"')).splitlines()[-1])
        assert entry["identifier"] == "counters:increment"
        assert entry["usageStats"]["databaseWriteDocuments"] == 1
        assert (entry["caller"], entry["error"]) == ("HttpApi", None)
