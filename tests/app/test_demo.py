"""The demo data: what it contains, and that `demo:seed` stores it once."""

from __future__ import annotations

import re
from collections import Counter as Tally
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

import schema
from functions import demo
from functions._demo import NEWS, PEOPLE, RESEARCH
from functions._demo.shapes import Article, Person, prose
from functions.constants import DAY_MS, LAST_ACTIVE
from functions.utils import day_key, slugify
from reactor import MutationCtx, Table
from reactor.testing import Harness, open_harness
from tests.app.support import words

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
ARTICLES: tuple[Article, ...] = (*NEWS, *RESEARCH)
LISTED_NEWS = [item for item in NEWS if item.state == "published"]
LISTED_RESEARCH = [item for item in RESEARCH if item.state == "published"]
COUNTED: tuple[type[Table], ...] = (
    schema.User,
    schema.Subscription,
    schema.News,
    schema.Research,
    schema.Course,
    schema.Module,
    schema.Lesson,
    schema.Quiz,
    schema.UserProgress,
    schema.QuizAttempt,
    schema.Enrollment,
    schema.Certificate,
    schema.Transaction,
    schema.AiSession,
    schema.Notification,
    schema.Announcement,
    schema.EmailLog,
)
FOLLOWING = (schema.ContentTag, schema.Counter, schema.DailyActive, schema.DailyStats)
TABLES = (*COUNTED, *FOLLOWING)


def title_of(item: Article) -> str:
    return slugify(item.title)


def id_of(person: Person) -> str:
    return person.clerk_user_id


# ---------------------------------------------------------------- the data


def test_news_counts() -> None:
    """Every list, filter and admin tab has something to show."""
    assert Tally(item.type_ for item in NEWS) == {"tool": 10, "use_case": 10, "regulation": 10}
    states = {"published": 25, "draft": 3, "unpublished": 1, "deleted": 1}
    assert Tally(item.state for item in NEWS) == states
    assert sum(item.is_premium for item in LISTED_NEWS) == 8
    assert sum(item.is_premium for item in NEWS) == 8
    assert Tally(item.language for item in NEWS) == {"id": 20, "en": 10}
    tags = {tag for item in LISTED_NEWS for tag in item.tags}
    assert tags >= {"ChatGPT", "UU PDP", "produktivitas", "EU AI Act", "no-code"}


def test_research_counts() -> None:
    """A third is English, a third is premium, two digests are being written."""
    assert Tally(item.state for item in RESEARCH) == {"published": 10, "draft": 2}
    assert sum(item.is_premium for item in LISTED_RESEARCH) == 4
    assert Tally(item.language for item in RESEARCH) == {"id": 8, "en": 4}


@pytest.mark.parametrize("item", ARTICLES, ids=title_of)
def test_texts_respect_the_input_limits(item: Article) -> None:
    """An editor can open a demo item and save it unchanged."""
    assert 1 <= len(item.title) <= 200
    assert 1 <= len(item.summary) <= 1_000
    assert item.title == item.title.strip()
    assert 1 <= len(item.tags) <= 10
    assert all(1 <= len(tag) <= 40 and tag == tag.strip() for tag in item.tags)
    assert len({tag.lower() for tag in item.tags}) == len(item.tags)
    assert all(1 <= len(digest.implication) <= 5_000 for digest in RESEARCH)


@pytest.mark.parametrize("item", ARTICLES, ids=title_of)
def test_texts_have_the_promised_length(item: Article) -> None:
    """News can be read over a coffee, and a digest is more than its summary."""
    shortest, longest = (150, 600) if item in NEWS else (300, 900)
    assert shortest <= words(prose(item.content)) <= longest


@pytest.mark.parametrize("item", ARTICLES, ids=title_of)
def test_states_and_times_fit_together(item: Article) -> None:
    """Nothing lies in the future, and only what was taken back says when."""
    assert 0 < item.days_ago < 60
    is_withdrawn = item.state in ("unpublished", "deleted")
    assert (item.withdrawn_days_ago is not None) == is_withdrawn
    if item.withdrawn_days_ago is not None:
        assert 0 < item.withdrawn_days_ago < item.days_ago
    assert (item.views > 0) == (item.state != "draft")


