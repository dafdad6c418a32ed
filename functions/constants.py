"""Reimaji's fixed numbers and texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from schema import Language, NotificationType, Plan, Preferences

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
MIB: Final = 1024 * 1024

LIST_LIMIT: Final = 20
"""Items of a page when the client does not say."""

LIST_LIMIT_MAX: Final = 100
"""Items of a page at most; more would make one write re-send a large result."""

LIST_CHARS_MAX: Final = 1_000_000
"""Letters of texts in a page: what comes after them is on the next one."""

LONG_ROWS_PER_READ: Final = LIST_LIMIT + 1
"""Rows that may be long, up to 600 KB, that are read at once: with what was read before, no more
than a query may read."""

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

MONTH_NAMES: Final[dict[Language, tuple[str, ...]]] = {
    "id": (
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}

# ---------------------------------------------------------------- plans

PLAN_NAMES: Final[dict[Plan, dict[Language, str]]] = {
    "pro_monthly": {"id": "Reimaji Pro Bulanan", "en": "Reimaji Pro Monthly"},
    "pro_yearly": {"id": "Reimaji Pro Tahunan", "en": "Reimaji Pro Yearly"},
}

PLANS: Final[tuple[Plan, ...]] = get_args(Plan)

CURRENCY: Final = "IDR"

INVOICE_REUSE_MS: Final = MINUTE_MS
"""An open invoice with less time left is not worth opening; a new one is made."""

IN_FLIGHT_MS: Final = MINUTE_MS
"""How long a reservation without an invoice counts as being worked on."""

INVOICE_WAIT_S: Final = 10.0
"""How long a second click waits for the invoice of the first."""

INVOICE_POLL_S: Final = 0.25
"""How often it looks."""

EXPIRED_PER_RUN: Final = 100
REMINDERS_PER_RUN: Final = 100
"""Subscriptions that one run ends or reminds of; each costs about six writes."""

RECONCILED_PER_PAGE: Final = 50
RECONCILE_FAILURES_MAX: Final = 3
"""After so many failures in a row a reconciliation leaves the rest to the next."""

EXPIRY_JOB_AHEAD_MS: Final = 4 * 365 * DAY_MS
"""How far ahead the end of a subscription is scheduled; the scheduler takes up to five years."""

# ---------------------------------------------------------------- learning

COURSES_LIMIT: Final = 50
"""Courses that `courses:list` shows when the client does not say."""

ATTEMPT_SCORES: Final = (100, 50, 25)
"""What a right answer scores at the first, second and third attempt; there is no fourth."""

PASS_MARK: Final = 60
"""The score of a course from which a certificate is issued."""

QUIZ_ROUNDS_MAX: Final = 20
"""Passes through the questions of one lesson; each costs rows that every answer reads."""

TITLES_PER_RUN: Final = 1_000
"""Rows that take over a new title in one mutation; each costs one write."""

DASHBOARD_ITEMS: Final = 10
"""Courses and lessons that a learner's dashboard shows."""

TIME_SPENT_MAX: Final = 100_000.0
"""Minutes that one lesson can take, as the input rules have it."""

UNNAMED_LEARNER: Final[dict[Language, str]] = {"id": "Peserta Reimaji", "en": "Reimaji learner"}
"""Whom a certificate names when the account has no name; an e-mail address would be public."""
# ---------------------------------------------------------------- the inbox

METADATA_BYTES_MAX: Final = 4_096
MESSAGE_CHARS_MAX: Final = 5_000

UNREAD_COUNT_MAX: Final = 100
"""Where counting unread notifications stops; clients show "99+"."""

MARKED_PER_RUN: Final = 500
"""Notifications that one `markAllRead` marks; each costs one write."""

USERS_PER_FAN_OUT: Final = 200
"""Users whom one run of an announcement reaches; each costs up to two inserts."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notification says; names in braces are filled from the values of `notify`."""

    title: str
    message: str


