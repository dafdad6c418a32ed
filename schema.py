"""Reimaji's tables. Times are milliseconds since the epoch, money is whole rupiah."""

from __future__ import annotations

from typing import Any, Literal

from reactor import (
    ABSENT, Absent, Field, Id, Index, Object, ScheduledFunction, SearchIndex, StoredFile, Table,
    field,
)  # fmt: skip

Role = Literal["free", "pro", "admin"]
SubscriptionStatus = Literal["trial", "active", "expired", "cancelled"]
Language = Literal["id", "en"]
Theme = Literal["light", "dark", "system"]
NewsType = Literal["tool", "use_case", "regulation"]
CourseLevel = Literal["basic", "intermediate", "advanced"]
Plan = Literal["pro_monthly", "pro_yearly"]
TransactionStatus = Literal["PENDING", "PAID", "EXPIRED", "FAILED"]
PeriodStatus = Literal["active", "expired", "cancelled"]
Event = Literal["subscription_expiring", "payment_success", "payment_expired", "certificate_issued"]
NotificationType = Literal[Event, "subscription_expired", "course_completed", "system_announcement"]
ContentType = Literal["news", "research"]
Audience = Literal["all", "free", "pro", "admin"]
LISTED = ("is_published", "deleted_at")


class Preferences(Object):  # what a user chose in the settings
    language: Language
    notifications: bool
    theme: Theme


class SessionError(Object):  # why a playground session failed
    code: str
    message: str


class User(Table, name="users"):
    clerk_user_id: Field[str] = field(doc="the subject of the person's tokens")
    email: Field[str] = field(doc="lower case")
    name: Field[str | None] = field(default=None)
    avatar: Field[str | None] = field(default=None)
    role: Field[Role]
    subscription_status: Field[SubscriptionStatus] = field(doc="trial: has never subscribed")
    subscription_expires_at: Field[float | None] = field(default=None)
    preferences: Field[Preferences | None] = field(default=None)
    manual_pro: Field[bool | None] = field(default=None, doc="complimentary Pro, set by an admin")
    avatar_storage_id: Field[Id[StoredFile] | None] = field(default=None)
    clerk_updated_at: Field[float | None] = field(default=None, doc="Clerk's updated_at, applied")
    deleted_at: Field[float | None] = field(default=None, doc="a tombstone: the account is gone")
    created_at: Field[float]
    updated_at: Field[float]
    by_clerk_user_id = Index("clerk_user_id", name="by_clerkUserId", unique=True)
    by_email = Index("email")
    by_role = Index("role")
    by_subscription_status = Index("subscription_status", name="by_subscriptionStatus")


class News(Table, name="news"):
    title: Field[str]
    slug: Field[str]
    summary: Field[str]
    content: Field[str] = field(doc="Markdown")
    type_: Field[NewsType]
    tags: Field[list[str]]
    is_premium: Field[bool]
    view_count: Field[int] = field(default=0)
    like_count: Field[int] = field(default=0)
    source_url: Field[str | None] = field(default=None)
    image_url: Field[str | None] = field(default=None)
    image_storage_id: Field[Id[StoredFile] | None] = field(default=None)
    language: Field[Language | None] = field(default=None)
    is_published: Field[bool] = field(default=False)
    published_at: Field[float | Absent | None] = field(default=ABSENT, doc="kept on unpublish")
    created_by: Field[Id[User]]
    deleted_at: Field[float | None] = field(default=None)
    created_at: Field[float]
    updated_at: Field[float]
    by_slug = Index("slug", unique=True)
    by_listed = Index(*LISTED, "published_at")
    by_listed_type = Index(*LISTED, "type_", "published_at")
    by_listed_premium = Index(*LISTED, "is_premium", "published_at")
    by_listed_type_premium = Index(*LISTED, "type_", "is_premium", "published_at")
    by_views = Index(*LISTED, "view_count")
    by_deleted_at_updated_at = Index("deleted_at", "updated_at", name="by_deletedAt_updatedAt")
    by_created_by = Index("created_by", name="by_createdBy")
    by_draft_updated_at = Index(*LISTED, "updated_at", name="by_draft_updatedAt")
    search_title = SearchIndex("title", filters=[*LISTED, "type_", "is_premium"])
    search_content = SearchIndex("content", filters=[*LISTED, "type_", "is_premium"])


