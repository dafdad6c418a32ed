"""Reimaji's errors: a code for clients to branch on, a message to show, details to act on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from reactor import AppError, Object

Entity = Literal[
    "news",
    "research",
    "course",
    "module",
    "lesson",
    "quiz",
    "progress",
    "transaction",
    "subscription",
    "session",
    "notification",
    "certificate",
    "file",
]


def _error(code: str, message: str, **details: Any) -> AppError:
    return AppError({"code": code, "message": message, **details})


def unauthenticated(message: str = "Not signed in") -> AppError:
    """Nobody is signed in."""
    return _error("UNAUTHENTICATED", message)


def forbidden(message: str = "Unauthorized") -> AppError:
    """Somebody is signed in who may not do this."""
    return _error("FORBIDDEN", message)


def identity_mismatch(field: str) -> AppError:
    """An argument names somebody else than the caller."""
    return _error("IDENTITY_MISMATCH", f"{field} is not the signed-in user", field=field)


def user_not_found() -> AppError:
    """An identity or a name without a living account."""
    return _error("USER_NOT_FOUND", "User not found")


def not_found(entity: Entity) -> AppError:
    """There is no such item, or the caller may not know of it."""
    return _error("NOT_FOUND", f"{entity.capitalize()} not found", entity=entity)


def premium_required(preview: Object, what: Literal["content", "lesson"] = "content") -> AppError:
    """The item is for subscribers; the preview shows what it is about, never what it says."""
    return _error("PREMIUM_REQUIRED", f"Premium {what} requires subscription", preview=preview)


def invalid_cursor() -> AppError:
    """The cursor is not one that this list gave."""
    return _error("INVALID_CURSOR", "Invalid cursor")


def invalid_argument(field: str, reason: str) -> AppError:
    """An argument has the right type and a value that is refused."""
    return _error("INVALID_ARGUMENT", f"{field} {reason}", field=field, reason=reason)


def slug_taken(slug: str) -> AppError:
    """Another item has this slug."""
    return _error("SLUG_TAKEN", f"The slug {slug} is taken", slug=slug)


def last_admin() -> AppError:
    """Nobody would be left to administer the platform."""
    return _error("LAST_ADMIN", "The last admin cannot be demoted")


def active_subscription(expires_at: float) -> AppError:
    """The user has paid for a period that still runs."""
    return _error("ACTIVE_SUBSCRIPTION", "The subscription is still running", expiresAt=expires_at)


def provider_not_configured(provider: str) -> AppError:
    """The deployment has no key for an outside service."""
    return _error("PROVIDER_NOT_CONFIGURED", f"{provider} is not configured", provider=provider)


def rate_limited(retry_after_ms: float) -> AppError:
    """Too often; the time until it is allowed again is given."""
    return _error("RATE_LIMITED", "Too many requests", retryAfterMs=retry_after_ms)


def attempts_exhausted(attempts: int) -> AppError:
    """The question is closed for this round: answered right, or wrong too often."""
    message = "This question is closed; retake the quiz to answer it again"
    return _error("ATTEMPTS_EXHAUSTED", message, attempts=attempts)


def retake_not_allowed(reason: str, attempts: int) -> AppError:
    """A new round cannot begin; `attempts` is how many answers this one has."""
    return _error("RETAKE_NOT_ALLOWED", f"The quiz cannot be retaken: {reason}", attempts=attempts)


def daily_limit_reached(message: str, *, limit: int, used: int, resets_at: float) -> AppError:
    """Today's playground is used up."""
    return _error("DAILY_LIMIT_REACHED", message, limit=limit, used=used, resetsAt=resets_at)


def model_not_allowed(allowed: Sequence[str]) -> AppError:
    """The playground does not have this model."""
    message = f"The model must be one of {', '.join(allowed)}"
    return _error("MODEL_NOT_ALLOWED", message, allowed=list(allowed))


def ai_provider_error(message: str, *, is_retryable: bool) -> AppError:
    """The AI provider did not answer, or not to the end."""
    return _error("AI_PROVIDER_ERROR", message, retryable=is_retryable)


def ai_bad_output(message: str) -> AppError:
    """The AI provider answered what cannot be used; another try may work."""
    return _error("AI_BAD_OUTPUT", message, retryable=True)


def conflict(reason: str) -> AppError:
    """The item is not in a state that allows this."""
    return _error("CONFLICT", reason, reason=reason)


def file_type_not_allowed(allowed: Sequence[str]) -> AppError:
    """The file is none of the types that are shown to others."""
    message = "This type of file is not allowed"
    return _error("FILE_TYPE_NOT_ALLOWED", message, allowed=list(allowed))


def file_too_large(max_bytes: int) -> AppError:
    """The file is larger than its purpose needs."""
    return _error("FILE_TOO_LARGE", "The file is too large", maxBytes=max_bytes)


def price_mismatch(plan: str, expected_amount: int) -> AppError:
    """The amount is not what the plan costs."""
    message = f"The price of {plan} is {expected_amount}"
    return _error("PRICE_MISMATCH", message, plan=plan, expectedAmount=expected_amount)


def payment_provider_error(*, retryable: bool) -> AppError:
    """Xendit did not make an invoice."""
    return _error("PAYMENT_PROVIDER_ERROR", "Failed to create invoice", retryable=retryable)


def invalid_transaction() -> AppError:
    """A transaction that is unknown or not paid."""
    return _error("INVALID_TRANSACTION", "Invalid transaction")


def no_active_subscription() -> AppError:
    """The user has no current subscription."""
    return _error("NO_ACTIVE_SUBSCRIPTION", "There is no active subscription")
