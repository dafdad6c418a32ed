"""The limits on what people may send. Every rule returns the value to store.

Lengths count Unicode code points. Titles, names and tags are stored trimmed, all other text as
given.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar, get_args
from urllib.parse import urlsplit

from functions import _errors as errors
from functions.constants import (
    EMAIL_KEY_CHARS_MAX,
    LIST_LIMIT,
    LIST_LIMIT_MAX,
    MESSAGE_CHARS_MAX,
    METADATA_BYTES_MAX,
    STATS_DAYS_MAX,
)
from reactor import ABSENT, Absent
from schema import Language, Theme

A = TypeVar("A")
B = TypeVar("B")
Choice = TypeVar("Choice", bound=str)

LANGUAGES: tuple[Language, ...] = get_args(Language)
THEMES: tuple[Theme, ...] = get_args(Theme)

SEARCH_TERMS_MAX = 16
MAX_SAFE = 2**53
"""From here on not every whole number is a float; a limit of this kind is told to nobody."""

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def given(rule: Callable[[A], B], value: A | None) -> B | None:
    """The rule's answer when the argument was sent, None when it was not."""
    return None if value is None else rule(value)


def clearable(rule: Callable[[A], B], value: A | Absent | None) -> B | Absent | None:
    """As `given`, for arguments that may be null to clear what is stored."""
    return ABSENT if value is ABSENT else given(rule, value)


# ---------------------------------------------------------------- text


def _text(field: str, shortest: int, longest: int, value: str) -> str:
    if not shortest <= len(value) <= longest:
        raise errors.invalid_argument(field, f"must have {shortest} to {longest} characters")
    return value


def _trimmed(field: str, shortest: int, longest: int, value: str) -> str:
    return _text(field, shortest, longest, value.strip())


title = partial(_trimmed, "title", 1, 200)
name = partial(_trimmed, "name", 1, 120)
summary = partial(_text, "summary", 1, 1_000)
description = partial(_text, "description", 0, 5_000)
implication = partial(_text, "implication", 1, 5_000)
content = partial(_text, "content", 1, 200_000)
question = partial(_text, "question", 1, 1_000)
invoice_description = partial(_trimmed, "description", 1, 200)
cancel_reason = partial(_text, "reason", 0, 1_000)
viewer_key = partial(_text, "viewerKey", 8, 64)
message = partial(_text, "message", 1, MESSAGE_CHARS_MAX)


def prompt(value: str) -> str:
    """A playground prompt, as given; 1 to 4 000 characters without the blanks around it."""
    _trimmed("prompt", 1, 4_000, value)
    return value


def raw_text(value: str) -> str:
    """A text to summarize, as given; 1 to 50 000 characters."""
    return _text("rawText", 1, 50_000, value)


def email(value: str) -> str:
    """An e-mail address, trimmed and lower-cased."""
    address = value.strip().lower()
    local, at, domain = address.partition("@")
    is_whole = local and at and domain and "@" not in domain
    # Blanks and control characters would end up in the header of an e-mail.
    if len(address) > 254 or not is_whole or any(char <= " " or char == "\x7f" for char in address):
        raise errors.invalid_argument("email", "must be an e-mail address")
    return address


def email_key(value: str) -> str:
    """What makes an e-mail unique; it travels in an HTTP header."""
    is_printable = value.isascii() and value.isprintable() and value == value.strip()
    if not (1 <= len(value) <= EMAIL_KEY_CHARS_MAX and is_printable):
        reason = f"must be 1 to {EMAIL_KEY_CHARS_MAX} printable ASCII characters"
        raise errors.invalid_argument("key", reason)
    return value


def slug(value: str) -> str:
    """A slug that an editor chose: lower-case words and digits, joined by single dashes."""
    if len(value) > 100 or not _SLUG.fullmatch(value):
        raise errors.invalid_argument("slug", "must be lower-case letters, digits and dashes")
    return value


def tags(values: Sequence[str]) -> list[str]:
    """At most 10 tags; of those that differ only in case the first stays."""
    unique: dict[str, str] = {}
    for value in values:
        tag = _trimmed("tags", 1, 40, value)
        unique.setdefault(tag.lower(), tag)
    if len(unique) > 10:
        raise errors.invalid_argument("tags", "must be at most 10")
    return list(unique.values())


def _url(field: str, value: str) -> str:
    try:
        parts = urlsplit(value)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_web = False
    # urlsplit drops tabs and line ends, and browsers do too: "java\nscript:" must not pass.
    if not is_web or len(value) > 2_048 or any(char <= " " or char == "\x7f" for char in value):
        raise errors.invalid_argument(field, "must be an http or https address")
    return value