class Research(Table, name="research"):
    title: Field[str]
    slug: Field[str]
    summary: Field[str]
    content: Field[str] = field(doc="Markdown")
    implication: Field[str]
    tags: Field[list[str]]
    is_premium: Field[bool]
    view_count: Field[int] = field(default=0)
    citation_count: Field[int] = field(default=0)
    paper_url: Field[str | None] = field(default=None)
    image_url: Field[str | None] = field(default=None)
    image_storage_id: Field[Id[StoredFile] | None] = field(default=None)
    language: Field[Language | None] = field(default=None)
    is_published: Field[bool] = field(default=False)
    published_at: Field[float | Absent | None] = field(default=ABSENT, doc="kept on unpublish")
    created_by: Field[Id[User]]
    deleted_at: Field[float | None] = field(default=None)
    created_at: Field[float]
    updated_at: Field[float]
    by_slug = Index("slug", unique=True)
    by_listed = Index(*LISTED, "published_at")
    by_listed_premium = Index(*LISTED, "is_premium", "published_at")
    by_views = Index(*LISTED, "view_count")
    by_deleted_at_updated_at = Index("deleted_at", "updated_at", name="by_deletedAt_updatedAt")
    by_created_by = Index("created_by", name="by_createdBy")
    by_draft_updated_at = Index(*LISTED, "updated_at", name="by_draft_updatedAt")
    search_title = SearchIndex("title", filters=[*LISTED, "is_premium"])
    search_content = SearchIndex("content", filters=[*LISTED, "is_premium"])


class ContentTag(Table, name="contentTags"):  # rows exist only while the item is listed
    content_type: Field[ContentType]
    content_id: Field[str]
    tag: Field[str] = field(doc="lower case")
    published_at: Field[float]
    by_tag = Index("content_type", "tag", "published_at")
    by_content = Index("content_type", "content_id")


class ContentView(Table, name="contentViews"):
    content_type: Field[ContentType]
    content_id: Field[str]
    viewer_key: Field[str]
    bucket: Field[int] = field(doc="number of the 30-minute window")
    flushed: Field[bool] = field(default=False)
    by_view = Index("content_type", "content_id", "viewer_key", "bucket", unique=True)
    by_flushed = Index("flushed")


class Like(Table, name="likes"):
    user_id: Field[Id[User]]
    content_type: Field[ContentType]
    content_id: Field[str]
    created_at: Field[float]
    by_user_content = Index("user_id", "content_type", "content_id", unique=True)


class File(Table, name="files"):
    storage_id: Field[Id[StoredFile]]
    owner_id: Field[Id[User]]
    purpose: Field[str]
    target_table: Field[str | None] = field(default=None)
    target_id: Field[str | None] = field(default=None)
    content_type: Field[str]
    size: Field[int] = field(doc="bytes")
    created_at: Field[float]
    by_storage_id = Index("storage_id", name="by_storageId", unique=True)
    by_target = Index("target_table", "target_id")


class Course(Table, name="courses"):
    title: Field[str]
    slug: Field[str]
    description: Field[str]
    level: Field[CourseLevel]
    duration: Field[float] = field(doc="hours")
    enrollment_count: Field[int] = field(default=0)
    completion_count: Field[int] = field(default=0)
    image_url: Field[str | None] = field(default=None)
    image_storage_id: Field[Id[StoredFile] | None] = field(default=None)
    language: Field[Language | None] = field(default=None)
    is_published: Field[bool] = field(default=False)
    published_at: Field[float | Absent | None] = field(default=ABSENT, doc="kept on unpublish")
    created_by: Field[Id[User]]
    deleted_at: Field[float | None] = field(default=None)
    created_at: Field[float]
    updated_at: Field[float]
    by_slug = Index("slug", unique=True)
    by_listed = Index(*LISTED)
    by_listed_level = Index(*LISTED, "level")
    by_deleted_at_updated_at = Index("deleted_at", "updated_at", name="by_deletedAt_updatedAt")
    by_created_by = Index("created_by", name="by_createdBy")
    search_title = SearchIndex("title", filters=[*LISTED, "level"])


