"""Resend: sends e-mails. One request takes one e-mail, or up to 100."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx2
from pydantic import BaseModel, ValidationError

from functions import _clients as clients
from functions._env import Env

TIMEOUT_S: Final = 15.0
TOO_MANY_REQUESTS: Final = 429
SERVER_ERROR: Final = 500
"""Statuses that may be gone on the next try: this one, and every one from here up."""

RETRY_AFTER_MAX_MS: Final = 24 * 3_600_000.0
"""Resend forgets an idempotency key after a day; a later try could be a second e-mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An e-mail with its envelope; the tag says which template it was made from."""

    to: str
    subject: str
    html: str
    text: str
    template: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """Resend took the e-mails; one id each, in order."""

    ids: list[str]


@dataclass(frozen=True, slots=True)
class Refused:
    """Resend did not take them, or we cannot know.

    Args:
        reason: for the log.
        is_temporary: whether the same request can work later.
        retry_after_ms: how long Resend asks to wait, if it says.
        is_about_content: whether one of the e-mails is what Resend does not like.
    """

    reason: str
    is_temporary: bool
    retry_after_ms: float | None = None
    is_about_content: bool = False


class _Taken(BaseModel):
    id: str


class _AllTaken(BaseModel):
    data: list[_Taken]


class _Problem(BaseModel):
    name: str = "unknown_error"
    message: str = ""


async def send(settings: Env, message: Message, key: str) -> Accepted | Refused:
    """Sends an e-mail; with the same key it is sent once, however often this is called."""
    answer = await _post(settings, "emails", _payload(settings, message), key)
    if isinstance(answer, Refused):
        return answer
    try:
        return Accepted([_Taken.model_validate_json(answer).id])
    except ValidationError:
        return Refused("Resend answered without an id", is_temporary=True)


async def send_batch(settings: Env, messages: Sequence[Message], key: str) -> Accepted | Refused:
    """Sends up to 100 e-mails, all or none."""
    payload = [_payload(settings, message) for message in messages]
    answer = await _post(settings, "emails/batch", payload, key)
    if isinstance(answer, Refused):
        return answer
    try:
        ids = [taken.id for taken in _AllTaken.model_validate_json(answer).data]
    except ValidationError:
        ids = []
    if len(ids) != len(messages):
        return Refused("Resend answered without the ids", is_temporary=True)
    return Accepted(ids)


def _payload(settings: Env, message: Message) -> dict[str, Any]:
    return {
        "from": settings.email_from,
        "to": [message.to],
        "subject": message.subject,
        "html": message.html,
        "text": message.text,
        "tags": [{"name": "template", "value": message.template}],
    }


async def _post(settings: Env, path: str, payload: Any, key: str) -> bytes | Refused:
    if not settings.resend_api_key:
        reason = "PROVIDER_NOT_CONFIGURED: RESEND_API_KEY is not set"
        return Refused(reason, is_temporary=True)
    client = clients.connect(
        settings.resend_base_url,
        timeout_s=TIMEOUT_S,
        authorization=f"Bearer {settings.resend_api_key}",
        user_agent="reimaji",
        idempotency_key=key,
    )
    try:
        async with client:
            response = await client.post(path, json=payload)
    except httpx2.HTTPError as error:
        return Refused(f"Resend was not reached: {type(error).__name__}", is_temporary=True)
    if response.is_success:
        return response.content
    return _refusal(response)


def _refusal(response: httpx2.Response) -> Refused:
    try:
        problem = _Problem.model_validate_json(response.content)
    except ValidationError:
        problem = _Problem()
    status = response.status_code
    is_temporary = (
        status == TOO_MANY_REQUESTS
        or status >= SERVER_ERROR
        or problem.name == "concurrent_idempotent_requests"
    )
    reason = f"{status} {problem.name}: {problem.message}"[:500]
    is_about_content = status in (httpx2.codes.BAD_REQUEST, httpx2.codes.UNPROCESSABLE_CONTENT)
    return Refused(reason, is_temporary, _retry_after_ms(response), is_about_content)


def _retry_after_ms(response: httpx2.Response) -> float | None:
    """`retry-after` is seconds, or a date that is read against the answer's own."""
    text = response.headers.get("retry-after", "")
    try:
        delay_ms = float(text) * 1000
    except ValueError:
        delay_ms = _until_ms(text, response.headers.get("date", ""))
    return min(delay_ms, RETRY_AFTER_MAX_MS) if delay_ms >= 0 else None


def _until_ms(then: str, now: str) -> float:
    try:
        span = _date(then) - _date(now)
    except (ValueError, OverflowError):  # the latter for a zone that is years away
        return math.nan
    return span.total_seconds() * 1000


def _date(text: str) -> datetime:
    date = parsedate_to_datetime(text)
    return date if date.tzinfo else date.replace(tzinfo=UTC)
