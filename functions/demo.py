"""`demo:seed`: the people and texts that `reactor dev` puts into an empty database."""

from __future__ import annotations

from typing import Final

from functions._bookkeeping import count
from functions._sowing.articles import sow_news, sow_research
from functions._sowing.billing import sow_billing
from functions._sowing.courses import sow_courses
from functions._sowing.emails import sow_emails
from functions._sowing.inbox import sow_inbox
from functions._sowing.learning import sow_learning
from functions._sowing.people import sow_people
from functions._sowing.playground import sow_playground
from functions._sowing.sower import Sower
from reactor import MutationCtx, internal_mutation
from schema import Counter

MARKER: Final = "demoDocuments"
"""The counter that says that the data set is there: what `seed` returned."""


@internal_mutation
async def seed(ctx: MutationCtx) -> int:
    """Stores the demo data once.

    Returns:
        The number of rows that it inserted (tags, totals and days follow from them and are not
        counted), 0 when the data was there already.
    """
    marker = Counter.name == MARKER
    if await ctx.db.query(Counter).with_index(Counter.by_name, marker).unique() is not None:
        return 0
    sower = Sower(ctx)
    people = await sow_people(sower)
    await sow_news(sower, people)
    await sow_research(sower, people)
    library = await sow_courses(sower, people)
    finishes = await sow_learning(sower, people, library)
    bills = await sow_billing(sower, people)
    await sow_playground(sower, people)
    await sow_inbox(sower, people, bills, finishes)
    await sow_emails(sower, people, bills, finishes)
    await sower.sow_days()
    await count(ctx, MARKER, sower.inserted)
    return sower.inserted
