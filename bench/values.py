"""Nanoseconds per call of the hottest functions of `reactor/values`: python bench/values.py.

It prints and asserts nothing: the numbers are for people who change these functions.
"""

from __future__ import annotations

import math
import time
import timeit
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson

from reactor.runtime.random import SeededEntropy
from reactor.values.ids import decode_id, encode_id, new_internal_id
from reactor.values.json import Format, dumps, from_json, loads, reformat, to_json
from reactor.values.order import compare, decode_key, encode_key
from reactor.values.size import check_document, size_of, wire_size
from reactor.values.types import ABSENT, Int64

SECONDS = 0.05
REPEATS = 7

INTERNAL = bytes(range(16))
ID = encode_id(10_001, INTERNAL)
ARTICLE: dict[str, Any] = {
    "_id": ID,
    "_creationTime": 1767225600123.5,
    "title": "Aturan baru untuk kecerdasan buatan",
    "content": "A paragraph of the article. " * 20,
    "isPublished": True,
    "publishedAt": 1767225600000,
    "tags": ["law", "ai", "asia"],
    "views": 12,
    "author": {"name": "Ann", "role": "editor", "image": None},
}
SPECIAL: dict[str, Any] = {"count": Int64(5), "score": math.nan, "blob": b"\x01\x02\x03", "x": 1.5}
UNICODE: dict[str, Any] = {**ARTICLE, "title": "Künstliche Intelligenz 😀", "content": "é" * 500}
VECTOR = [index / 7 for index in range(1536)]
ROWS: list[Any] = [ARTICLE] * 20


def nanoseconds(call: Callable[[], object]) -> float:
    """The fastest of a few runs, in processor time: what is slower is the machine's noise."""
    timer = timeit.Timer(call, timer=time.process_time)
    count, taken = timer.autorange()
    count = max(1, int(count * SECONDS / taken))
    return min(timer.repeat(REPEATS, count)) / count * 1e9


def ids() -> dict[str, Callable[[], object]]:
    """Ids; a miss goes around the cache."""
    return {
        "encode_id": partial(encode_id, 10_001, INTERNAL),
        "decode_id, cached": partial(decode_id, ID),
        "decode_id, not cached": partial(decode_id.__wrapped__, ID),
        "new_internal_id": partial(new_internal_id, SeededEntropy(1), 1767225600000.0),
    }


def keys() -> dict[str, Callable[[], object]]:
    """Index keys of single values."""
    values: dict[str, Any] = {
        "str": "hello world",
        "id": ID,
        "float": 1767225600123.5,
        "negative float": -1.5,
        "int": 42,
        "Int64": Int64(123456789),
        "bool": True,
        "None": None,
        "ABSENT": ABSENT,
        "bytes": INTERNAL,
        "object": SPECIAL,
    }
    calls: dict[str, Callable[[], object]] = {
        f"encode_key, {name}": partial(encode_key, value) for name, value in values.items()
    }
    calls["compare, two str"] = partial(compare, "hello", "world")
    joined = encode_key("hello world") + encode_key(1767225600123.5)
    calls["decode_key, str and float"] = partial(decode_key, joined)
    return calls


def wire() -> dict[str, Callable[[], object]]:
    """Wire JSON, both ways, beside the bare parser and encoder."""
    calls: dict[str, Callable[[], object]] = {}
    shapes: dict[str, Any] = {
        "small arguments": {"limit": 10},
        "an article": ARTICLE,
        "with emoji": UNICODE,
        "with $ forms": SPECIAL,
        "20 articles": ROWS,
        "1,536 floats": VECTOR,
    }
    for name, value in shapes.items():
        text = dumps(value)
        parsed = orjson.loads(text)
        calls[f"{name}: orjson.loads alone"] = partial(orjson.loads, text)
        calls[f"{name}: loads"] = partial(loads, text)
        calls[f"{name}: from_json"] = partial(from_json, parsed)
        calls[f"{name}: orjson.dumps alone"] = partial(orjson.dumps, parsed)
        calls[f"{name}: dumps"] = partial(dumps, value)
        calls[f"{name}: to_json"] = partial(to_json, value)
        calls[f"{name}: reformat to json"] = partial(reformat, text, Format.JSON)
        calls[f"{name}: size_of"] = partial(size_of, value)
        calls[f"{name}: wire_size"] = partial(wire_size, parsed)
        if isinstance(value, dict):
            calls[f"{name}: check_document"] = partial(check_document, parsed)
    return calls


def main() -> None:
    """Prints one line per call."""
    for group in (ids, keys, wire):
        for name, call in group().items():
            print(f"{name:45} {nanoseconds(call):12,.0f} ns")


if __name__ == "__main__":
    main()