source_url = partial(_url, "sourceUrl")
paper_url = partial(_url, "paperUrl")
image_url = partial(_url, "imageUrl")
avatar = partial(_url, "avatar")


def video_url(value: str) -> str:
    """A web address, or nothing."""
    return _url("videoUrl", value) if value else value


def _choice(field: str, allowed: Sequence[Choice], value: str) -> Choice:
    for choice in allowed:
        if choice == value:
            return choice
    raise errors.invalid_argument(field, f"must be one of {', '.join(allowed)}")


def language(value: str) -> Language:
    """A language that Reimaji speaks."""
    return _choice("language", LANGUAGES, value)


def theme(value: str) -> Theme:
    """A colour theme."""
    return _choice("theme", THEMES, value)


def search_terms(query: str) -> list[str]:
    """The words of a search, lower-cased, at most 16; none for less than two characters."""
    _text("query", 0, 200, query)
    if len(query.strip()) < 2:
        return []
    plain = unicodedata.normalize("NFKC", query).lower()
    words = "".join(char if _is_in_word(char) else " " for char in plain)
    return words.split()[:SEARCH_TERMS_MAX]


def _is_in_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char).startswith("M")


# ---------------------------------------------------------------- numbers


def _number(field: str, lowest: float, highest: float, value: float) -> float:
    # NaN fails every comparison, so it is refused too.
    if not lowest <= value <= highest:
        raise errors.invalid_argument(field, f"must be between {lowest:g} and {highest:g}")
    return value


def _whole(field: str, lowest: int, highest: float, value: float) -> int:
    if not lowest <= value <= highest or value != int(value):
        upto = "" if highest >= MAX_SAFE else f" to {highest:.0f}"
        raise errors.invalid_argument(field, f"must be a whole number from {lowest}{upto}")
    return int(value)


duration = partial(_number, "duration", 0, 10_000)
order = partial(_number, "order", 0, 1_000_000)
score = partial(_number, "score", 0, 100)
time_spent = partial(_number, "timeSpent", 0, 100_000)
grant_days = partial(_whole, "days", 1, 3_650)
citation_count = partial(_whole, "citationCount", 0, MAX_SAFE)
draft_count = partial(_whole, "count", 1, 10)
stats_days = partial(_whole, "days", 1, STATS_DAYS_MAX)


def limit(value: float | None, *, default: int = LIST_LIMIT, most: int = LIST_LIMIT_MAX) -> int:
    """How many items a list shows: a whole number from 1; large ones are cut to `most`."""
    return default if value is None else min(_whole("limit", 1, sys.float_info.max, value), most)


# ---------------------------------------------------------------- quizzes and notifications


def options(values: Sequence[str]) -> list[str]:
    """The answers to choose from: 2 to 6, all different without the blanks around them."""
    if not 2 <= len(values) <= 6:
        raise errors.invalid_argument("options", "must be 2 to 6")
    for value in values:
        _trimmed("options", 1, 300, value)
    if len({value.strip() for value in values}) < len(values):
        raise errors.invalid_argument("options", "must differ from each other")
    return list(values)


def explanation(value: str) -> str:
    """Why an answer is right; at most 5 000 characters."""
    return _text("explanation", 0, 5_000, value)


def minutes(value: float) -> float:
    """A piece of learning time: more than 0 and at most 5 minutes."""
    if not 0 < value <= 5:
        raise errors.invalid_argument("minutes", "must be more than 0 and at most 5")
    return value


def selected_option(value: float, answers: Sequence[str]) -> int:
    """The place of the chosen answer, counted from 0."""
    return _place("selectedOption", value, answers)


def correct_index(value: float, answers: Sequence[str]) -> int:
    """The place of the right answer, counted from 0."""
    return _place("correctIndex", value, answers)


def _place(field: str, value: float, answers: Sequence[str]) -> int:
    if not (0 <= value < len(answers) and value == int(value)):
        raise errors.invalid_argument(field, "must be the place of one of the options")
    return int(value)


def metadata(value: Any) -> Any:
    """Anything that is JSON and at most 4 KB of it."""
    try:
        size = len(json.dumps(value, ensure_ascii=False, allow_nan=False).encode())
    except (TypeError, ValueError):
        raise errors.invalid_argument("metadata", "must be JSON") from None
    if size > METADATA_BYTES_MAX:
        raise errors.invalid_argument(
            "metadata", f"must be at most {METADATA_BYTES_MAX} bytes as JSON"
        )
    return value