def test_popularity_is_plausible() -> None:
    """Fewer people like than read."""
    assert all(0 <= item.likes * 4 <= item.views for item in NEWS)


def test_slugs_are_unique() -> None:
    """No demo link needs a number at its end."""
    for items in (NEWS, RESEARCH):
        slugs = [title_of(item) for item in items]
        assert all(SLUG.fullmatch(slug) for slug in slugs)
        assert len(set(slugs)) == len(slugs)


def test_moments_are_distinct() -> None:
    """The order of a list does not hang on a tie."""
    for items in (NEWS, RESEARCH):
        assert len({item.days_ago for item in items}) == len(items)


def test_prose_undoes_the_wrapping() -> None:
    """Readers see paragraphs, list items and quotations whole, and tables row by row."""
    text = """
        One
        two.

        ## Head
        Text
        1. first
           goes on
        2. second
        - point
        > quoted
        on

        | head | cell |
        |---|---|
        | row | |
    """
    assert prose(text).split("\n") == [
        "One two.",
        "",
        "## Head",
        "Text",
        "1. first goes on",
        "2. second",
        "- point",
        "> quoted on",
        "",
        "| head | cell |",
        "|---|---|",
        "| row | |",
    ]


def test_people() -> None:
    """The fourteen accounts that the journeys name, half of them reading English."""
    expected = ["admin-1", "admin-2", "pro-1", "pro-2", "pro-3", "pro-4", "expired-1"]
    expected += [f"free-{number}" for number in range(1, 8)]
    assert [id_of(person) for person in PEOPLE] == expected
    assert Tally(person.language for person in PEOPLE) == {"id": 7, "en": 7}
    statuses = Tally(period.status for person in PEOPLE for period in person.periods)
    assert statuses == {"active": 2, "cancelled": 1, "expired": 2}
    assert {item.author for item in ARTICLES} <= set(expected[:2])


@pytest.mark.parametrize("person", PEOPLE, ids=id_of)
def test_roles_follow_from_subscriptions(person: Person) -> None:
    """The roles are those that `recompute_role` would give; one current period at most."""
    current = [period for period in person.periods if period.days_left > 0]
    assert len(current) <= 1
    assert all((period.status == "expired") == (period.days_left < 0) for period in person.periods)
    assert all(
        (period.status == "cancelled") == (period.cancelled_days_ago is not None)
        for period in person.periods
    )
    lasts = [period.days_left for period in person.periods]
    assert lasts == sorted(lasts)
    if not person.clerk_user_id.startswith("admin-"):
        assert person.role == ("pro" if current or person.manual_pro else "free")


# ---------------------------------------------------------------- demo:seed


@pytest.fixture
async def backend() -> AsyncIterator[Harness]:
    env = {"CLERK_JWT_ISSUER_DOMAIN": "https://issuer.test"}
    async with open_harness(schema=schema, functions="functions", env=env) as harness:
        yield harness


async def rows(ctx: MutationCtx) -> dict[str, int]:
    return {table.__name__: await ctx.db.query(table).count() for table in TABLES}


async def present(ctx: MutationCtx) -> float:
    return ctx.now_ms()


async def counters(ctx: MutationCtx) -> dict[str, int]:
    """The totals; who was last active when is in `test_demo_records`."""
    rows = await ctx.db.query(schema.Counter).collect()
    return {row.name: row.value for row in rows if not row.name.startswith(LAST_ACTIVE)}


async def test_seeding_twice_stores_once(backend: Harness) -> None:
    """A restart of `reactor dev` does not double the news."""
    inserted = await backend.mutation(demo.seed)
    first = await backend.run(rows)
    assert inserted == sum(first[table.__name__] for table in COUNTED)
    assert {table.__name__: first[table.__name__] for table in COUNTED} == {
        "User": 14,
        "Subscription": 5,
        "News": 30,
        "Research": 12,
        "Course": 4,
        "Module": 10,
        "Lesson": 35,
        "Quiz": 102,
        "UserProgress": 33,
        "QuizAttempt": 127,
        "Enrollment": 7,
        "Certificate": 1,
        "Transaction": 12,
        "AiSession": 18,
        "Notification": 40,
        "Announcement": 2,
        "EmailLog": 10,
    }
    await backend.advance(timedelta(days=3))
    assert await backend.mutation(demo.seed) == 0
    assert await backend.run(rows) == first