NOTICES: Final[dict[NotificationType, dict[Language, Notice]]] = {
    "payment_success": {  # amount, plan, until
        "id": Notice(
            "Pembayaran diterima",
            "Pembayaran {amount} untuk {plan} sudah kami terima. Akses Pro Anda berlaku sampai "
            "{until}.",
        ),
        "en": Notice(
            "Payment received",
            "We have received your payment of {amount} for {plan}. You have Pro until {until}.",
        ),
    },
    "payment_expired": {  # amount, plan
        "id": Notice(
            "Tagihan kedaluwarsa",
            "Tagihan {amount} untuk {plan} tidak dibayar tepat waktu. Anda dapat membuat tagihan "
            "baru kapan saja.",
        ),
        "en": Notice(
            "Invoice expired",
            "Your invoice of {amount} for {plan} was not paid in time. You can request a new one "
            "whenever you like.",
        ),
    },
    "subscription_expiring": {  # days, plan, until
        "id": Notice(
            "Langganan Pro Anda berakhir dalam {days} hari",
            "{plan} Anda berlaku sampai {until}. Perpanjang sekarang agar akses tidak terputus.",
        ),
        "en": Notice(
            "Your Pro subscription ends in {days} days",
            "Your {plan} runs until {until}. Renew now to keep your access.",
        ),
    },
    "subscription_expired": {  # plan
        "id": Notice(
            "Langganan Pro Anda telah berakhir",
            "{plan} Anda telah berakhir. Berlangganan lagi untuk membuka semua materi premium.",
        ),
        "en": Notice(
            "Your Pro subscription has ended",
            "Your {plan} has ended. Subscribe again to open everything premium.",
        ),
    },
    "course_completed": {  # course
        "id": Notice(
            "Kursus selesai", "Selamat! Anda telah menyelesaikan kursus \u201c{course}\u201d."
        ),
        "en": Notice(
            "Course completed", "Congratulations! You have completed \u201c{course}\u201d."
        ),
    },
    "certificate_issued": {  # code, course
        "id": Notice(
            "Sertifikat Anda sudah terbit",
            "Sertifikat untuk kursus \u201c{course}\u201d sudah terbit dengan kode {code}.",
        ),
        "en": Notice(
            "Your certificate is ready",
            "Your certificate for \u201c{course}\u201d has been issued; its code is {code}.",
        ),
    },
    "system_announcement": {  # message, title
        "id": Notice("{title}", "{message}"),
        "en": Notice("{title}", "{message}"),
    },
}

# ---------------------------------------------------------------- e-mails

Template = Literal[
    "welcome",
    "payment_confirmation",
    "renewal_reminder",
    "subscription_expired",
    "course_completed",
    "certificate",
    "announcement",
]

SUBJECTS: Final[dict[Template, dict[Language, str]]] = {
    "welcome": {"id": "Selamat datang di Reimaji", "en": "Welcome to Reimaji"},
    "payment_confirmation": {
        "id": "Pembayaran diterima \u2013 Reimaji Pro",
        "en": "Payment received \u2013 Reimaji Pro",
    },
    "renewal_reminder": {
        "id": "Langganan Pro Anda berakhir dalam {days} hari",
        "en": "Your Pro subscription ends in {days} days",
    },
    "subscription_expired": {
        "id": "Langganan Pro Anda telah berakhir",
        "en": "Your Pro subscription has ended",
    },
    "course_completed": {
        "id": "Anda menyelesaikan {courseTitle}",
        "en": "You have completed {courseTitle}",
    },
    "certificate": {
        "id": "Sertifikat Anda untuk {courseTitle}",
        "en": "Your certificate for {courseTitle}",
    },
    "announcement": {"id": "{title}", "en": "{title}"},
}

TEMPLATES: Final[dict[str, Template]] = {name: name for name in get_args(Template)}

OPTIONAL_TEMPLATES: Final[frozenset[Template]] = frozenset(
    ("renewal_reminder", "course_completed", "announcement")
)
"""E-mails that people can turn off; receipts, expiry and certificates are always sent."""

EMAIL_KEY_CHARS_MAX: Final = 256
"""What Resend takes as an idempotency key."""

EMAIL_SPACING_MS: Final = 500
"""Between two requests to Resend, which takes two a second."""

EMAIL_RETRIES_MS: Final = (5_000, 30_000, 2 * MINUTE_MS, 10 * MINUTE_MS, HOUR_MS)
"""What a failed try waits for before the next; after the last the e-mail has failed."""

EMAIL_STUCK_MS: Final = 5 * MINUTE_MS
"""How long after its time an e-mail that nobody works on is taken up again."""

