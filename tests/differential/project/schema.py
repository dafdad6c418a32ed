"""The tables of both sides; convex/schema.ts says the same in TypeScript."""

from __future__ import annotations

from typing import Any, Literal

from reactor import ABSENT, Absent, Field, Id, Index, Int64, Object, SearchIndex, Table, field


class Value(Table, name="values"):
    value: Field[Any]


class Home(Object):
    city: str
    zip: str | None = None


class Person(Table, name="people"):
    name: Field[str]
    motto: Field[str | None]
    role: Field[Literal["user", "admin"]]
    tags: Field[list[str]]
    scores: Field[dict[str, float]]
    age: Field[float | None] = field(default=None)
    nick: Field[str | Absent | None] = field(default=ABSENT)
    home: Field[Home | None] = field(default=None)
    big: Field[Int64 | None] = field(default=None)
    raw: Field[bytes | None] = field(default=None)
    extra: Field[Any | Absent] = field(default=ABSENT)

    by_name = Index("name")


class Pet(Table, name="pets"):
    name: Field[str]
    owner: Field[Id[Person]]

    by_owner = Index("owner")


class Shape(Table, name="shapes"):
    """One of two kinds."""


class Circle(Shape):
    kind: Field[Literal["circle"]]
    radius: Field[float]


class Box(Shape):
    kind: Field[Literal["box"]]
    width: Field[float]
    height: Field[float]


class Inner(Object):
    x: Any | Absent = ABSENT


class Row(Table, name="rows"):
    label: Field[str]
    a: Field[Any | Absent] = field(default=ABSENT)
    b: Field[Any | Absent] = field(default=ABSENT)
    inner: Field[Inner | None] = field(default=None)

    by_label = Index("label")
    by_a = Index("a")
    by_a_and_b = Index("a", "b")
    by_inner_x = Index("inner.x")


class Note(Table, name="notes"):
    label: Field[str]
    text: Field[str]
    topic: Field[str | None] = field(default=None)
    pinned: Field[bool]

    by_text = SearchIndex("text", filters=["topic", "pinned"])
