"""The load data set: its counts, what must hold in it, and that it comes out the same."""

from __future__ import annotations

import asyncio
import re
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from math import floor
from typing import Any

import pytest

import schema
from functions import analytics, demo
from functions._env import Env
from functions._load import steps as load
from functions._load.sizes import (
    SIZES,
    Size,
    activity,
    answers_to,
    dealt,
    earned,
    mixed,
    share,
    steps,
)
from reactor import Table
from reactor.testing import Harness, open_harness
from tests.app.support import ENV, code_of

DEV = {**ENV, "REACTOR_ENV": "dev"}
TINY = Size(
    users=60,
    news=100,
    research=40,
    courses=6,
    modules=24,
    lessons=120,
    questions=360,
    progress=500,
    attempts=1_000,
    transactions=20,
    sessions=100,
    notifications=400,
)
"""A tenth of S and less; popular items, drafts, deleted ones and payments are all there."""

Rows = dict[str, list[Any]]


async def store(backend: Harness, size: Size) -> int:
    """Stores the whole set as the action does; the number of steps."""
    while True:
        progress = await backend.run(lambda ctx: load.store_next(ctx, "tiny", size))
        if progress.done == progress.steps:
            return progress.steps


async def read(backend: Harness) -> Rows:
    """Every row of every table."""

    async def rows(table: type[Table]) -> list[Any]:
        return list(await backend.read(lambda db: db.query(table).collect()))

    return {name: await rows(table) for name, table in load.TABLES.items()}


@pytest.fixture(scope="module")
def loaded() -> Rows:
    async def rows() -> Rows:
        async with open_harness(schema=schema, functions="functions", env=DEV) as backend:
            await store(backend, TINY)
            return await read(backend)

    return asyncio.run(rows())


# ---------------------------------------------------------------- the arithmetic


@pytest.mark.parametrize("size", [*SIZES.values(), TINY])
def test_shares_add_up(size: Size) -> None:
    """Every total of the table of sizes is met exactly, whoever is how active."""
    ranks = [mixed(number, size.people) for number in range(size.people)]
    assert len(set(ranks)) == size.people
    taken = [earned(size.progress, rank, size.people) for rank in ranks]
    assert sum(answers_to(size, lessons) for lessons in taken) == size.attempts
    for total in (size.progress, size.sessions, size.notifications):
        assert sum(activity(total, rank, size.people) for rank in ranks) == total
    assert sum(share(size.buyers, place, size.people) for place in ranks) == size.buyers
    lessons: list[int] = []
    for module in range(size.modules):
        lessons += dealt(size.lessons, module, size.modules)
    assert lessons == list(range(size.lessons))
    numbers = Tally[str]()
    for step in steps(size):
        numbers[step.kind] += len(step.numbers)
    assert numbers == {
        "editors": size.editors,
        "course": size.courses,
        "people": size.people,
        "news": size.news,
        "research": size.research,
    }


@pytest.mark.parametrize("size", [*SIZES.values(), TINY])
def test_nobody_exceeds_a_days_sessions(size: Size) -> None:
    """People have three active days at least, so five sessions a day suffice."""
    assert activity(size.sessions, 0, size.people) <= 3 * 5


# ---------------------------------------------------------------- counts


async def test_counts(loaded: Rows) -> None:
    """The set has what the table of sizes says."""
    tables = {
        "users": TINY.users,
        "news": TINY.news,
        "research": TINY.research,
        "courses": TINY.courses,
        "modules": TINY.modules,
        "lessons": TINY.lessons,
        "quizzes": TINY.questions,
        "userProgress": TINY.progress,
        "quizAttempts": TINY.attempts,
        "transactions": TINY.transactions,
        "aiSessions": TINY.sessions,
        "notifications": TINY.notifications,
    }
    assert {name: len(loaded[name]) for name in tables} == tables


