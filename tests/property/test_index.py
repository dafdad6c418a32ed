"""The index under random writes answers as a sorted dictionary would."""

from __future__ import annotations

from typing import Any
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from reactor.log import blocks as blocks_module
from reactor.log.blocks import Blocks
from reactor.log.commit import Log
from reactor.log.snapshot import IndexData, Snapshot, TableData, Write
from reactor.runtime.clock import VirtualClock
from reactor.schema.places import TableNumbers
from reactor.transaction.overlay import Overlay, Pending
from reactor.transaction.transaction import Transaction
from reactor.values.order import encode_key
from tests.unit.log.world import id_, news_table, raw

SMALL_BLOCK = 24
"""So that a few dozen keys make several blocks; the engine's hold 512."""

numbers = st.integers(0, 120)


def key(number: int) -> bytes:
    return number.to_bytes(2, "big")


def test_blocks_are_a_sorted_dictionary() -> None:
    """However rows came and went, a range holds exactly those that are there, in order."""
    with mock.patch.object(blocks_module, "BLOCK_MAX", SMALL_BLOCK):
        compare_blocks()


steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), numbers, st.integers(0, 9)),
        st.tuples(st.just("fill"), numbers, st.integers(0, 40)),
        st.tuples(st.just("remove"), numbers, st.integers(0, 30)),
    ),
    max_size=30,
)
queries = st.lists(
    st.tuples(numbers, numbers, st.integers(0, 130), st.booleans()), min_size=1, max_size=8
)


@settings(max_examples=200)
@given(st.integers(0, 80), steps, queries)
def compare_blocks(loaded: int, moves: list[tuple[str, int, int]], reads: list[Any]) -> None:
    model = {key(2 * n): b"loaded" for n in range(loaded)}
    blocks = Blocks()
    blocks.extend_sorted(sorted(model), [model[key] for key in sorted(model)])
    for kind, at, extra in moves:
        for number in [at] if kind == "put" else range(at, at + extra):
            one = key(number)
            if kind != "remove":
                model[one] = b"%d" % extra
                blocks.put(one, model[one])
            elif one in model:
                del model[one]
                blocks.remove(one)
    assert len(blocks) == len(model)
    for low, high, limit, reverse in reads:
        check_range(blocks, model, key(low), key(max(low, high)), limit, reverse)


def check_range(
    blocks: Blocks, model: dict[bytes, bytes], low: bytes, high: bytes, limit: int, reverse: bool
) -> None:
    inside = sorted((one for one in model if low <= one < high), reverse=reverse)
    keys, values = blocks.slice(low, high, limit, reverse=reverse)
    assert keys == inside[:limit]
    assert values == [model[one] for one in keys]
    assert blocks.count(low, high) == len(inside)
    for offset in (0, limit, len(inside) - 1):
        expected = inside[offset] if 0 <= offset < len(inside) else None
        assert blocks.nth(low, high, offset, reverse=reverse) == expected


documents = st.dictionaries(
    st.integers(0, 12), st.tuples(st.sampled_from("ab"), st.integers(0, 3)), max_size=12
)
changes = st.lists(
    st.tuples(st.integers(0, 15), st.none() | st.tuples(st.sampled_from("ab"), st.integers(0, 3))),
    max_size=15,
)
edges = st.tuples(
    st.sampled_from("ab"), st.integers(0, 4), st.integers(0, 4), st.integers(0, 9), st.booleans()
)


def body(number: int, fields: tuple[str, int]) -> bytes:
    return raw(number, topic=fields[0], n=fields[1])


def key_in(index: IndexData, number: int, new: bytes) -> bytes:
    return next(one for other, _, one in index.table.keys(id_(number), new) if other is index)


def stored(resident: dict[int, tuple[str, int]]) -> TableData:
    table, snapshot = news_table(), Snapshot()
    snapshot.load(table, [(id_(n), body(n, fields)) for n, fields in resident.items()])
    table.ordered_by_id()
    return table


