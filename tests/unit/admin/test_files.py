"""The files in storage, as a dashboard lists, adds and deletes them."""

from __future__ import annotations

from reactor import ActionCtx
from tests.unit.admin.tools import admin_client, ask, opts, refusal
from tests.unit.edge.http import request
from tests.unit.sample.world import World, add


async def store(world: World, data: bytes) -> str:
    async def body(ctx: ActionCtx) -> str:
        return await ctx.storage.store(data, content_type="text/plain")

    id = await world.backend.run_action(body)
    world.backend.clock.advance(1)
    return id


async def test_files_are_counted_and_listed_live(world: World) -> None:
    client = admin_client(world)
    client.modify(
        add(1, "_system/frontend/fileStorageV2:numFiles", componentId=None),
        add(2, "_system/frontend/fileStorageV2:fileMetadata", paginationOpts=opts()),
    )
    await world.settle()
    assert client.results[1] == 0
    await store(world, b"a")
    await store(world, b"bb")
    await world.settle()
    assert client.results[1] == 2
    shown = client.results[2]["page"]
    assert [(one["size"], one["contentType"]) for one in shown] == [
        (2.0, "text/plain"), (1.0, "text/plain"),
    ]  # fmt: skip
    path = "/api/storage/" + shown[0]["url"].rpartition("/")[2]
    assert (await request(world.node.http, "GET", path)).content == b"bb"


async def test_one_file(world: World) -> None:
    id = await store(world, b"a")
    found = await ask(world, "fileStorageV2:getFile", storageId=id)
    assert (found["_id"], found["size"]) == (id, 1.0)
    assert "/api/storage/" in found["url"]
    await ask(world, "fileStorageV2:deleteFile", storageId=id)
    assert await ask(world, "fileStorageV2:getFile", storageId=id) is None
    assert await ask(world, "fileStorageV2:getFile", storageId="nonsense") is None
    error = await refusal(world, "fileStorageV2:deleteFile", storageId=id)
    assert error.code == "StorageIdNotFound"


async def test_files_are_deleted_together_or_not_at_all(world: World) -> None:
    first, second = await store(world, b"a"), await store(world, b"b")
    await ask(world, "fileStorageV2:deleteFiles", storageIds=[first])
    both = [second, first]
    error = await refusal(world, "fileStorageV2:deleteFiles", storageIds=both)
    assert error.code == "StorageIdNotFound"
    assert await ask(world, "fileStorageV2:numFiles") == 1


async def test_a_dashboard_uploads_a_file(world: World) -> None:
    url = await ask(world, "fileStorageV2:generateUploadUrl", componentId=None)
    path = "/api/storage/" + url.rpartition("/")[2]
    answer = await request(world.node.http, "POST", path, body=b"hello")
    assert answer.status_code == 200
    found = await ask(world, "fileStorageV2:getFile", storageId=answer.json()["storageId"])
    assert found["size"] == 5.0
