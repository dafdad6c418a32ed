"""Resend's stand-in: takes e-mails, and shows them in a mailbox page instead of sending them."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route, Router

from examples.standins.mailbox import letter_frame, letter_page, mailbox_page
from examples.standins.pages import error_page
from examples.standins.sandbox import Clock, Link, Service
from examples.standins.settings import Settings

RATE_PER_SECOND: Final = 2
REMEMBERED_MS: Final = 24 * 3_600_000
"""How long an idempotency key answers what it answered before."""

BATCH_MAX: Final = 100
RECIPIENTS_MAX: Final = 50

_TAG: Final = r"^[A-Za-z0-9_-]{1,256}$"
_ADDRESS: Final = re.compile(r"(?:[^<>\r\n]*<)?[^<>@\s]+@[^<>@\s]+>?")


class Tag(BaseModel):
    """A label of an e-mail."""

    name: str = Field(pattern=_TAG)
    value: str = Field(pattern=_TAG)


class Letter(BaseModel):
    """`POST /emails`."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    sender: str = Field(alias="from")
    to: list[str] | str
    subject: str = Field(min_length=1)
    html: str | None = None
    text: str | None = None
    reply_to: list[str] | str | None = None
    headers: dict[str, str] = {}
    tags: list[Tag] = []

    @property
    def recipients(self) -> list[str]:
        """Who gets it."""
        return [self.to] if isinstance(self.to, str) else self.to

    @model_validator(mode="after")
    def _can_be_sent(self) -> Letter:
        if not 1 <= len(self.recipients) <= RECIPIENTS_MAX:
            raise ValueError(f"`to` takes 1 to {RECIPIENTS_MAX} addresses")
        for address in (self.sender, *self.recipients):
            if not _ADDRESS.fullmatch(address):
                raise ValueError(f"Invalid address {address!r}")
        if self.html is None and self.text is None:
            raise ValueError("Missing `html` or `text` field.")
        if any(end in self.subject for end in "\r\n"):
            raise ValueError("The subject is one line.")
        return self


@dataclass(frozen=True, slots=True)
class Sent:
    """An e-mail that was taken."""

    id: str
    letter: Letter
    key: str | None
    created_ms: float

    def to_json(self) -> dict[str, Any]:
        """As the stand-in's own list shows it."""
        letter = self.letter
        return {
            "id": self.id,
            "from": letter.sender,
            "to": letter.recipients,
            "subject": letter.subject,
            "html": letter.html,
            "text": letter.text,
            "tags": [tag.model_dump() for tag in letter.tags],
            "idempotencyKey": self.key,
            "createdAt": self.created_ms,
        }


@dataclass(frozen=True, slots=True)
class _Answered:
    """What a request with an idempotency key was answered."""

    body: bytes
    answer: dict[str, Any]
    at_ms: float


