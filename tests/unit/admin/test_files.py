"""The files in storage, as a dashboard lists them."""

from __future__ import annotations

from typing import Any

from tests.unit.admin.test_jobs import store
from tests.unit.admin.tools import ask, opts
from tests.unit.sample.world import World


def file(size: float) -> dict[str, Any]:
    return {"sha256": "x", "size": size, "contentType": None}


async def test_files_are_counted_and_listed(world: World) -> None:
    [first, _] = await store(world, "_storage", file(1.0), file(2.0))
    assert await ask(world, "fileStorageV2:numFiles", componentId=None) == 2
    page = await ask(world, "fileStorageV2:fileMetadata", paginationOpts=opts())
    assert [one["size"] for one in page["page"]] == [2.0, 1.0]
    assert (await ask(world, "fileStorageV2:getFile", storageId=first))["size"] == 1.0
    [other] = await store(world, "_scheduled_functions", {"name": "x"})
    assert await ask(world, "fileStorageV2:getFile", storageId=other) is None
