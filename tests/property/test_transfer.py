"""Whatever can be stored comes back from an export: byte for byte, type for type."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from reactor.errors import TransferRefused
from reactor.transfer.archive import Frozen, FrozenTable, export_lines, write_archive
from reactor.transfer.layout import entry_name, parse_entry
from reactor.transfer.rows import csv_rows, json_lines
from reactor.values.ids import encode_id
from reactor.values.json import Format, dumps, reformat
from reactor.values.types import Int64
from tests.unit.transfer.world import unpacked

NAMES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8).filter(
    lambda name: not name.startswith(("$", "_"))
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers(-(2**63), 2**63 - 1).map(Int64)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary(max_size=40)
    | st.sampled_from(['{"$integer":"AAAAAAAAAAA="}', "$integer", '"$', "-0.0", "\n", "\u2028"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(NAMES, VALUES, max_size=6)


def stored(document: dict[str, Any], number: int) -> bytes:
    id = encode_id(10_777, number.to_bytes(16, "big"))
    return dumps({**document, "_id": id, "_creationTime": float(number)})


@given(st.lists(DOCUMENTS, max_size=5))
def test_documents_come_back_as_they_were(documents: list[dict[str, Any]]) -> None:
    block = [stored(document, n) for n, document in enumerate(documents)]
    out = io.BytesIO()
    frozen = Frozen(1, [FrozenTable("news", 10_777, [block])], len(block))
    write_archive(out, frozen, datetime(2026, 1, 1, tzinfo=UTC), lambda _: None)
    text = unpacked(out.getvalue())["news/documents.jsonl"]
    assert [row.raw for row in json_lines(io.BytesIO(text), uniform=True)] == block


@given(DOCUMENTS)
def test_lines_are_the_export_format_of_the_http_api(document: dict[str, Any]) -> None:
    raw = stored(document, 1)
    assert export_lines([raw]) == reformat(raw, Format.EXPORT) + b"\n"


@given(st.dictionaries(NAMES, st.none() | st.booleans() | st.text() | st.integers(), max_size=5))
def test_any_json_is_taken_or_refused_with_its_line(document: dict[str, Any]) -> None:
    """Nothing but a refusal may come out of a file; the import's owner sees nothing else."""
    line = json.dumps(document).encode()
    for uniform in (True, False):
        try:
            (row,) = json_lines(io.BytesIO(line), uniform=uniform)
        except TransferRefused:
            continue
        assert orjson.loads(row.raw).keys() == document.keys()


@given(st.binary(max_size=200))
def test_no_bytes_bring_a_reader_down(content: bytes) -> None:
    with suppress(TransferRefused):
        list(csv_rows(io.BytesIO(content)))
    with suppress(TransferRefused):
        list(json_lines(io.BytesIO(content), uniform=True))


@given(st.text(max_size=60))
def test_no_path_leads_out(path: str) -> None:
    try:
        entry = parse_entry(path)
    except ValueError:
        return
    if entry is not None:
        assert entry_name(entry.name, entry.file) == path
        assert ".." not in entry.name
