"""The two ways of importing, seen from inside: what the loop waits for, and what is taken back."""

from __future__ import annotations

from typing import Any

import pytest

from reactor import limits
from reactor.errors import TransferRefused
from reactor.transfer.plan import Mode, make_plan
from reactor.transfer.reader import Rows
from reactor.transfer.records import IMPORTS, Records
from reactor.transfer.source import Section
from reactor.transfer.stored import StoredFiles
from reactor.transfer.work import Appending, Staging, Work, work_for
from reactor.values.ids import encode_id
from tests.unit.sample.schema import Note
from tests.unit.transfer.world import Client

NUMBER = 10_777


def batch(count: int, start: int = 0) -> Rows:
    made: Rows = []
    for n in range(start, start + count):
        internal = n.to_bytes(16, "big")
        id = encode_id(NUMBER, internal)
        raw = b'{"_creationTime":%d.0,"_id":"%s","owner":"","text":"%d"}' % (n, id.encode(), n)
        made.append((n + 1, id, NUMBER, internal, raw))
    return made


def begin(client: Client, mode: Mode, count: int = 100) -> Work:
    hub = client.world.hub
    records = Records(hub, hub.runner.entropy, IMPORTS)
    id, _ = records.insert({"state": {"state": "in_progress"}})
    record = records.get(id)
    assert record is not None
    schemas = {s.space: s for s in client.world.node.loaded.schemas}
    plan = make_plan([Section("notes", NUMBER, count)], mode, hub.log, schemas)
    stored = StoredFiles(hub.runner.files, set())
    return work_for(plan, hub, schemas, records, record, stored, hub.runner.entropy)


def notes(client: Client) -> int:
    return len(client.world.log.snapshot.table("notes").documents)


async def test_staging_shows_nothing_until_it_is_finished(client: Client) -> None:
    await client.world.backend.insert(Note(text="old"))
    work = begin(client, "replace")
    assert isinstance(work, Staging)
    await work.take("notes", batch(100))
    assert notes(client) == 1
    await work.finish(lambda: None)
    assert notes(client) == 100
    assert work.written == 100


async def test_only_one_piece_waits_for_the_disk(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that cannot keep up must hold the import up, and not fill the memory."""
    monkeypatch.setattr(limits, "IMPORT_STAGE_ROWS", 10)
    storage: Any = client.world.storage
    work = begin(client, "replace")
    storage.hold()
    await work.take("notes", batch(10))
    waiting = client.world.hub.background.start(work.take("notes", batch(10, 10)))
    for _ in range(20):
        await client.turn()
    assert not waiting.done()
    storage.release()
    await waiting
    await work.finish(lambda: None)
    assert notes(client) == 20


async def test_what_is_abandoned_leaves_no_trace(client: Client) -> None:
    log = client.world.log
    work = begin(client, "replace")
    await work.take("notes", batch(100))
    work.abandon()
    assert notes(client) == 0
    while log.retired.release(50):
        pass
    assert log.orphans, "its rows are on disk until they are dropped"


async def test_appending_writes_as_it_goes_and_remembers_how_far_it_is(client: Client) -> None:
    work = begin(client, "append", 1_000)
    assert isinstance(work, Appending)
    await work.take("notes", batch(limits.IMPORT_APPEND_ROWS))
    assert notes(client) == limits.IMPORT_APPEND_ROWS
    assert work.record["done"] == {"notes": float(limits.IMPORT_APPEND_ROWS)}
    await work.take("notes", batch(5, 5_000))
    await work.finish(lambda: work.record.update(state={"state": "completed"}))
    assert notes(client) == limits.IMPORT_APPEND_ROWS + 5
    (record,) = work.records.all()
    assert record["state"] == {"state": "completed"}


async def test_a_table_filled_meanwhile_is_not_replaced_when_it_must_be_empty(
    client: Client,
) -> None:
    """Somebody writes while a restore into an empty deployment runs: their document must live."""
    work = begin(client, "requireEmpty")
    await work.take("notes", batch(3))
    await client.world.backend.insert(Note(text="meanwhile"))
    with pytest.raises(TransferRefused, match=r"notes \(1\)"):
        await work.finish(lambda: None)
    assert notes(client) == 1


async def test_an_id_twice_names_its_line(client: Client) -> None:
    for mode in ("replace", "append"):
        work = begin(client, mode)
        await work.take("notes", batch(3))
        with pytest.raises(TransferRefused, match="notes, line 2: the _id"):
            await take_and_finish(work, batch(1, 1))
        work.abandon()


async def take_and_finish(work: Work, rows: Rows) -> None:
    await work.take("notes", rows)
    await work.finish(lambda: None)
