"""Single documents: stored, read, changed, removed, against a schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from reactor import (
    ABSENT,
    Change,
    Document,
    Id,
    MutationCtx,
    Object,
    QueryCtx,
    Table,
    mutation,
    query,
)
from schema import Box, Circle, Home, Inner, Note, Person, Pet, Row, Shape, Value

TABLES: dict[str, type[Table]] = {
    "values": Value,
    "people": Person,
    "pets": Pet,
    "shapes": Shape,
    "rows": Row,
    "notes": Note,
}


class Written(Object):
    """What a mutation saw of its own writes."""

    inserted: Person | None
    patched: Person | None
    found: list[Person]
    gone: Person | None


def made(table: str, doc: dict[str, Any]) -> Any:
    """A document of a table from the wire's object, nested Objects included."""
    cls: type[Any] = TABLES[table]
    if cls is Shape:
        cls = {"circle": Circle, "box": Box}[doc["kind"]]
    return cls(**{name: _nested(name, value) for name, value in doc.items()})


def _nested(name: str, value: Any) -> Any:
    kinds: dict[str, type[Any]] = {"home": Home, "inner": Inner}
    if name not in kinds or not isinstance(value, dict):
        return value
    return kinds[name](**cast("dict[str, Any]", value))


@mutation
async def insert(ctx: MutationCtx, *, table: str, doc: Any) -> Any:
    return await ctx.db.insert(made(table, doc))


@query
async def get(ctx: QueryCtx, *, id: str) -> Any:
    return await ctx.db.get(cast("Id[Document]", id))


@mutation
async def patch(ctx: MutationCtx, *, id: str, set: Any, unset: list[str] | None = None) -> None:
    changes: list[Change[Person]] = [
        getattr(Person, name).set(_nested(name, value)) for name, value in set.items()
    ]
    changes += [getattr(Person, name).set(_gone(name)) for name in unset or []]
    await ctx.db.patch(cast("Id[Person]", id), *changes)


def _gone(name: str) -> Any:
    return ABSENT if name in ("nick", "extra") else None


@mutation
async def replace(ctx: MutationCtx, *, id: str, doc: Any) -> None:
    await ctx.db.replace(cast("Id[Person]", id), made("people", doc))


@mutation
async def remove(ctx: MutationCtx, *, id: str) -> None:
    await ctx.db.delete(cast("Id[Any]", id))


@query
async def normalize(ctx: QueryCtx, *, table: str, text: str) -> Any:
    return ctx.db.normalize_id(TABLES[table], text)


@query.options(name="all")
async def all_(ctx: QueryCtx, *, table: str) -> Any:
    found: Sequence[Document] = await ctx.db.query(TABLES[table]).collect()
    return found


@mutation
async def story(ctx: MutationCtx, *, doc: Any) -> Written:
    """Several writes of one mutation, and what it sees after each."""
    id: Id[Person] = await ctx.db.insert(made("people", doc))
    inserted = await ctx.db.get(id)
    await ctx.db.patch(id, Person.name.set("patched"))
    patched = await ctx.db.get(id)
    named = ctx.db.query(Person).with_index(Person.by_name, Person.name == "patched")
    found = await named.collect()
    await ctx.db.delete(id)
    return Written(inserted=inserted, patched=patched, found=found, gone=await ctx.db.get(id))


@mutation
async def caught(ctx: MutationCtx, *, good: Any, bad: Any) -> Any:
    """What a failing write leaves behind when its error is caught."""
    await ctx.db.insert(made("people", good))
    failed = False
    try:
        await ctx.db.insert(made("people", bad))
    except Exception:
        failed = True
    return {"failed": failed, "count": len(await ctx.db.query(Person).collect())}


@mutation
async def twice(ctx: MutationCtx, *, id: str) -> None:
    await ctx.db.delete(cast("Id[Any]", id))
    await ctx.db.delete(cast("Id[Any]", id))


@query
async def with_pets(ctx: QueryCtx) -> Any:
    people = await ctx.db.query(Person).with_index(Person.by_name).collect()
    return [
        {
            "name": person.name,
            "pets": [
                pet.name
                for pet in await ctx.db.query(Pet)
                .with_index(Pet.by_owner, Pet.owner == person.id)
                .collect()
            ],
        }
        for person in people
    ]