EMAILS_PER_RETRY: Final = 500
"""Stuck e-mails that one run takes up."""

EMAILS_PER_BATCH: Final = 100
"""What Resend takes in one request."""


# ---------------------------------------------------------------- AI


@dataclass(frozen=True, slots=True, kw_only=True)
class AiModel:
    """A model as people know it; `AI_MODEL_MAP` says which one of the provider's answers."""

    label: str
    usd_per_1k_tokens: float


AI_MODELS: Final = {
    "gpt-4-turbo-preview": AiModel(label="GPT-4 Turbo", usd_per_1k_tokens=0.01),
    "gpt-3.5-turbo": AiModel(label="GPT-3.5 Turbo", usd_per_1k_tokens=0.002),
}

EDITOR_MODEL: Final = "gpt-4-turbo-preview"
"""Writes summaries, quiz drafts and explanations."""

ANSWER_TOKENS_MAX: Final = 1_000
"""Of a playground answer."""

ANSWER_CHARS_MAX: Final = 100_000
"""Of any answer; a provider that ignores the limit of tokens is cut off here."""

FLUSH_SECONDS: Final = 0.15
"""Between two writes of an answer that arrives; readers get a push for each."""

FLUSH_CHARS: Final = 400
"""That are written at once, however fast they arrive."""

SESSION_TITLE_CHARS: Final = 50
"""Of the prompt that names a session."""

STALE_SESSIONS_PER_RUN: Final = 100
"""Failed by one mutation."""

DEFAULT_AUTHOR: Final = "Pengguna Reimaji"
"""Who wrote a public session when the account has no name."""

LESSON_CHARS_FOR_DRAFTS: Final = 20_000
"""Of a lesson, sent along when questions about it are drafted."""


# ---------------------------------------------------------------- dashboard

COUNTERS: Final = ("totalUsers", "totalNews", "totalResearch", "totalCourses")

LAST_ACTIVE: Final = "lastActive:"
"""What the names of the counters of users by their last active day begin with."""

STATS_DAYS: Final = 30
STATS_DAYS_MAX: Final = 365

SNAPSHOT_DAYS: Final = (1, 7, 30, 90, 365)
"""Windows whose active users are kept ready."""

ACTIVE_ROWS_LIVE_MAX: Final = 5_000
"""Rows of activity that a dashboard counts by itself; above, it shows a snapshot."""

COURSES_COMPARED: Final = 500
"""Courses, among which those with most enrollments are looked for; up to 20 KB each."""

PERFORMANCE_BYTES: Final = 12 * MIB
"""Where a ranking stops reading: items are read whole, and a query may read 16 MB."""

RECOUNT_PAGE: Final = 1_000
"""Documents that one step of a recount reads."""


# ---------------------------------------------------------------- search

SEARCH_LIMIT_MAX: Final = 50
SUGGESTIONS: Final = 8
# ---------------------------------------------------------------- files

IMAGE_BYTES_MAX: Final = 5 * MIB
AVATAR_BYTES_MAX: Final = 2 * MIB

AVATAR_UPLOADS_PER_HOUR: Final = 20
"""Upload addresses for avatars that one user gets in an hour."""

ORPHAN_AGE_MS: Final = DAY_MS
"""How long an uploaded file may wait to be attached."""

FILES_PER_PURGE: Final = 200
"""Stored files that one run looks at."""

# ---------------------------------------------------------------- keeping and forgetting

ITEMS_PER_PURGE: Final = 50
"""Deleted items that one run looks at; whole documents, up to 200 KB each."""

ROWS_PER_PURGE: Final = 500
"""Rows that one run of a purge removes; it goes on in another while there are more."""

# ---------------------------------------------------------------- HTTP routes

WEBHOOK_BYTES_MAX: Final = MIB
WEBHOOK_KEPT_BYTES: Final = 64 * 1024
"""How much of a webhook's body the log keeps."""

FEED_ITEMS: Final = 50
SITEMAP_URLS_MAX: Final = 50_000
"""What search engines read of one sitemap; 9 MB with the longest slugs, of the 50 they read."""

SITE_PAGE: Final = 60
"""Items that one query reads for a feed or the sitemap."""

SITE_PAGE_BYTES: Final = 4 * MIB
"""Where such a query stops before that: items are read whole, up to 800 KB each."""
