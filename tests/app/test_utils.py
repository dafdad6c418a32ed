"""Slugs, publish times, days and small texts."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import schema
from functions import utils
from reactor import Id, MutationCtx
from tests.app.support import Json, Reimaji

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Hello, World!", "hello-world"),
        ("  -hello-  ", "hello"),
        ("Ünïcödé ﬁne", "unicode-fine"),
        ("Straße", "stra-e"),
        ("日本語", ""),
        ("🙂🙂", ""),
        ("İstanbul", "istanbul"),
        ("Ⅷ & ²", "viii-2"),
        ("a__b--c", "a-b-c"),
        ("x" * 100, "x" * 80),
        (f"{'x' * 79} {'y' * 5}", "x" * 79),
        (f"{'x' * 80} y", "x" * 80),
        (f"{'word ' * 30}", ("word-" * 16)[:-1]),
    ],
)
def test_slugify(text: str, slug: str) -> None:
    """D42: words in plain letters, cut between words."""
    assert utils.slugify(text) == slug


@given(st.text())
def test_every_slug_has_the_form(text: str) -> None:
    """No title breaks an address."""
    slug = utils.slugify(text)
    assert slug == "" or SLUG.fullmatch(slug)
    assert len(slug) <= 80
    assert utils.slugify(slug) == slug


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\r\n\tlines, a\u00a0b", "two\r\n\tlines, a\u00a0b"),
        ("\u0639\u0631\u0628\u200f \U0001f600", "\u0639\u0631\u0628\u200f \U0001f600"),
        ("a\x00\x08\x0b\x1b\x7f\x85\x9fb", "ab"),
        ("a\ud800\udc00\udfffb", "ab"),
        ("a\ufdd0\ufffe\uffff\ufffdb", "a\ufffdb"),
        ("Rp\u202e000.1\u202c \u2066x\u2069", "Rp000.1 x"),
    ],
)
def test_readable(text: str, shown: str) -> None:
    """What XML and HTML cannot hold and what turns other text around goes; scripts stay."""
    assert utils.readable(text) == shown


def taken(*slugs: str) -> Callable[[str], Awaitable[bool]]:
    async def is_taken(slug: str) -> bool:
        return slug in slugs

    return is_taken


async def test_unique_slugs(app: Reimaji) -> None:
    """D43: the title's own slug, the first free number, or a random one."""

    async def slugs(ctx: MutationCtx) -> list[str]:
        async def always(slug: str) -> bool:
            return not slug[-8:].isalnum() or slug[-8:].isdigit() or slug == "same"

        return [
            await utils.unique_slug(ctx, "Same", "news-", taken()),
            await utils.unique_slug(ctx, "Same", "news-", taken("same", "same-2")),
            await utils.unique_slug(ctx, "🙂", "news-", taken()),
            await utils.unique_slug(ctx, "🙂", "news-", taken()),
            await utils.unique_slug(ctx, "Same", "news-", always),
        ]

    plain, third, odd, other, crowded = await app.backend.run(slugs)
    assert (plain, third) == ("same", "same-3")
    assert re.fullmatch(r"news-[0-9a-z]{8}", odd)
    assert re.fullmatch(r"news-[0-9a-z]{8}", other)
    assert odd != other
    assert re.fullmatch(r"same-[0-9a-z]{8}", crowded)


def draft(columns: Json) -> schema.Course:
    whole: Json = {
        "title": "T",
        "slug": "t",
        "description": "",
        "level": "basic",
        "duration": 1.0,
        "created_by": Id[schema.User]("x"),
        "created_at": 0.0,
        "updated_at": 0.0,
        **columns,
    }
    return schema.Course(**whole)


@pytest.mark.parametrize(
    ("columns", "is_published", "time"),
    [
        ({}, True, 100.0),
        ({"published_at": None}, True, 100.0),
        ({"published_at": 40.0}, True, 100.0),
        ({"published_at": 100.0}, True, 101.0),
        ({"published_at": 500.0}, True, 501.0),
        ({"published_at": 40.0, "is_published": True}, True, None),
        ({"published_at": 40.0, "is_published": True}, False, None),
    ],
)
def test_publish_patch(columns: Json, is_published: bool, time: float | None) -> None:
    """I9: every publish is later than the one before; nothing else moves the time."""
    changes = utils.publish_patch(schema.Course, draft(columns), is_published, 100.0)
    values = {change.path: change.value for change in changes}
    expected: dict[str, object] = {"is_published": is_published}
    assert values == (expected if time is None else {**expected, "published_at": time})


def test_days() -> None:
    """D97: the platform's day begins at 17:00 UTC of the day before."""
    hour = 3_600_000.0
    assert utils.start_of_day(0.0, 420) == -7 * hour
    assert utils.start_of_day(17 * hour, 420) == 17 * hour
    assert utils.start_of_day(17 * hour - 1, 420) == -7 * hour
    assert utils.start_of_day(5 * hour, -300) == 5 * hour
    assert utils.day_key(17 * hour - 1, 420) == "1970-01-01"
    assert utils.day_key(17 * hour, 420) == "1970-01-02"
    assert utils.day_key(1_793_404_800_000.0, 0) == "2026-10-31"


def test_texts() -> None:
    """Cutting never splits an emoji; rupiah are written with points."""
    assert utils.take_chars("😀😀x", 2) == "😀😀"
    assert utils.format_idr(99_000) == "Rp99.000"
    assert utils.format_idr(1_234_567) == "Rp1.234.567"
    assert utils.format_idr(500) == "Rp500"


async def test_random_codes(app: Reimaji) -> None:
    """Certificate codes have no letters that people mix up."""

    async def codes(ctx: MutationCtx) -> list[str]:
        return [utils.random_code(ctx) for _ in range(50)]

    made = await app.backend.run(codes)
    assert len(set(made)) == 50
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{12}", code) for code in made)


async def test_find(app: Reimaji) -> None:
    """Texts that are no id of the table find nothing."""
    item = await app.publish()

    async def found(ctx: MutationCtx) -> list[bool]:
        return [
            await utils.find(ctx, schema.News, item) is not None,
            await utils.find(ctx, schema.Research, item) is not None,
            await utils.find(ctx, schema.News, "x") is not None,
        ]

    assert await app.backend.run(found) == [True, False, False]
