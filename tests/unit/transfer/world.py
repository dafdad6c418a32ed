"""Exports and imports of a running sample, over its HTTP endpoints."""

from __future__ import annotations

import io
import marshal
import zipfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import orjson

from reactor.transfer.reader import Job, Reading, answers
from tests.unit.edge.http import ADMIN, request
from tests.unit.sample.world import World

Json = dict[str, Any]
SETTLED = ("waiting_for_confirmation", "completed", "failed")


def archive(entries: Mapping[str, bytes]) -> bytes:
    """A zip with these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return out.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The entries of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def lines(*documents: Json) -> bytes:
    """A file with a document per line."""
    return b"".join(orjson.dumps(document) + b"\n" for document in documents)


def rows(content: bytes) -> list[Json]:
    """The documents of a file with one per line."""
    return [orjson.loads(line) for line in content.splitlines()]


class Client:
    """What `npx convex export` and `npx convex import` ask of a node."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """A POST by the admin; its answer, which must be a success."""
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        answer = await self.send("POST", path, content)
        assert answer.status_code == 200, answer.text
        return orjson.loads(answer.content) if answer.content else None

    async def send(self, method: str, path: str, content: bytes = b"") -> Any:
        """A request by the admin, whatever it is answered."""
        app = self.world.node.http
        return await request(app, method, f"/api/{path}", body=content, headers=ADMIN)

    async def ask(self, path: str, **args: Any) -> Any:
        """A system query."""
        return await self.world.backend.as_admin().call(path, args)

    async def latest_export(self) -> Json:
        """The newest export, once it is finished."""
        while True:
            found: Json = await self.ask("_system/cli/exports:getLatest")
            if found["state"] in ("completed", "failed"):
                return found
            await self.turn()

    async def export(self, *, storage: bool = False) -> bytes:
        """A finished export's file."""
        self.world.backend.clock.advance(0.001)  # so that the newest is the last
        await self.post(f"export/request/zip?includeStorage={str(storage).lower()}")
        found = await self.latest_export()
        assert found["state"] == "completed", found
        answer = await self.send("GET", f"export/zip/{int(found['start_ts'])}")
        assert answer.status_code == 200, answer.text
        content: bytes = answer.content
        return content

    async def upload(self, content: bytes, mode: str, form: str, **more: Any) -> str:
        """Uploads a file in two parts; the id of its import."""
        token = (await self.post("import/start_upload"))["uploadToken"]
        half = len(content) // 2
        parts = [
            await self.post(f"import/upload_part?uploadToken={token}&partNumber={n}", part)
            for n, part in ((1, content[:half]), (2, content[half:]))
        ]
        body = {
            "import": {"mode": mode, "format": form, **more},
            "uploadToken": token,
            "partTokens": parts,
        }
        id: str = (await self.post("import/finish_upload", body))["importId"]
        return id

    async def settled(self, id: str) -> Json:
        """An import's state, once it waits for somebody or has ended."""
        while True:
            found = await self.ask("_system/cli/queryImport", importId=id)
            state: Json = found["state"]
            if state["state"] in SETTLED:
                return state
            await self.turn()

    async def load(self, content: bytes, mode: str, form: str = "zip", **more: Any) -> Json:
        """Uploads, confirms and waits; how it ended."""
        id = await self.upload(content, mode, form, **more)
        state = await self.settled(id)
        if state["state"] != "waiting_for_confirmation":
            return state
        await self.post("perform_import", {"importId": id})
        return await self.settled(id)

    async def turn(self) -> None:
        """Lets the loop, its threads and its processes go on."""
        await self.world.backend.clock.sleep(0)


@asynccontextmanager
async def reading_here(job: Job) -> AsyncGenerator[Reading]:
    """A reader without a process of its own, which takes half a second to start."""
    found = answers(job)

    async def receive() -> Any:
        return marshal.loads(marshal.dumps(next(found), 2))

    yield Reading(receive)