class Module(Table, name="modules"):
    course_id: Field[Id[Course]]
    title: Field[str]
    slug: Field[str]
    description: Field[str]
    order: Field[float]
    duration: Field[float] = field(doc="hours")
    course_title: Field[str] = field(doc="a copy")
    is_active: Field[bool]
    lesson_count: Field[int] = field(default=0)
    deleted_at: Field[float | None] = field(default=None)
    created_at: Field[float]
    updated_at: Field[float]
    by_course_order = Index("course_id", "order")
    by_course_active_order = Index("course_id", "deleted_at", "is_active", "order")
    by_course_slug = Index("course_id", "slug", unique=True)
    by_deleted_at = Index("deleted_at", name="by_deletedAt")


class Lesson(Table, name="lessons"):
    module_id: Field[Id[Module]]
    course_id: Field[Id[Course]]
    title: Field[str]
    slug: Field[str]
    description: Field[str]
    content: Field[str]
    video_url: Field[str] = field(doc='may be ""')
    duration: Field[float] = field(doc="minutes")
    order: Field[float]
    module_title: Field[str] = field(doc="a copy")
    course_title: Field[str] = field(doc="a copy")
    is_free_preview: Field[bool]
    is_active: Field[bool]
    enrollment_count: Field[int] = field(default=0)
    completion_count: Field[int] = field(default=0)
    deleted_at: Field[float | None] = field(default=None)
    created_at: Field[float]
    updated_at: Field[float]
    by_module_order = Index("module_id", "order")
    by_module_active_order = Index("module_id", "deleted_at", "is_active", "order")
    by_module_slug = Index("module_id", "slug", unique=True)
    by_course_active = Index("course_id", "deleted_at", "is_active")
    by_free = Index("is_free_preview", "deleted_at", "is_active")
    by_deleted_at = Index("deleted_at", name="by_deletedAt")


class Quiz(Table, name="quizzes"):  # one question of a lesson
    lesson_id: Field[Id[Lesson]]
    question: Field[str]
    options: Field[list[str]]
    correct_index: Field[int]
    explanation: Field[str | None] = field(default=None)
    is_active: Field[bool]
    difficulty: Field[Literal["easy", "medium", "hard"]]
    order: Field[float]
    deleted_at: Field[float | None] = field(default=None)
    created_at: Field[float]
    updated_at: Field[float]
    by_lesson_order = Index("lesson_id", "order")
    by_lesson_active_order = Index("lesson_id", "deleted_at", "is_active", "order")
    by_deleted_at = Index("deleted_at", name="by_deletedAt")


class UserProgress(Table, name="userProgress"):
    user_id: Field[Id[User]]
    lesson_id: Field[Id[Lesson]]
    module_id: Field[Id[Module]]
    course_id: Field[Id[Course]]
    status: Field[Literal["started", "completed"]]
    score: Field[float | None] = field(default=None)
    completed_at: Field[float | None] = field(default=None)
    time_spent: Field[float] = field(doc="minutes")
    quiz_round: Field[int | None] = field(default=None)
    created_at: Field[float]
    updated_at: Field[float]
    by_user_lesson = Index("user_id", "lesson_id", unique=True)
    by_user_module = Index("user_id", "module_id")
    by_user_course = Index("user_id", "course_id")
    by_user_updated_at = Index("user_id", "updated_at", name="by_user_updatedAt")
    by_lesson_status = Index("lesson_id", "status")


class QuizAttempt(Table, name="quizAttempts"):
    user_id: Field[Id[User]]
    quiz_id: Field[Id[Quiz]]
    lesson_id: Field[Id[Lesson]]
    selected_option: Field[int]
    is_correct: Field[bool]
    score: Field[float]
    attempted_at: Field[float]
    round: Field[int]
    attempt_number: Field[int] = field(doc="1 to 3 in a round")
    by_user_lesson = Index("user_id", "lesson_id", "round")
    by_user_quiz = Index("user_id", "quiz_id", "round")
    by_quiz_id = Index("quiz_id", name="by_quizId")


