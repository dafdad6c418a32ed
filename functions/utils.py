"""Small tools: slugs, publish times, days, texts."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from functions.constants import (
    DAY_MS,
    DEFAULT_PREFERENCES,
    MINUTE_MS,
    MONTH_NAMES,
    SLUG_CHARS_MAX,
    SLUG_SUFFIX_MAX,
)
from reactor import ABSENT, Change, QueryCtx, Table
from schema import Course, Language, News, Research, User

D = TypeVar("D", bound=Table)
P = TypeVar("P", News, Research, Course)

_BASE36 = string.digits + string.ascii_lowercase
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNREADABLE = re.compile(
    "[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
    "|[\u202a-\u202e\u2066-\u2069]"
)


def moment(at: float) -> datetime:
    """A time in ms since the epoch as the scheduler and feeds take it."""
    return _EPOCH + timedelta(milliseconds=at)


# ---------------------------------------------------------------- slugs


def slugify(text: str) -> str:
    """The words of a text in plain letters and digits, joined by dashes; "" when there are none."""
    letters = unicodedata.normalize("NFKD", text)
    plain = (char for char in letters if not unicodedata.category(char).startswith("M"))
    slug = re.sub(r"[^a-z0-9]+", "-", "".join(plain).lower()).strip("-")
    if len(slug) <= SLUG_CHARS_MAX:
        return slug
    cut = slug[: SLUG_CHARS_MAX + 1]
    return cut.rpartition("-")[0] or cut[:SLUG_CHARS_MAX]


async def unique_slug(
    ctx: QueryCtx, title: str, prefix: str, is_taken: Callable[[str], Awaitable[bool]]
) -> str:
    """A slug for a title that nothing else has: the title's own, or a numbered one.

    Args:
        ctx: gives the randomness for titles without a plain letter or digit.
        title: what to make the slug from.
        prefix: what such a slug starts with, as in `news-`.
        is_taken: looks the slug up in an index, so that a racing writer makes us run again.
    """
    base = slugify(title) or prefix + random_code(ctx, 8, _BASE36)
    if not await is_taken(base):
        return base
    for number in range(2, SLUG_SUFFIX_MAX):
        if not await is_taken(f"{base}-{number}"):
            return f"{base}-{number}"
    return f"{base}-{random_code(ctx, 8, _BASE36)}"


# ---------------------------------------------------------------- publishing


def publish_patch(table: type[P], item: P, is_published: bool, now: float) -> list[Change[P]]:
    """What publishing or unpublishing changes.

    Each publish gets a later `publishedAt` than the one before, even within one millisecond;
    unpublishing keeps it.
    """
    changes = [table.is_published.set(is_published)]
    if is_published and not item.is_published:
        previous = publish_time(item)
        later = now if previous is None else max(now, previous + 1)
        changes.append(table.published_at.set(later))
    return changes


def publish_time(item: News | Research | Course) -> float | None:
    """When the item was last published, None for a draft that never was."""
    return None if item.published_at is ABSENT else item.published_at


# ---------------------------------------------------------------- days


def start_of_day(now: float, utc_offset_minutes: int) -> float:
    """When the platform's day began, in ms; the offset is fixed, there is no summer time."""
    offset = utc_offset_minutes * MINUTE_MS
    return (now + offset) // DAY_MS * DAY_MS - offset


def day_key(now: float, utc_offset_minutes: int) -> str:
    """The platform's day as YYYY-MM-DD."""
    local = _EPOCH + timedelta(milliseconds=now, minutes=utc_offset_minutes)
    return local.date().isoformat()


def format_date(now: float, utc_offset_minutes: int, language: Language) -> str:
    """The platform's day for people: 5 Januari 2027."""
    local = _EPOCH + timedelta(milliseconds=now, minutes=utc_offset_minutes)
    return f"{local.day} {MONTH_NAMES[language][local.month - 1]} {local.year}"


# ---------------------------------------------------------------- texts and ids


async def find(ctx: QueryCtx, table: type[D], text: str) -> D | None:
    """The document whose id a text is, None for any other text."""
    document_id = ctx.db.normalize_id(table, text)
    return None if document_id is None else await ctx.db.get(document_id)


def take_chars(text: str, count: int) -> str:
    """At most the first `count` code points."""
    return text[:count]


def readable(text: str) -> str:
    """A text without what no reader should get: characters that XML and HTML cannot hold, escaped
    or not, and those that turn the text around them, so that it shows another address or amount.

    The marks of right-to-left scripts stay.
    """
    return _UNREADABLE.sub("", text)


def language_of(user: User) -> Language:
    """The language that Reimaji writes to a user in."""
    return (user.preferences or DEFAULT_PREFERENCES).language


def format_idr(amount: int) -> str:
    """Rupiah for people: Rp99.000."""
    return f"Rp{amount:,}".replace(",", ".")


def random_code(ctx: QueryCtx, length: int = 12, alphabet: str = _CROCKFORD) -> str:
    """A random text; by default in Crockford's base32, which has no look-alikes."""
    return "".join(ctx.random.choices(alphabet, k=length))