async def test_states_titles_and_scripts(loaded: Rows) -> None:
    """Of a hundred news 5 are drafts, 3 deleted, 2 repeat a title, and one is no Latin."""
    news = loaded["news"]
    assert sum(not item.is_published for item in news) == 5
    assert sum(item.deleted_at is not None for item in news) == 3
    titles = Tally(item.title for item in news)
    assert sorted(titles.values())[-3:] == [1, 2, 2]
    assert sum(not item.title.isascii() for item in news) == 1
    assert len({item.slug for item in news if titles[item.title] == 2}) == 4
    for name in ("news", "research", "courses"):
        slugs = [row.slug for row in loaded[name]]
        assert len(set(slugs)) == len(slugs)
        assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", slug) for slug in slugs)


async def test_the_popular_are_few(loaded: Rows) -> None:
    """Views follow Zipf's law: the first tenth has most of them."""
    views = sorted((item.view_count for item in loaded["news"]), reverse=True)
    assert sum(views[:10]) > sum(views[10:])


async def test_the_evening_is_busier_than_the_night(loaded: Rows) -> None:
    """Activity comes in a wave of 24 hours."""
    day = 86_400_000
    zone = 7 * 3_600_000
    hours = Tally(int((row.updated_at + zone) % day // 3_600_000) for row in loaded["userProgress"])
    assert hours[20] + hours[19] + hours[21] > 3 * (hours[2] + hours[3] + hours[4])


# ---------------------------------------------------------------- invariants


async def test_learning_fits_together(loaded: Rows) -> None:
    """Totals of lessons, courses and enrollments are those that a recount finds."""
    progress, quizzes = loaded["userProgress"], loaded["quizzes"]
    started = Tally(row.lesson_id for row in progress)
    completed = Tally(row.lesson_id for row in progress if row.status == "completed")
    for lesson in loaded["lessons"]:
        assert lesson.enrollment_count == started[lesson.id]
        assert lesson.completion_count == completed[lesson.id]
    active = {row.id for row in loaded["modules"] if row.is_active and row.deleted_at is None}
    open_lessons = {
        row.id: row for row in loaded["lessons"] if row.is_active and row.deleted_at is None
    }
    for module in loaded["modules"]:
        own = [row for row in open_lessons.values() if row.module_id == module.id]
        assert module.lesson_count == len(own)
    asked = {row.lesson_id for row in quizzes if row.is_active and row.deleted_at is None}
    of_course: dict[Any, set[Any]] = defaultdict(set)
    for row in open_lessons.values():
        if row.module_id in active:
            of_course[row.course_id].add(row.id)
    by_enrollment: dict[Any, list[Any]] = defaultdict(list)
    for row in progress:
        by_enrollment[row.user_id, row.course_id].append(row)
    assert set(by_enrollment) == {(row.user_id, row.course_id) for row in loaded["enrollments"]}
    certified = {(row.user_id, row.course_id) for row in loaded["certificates"]}
    for row in loaded["enrollments"]:
        own = by_enrollment[row.user_id, row.course_id]
        done = {each.lesson_id for each in own if each.status == "completed"}
        assert {each.lesson_id for each in own} <= of_course[row.course_id]
        assert row.completed_lesson_count == len(done)
        assert (row.status == "completed") == (done == of_course[row.course_id])
        scores = [each.score for each in own if each.lesson_id in done & asked]
        assert row.score == (sum(scores) / len(scores) if scores else None)
        passes = row.status == "completed" and (row.score is None or row.score >= 60)
        assert ((row.user_id, row.course_id) in certified) == passes
    enrolled = Tally(row.course_id for row in loaded["enrollments"])
    finished = Tally(row.course_id for row in loaded["enrollments"] if row.status == "completed")
    for course in loaded["courses"]:
        assert course.enrollment_count == enrolled[course.id]
        assert course.completion_count == finished[course.id]
    assert finished.total() > 0


async def test_answers_and_scores(loaded: Rows) -> None:
    """At most three answers a question and round, and the scores that follow from them."""
    active: dict[Any, list[Any]] = defaultdict(list)
    for quiz in loaded["quizzes"]:
        assert 0 <= quiz.correct_index < len(quiz.options)
        if quiz.is_active and quiz.deleted_at is None:
            active[quiz.lesson_id].append(quiz)
    right = {quiz.id: quiz.correct_index for quiz in loaded["quizzes"]}
    rounds: dict[Any, dict[int, dict[Any, list[Any]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for row in loaded["quizAttempts"]:
        assert row.is_correct == (row.selected_option == right[row.quiz_id])
        rounds[row.user_id, row.lesson_id][row.round][row.quiz_id].append(row)
    for row in loaded["userProgress"]:
        own = rounds.pop((row.user_id, row.lesson_id), {})
        best = 0.0
        for answers in own.values():
            for tries in answers.values():
                assert [each.attempt_number for each in tries] == list(range(1, len(tries) + 1))
                assert len(tries) <= 3
                assert not any(each.is_correct for each in tries[:-1])
            total = sum(max(each.score for each in tries) for tries in answers.values())
            best = max(best, floor(total / len(active[row.lesson_id]) + 0.5))
        assert (row.quiz_round or 1) == max(own, default=1)
        if row.status == "completed":
            assert row.score == (best if active[row.lesson_id] else None)
    assert not rounds, "answers without progress"


async def test_payments_fit_together(loaded: Rows) -> None:
    """Roles, subscriptions and payments agree; 5 % have a period that runs."""
    subscriptions = {row.user_id: row for row in loaded["subscriptions"]}
    assert len(subscriptions) == len(loaded["subscriptions"])
    (present,) = (row.as_of for row in loaded["statsSnapshots"] if row.key == "demoLoad/tiny")
    current = {user for user, row in subscriptions.items() if row.status != "expired"}
    assert len(current) == TINY.users * 5 // 100
    # Whoever has a period loses it at its end, as after a payment.
    assert {user for user, row in subscriptions.items() if row.expiry_job_id} == current
    for user in loaded["users"]:
        mine = subscriptions.get(user.id)
        assert user.role in ("admin", "pro" if user.id in current else "free")
        assert user.subscription_expires_at == (mine and mine.expires_at)
        assert user.subscription_status == (mine.status if mine else "trial")
        assert (mine is not None and mine.expires_at > present) == (user.id in current)
    paid: dict[Any, list[Any]] = defaultdict(list)
    for row in loaded["transactions"]:
        assert (row.status == "PAID") == (row.applied_at is not None)
        if row.status == "PAID":
            paid[row.user_id].append(row)
    for user_id, subscription in subscriptions.items():
        periods = sorted((row.period_start, row.period_end) for row in paid[user_id])
        assert periods[0][0] == subscription.started_at
        assert periods[-1][1] == subscription.expires_at
        assert all(before[1] == after[0] for before, after in pairwise(periods))
    ids = [row.xendit_invoice_id for row in loaded["transactions"]]
    assert len(set(ids)) == len(ids)


def day_of(row: schema.DailyActive) -> str:
    return row.day


async def test_totals_of_the_dashboard(loaded: Rows) -> None:
    """Counters and daily numbers are those that a recount finds."""

    def kept(name: str) -> int:
        return sum(row.deleted_at is None for row in loaded[name])

    last_active = {row.user_id: row.day for row in sorted(loaded["dailyActive"], key=day_of)}
    assert {row.name: row.value for row in loaded["counters"]} == {
        **Tally(f"lastActive:{day}" for day in last_active.values()),
        "totalUsers": kept("users"),
        "totalNews": kept("news"),
        "totalResearch": kept("research"),
        "totalCourses": kept("courses"),
    }
    days = {row.day: row for row in loaded["dailyStats"]}
    active = Tally(row.day for row in loaded["dailyActive"])
    assert {day: row.active_users for day, row in days.items() if row.active_users} == active
    assert sum(row.new_users for row in days.values()) == TINY.users
    paid = [row for row in loaded["transactions"] if row.status == "PAID"]
    assert sum(row.paid_count for row in days.values()) == len(paid)
    assert sum(row.revenue for row in days.values()) == sum(row.paid_amount for row in paid)


async def test_inboxes_likes_and_tags(loaded: Rows) -> None:
    """No notice twice, sessions within the daily limit, likes and tags as the items say."""
    keys = [(row.user_id, row.dedupe_key) for row in loaded["notifications"]]
    assert len(set(keys)) == len(keys)
    day = 86_400_000
    asked = Tally(
        (row.user_id, (row.created_at + 7 * 3_600_000) // day) for row in loaded["aiSessions"]
    )
    assert max(asked.values()) <= 5
    likes = Tally(row.content_id for row in loaded["likes"])
    assert {row.id: row.like_count for row in loaded["news"] if row.like_count} == likes
    listed = {
        row.id: row
        for row in (*loaded["news"], *loaded["research"])
        if row.is_published and row.deleted_at is None
    }
    wanted = {(id, tag.lower(), row.published_at) for id, row in listed.items() for tag in row.tags}
    assert {(row.content_id, row.tag, row.published_at) for row in loaded["contentTags"]} == wanted


# ---------------------------------------------------------------- how it is stored

SMALL = Size(
    users=12, news=4, research=2, courses=2, modules=4, lessons=24, questions=72, progress=40,
    attempts=80, transactions=3, sessions=12, notifications=30,
)  # fmt: skip


async def test_it_comes_out_the_same() -> None:
    """Two servers with other seeds hold the same data, so figures can be compared."""

    def shown(rows: Rows) -> list[str]:
        """What the rows say, without the ids that each server draws for itself."""
        ids = {
            row.id: str(getattr(row, "clerk_user_id", getattr(row, "slug", name)))
            for name, own in rows.items()
            for row in own
        }
        text = "\n".join(repr(row) for own in rows.values() for row in own)
        for id, name in ids.items():
            text = text.replace(id, name)
        return sorted(re.sub(r"creation_time=[\d.]+", "", text).splitlines())

    harness = open_harness(schema=schema, functions="functions", env=DEV)
    found: list[list[str]] = []
    for backend in (harness, harness.replay(7)):
        async with backend:
            await store(backend, SMALL)
            found.append(shown(await read(backend)))
    assert found[0] == found[1]


@pytest.fixture
async def backend() -> AsyncIterator[Harness]:
    async with open_harness(schema=schema, functions="functions", env=DEV, settings=Env) as harness:
        yield harness


async def test_a_broken_load_goes_on(backend: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a power cut the same call stores the rest, and a third stores nothing."""
    monkeypatch.setitem(SIZES, "S", SMALL)
    for _ in range(3):
        await backend.mutation(demo.load_next, size="S")
    await backend.restart()
    progress = await backend.action(demo.load, size="S")
    assert progress.done == progress.steps == len(steps(SMALL))
    first = await read(backend)
    assert len(first["users"]) == SMALL.users
    await backend.action(demo.load, size="S")
    assert await read(backend) == first
    other = backend.action(demo.load, size="M")
    assert await code_of(other) == "CONFLICT"


async def test_a_recount_finds_nothing_to_correct(backend: Harness) -> None:
    """Counters and daily numbers are what the rows add up to, so the dashboard is right."""
    await store(backend, SMALL)
    await backend.advance(timedelta(minutes=1))
    assert (await backend.action(analytics.recount)).fixed == []


async def test_reset_empties_every_table(backend: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """After `demo:reset` another size can be loaded."""
    monkeypatch.setitem(SIZES, "S", SMALL)
    await backend.action(demo.load, size="S")
    assert await backend.action(demo.reset) > sum((SMALL.users, SMALL.progress, SMALL.attempts))
    assert not any((await read(backend)).values())
    monkeypatch.setitem(SIZES, "M", SMALL)
    await backend.action(demo.load, size="M")


async def test_only_developers_load_and_reset() -> None:
    """Nobody empties a deployment that people use."""
    env = {**ENV, "REACTOR_ENV": "prod"}
    async with open_harness(schema=schema, functions="functions", env=env) as backend:
        for call in (
            backend.action(demo.load, size="S"),
            backend.mutation(demo.load_next, size="S"),
            backend.action(demo.reset),
            backend.mutation(demo.clear, table="users"),
        ):
            assert await code_of(call) == "FORBIDDEN"


async def test_too_few_lessons_are_named(backend: Harness) -> None:
    """A size that cannot be dealt out says what is missing."""
    with pytest.raises(Exception, match="free lessons"):
        await store(backend, replace(SMALL, progress=4_000))
