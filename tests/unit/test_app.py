"""A node from its parts: opened, restarted, refused."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest
from starlette.types import Message

from reactor import (
    Clerk,
    Component,
    Env,
    Field,
    Index,
    MutationCtx,
    Reactor,
    SearchIndex,
    Table,
    limits,
)
from reactor.app import Node, blobs_of, load
from reactor.auth.identity import ANONYMOUS
from reactor.errors import ProjectError, SchemaError
from reactor.log.filling import Growing
from reactor.runner.run import Call
from reactor.runtime.clock import VirtualClock
from reactor.runtime.random import SeededEntropy
from reactor.runtime.settings import settings_from
from reactor.search.text import TextIndex
from reactor.storage.blobs import Blobs
from reactor.storage.disk_blobs import DiskBlobs
from reactor.storage.memory import MemoryStorage
from reactor.storage.memory_blobs import MemoryBlobs
from reactor.storage.s3_blobs import S3Blobs
from tests.unit.edge.http import request
from tests.unit.files.world import once
from tests.unit.sample import schema
from tests.unit.sample.board import TALLY, left, right
from tests.unit.sample.schema import Counter, Note
from tests.unit.sample.world import FUNCTIONS


async def open_node(
    storage: MemoryStorage,
    tables: ModuleType = schema,
    blobs: MemoryBlobs | None = None,
    **options: Any,
) -> Node:
    project = Reactor(functions=FUNCTIONS, schema=tables, **options)
    settings = settings_from({}, dev=True)
    clock, entropy = VirtualClock(), SeededEntropy(0)
    return await Node.open(
        project, settings, storage=storage, blobs=blobs or MemoryBlobs(), clock=clock,
        entropy=entropy,
    )  # fmt: skip


async def write(node: Node) -> None:
    async def body(ctx: MutationCtx) -> None:
        await ctx.db.insert(Counter(name="x", value=3))
        await ctx.db.insert(Note(text="a"))

    await node.hub.runner.unregistered(body, ANONYMOUS)
    await node.hub.durable(node.log.last_ts)


async def test_a_restart_changes_nothing_that_clients_can_see() -> None:
    """Documents, indexes, ids and the clock's order are there again."""
    storage = MemoryStorage()
    first = await open_node(storage)
    assert first.is_new
    await write(first)
    last_ts = first.log.last_ts
    await first.close()
    second = await open_node(storage)
    assert not second.is_new
    assert second.log.durable_ts == last_ts
    outcome = await second.hub.runner.query(Call("counters:get", b'{"name":"x"}'))
    assert outcome.value == b"3.0"
    added = await second.hub.runner.mutation(Call("counters:add", b'{"name":"x"}'))
    assert added.value == b"4.0"
    assert added.ts > last_ts
    assert second.loaded.numbers == first.loaded.numbers
    await second.close()


async def test_a_long_start_tells_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Minutes of silence look like a hang."""
    storage = MemoryStorage()
    first = await open_node(storage)
    await write(first)
    await first.close()
    monkeypatch.setattr(limits, "LOAD_TOLD", 1)
    capsys.readouterr()
    await (await open_node(storage)).close()
    assert "documents=2" in capsys.readouterr().out


def other_tables() -> ModuleType:
    """A schema module whose notes have other columns."""

    class Other(Table, name="notes"):
        text: Field[int]

    module = ModuleType("other_schema")
    vars(module).update(Other=Other, Counter=Counter)
    return module


async def test_stored_documents_must_match_a_changed_schema() -> None:
    """Else every query that meets one would fail, one user after another."""
    storage = MemoryStorage()
    first = await open_node(storage)
    await write(first)
    await first.close()
    with pytest.raises(SchemaError):
        await open_node(storage, other_tables())
    again = await open_node(storage)
    await again.close()


def staged_tables() -> ModuleType:
    """The same tables, with an index on its way."""

    class Staged(Table, name="counters"):
        name: Field[str]
        value: Field[int]
        by_name = Index("name", unique=True)
        by_value = Index("value", staged=True)
        search_name = SearchIndex("name", staged=True)

    module = ModuleType("staged_schema")
    vars(module).update(Staged=Staged, Note=Note)
    return module


async def test_staged_indexes_are_filled_while_the_node_serves(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A start does not wait for them, and their progress can be asked for."""
    storage = MemoryStorage()
    first = await open_node(storage)
    await write(first)
    await first.close()
    second = await open_node(storage, staged_tables())
    assert [one.name for one in second.fillings] == ["counters.by_value", "counters.search_name"]
    assert not any(one.is_filled for one in second.fillings)
    while not all(one.is_filled for one in second.fillings):
        await second.hub.clock.sleep(0)
    assert [(one.done, one.total) for one in second.fillings] == [(1, 1), (1, 1)]
    counters = second.log.snapshot.table("counters")
    assert len(counters.indexes["by_value"].blocks) == 1
    growing = counters.followers["search_name"]
    assert isinstance(growing, Growing)
    assert isinstance(growing.follower, TextIndex)
    assert growing.follower.size == 1
    await second.hub.clock.sleep(0)
    told = capsys.readouterr().out
    assert "a staged index is filled" in told
    assert "counters.search_name" in told
    await second.close()