class Resend:
    """One Resend account.

    Args:
        settings: whether the rate limit holds.
        clock: stamps e-mails.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._reset()

    def service(self) -> Service:
        """What the sandbox mounts under `/resend`."""
        routes = [
            Route("/emails", self._send_one, methods=["POST"]),
            Route("/emails/batch", self._send_batch, methods=["POST"]),
            Route("/emails/{id}", self._get),
            Route("/mailbox", self._mailbox),
            Route("/mailbox/{id}", self._open),
            Route("/mailbox/{id}/html", self._html),
            Route("/_sandbox/emails", self._list),
        ]
        return Service(
            name="resend",
            title="Resend",
            app=Router(routes),
            reset=self._reset,
            controls=("/_sandbox/", "/mailbox"),
            links=_LINKS,
        )

    # ------------------------------------------------------------ what Resend has too

    async def _send_one(self, request: Request) -> Response:
        return await self._take(request, is_batch=False)

    async def _send_batch(self, request: Request) -> Response:
        return await self._take(request, is_batch=True)

    async def _take(self, request: Request, *, is_batch: bool) -> Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        body, key = await request.body(), request.headers.get("idempotency-key")
        if key is not None and not 1 <= len(key) <= 256:
            message = "The idempotency key must be 1 to 256 characters."
            return _problem(400, "invalid_idempotency_key", message)
        known = self._answered.get(key or "")
        if known is not None and self._clock.now_ms() - known.at_ms < REMEMBERED_MS:
            if known.body == body:
                return JSONResponse(known.answer)
            message = "This idempotency key was used with another request body."
            return _problem(409, "invalid_idempotent_request", message)
        try:
            letters = _read(body, is_batch=is_batch)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"]))
            return _problem(400, "validation_error", f"{where}: {first['msg']}".lstrip(": "))
        ids = [{"id": self._keep(letter, key)} for letter in letters]
        answer: dict[str, Any] = {"data": ids} if is_batch else ids[0]
        if key is not None:
            self._answered[key] = _Answered(body, answer, self._clock.now_ms())
        return JSONResponse(answer)

    def _refusal(self, request: Request) -> Response | None:
        scheme, _, api_key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not api_key.strip():
            return _problem(401, "missing_api_key", "Missing API key in the authorization header.")
        if not api_key.strip().startswith("re_"):
            return _problem(403, "invalid_api_key", "API key is invalid.")
        if not request.headers.get("user-agent"):
            return _problem(403, "validation_error", "A User-Agent header is required.")
        if self._settings.resend_is_limited and not self._has_room():
            answer = _problem(429, "rate_limit_exceeded", "Too many requests.")
            answer.headers.update({"retry-after": "1", "ratelimit-limit": str(RATE_PER_SECOND)})
            return answer
        return None

    def _has_room(self) -> bool:
        now = self._clock.now_ms()
        while self._recent and now - self._recent[0] >= 1000:
            self._recent.popleft()
        if len(self._recent) >= RATE_PER_SECOND:
            return False
        self._recent.append(now)
        return True

    def _keep(self, letter: Letter, key: str | None) -> str:
        id = f"{len(self._sent) + 1:08d}-0000-4000-8000-000000000000"
        self._sent[id] = Sent(id, letter, key, self._clock.now_ms())
        return id

    async def _get(self, request: Request) -> Response:
        sent = self._sent.get(request.path_params["id"])
        if sent is None:
            return _problem(404, "not_found", "Email not found")
        return JSONResponse({**sent.to_json(), "object": "email", "last_event": "delivered"})

    # ------------------------------------------------------------ what only a stand-in has

    async def _list(self, request: Request) -> Response:
        to, template = request.query_params.get("to"), request.query_params.get("template")
        rows = [
            sent.to_json()
            for sent in self._sent.values()
            if (not to or to in sent.letter.recipients)
            and (not template or Tag(name="template", value=template) in sent.letter.tags)
        ]
        return JSONResponse(rows)

    async def _mailbox(self, request: Request) -> Response:
        return mailbox_page([sent.to_json() for sent in reversed(self._sent.values())])

    async def _open(self, request: Request) -> Response:
        sent = self._sent.get(request.path_params["id"])
        if sent is None:
            return error_page("Surat tidak ditemukan. / No such letter.")
        return letter_page(sent.to_json())

    async def _html(self, request: Request) -> HTMLResponse:
        sent = self._sent.get(request.path_params["id"])
        if sent is None:
            return error_page("Surat tidak ditemukan. / No such letter.")
        return letter_frame(sent.letter.html, sent.letter.text)

    def _reset(self) -> None:
        self._sent: dict[str, Sent] = {}
        self._answered: dict[str, _Answered] = {}
        self._recent: deque[float] = deque()


_ONE: Final = TypeAdapter(Letter)
_MANY: Final[TypeAdapter[list[Letter]]] = TypeAdapter(
    Annotated[list[Letter], Field(min_length=1, max_length=BATCH_MAX)]
)


def _read(body: bytes, *, is_batch: bool) -> list[Letter]:
    return _MANY.validate_json(body) if is_batch else [_ONE.validate_json(body)]


def _problem(status: int, name: str, message: str) -> JSONResponse:
    return JSONResponse({"statusCode": status, "name": name, "message": message}, status)


_LINKS: Final = (
    Link("Mailbox", "every e-mail that was sent", "/resend/mailbox"),
    Link("GET /resend/_sandbox/emails?to=&template=", "as JSON", "/resend/_sandbox/emails"),
    Link("POST /resend/emails", "one e-mail; honours Idempotency-Key"),
    Link("POST /resend/emails/batch", f"up to {BATCH_MAX}"),
)
