"""Rows become documents: with what they lack, and only if they fit."""

from __future__ import annotations

import orjson
import pytest

from reactor.errors import TransferRefused
from reactor.runtime.random import SeededEntropy
from reactor.schema.load import Schema
from reactor.transfer.intake import Intake, Taken
from reactor.values.ids import decode_id, encode_id
from tests.unit.sample import schema

NUMBER = 10_777
ID = encode_id(NUMBER, bytes(16))


def intake(*, name: str = "notes", declared: bool = True) -> Intake:
    definition = Schema(schema).tables[name] if declared else None
    return Intake(name, NUMBER, definition, {name: NUMBER}, SeededEntropy(1), 1_000.0)


def take(one: Intake, id: str = "", line: int = 1, number: int = NUMBER, **fields: object) -> Taken:
    body = {"text": "x", "owner": "", **fields} | ({"_id": id} if id else {})
    raw = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    return one.take(line, id, number, bytes(16) if id else b"", raw)


def test_what_is_there_is_kept_byte_for_byte() -> None:
    taken = take(intake(), ID, _creationTime=5.0)
    assert (taken.text, taken.internal) == (ID, bytes(16))
    assert taken.raw == b'{"_creationTime":5.0,"_id":"%s","owner":"","text":"x"}' % ID.encode()
    assert taken.parsed == orjson.loads(taken.raw)


def test_what_is_missing_is_made() -> None:
    one = intake()
    first, second = take(one), take(one)
    assert decode_id(first.text) == (NUMBER, first.internal)
    assert first.internal != second.internal
    assert first.parsed["_creationTime"] == 1_000.0
    assert 1_000.0 < second.parsed["_creationTime"] < 1_000.001
    assert orjson.loads(second.raw) == second.parsed
    assert take(one, ID).parsed["_creationTime"] > second.parsed["_creationTime"]


def test_an_id_of_another_table_is_refused() -> None:
    with pytest.raises(TransferRefused) as refused:
        take(intake(), ID, number=NUMBER + 1, line=7)
    assert refused.value.code == "InvalidId"
    assert "notes, line 7" in str(refused.value)


def test_a_row_that_does_not_fit_is_named() -> None:
    with pytest.raises(TransferRefused, match=rf"notes, line 3 \({ID}\) does not match the schema"):
        take(intake(), ID, line=3, owner=5.0)
    assert take(intake(declared=False), ID, owner=5.0).parsed["owner"] == 5.0