@given(documents, changes, st.lists(edges, min_size=1, max_size=6), st.integers(0, 15))
def test_own_writes_stand_in_every_index(
    resident: dict[int, tuple[str, int]], moves: list[Any], reads: list[Any], used_after: int
) -> None:
    """A mutation sees its own inserts, changes and deletes in every range that it reads."""
    table = stored(resident)
    overlay = Overlay(table)
    model = dict(resident)
    for at, (number, fields) in enumerate(moves):
        if at == used_after:  # from here on the overlay's own indexes are kept up to date
            check_overlay(overlay, model, reads)
        before = overlay.documents.get(id_(number))
        base = before.base if before else table.documents.get(id_(number))
        new = body(number, fields) if fields else None
        overlay.put(id_(number), Pending(f"doc{number}", base, new, None, is_write=True))
        model.pop(number, None)
        if fields:
            model[number] = fields
    check_overlay(overlay, model, reads)
    check_overlay(again(overlay), model, reads)


def again(overlay: Overlay) -> Overlay:
    """The same documents in an overlay that has no index yet."""
    twin = Overlay(overlay.table)
    for id, pending in overlay.documents.items():
        twin.put(id, pending)
    return twin


@given(documents, changes, changes, st.lists(edges, min_size=1, max_size=6), st.booleans())
def test_a_savepoint_gives_back_every_index(
    resident: dict[int, tuple[str, int]],
    kept: list[Any],
    undone: list[Any],
    reads: list[Any],
    is_read: bool,
) -> None:
    """After a nested mutation failed its caller reads what it read before, in every range."""
    table = stored(resident)
    tx = transaction_on(table)
    model = dict(resident)
    for number, fields in kept:
        write(tx, table, number, fields)
        model.pop(number, None)
        if fields:
            model[number] = fields
    if is_read and table in tx.overlays:
        check_overlay(tx.overlays[table], model, reads)
    saved = tx.savepoint()
    for number, fields in undone:
        write(tx, table, number, fields)
    tx.restore(saved)
    overlay = tx.overlays.get(table) or Overlay(table)
    check_overlay(overlay, model, reads)
    check_overlay(again(overlay), model, reads)


def transaction_on(table: TableData) -> Transaction:
    log = Log(VirtualClock(), 0, TableNumbers())
    log.snapshot.tables[table.name] = table
    return Transaction(log, 0.0)


def write(tx: Transaction, table: TableData, number: int, fields: tuple[str, int] | None) -> None:
    tx.write(table, id_(number), f"doc{number}", body(number, fields) if fields else None, None)


def check_overlay(
    overlay: Overlay, model: dict[int, tuple[str, int]], reads: list[tuple[Any, ...]]
) -> None:
    for index in overlay.table.indexes.values():
        rows = sorted((key_in(index, n, body(n, f)), body(n, f)) for n, f in model.items())
        for low, high, limit, reverse in ranges(index, reads):
            inside = [row for row in rows if low <= row[0] < high]
            ordered = inside[::-1] if reverse else inside
            keys, values = overlay.slice(index, low, high, limit, reverse=reverse)
            assert list(zip(keys, values, strict=True)) == ordered[:limit]
            assert overlay.count(index, low, high) == len(inside)


def ranges(index: IndexData, reads: list[tuple[Any, ...]]) -> list[tuple[bytes, bytes, int, bool]]:
    out = [(b"", b"\xff" * 17, 99, False), (b"", b"\xff" * 17, 2, True)]
    for topic, one, other, limit, reverse in reads:
        low, high = min(one, other), max(one, other)
        if index.name == "by_topic_and_n":
            prefix = encode_key(topic)
            ends = prefix + encode_key(low), prefix + encode_key(high)
        elif index is index.table.by_id:
            ends = id_(3 * low), id_(3 * high)
        else:
            ends = encode_key(topic), encode_key("b")
        out.append((*ends, limit, reverse))
    return out


@given(documents, changes)
def test_writes_leave_what_a_restart_would_load(
    resident: dict[int, tuple[str, int]], moves: list[Any]
) -> None:
    """Indexes that were kept up to date equal indexes that were built from the documents."""
    table, snapshot, model = stored(resident), Snapshot(), dict(resident)
    for number, fields in moves:
        old = table.documents.get(id_(number))
        new = body(number, fields) if fields else None
        if old is None and new is None:
            continue
        snapshot.apply(Write(table, id_(number), f"doc{number}", old, new))
        model.pop(number, None)
        if fields:
            model[number] = fields
    rebuilt = stored(model)
    for name, index in rebuilt.indexes.items():
        every = (b"", b"\xff" * 17, 999)
        assert table.indexes[name].blocks.slice(*every, reverse=False) == index.blocks.slice(
            *every, reverse=False
        )
