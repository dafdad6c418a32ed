"""Migrations of the sample's notes."""

from __future__ import annotations

from reactor import Migration, MutationCtx, QueryCtx, migration, query
from tests.unit.sample.schema import Note


@migration(Note, batch=3)
async def shout(ctx: MutationCtx, note: Note) -> None:
    """Writes every note in capitals; refuses one that says so."""
    if note.text == "no":
        raise ValueError("this one cannot be shouted")
    await ctx.db.patch(note.id, Note.text.set(note.text.upper()))


@query
async def progress(ctx: QueryCtx) -> list[str]:
    """What a dashboard shows of all migrations."""
    return [
        f"{one.state} {one.processed}/{one.total}"
        for one in await ctx.db.query(Migration).collect()
    ]
