"""Reimaji's fixed numbers and texts."""

from __future__ import annotations

from typing import Final

from schema import Language, Preferences

MINUTE_MS: Final = 60_000
DAY_MS: Final = 24 * 60 * MINUTE_MS

LIST_LIMIT: Final = 20
"""Items of a page when the client does not say."""

LIST_LIMIT_MAX: Final = 100
"""Items of a page at most; more would make one write re-send a large result."""

CURSOR_CHARS_MAX: Final = 2_000

VIEW_WINDOW_MS: Final = 30 * MINUTE_MS
"""A viewer counts once per item in such a window."""

VIEWS_PER_FLUSH: Final = 1_000
"""Views folded into `viewCount` by one mutation; each costs one write."""

DISTINCT_TAGS_MAX: Final = 500
"""Tags that one `listTags` counts; each costs two index reads."""

SLUG_CHARS_MAX: Final = 80
SLUG_SUFFIX_MAX: Final = 1_000
"""Numbered forms of one slug that are tried before a random one."""

TOMBSTONE_EMAIL: Final = "deleted-{id}@deleted.invalid"
"""The e-mail of an account that its owner deleted."""

DEFAULT_PREFERENCES: Final = Preferences(language="id", notifications=True, theme="light")

WELCOME_SUBJECT: Final[dict[Language, str]] = {
    "id": "Selamat datang di Reimaji",
    "en": "Welcome to Reimaji",
}
