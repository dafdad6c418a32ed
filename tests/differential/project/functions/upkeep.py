"""Only on reactor's side: the mock starts each case with a new database, the server is emptied."""

from __future__ import annotations

from components import ledger, spare
from ledger.functions import entries

from functions.docs import TABLES
from reactor import MutationCtx, ScheduledFunction, StoredFile, internal_mutation


@internal_mutation
async def clear(ctx: MutationCtx) -> None:
    for table in TABLES.values():
        for document in await ctx.db.query(table).collect():
            await ctx.db.delete(document.id)
    for file in await ctx.db.query(StoredFile).collect():
        await ctx.storage.delete(file.id)
    for job in await ctx.db.query(ScheduledFunction).collect():
        await ctx.scheduler.cancel(job.id)
    for mounted in (ledger, spare):
        await ctx.run_mutation(mounted(entries.clear))