class Enrollment(Table, name="enrollments"):
    user_id: Field[Id[User]]
    course_id: Field[Id[Course]]
    status: Field[Literal["in_progress", "completed"]]
    completed_lesson_count: Field[int] = field(default=0)
    last_lesson_id: Field[Id[Lesson] | None] = field(default=None)
    score: Field[float | None] = field(default=None)
    started_at: Field[float]
    last_activity_at: Field[float]
    completed_at: Field[float | None] = field(default=None)
    by_user_course = Index("user_id", "course_id", unique=True)
    by_user_activity = Index("user_id", "last_activity_at")
    by_course_status = Index("course_id", "status")


class Certificate(Table, name="certificates"):
    user_id: Field[Id[User]]
    course_id: Field[Id[Course]]
    code: Field[str] = field(doc="12 characters of Crockford's base32")
    recipient_name: Field[str]
    course_title: Field[str]
    score: Field[float | None] = field(default=None)
    issued_at: Field[float]
    by_user_course = Index("user_id", "course_id", unique=True)
    by_code = Index("code", unique=True)


class Transaction(Table, name="transactions"):
    user_id: Field[Id[User]]
    xendit_invoice_id: Field[str | None] = field(default=None, doc="absent until Xendit answers")
    amount: Field[int] = field(doc="rupiah")
    currency: Field[str]
    status: Field[TransactionStatus]
    description: Field[str]
    external_id: Field[str]
    payment_url: Field[str | None] = field(default=None)
    expires_at: Field[float]
    paid_at: Field[float | None] = field(default=None)
    plan: Field[Plan]
    paid_amount: Field[int | None] = field(default=None, doc="rupiah")
    payment_method: Field[str | None] = field(default=None)
    payment_channel: Field[str | None] = field(default=None)
    failure_reason: Field[str | None] = field(default=None)
    applied_at: Field[float | None] = field(default=None, doc="set once, with the subscription")
    subscription_id: Field[Id[Subscription] | None] = field(default=None)
    period_start: Field[float | None] = field(default=None)
    period_end: Field[float | None] = field(default=None)
    created_at: Field[float]
    updated_at: Field[float]
    by_xendit_invoice_id = Index("xendit_invoice_id", name="by_xenditInvoiceId", unique=True)
    by_external_id = Index("external_id", name="by_externalId", unique=True)
    by_user_created_at = Index("user_id", "created_at", name="by_user_createdAt")
    by_user_status_plan = Index("user_id", "status", "plan")
    by_status_expires_at = Index("status", "expires_at", name="by_status_expiresAt")
    by_status_paid_at = Index("status", "paid_at", name="by_status_paidAt")


class Subscription(Table, name="subscriptions"):
    user_id: Field[Id[User]]
    plan: Field[Plan]
    status: Field[PeriodStatus]
    started_at: Field[float]
    expires_at: Field[float]
    last_payment_at: Field[float | None] = field(default=None)
    next_billing_at: Field[float | None] = field(default=None)
    xendit_subscription_id: Field[str | None] = field(default=None, doc="unused: one-off invoices")
    cancelled_at: Field[float | None] = field(default=None)
    cancel_reason: Field[str | None] = field(default=None)
    last_transaction_id: Field[Id[Transaction] | None] = field(default=None)
    reminders_sent: Field[list[str] | None] = field(default=None, doc="<offsetMs>:<expiresAt>")
    expiry_job_id: Field[Id[ScheduledFunction] | None] = field(default=None)
    created_at: Field[float]
    updated_at: Field[float]
    by_user_expires_at = Index("user_id", "expires_at", name="by_user_expiresAt")
    by_status_expires_at = Index("status", "expires_at", name="by_status_expiresAt")


class AiSession(Table, name="aiSessions"):
    user_id: Field[Id[User]]
    title: Field[str]
    prompt: Field[str]
    response: Field[str]
    model: Field[str]
    tokens_used: Field[int] = field(default=0)
    cost: Field[float] = field(default=0.0, doc="US dollars")
    explanation: Field[str | None] = field(default=None)
    is_public: Field[bool] = field(default=False)
    status: Field[Literal["pending", "streaming", "done", "error", "cancelled"]]
    error: Field[SessionError | None] = field(default=None)
    prompt_tokens: Field[int | None] = field(default=None)
    completion_tokens: Field[int | None] = field(default=None)
    deleted_at: Field[float | None] = field(default=None)
    counts_toward_limit: Field[bool] = field(default=True)
    created_at: Field[float]
    updated_at: Field[float]
    by_user_created_at = Index("user_id", "created_at", name="by_user_createdAt")
    by_user_visible = Index("user_id", "deleted_at", "created_at")
    by_public = Index("is_public", "deleted_at", "status", "created_at")
    by_deleted_at = Index("deleted_at", name="by_deletedAt")
    by_status_updated_at = Index("status", "updated_at", name="by_status_updatedAt")


