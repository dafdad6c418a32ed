"""Live text search: who is run again, who is not, and what is found, also after a restart."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compat.conftest import Connect
from tests.compat.support.client import Kind, RemoteError
from tests.compat.support.server import Server


def runs(server: Server) -> float:
    """Executions of queries so far."""
    return server.metrics()["reactor_query_runs_total"]


async def test_a_search_is_pushed_as_documents_come_and_go(
    connect: Connect, server: Server, kind: Kind, name: str
) -> None:
    """A search box that stays open shows what others write, in the order of relevance."""
    client = await connect(kind, server.url)
    view = client.subscribe("articles:search", text="belajar py", topic=name)
    await view.until([])
    first = await client.mutation("articles:add", title="Belajar memasak", topic=name)
    await view.until(["Belajar memasak"])
    await client.mutation("articles:add", title="Belajar Python", topic=name)
    await view.until(["Belajar Python", "Belajar memasak"])
    await client.mutation("articles:retitle", id=first, title="Resep masakan")
    await view.until(["Belajar Python"])
    second = await client.mutation("articles:add", title="東京大学で学ぶ", topic=name)
    chinese = client.subscribe("articles:search", text="大学", topic=name)
    await chinese.until(["東京大学で学ぶ"])
    await client.mutation("articles:remove", id=second)
    await chinese.until([])


async def test_only_its_words_and_its_values_run_a_search_again(
    connect: Connect, own_server: Server, name: str
) -> None:
    client = await connect("npm", own_server.url)
    view = client.subscribe("articles:search", text="belajar py", topic=name)
    await view.until([])
    before = runs(own_server)
    await client.mutation("articles:add", title="Belajar Python", topic="another")
    await client.mutation("articles:add", title="Resep masakan p y", topic=name)
    await client.mutation("articles:add", title="Mempelajari hukum", topic=name)
    assert runs(own_server) == before
    await client.mutation("articles:add", title="Pyramid", topic=name)
    await view.until(["Pyramid"])
    assert runs(own_server) == before + 1
    assert view.changes == [[], ["Pyramid"]]


async def test_a_mutation_finds_what_it_has_written(
    connect: Connect, server: Server, kind: Kind, name: str
) -> None:
    client = await connect(kind, server.url)
    for count in (1, 2):
        found = await client.mutation("articles:addAndSearch", title="guru baru", topic=name)
        assert found == ["guru baru"] * count


async def test_pages_of_a_search(connect: Connect, server: Server, kind: Kind, name: str) -> None:
    client = await connect(kind, server.url)
    for number in range(5):
        await client.mutation("articles:add", title="guru " + "x " * number, topic=name)
    titles: list[str] = []
    cursor: Any = None
    for is_done in (False, False, True):
        options = {"numItems": 2.0, "cursor": cursor}
        page = await client.query("articles:page", text="guru", topic=name, paginationOpts=options)
        titles += [row["title"] for row in page["page"]]
        assert page["isDone"] == is_done
        cursor = page["continueCursor"]
    assert titles == ["guru " + "x " * number for number in range(5)]


async def test_too_many_words_are_an_error_that_says_so(
    connect: Connect, server: Server, name: str
) -> None:
    client = await connect("npm", server.url)
    words = " ".join(f"w{number}" for number in range(17))
    with pytest.raises(RemoteError, match="too many terms"):
        await client.query("articles:search", text=words, topic=name)


async def test_a_restart_finds_the_same(connect: Connect, own_server: Server, name: str) -> None:
    """The index is built from what is stored."""
    client = await connect("npm", own_server.url)
    titles = ["guru", "guru guru murid", "gurun", "murid dan guru", "anak-anak"]
    for title in titles:
        await client.mutation("articles:add", title=title, topic=name)
    asked = ["guru", "murid guru", "anak", "gur"]
    before = [await client.query("articles:search", text=text, topic=name) for text in asked]
    own_server.kill()
    own_server.start()
    client = await connect("npm", own_server.url)
    after = [await client.query("articles:search", text=text, topic=name) for text in asked]
    assert after == before
    assert all(after)