async def test_counters_and_daily_stats(backend: Harness) -> None:
    """The dashboard's totals are those that a recount would find."""
    inserted = await backend.mutation(demo.seed)
    assert await backend.run(counters) == {
        "totalUsers": 14,
        "totalNews": 29,
        "totalResearch": 12,
        "totalCourses": 4,
        demo.MARKER: inserted,
    }

    async def days(ctx: MutationCtx) -> list[schema.DailyStats]:
        return await ctx.db.query(schema.DailyStats).with_index(schema.DailyStats.by_day).collect()

    stats = await backend.run(days)
    assert sum(row.new_users for row in stats) == 14
    assert sum(row.paid_count for row in stats) == 5
    assert sum(row.revenue for row in stats) == 4 * 99_000 + 990_000


async def test_tags_exist_for_listed_items_only(backend: Harness) -> None:
    """A tag's page never leads to a draft."""
    await backend.mutation(demo.seed)

    async def tag_rows(ctx: MutationCtx) -> Tally[tuple[str, str]]:
        found = await ctx.db.query(schema.ContentTag).collect()
        return Tally((row.content_type, row.tag) for row in found)

    expected = Tally(("news", tag.lower()) for item in LISTED_NEWS for tag in item.tags)
    expected += Tally(("research", tag.lower()) for item in LISTED_RESEARCH for tag in item.tags)
    assert await backend.run(tag_rows) == expected


async def test_what_is_there_already_stays(backend: Harness) -> None:
    """A developer who signed up before seeding keeps the row, and a taken slug its owner."""
    item = NEWS[0]
    admin = await backend.insert(
        schema.User(
            clerk_user_id="admin-1",
            email="me@example.test",
            role="admin",
            subscription_status="trial",
            created_at=0.0,
            updated_at=0.0,
        )
    )
    own = schema.News(
        title=item.title,
        slug=title_of(item),
        summary="Mine",
        content="Mine",
        type_=item.type_,
        tags=[],
        is_premium=False,
        created_by=admin,
        created_at=0.0,
        updated_at=0.0,
    )
    await backend.insert(own)
    await backend.insert(schema.Counter(name="totalUsers", value=1))
    await backend.mutation(demo.seed)

    async def look(ctx: MutationCtx) -> tuple[str, bool]:
        user = await ctx.db.require(admin)
        news = await ctx.db.query(schema.News).collect()
        twins = [one for one in news if one.slug == f"{title_of(item)}-2"]
        return user.email, [one.created_by for one in twins] == [admin]

    assert await backend.run(look) == ("me@example.test", True)
    assert (await backend.run(counters))["totalUsers"] == 14
    assert (await backend.run(rows))["User"] == 14


async def test_seeding_adds_to_the_day_of_a_sign_up(backend: Harness) -> None:
    """A sign-up before seeding is still counted on its day."""
    now = await backend.run(present)
    joined_at = now - 3.1 * DAY_MS
    await backend.insert(schema.DailyStats(day=day_key(joined_at, 420), new_users=7))
    await backend.mutation(demo.seed)

    async def new_users(ctx: MutationCtx) -> int:
        return sum(row.new_users for row in await ctx.db.query(schema.DailyStats).collect())

    assert await backend.run(new_users) == 14 + 7


async def test_lists_show_what_is_published(backend: Harness) -> None:
    """The first thing a newcomer sees: 25 news and 10 digests, newest first."""
    await backend.mutation(demo.seed)
    news = (await backend.call("news:list", {"limit": 100}))["news"]
    assert len(news) == len(LISTED_NEWS) == 25
    newest_first = sorted(LISTED_NEWS, key=lambda item: item.days_ago)
    assert [item["title"] for item in news] == [item.title for item in newest_first]
    research = (await backend.call("research:list", {"limit": 100}))["research"]
    assert len(research) == len(LISTED_RESEARCH) == 10