class AiChunk(Table, name="aiChunks"):
    session_id: Field[Id[AiSession]]
    seq: Field[int]
    text: Field[str]
    by_session_seq = Index("session_id", "seq")


class Notification(Table, name="notifications"):
    user_id: Field[Id[User]]
    type_: Field[NotificationType]
    title: Field[str]
    message: Field[str]
    is_read: Field[bool] = field(default=False)
    metadata: Field[Any | Absent] = field(default=ABSENT)
    created_at: Field[float]
    dedupe_key: Field[str | None] = field(default=None)
    by_user_created_at = Index("user_id", "created_at", name="by_user_createdAt")
    by_user_unread = Index("user_id", "is_read", "created_at")
    by_user_dedupe = Index("user_id", "dedupe_key", unique=True)


class Announcement(Table, name="announcements"):
    title: Field[str]
    message: Field[str]
    audience: Field[Audience]
    send_email: Field[bool]
    created_by: Field[Id[User]]
    status: Field[Literal["sending", "sent"]]
    sent_count: Field[int] = field(default=0)
    created_at: Field[float]
    completed_at: Field[float | None] = field(default=None)


class EmailLog(Table, name="emailLog"):  # the queued rows are the queue
    key: Field[str]
    template: Field[str]
    to: Field[str]
    subject: Field[str]
    user_id: Field[Id[User] | None] = field(default=None)
    vars: Field[Any]
    status: Field[Literal["queued", "sent", "failed", "skipped"]]
    attempts: Field[int] = field(default=0)
    provider_id: Field[str | None] = field(default=None)
    last_error: Field[str | None] = field(default=None)
    next_attempt_at: Field[float | None] = field(default=None)
    created_at: Field[float]
    updated_at: Field[float]
    by_key = Index("key", unique=True)
    by_status_next = Index("status", "next_attempt_at")
    by_user = Index("user_id", "created_at")


class WebhookEvent(Table, name="webhookEvents"):
    provider: Field[Literal["xendit", "clerk"]]
    event_id: Field[str]
    type_: Field[str]
    outcome: Field[str]
    payload: Field[str] = field(doc="at most 64 KB")
    received_at: Field[float]
    by_provider_event = Index("provider", "event_id", unique=True)
    by_received_at = Index("received_at", name="by_receivedAt")


class Counter(Table, name="counters"):
    name: Field[str]
    value: Field[int]
    by_name = Index("name", unique=True)


class DailyStats(Table, name="dailyStats"):
    day: Field[str] = field(doc="YYYY-MM-DD, a platform day")
    new_users: Field[int] = field(default=0)
    active_users: Field[int] = field(default=0)
    paid_count: Field[int] = field(default=0)
    revenue: Field[int] = field(default=0, doc="rupiah")
    by_day = Index("day", unique=True)


class DailyActive(Table, name="dailyActive"):
    user_id: Field[Id[User]]
    day: Field[str]
    by_user_day = Index("user_id", "day", unique=True)
    by_day = Index("day")


class StatsSnapshot(Table, name="statsSnapshots"):
    key: Field[str]
    value: Field[float]
    as_of: Field[float]
    by_key = Index("key", unique=True)


class RateLimit(Table, name="rateLimits"):
    key: Field[str]
    window_start: Field[float]
    count: Field[int]
    by_key = Index("key", unique=True)


class AuditLog(Table, name="auditLog"):
    actor: Field[str] = field(doc='the subject of a token, or "system"')
    actor_user_id: Field[Id[User] | None] = field(default=None)
    action: Field[str]
    entity: Field[str]
    entity_id: Field[str]
    summary: Field[str | None] = field(default=None)
    created_at: Field[float]
    by_entity = Index("entity", "entity_id")
