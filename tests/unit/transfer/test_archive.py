"""Archives: Convex's layout, and every value in the form that brings it back."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import orjson
import pytest

from reactor import limits
from reactor.transfer.archive import Abandoned, Frozen, FrozenTable, export_lines, write_archive
from reactor.values.json import Format, dumps, reformat
from reactor.values.types import Int64
from tests.unit.transfer.world import unpacked

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def written(*tables: FrozenTable) -> bytes:
    out = io.BytesIO()
    count = sum(len(block) for table in tables for block in table.blocks)
    write_archive(out, Frozen(1, list(tables), count), NOON, lambda _: None)
    return out.getvalue()


def test_the_layout_is_convexs() -> None:
    content = written(
        FrozenTable("news", 10_002, [[b'{"a":1.0}', b'{"a":2.0}'], [b'{"a":3.0}']]),
        FrozenTable("empty", 10_001, []),
        FrozenTable("limiter/hits", 10_003, [[b"{}"]]),
    )
    entries = unpacked(content)
    assert list(entries) == [
        "README.md",
        "_tables/documents.jsonl",
        "_components/limiter/_tables/documents.jsonl",
        "empty/generated_schema.jsonl",
        "empty/documents.jsonl",
        "_components/limiter/hits/generated_schema.jsonl",
        "_components/limiter/hits/documents.jsonl",
        "news/generated_schema.jsonl",
        "news/documents.jsonl",
    ]
    assert entries["_tables/documents.jsonl"] == (
        b'{"name":"empty","id":10001}\n{"name":"news","id":10002}\n'
    )
    assert entries["_components/limiter/_tables/documents.jsonl"] == b'{"name":"hits","id":10003}\n'
    assert entries["news/documents.jsonl"] == b'{"a":1.0}\n{"a":2.0}\n{"a":3.0}\n'
    assert entries["news/generated_schema.jsonl"] == b'"uniform"\n'
    assert entries["empty/documents.jsonl"] == b""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        info = packed.getinfo("news/documents.jsonl")
        assert (info.external_attr >> 16, info.compress_type) == (0o644, zipfile.ZIP_DEFLATED)
        assert info.date_time == (2026, 1, 2, 12, 0, 0)


def test_lines_are_in_the_export_format() -> None:
    values = [
        {"a": Int64(5)}, {"a": -0.0}, {"a": float("nan")}, {"a": b"\x00"}, {"a": 1.0},
        {"a": '{"$integer":"AAAAAAAAAAA="}'}, {"a": [Int64(-1), {"b": -0.0}], "c": "$"},
    ]  # fmt: skip
    block = [dumps(value) for value in values]
    assert export_lines(block) == b"".join(reformat(raw, Format.EXPORT) + b"\n" for raw in block)


def test_pieces_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is put together at once is what the loop may wait for."""
    monkeypatch.setattr(limits, "EXPORT_PIECE_BYTES", 100)
    told: list[int] = []
    blocks = [[orjson.dumps({"n": n})] * 20 for n in range(5)]
    write_archive(io.BytesIO(), Frozen(1, [FrozenTable("t", 1, blocks)], 100), NOON, told.append)
    assert told == [20] * 5
    assert blocks == [], "what is written is let go of"


def test_it_can_be_left_unfinished() -> None:
    def stop(_: int) -> None:
        raise Abandoned

    table = FrozenTable("t", 1, [[b"{}"]])
    with pytest.raises(Abandoned):
        write_archive(io.BytesIO(), Frozen(1, [table], 1), NOON, stop)
