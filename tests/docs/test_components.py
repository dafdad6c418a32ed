"""What `docs/guide/components.md` shows runs as it stands there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.snippets import blocks, run, write_files

PAGE = "components.md"

SCHEMA = """
from reactor import Field, Index, Table, field

class Message(Table, name="messages"):
    channel: Field[str]
    body: Field[str]

class Order(Table, name="orders"):
    item: Field[str]

class Score(Table, name="scores"):
    game: Field[str]
    player: Field[str]
    points: Field[int]
    by_game = Index("game", "points", sums=["points"])

class User(Table, name="users"):
    name: Field[str]

class Problem(Table, name="problems"):
    user_id: Field[str]
    text: Field[str]
"""

OPEN = """
import asyncio, schema
from components import audit
from reactor.contrib import Aggregate, RateLimiter, Workpool
from reactor.testing import open_harness

mounted = [audit, RateLimiter.component, Aggregate.component, Workpool.component]
harness = open_harness(functions="functions", schema=schema, components=mounted)
"""

USE = (
    OPEN
    + """
from audit.functions import entries
from functions import messages, orders
from reactor import AppError

async def main():
    async with harness:
        for _ in range(3):
            await harness.mutation(messages.send, channel="a", body="x")
        try:
            await harness.mutation(messages.send, channel="a", body="x")
        except AppError as error:
            print(error.data["kind"], error.data["name"])
        id = await harness.mutation(orders.place, item="pen")
        print(await harness.query(audit(entries.of), subject=id))

asyncio.run(main())
"""
)

FIGURES = """
from schema import Score
from reactor import MutationCtx, migration
{declared}
async def figures(ctx, mine=1300):
    for player, points in [("ada", 1200), ("bob", 1400), ("eve", 1500)]:
        await ctx.db.insert(Score(game="chess", player=player, points=points))
{native}
    print(rank, await ctx.db.query(Score).count())
{written}
    print(await ranking.count(ctx, prefix("chess")), await plays.count(ctx, namespace="2026"))
{backfill}

async def main():
    async with harness:
        await harness.run(figures)

asyncio.run(main())
"""


MAILS = """
from typing import Any
from reactor import ActionCtx, Id, MutationCtx, internal_action, internal_mutation, mutation
from schema import Problem, User

@internal_action
async def send_welcome(ctx: ActionCtx, *, user_id: Id[User]) -> None:
    raise ValueError("no such mailbox")

"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_files(PAGE, tmp_path)
    (tmp_path / "schema.py").write_text(SCHEMA)
    return tmp_path


def block_with(text: str) -> str:
    found = [block for block in blocks(PAGE) if text in block]
    assert len(found) == 1
    return found[0]


def indented(block: str) -> str:
    return "".join(f"    {line}\n" for line in block.splitlines())


def test_a_project_with_a_limit_and_a_component_of_its_own(project: Path) -> None:
    assert run(project, USE) == "RateLimited sendMessage\n['placed']\n"


def test_figures_of_an_index_and_of_an_aggregate(project: Path) -> None:
    declared, written = block_with("TableAggregate(").split("await ranking.insert", 1)
    script = OPEN + FIGURES.format(
        declared=declared,
        native=indented(block_with("better.count()")),
        written=indented("await ranking.insert" + written),
        backfill=block_with("@migration(Score)"),
    )
    assert run(project, script) == "2 3\n1 0\n"


def test_a_pool_and_its_handler(project: Path) -> None:
    (project / "functions" / "mails.py").write_text(MAILS + block_with("Workpool("))
    script = (
        OPEN
        + """
from datetime import timedelta
from functions import mails
from schema import Problem, User

async def main():
    async with harness:
        user = await harness.insert(User(name="ada"))
        await harness.mutation(mails.welcome, user_id=user)
        await harness.advance(timedelta(minutes=5))
        async def read(ctx):
            return [problem.text for problem in await ctx.db.query(Problem).collect()]
        print(await harness.run(read))

asyncio.run(main())
"""
    )
    assert run(project, script) == "['no such mailbox']\n"
