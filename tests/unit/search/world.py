"""What the search tests share: a text index and documents in one line."""

from __future__ import annotations

from typing import Any

import orjson

from reactor.search.analyzer import Analyzer
from reactor.search.query import Differing, TextQuery
from reactor.search.ranking import Hit
from reactor.search.text import TextIndex
from reactor.values.json import to_json
from reactor.values.order import encode_key


def index() -> TextIndex:
    return TextIndex(("title",), (("topic",), ("author", "name")), Analyzer())


def id_(number: int) -> bytes:
    return number.to_bytes(16, "big")


def raw(title: Any, *, created: float = 1.0, **fields: Any) -> bytes:
    body = {"_creationTime": created, "title": title, **to_json(fields)}
    return orjson.dumps({**body, "_id": "x"}, option=orjson.OPT_SORT_KEYS)


def stored(
    number: int, title: Any, *, created: float | None = None, **fields: Any
) -> tuple[bytes, bytes]:
    created = float(number) if created is None else created
    return id_(number), raw(title, created=created, **fields)


def query(of: TextIndex, text: str, **equal: Any) -> TextQuery:
    values = {"topic": 0, "author": 1}
    pairs = sorted((values[name], encode_key(value)) for name, value in equal.items())
    return TextQuery(
        of,
        tuple(of.analyzer.query(text)),
        tuple([column for column, _ in pairs]),
        tuple([value for _, value in pairs]),
    )


def hits(of: TextIndex, text: str, differing: Differing | None = None, **equal: Any) -> list[Hit]:
    return list(query(of, text, **equal).hits(differing))


def found(of: TextIndex, text: str, **equal: Any) -> list[int]:
    """The numbers of the documents found, best first."""
    return [int.from_bytes(id, "big") for _, _, id in hits(of, text, **equal)]
