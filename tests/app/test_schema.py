"""The tables as clients, exports and Convex's dashboard name them."""

from __future__ import annotations

import pytest

import schema
from functions.types import accounts, billing, content, playground
from reactor import Object
from reactor.schema.load import Schema, TableDef
from reactor.schema.shapes import object_validator
from reactor.values.validators import VObject

TABLES = Schema(schema).tables

INDEXES: dict[str, str] = {
    "users": "by_clerkUserId! by_email by_role by_subscriptionStatus",
    "news": "by_slug! by_listed by_listed_type by_listed_premium by_listed_type_premium "
    "by_views by_deletedAt_updatedAt by_draft_updatedAt by_createdBy search_title search_content",
    "research": "by_slug! by_listed by_listed_premium by_views by_deletedAt_updatedAt "
    "by_draft_updatedAt by_createdBy search_title search_content",
    "courses": "by_slug! by_listed by_listed_level by_deletedAt_updatedAt by_createdBy "
    "search_title",
    "modules": "by_course_order by_course_active_order by_course_slug! by_deletedAt",
    "lessons": "by_module_order by_module_active_order by_module_slug! by_course_active by_free "
    "by_deletedAt",
    "quizzes": "by_lesson_order by_lesson_active_order by_deletedAt",
    "userProgress": "by_user_lesson! by_user_module by_user_course by_user_updatedAt "
    "by_lesson_status",
    "quizAttempts": "by_user_lesson by_user_quiz by_quizId",
    "transactions": "by_xenditInvoiceId! by_externalId! by_user_createdAt by_user_status_plan "
    "by_status_expiresAt by_status_paidAt",
    "subscriptions": "by_user_expiresAt by_status_expiresAt",
    "aiSessions": "by_user_createdAt by_user_visible by_public by_deletedAt by_status_updatedAt",
    "notifications": "by_user_createdAt by_user_unread by_user_dedupe!",
    "enrollments": "by_user_course! by_user_activity by_course_status",
    "certificates": "by_user_course! by_code!",
    "aiChunks": "by_session_seq",
    "contentTags": "by_tag by_content",
    "contentViews": "by_view! by_flushed",
    "likes": "by_user_content!",
    "announcements": "",
    "emailLog": "by_key! by_status_next by_user",
    "webhookEvents": "by_provider_event! by_receivedAt",
    "files": "by_storageId! by_target",
    "counters": "by_name!",
    "dailyStats": "by_day!",
    "dailyActive": "by_user_day! by_day",
    "statsSnapshots": "by_key!",
    "rateLimits": "by_key!",
    "auditLog": "by_entity",
}


def test_there_are_29_tables() -> None:
    """Nothing is missing and nothing is invented."""
    assert {name for name in TABLES if not name.startswith("_")} == set(INDEXES)
    assert len(INDEXES) == 29


@pytest.mark.parametrize(("table", "expected"), INDEXES.items())
def test_indexes(table: str, expected: str) -> None:
    """Indexes carry the names that the specification gives; `!` is unique."""
    definition = TABLES[table]
    names = {f"{index.name}{'!' if index.unique else ''}" for index in definition.indexes.values()}
    assert names | set(definition.search_indexes) == set(expected.split())


def test_search_filters() -> None:
    """D31: searches narrow by what lists narrow by."""
    listed = {("isPublished",), ("deletedAt",)}
    filters = {
        (table, index.name): set(index.filters)
        for table in ("news", "research", "courses")
        for index in TABLES[table].search_indexes.values()
    }
    assert filters == {
        ("news", "search_title"): listed | {("type",), ("isPremium",)},
        ("news", "search_content"): listed | {("type",), ("isPremium",)},
        ("research", "search_title"): listed | {("isPremium",)},
        ("research", "search_content"): listed | {("isPremium",)},
        ("courses", "search_title"): listed | {("level",)},
    }


def fields_of(definition: TableDef) -> dict[str, bool]:
    """Wire names of a table's fields, and whether each may be missing."""
    assert isinstance(definition.validator, VObject)
    return {field.wire: field.optional for field in definition.validator.fields}


def result_fields(shape: type[Object]) -> set[str]:
    return {field.wire for field in object_validator(shape, {}).fields}


SYSTEM = {"_id", "_creationTime"}

RESULTS: list[tuple[type[Object], str, set[str], set[str]]] = [
    (content.NewsDoc, "news", {"imageStorageId"}, {"isLocked"}),
    (content.NewsCard, "news", {"imageStorageId", "content"}, {"isLocked"}),
    (content.NewsDetail, "news", {"imageStorageId"}, {"isLocked", "likedByMe"}),
    (content.ResearchDoc, "research", {"imageStorageId"}, {"isLocked"}),
    (content.ResearchCard, "research", {"imageStorageId", "content"}, {"isLocked"}),
    (accounts.UserDoc, "users", {"avatarStorageId", "clerkUpdatedAt", "deletedAt"}, set()),
    (playground.SessionDoc, "aiSessions", {"countsTowardLimit", "deletedAt"}, {"isMine"}),
    (billing.SubscriptionDoc, "subscriptions", {"remindersSent", "expiryJobId"}, {"isCurrent"}),
]


@pytest.mark.parametrize(("shape", "table", "hidden", "added"), RESULTS)
def test_results_are_the_tables_without_internal_fields(
    shape: type[Object], table: str, hidden: set[str], added: set[str]
) -> None:
    """A new column neither leaks by itself nor is forgotten: this test asks."""
    columns = set(fields_of(TABLES[table]))
    assert hidden <= columns
    assert result_fields(shape) == (columns - hidden) | added | SYSTEM


def test_optional_fields() -> None:
    """What the seed calls optional may be missing; `publishedAt` may also be null."""
    optional = {name for name, is_optional in fields_of(TABLES["news"]).items() if is_optional}
    assert optional == {
        "sourceUrl",
        "imageUrl",
        "imageStorageId",
        "language",
        "publishedAt",
        "deletedAt",
    }
    exported = TABLES["news"].validator.export()["value"]["publishedAt"]
    assert [member["type"] for member in exported["fieldType"]["value"]] == ["number", "null"]
