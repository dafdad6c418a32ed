"""The promises of every store, the same tests for each: what was acknowledged is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reactor.storage.base import DROP_ROWS, FIRST_STORE, RETIRED, DocumentRow, Storage
from reactor.storage.memory import MemoryStorage
from reactor.storage.sqlite import SqliteStorage
from tests.unit.storage.world import NEWS, batch, first, landing, news, store

Stores = dict[str, Callable[[Path], Storage]]
STORES: Stores = {
    "memory": lambda _: MemoryStorage(),
    "thread": lambda folder: SqliteStorage(folder / "data.db", "thread"),
    "process": lambda folder: SqliteStorage(folder / "data.db", "process"),
}


@pytest.fixture(params=list(STORES))
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    made = STORES[request.param](tmp_path)
    yield made
    await made.close()


async def test_a_new_store_is_empty(storage: Storage) -> None:
    opened = await storage.open()
    assert (opened.is_new, opened.last_ts, opened.tables, opened.meta) == (True, 0, {}, {})
    assert list(storage.load()) == []


async def test_what_was_appended_is_there_after_a_restart(storage: Storage) -> None:
    await storage.open()
    ts = 1_767_225_600_123_456_789
    await store(
        storage,
        first(news("b", ts, b'{"n":1}'), (NEWS + 1, "a", ts, '{"é":"日"}'.encode()), ts=ts),
        batch(ts + 1, news("a", ts + 1, b'{"n":2}'), meta=[("lease", "me")], transactions=3),
    )
    await storage.close()
    opened = await storage.open()
    assert (opened.is_new, opened.last_ts) == (False, ts + 1)
    assert opened.tables == {"news": NEWS, "users": NEWS + 1}
    assert opened.meta == {"lease": "me"}
    assert list(storage.load()) == [
        (NEWS, "a", b'{"n":2}'),
        (NEWS, "b", b'{"n":1}'),
        (NEWS + 1, "a", '{"é":"日"}'.encode()),
    ]


async def test_bodies_come_back_byte_for_byte(storage: Storage) -> None:
    """An escape, a lone surrogate's bytes or a huge number is nothing that storage may touch."""
    bodies = [
        b'"\\u0000\\n"',
        b'"\xed\xa0\x80"',
        b"1e999",
        b"-0.0",
        b"{}",
        b'"' + b"x" * 10**6 + b'"',
    ]
    await storage.open()
    await store(storage, first(*(news(f"{n}", 1, body) for n, body in enumerate(bodies))))
    assert [body for _, _, body in storage.load()] == bodies


async def test_the_last_row_of_an_id_counts(storage: Storage) -> None:
    await storage.open()
    rows = [
        news("written-twice", 1, b"1"),
        news("written-twice", 2, b"2"),
        news("gone-again", 1, b"1"),
        news("gone-again", 2, None),
        news("back-again", 1, None),
        news("back-again", 2, b"2"),
        news("never-there", 2, None),
    ]
    await store(storage, first(*rows, ts=2))
    assert list(storage.load()) == [(NEWS, "back-again", b"2"), (NEWS, "written-twice", b"2")]


async def test_deleted_documents_are_gone(storage: Storage) -> None:
    await storage.open()
    ids = [f"{n:04}" for n in range(700)]
    await store(
        storage,
        first(*(news(id, 1) for id in ids), (NEWS + 1, "0000", 1, b"{}")),
        batch(2, *(news(id, 2, None) for id in ids[:600])),
    )
    assert [id for _, id, _ in storage.load()] == [*ids[600:], "0000"]


@pytest.mark.parametrize("count", [1, 127, 128, 129, 1000])
async def test_batches_of_any_length(storage: Storage, count: int) -> None:
    await storage.open()
    rows = [news(f"{n:04}", 1, b"%d" % n) for n in range(count)]
    await store(storage, first(*rows))
    assert list(storage.load()) == [(NEWS, id, body) for _, id, _, body in rows]