def wider_tables() -> ModuleType:
    """The schema module of another version of the component."""

    class Wider(Table, name="counters"):
        name: Field[str]
        owner: Field[str]

    module = ModuleType("wider_schema")
    vars(module).update(Wider=Wider)
    return module


async def test_components_keep_their_documents() -> None:
    """Also while they are not mounted: removing one is no reason to lose what it stored."""
    storage = MemoryStorage()
    options: dict[str, Any] = {"components": [left, right]}
    first = await open_node(storage, **options)
    adds = Call("tallies:add", b'{"name":"x"}', component="left", sees_internal=True)
    await first.hub.durable((await first.hub.runner.mutation(adds)).ts)
    await first.close()
    without = await open_node(storage)
    assert without.log.numbers == first.log.numbers
    await write(without)
    await without.close()
    wider = Component("left", functions=TALLY, schema=wider_tables())
    with pytest.raises(SchemaError, match="left/counters"):
        await open_node(storage, components=[wider, right])
    again = await open_node(storage, **options)
    reads = Call("tallies:get", b'{"name":"x"}', component="left", sees_internal=True)
    assert (await again.hub.runner.query(reads)).value == b"1.0"
    own = Call("counters:get", b'{"name":"x"}')
    assert (await again.hub.runner.query(own)).value == b"3.0"
    await again.close()


async def test_files_and_upload_urls_outlive_a_restart() -> None:
    """A page that was opened before a deploy can still upload and still shows its pictures."""
    storage, blobs = MemoryStorage(), MemoryBlobs()
    first = await open_node(storage, blobs=blobs)
    files = first.hub.runner.files
    id = await files.receive(once(b"hello"), content_type=None)
    token = files.permits.issue("_storage")
    await first.close()
    second = await open_node(storage, blobs=blobs)
    files = second.hub.runner.files
    record = files.find(id)
    assert record is not None
    assert b"".join([block async for block in files.read(record)]) == b"hello"
    files.permits.read(token)
    await second.close()


def test_where_files_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def place(text: str) -> Blobs:
        return blobs_of(settings_from({"REACTOR_FILES": text}, dev=True))

    assert isinstance(place(""), DiskBlobs)
    assert isinstance(place("/srv/files"), DiskBlobs)
    assert isinstance(place("s3://bucket/prefix"), S3Blobs)
    with pytest.raises(ProjectError, match="ftp://x"):
        place("ftp://x")
    monkeypatch.setitem(sys.modules, "reactor.storage.s3_blobs", None)
    with pytest.raises(ProjectError, match=r"reactor-backend\[s3\]"):
        place("s3://bucket/prefix")


async def test_settings_are_checked_at_start() -> None:
    class Wanted(Env):
        greeting: str

    with pytest.raises(ProjectError):
        await open_node(MemoryStorage(), env=Wanted)
    with pytest.raises(ProjectError):
        await open_node(MemoryStorage(), auth=[Clerk(issuer="env:NOT_SET")])


def test_names_may_stay_as_they_are_written() -> None:
    loaded = load(Reactor(functions=FUNCTIONS, schema=schema, camel=False))
    assert "counters:slow_get" in loaded.root.functions.by_path


async def lifespan(app: Reactor) -> list[str]:
    sent: list[str] = []

    async def receive() -> Message:
        return {"type": "lifespan.startup"}

    async def send(message: Message) -> None:
        sent.append(message["type"])

    await app({"type": "lifespan"}, receive, send)
    return sent


async def test_a_server_starts_and_stops_the_node(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REACTOR_ENV", "dev")
    monkeypatch.setenv("REACTOR_WRITER", "thread")
    monkeypatch.setenv("REACTOR_DATA_DIR", str(tmp_path))
    good = Reactor(functions=FUNCTIONS, schema=schema)
    started, stopped = "lifespan.startup.complete", "lifespan.shutdown.complete"
    assert await lifespan(good) == [started, stopped]
    bad = Reactor(functions="nowhere_at_all")
    assert await lifespan(bad) == ["lifespan.startup.failed"]


async def test_a_mounted_project_opens_itself(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inside another application nobody tells it when to start."""
    opened: list[Node] = []
    node = await open_node(MemoryStorage())

    async def opening(project: Reactor, settings: object) -> Node:
        del project, settings
        opened.append(node)
        return node

    monkeypatch.setattr(Node, "open", opening)
    monkeypatch.setenv("REACTOR_ENV", "dev")
    app = Reactor(functions=FUNCTIONS, schema=schema)
    for _ in range(2):
        body = b'{"path":"counters:get","args":{"name":"x"}}'
        answer = await request(app, "POST", "/api/query", body=body)
        assert answer.json()["value"] == 0
    assert opened == [node]
    await node.close()
