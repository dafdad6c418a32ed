"""The tables behind the compatibility checks."""

from __future__ import annotations

from typing import Any

from reactor import Field, Id, Index, Int64, SearchIndex, StoredFile, Table, field


class Item(Table, name="items"):
    bucket: Field[str]
    rank: Field[float]
    label: Field[str]

    by_bucket_and_rank = Index("bucket", "rank")


class Counter(Table, name="counters"):
    name: Field[str]
    value: Field[int] = field(default=0)

    by_name = Index("name", unique=True)


class Value(Table, name="values"):
    value: Field[Any]


class Measure(Table, name="measures"):
    text: Field[str]
    number: Field[float]
    whole: Field[int]
    big: Field[Int64]
    flag: Field[bool]
    raw: Field[bytes]
    maybe: Field[str | None] = field(default=None)


class Order(Table, name="orders"):
    name: Field[str]
    line_count: Field[int] = field(default=0)

    by_name = Index("name", unique=True)


class Line(Table, name="lines"):
    order_id: Field[Id[Order]]
    number: Field[int]

    by_order = Index("order_id", "number")


class Picture(Table, name="pictures"):
    name: Field[str]
    file: Field[Id[StoredFile]]

    by_name = Index("name", unique=True)


class Step(Table, name="steps"):
    run: Field[str]
    number: Field[int]

    by_run = Index("run", "number")


class Article(Table, name="articles"):
    title: Field[str]
    topic: Field[str]
    views: Field[int] = field(default=0)

    search_title = SearchIndex("title", filters=["topic"])