async def test_settings_alone_leave_the_timestamp(storage: Storage) -> None:
    await storage.open()
    await store(
        storage,
        batch(0, meta=[("key", "old")], transactions=0),
        first(ts=5),
        batch(5, meta=[("key", "new")], tables=[(7, "late", 7)], transactions=0),
    )
    await storage.close()
    opened = await storage.open()
    assert (opened.last_ts, opened.meta, opened.tables["late"]) == (5, {"key": "new"}, 7)


async def test_done_comes_later_and_may_append(storage: Storage) -> None:
    """The engine takes its next batch from within `done`, and relies on never being called back
    from within `append`."""
    await storage.open()
    errors: list[BaseException | None] = []
    finished = asyncio.Event()

    def done(error: BaseException | None) -> None:
        errors.append(error)
        if len(errors) == 3:
            finished.set()
        else:
            storage.append(batch(10 + len(errors)), done)

    storage.append(first(), done)
    assert errors == []
    await finished.wait()
    assert errors == [None] * 3


async def test_close_waits_for_the_batch_in_flight(storage: Storage) -> None:
    await storage.open()
    landed = landing(storage, first(news("a", 1)))
    await storage.close()
    assert landed.done()
    assert landed.result() is None
    await storage.close()


async def test_a_closed_store_refuses(storage: Storage) -> None:
    error = await landing(storage, first())
    assert getattr(error, "code", None) == "StorageFailed"
    await storage.open()
    await storage.close()
    error = await landing(storage, first())
    assert getattr(error, "code", None) == "StorageFailed"


async def test_nothing_outlives_close(storage: Storage) -> None:
    before = asyncio.all_tasks()
    await storage.open()
    await store(storage, first(news("a", 1)))
    await storage.close()
    assert asyncio.all_tasks() == before


async def test_one_row_points_a_table_at_another_store(storage: Storage) -> None:
    """An import becomes visible, or does not, in one batch; the old rows are left for dropping."""
    await storage.open()
    hidden: list[DocumentRow] = [(FIRST_STORE, f"{n:05}", 2, b"new") for n in range(3)]
    await store(storage, first(news("a", 1)), batch(2, *hidden))
    await storage.close()
    crashed = await storage.open()
    assert crashed.orphans == {FIRST_STORE: 3}
    assert list(storage.load()) == [(NEWS, "a", b"{}")], "what no table points at is not loaded"
    moved = [(NEWS + 7, "news", FIRST_STORE)]
    await store(storage, batch(3, tables=moved, meta=[(f"{RETIRED}{NEWS}", "3")]))
    await storage.close()
    opened = await storage.open()
    assert opened.tables == {"news": NEWS + 7, "users": NEWS + 1}
    assert opened.stores == {"news": FIRST_STORE, "users": NEWS + 1}
    assert opened.orphans == {NEWS: 1}
    assert [row[0] for row in storage.load()] == [FIRST_STORE] * 3


async def test_numbers_change_hands(storage: Storage) -> None:
    """Two tables of one import may have each other's numbers."""
    await storage.open()
    swapped = batch(2, tables=[(NEWS + 1, "news", NEWS), (NEWS, "users", NEWS + 1)])
    await store(storage, first(news("a", 1)), swapped)
    await storage.close()
    opened = await storage.open()
    assert opened.tables == {"news": NEWS + 1, "users": NEWS}
    assert opened.stores == {"news": NEWS, "users": NEWS + 1}


async def test_a_dropped_store_goes_piece_by_piece(storage: Storage) -> None:
    """Removing a million rows in one batch would hold up every commit behind it."""
    await storage.open()
    rows: list[DocumentRow] = [(FIRST_STORE, f"{n:05}", 1, b"{}") for n in range(DROP_ROWS + 5)]
    dropping = batch(2)
    await store(storage, first(news("a", 1), *rows), replace(dropping, drops=(FIRST_STORE,)))
    await storage.close()
    assert (await storage.open()).orphans == {FIRST_STORE: 5}
    await store(storage, replace(batch(3), drops=(FIRST_STORE,)))
    await storage.close()
    assert (await storage.open()).orphans == {}
    assert list(storage.load()) == [(NEWS, "a", b"{}")]
