"""The HTTP routes beside the client API."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from typing import Any, Final, Literal, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from functions import _clerk as clerk
from functions import _payments as payments
from functions import _webhooks as webhooks
from functions import _xml as xml
from functions import certificates, site, transactions, users
from functions._clients import svix
from functions._env import Env
from functions.constants import FEED_ITEMS, SITEMAP_URLS_MAX
from functions.site import Section
from functions.types.site import FeedItem
from reactor import ActionCtx, AppError, HttpRouter

log = logging.getLogger(__name__)
http = HttpRouter()

SECTIONS: Final[tuple[Section, ...]] = ("courses", "research", "news")
"""The few before the many: what does not fit into the sitemap is the oldest news."""


@http.get("/health")
async def health(ctx: ActionCtx, request: Request) -> Response:
    """Says that the server answers, and what time it is there."""
    return JSONResponse({"status": "ok", "time": ctx.now_ms()})


# ---------------------------------------------------------------- webhooks


@http.post("/webhooks/clerk")
@http.post("/clerk-users-webhook")
async def clerk_webhook(ctx: ActionCtx, request: Request) -> Response:
    """Takes what Clerk says about people; only a 2xx keeps Clerk from saying it again."""
    secret = ctx.env(Env).clerk_secret
    if secret is None:
        log.error("PROVIDER_NOT_CONFIGURED: CLERK_WEBHOOK_SECRET is not set")
        return webhooks.reply(500, "ignored:not_configured")
    body = await webhooks.read_body(request)
    if body is None:
        return webhooks.reply(413)
    event_id = svix.verified_id(secret, request.headers, body, ctx.now_ms())
    if event_id is None:
        return webhooks.reply(401)
    event = _event_of(body)
    if event is None:
        return webhooks.reply(400)
    try:
        done = await ctx.run_mutation(
            users.apply_clerk_event,
            event_id=event_id,
            type_=event["type"],
            data=event["data"],
            event_timestamp=_timestamp(event, ctx.now_ms()),
            payload=body.decode(),
        )
    except AppError as error:
        log.warning("A webhook of Clerk cannot be used: %s", error.data)
        return webhooks.reply(400)
    except Exception:
        log.exception("A webhook of Clerk failed")
        return webhooks.reply(500)
    return webhooks.reply(200, done.outcome)


def _event_of(body: bytes) -> dict[str, Any] | None:
    """The event in a body that says what it is about, with as much of it as we read."""
    try:
        parsed: Any = json.loads(body, parse_int=float)
        event = cast("dict[str, Any]", parsed) if isinstance(parsed, dict) else {}
        is_event = isinstance(event.get("type"), str) and isinstance(event.get("data"), dict)
        str(event.get("type")).encode()  # half a surrogate pair is no text
        return {**event, "data": clerk.essentials(event["data"])} if is_event else None
    except (ValueError, RecursionError):
        return None


def _timestamp(event: dict[str, Any], now_ms: float) -> float:
    at = event.get("timestamp")
    return at if isinstance(at, float) and 0 <= at < 2**53 else now_ms


@http.post("/webhooks/xendit")
async def xendit_webhook(ctx: ActionCtx, request: Request) -> Response:
    """Takes what Xendit says about invoices; only a 2xx keeps Xendit from saying it again."""
    token = ctx.env(Env).xendit_webhook_token or ""
    shown = request.headers.get("x-callback-token", "")
    if not token or not hmac.compare_digest(token.encode(), shown.encode()):
        return webhooks.reply(401)
    body = await webhooks.read_body(request)
    if body is None:
        return webhooks.reply(413)
    try:
        event = payments.read_callback(body)
    except ValueError as error:
        log.warning("A callback of Xendit cannot be used: %s", error)
        return webhooks.reply(400)
    try:
        done = await ctx.run_mutation(
            transactions.apply_invoice_event,
            event=event,
            event_id=payments.event_id(event),
            payload=body.decode(errors="replace"),
        )
    except Exception as error:
        if isinstance(error, AppError) and error.data["code"] == "NOT_FOUND":
            log.warning("A callback of Xendit is about no invoice of ours")
            return webhooks.reply(404)
        log.exception("A callback of Xendit failed")
        return webhooks.reply(500)
    return webhooks.reply(200, done.outcome)


# ---------------------------------------------------------------- for machines that read


@http.get("/sitemap.xml")
async def sitemap(ctx: ActionCtx, request: Request) -> Response:
    """Every page that search engines may show; beyond what one sitemap may hold, the newest.

    It is written part by part beside everything else that the server does: a whole one takes a
    second.
    """
    base = ctx.env(Env).next_public_app_url.rstrip("/")
    parts: list[str] = []
    left = SITEMAP_URLS_MAX
    for section in SECTIONS:
        cursor: str | None = None
        while left:
            page = await ctx.run_query(site.sitemap_page, section=section, cursor=cursor)
            entries = page.entries[:left]
            parts.append(await asyncio.to_thread(xml.sitemap_part, f"{base}/{section}", entries))
            left, cursor = left - len(entries), page.cursor
            if cursor is None:
                break
    return _cached(request, xml.sitemap(parts), "application/xml", 3600)


@http.get("/feed/news.xml")
async def news_feed(ctx: ActionCtx, request: Request) -> Response:
    """The newest news."""
    return await _feed(ctx, request, "news", "Reimaji: Berita")


@http.get("/feed/research.xml")
async def research_feed(ctx: ActionCtx, request: Request) -> Response:
    """The newest research."""
    return await _feed(ctx, request, "research", "Reimaji: Riset")


async def _feed(
    ctx: ActionCtx, request: Request, section: Literal["news", "research"], title: str
) -> Response:
    items: list[FeedItem] = []
    cursor: str | None = None
    while len(items) < FEED_ITEMS:
        part = await ctx.run_query(site.feed_page, section=section, cursor=cursor)
        items += part.items
        cursor = part.cursor
        if cursor is None:
            break
    link = f"{ctx.env(Env).next_public_app_url.rstrip('/')}/{section}"
    return _cached(request, xml.rss(title, link, items[:FEED_ITEMS]), "application/rss+xml", 300)


def _cached(request: Request, body: bytes, media_type: str, max_age_s: int) -> Response:
    """An answer with a mark of its content, or no body for whoever has it already."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": f"max-age={max_age_s}"}
    known = [mark.strip().removeprefix("W/") for mark in _if_none_match(request)]
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def _if_none_match(request: Request) -> list[str]:
    return ",".join(request.headers.getlist("if-none-match")).split(",")


@http.get("/certificates/*")
async def certificate(ctx: ActionCtx, request: Request) -> Response:
    """What a certificate's code says, for whoever was shown one."""
    code = request.url.path.removeprefix("/certificates/")
    found = await ctx.run_query(certificates.get_by_code, code=code)
    if found is None:
        return JSONResponse({"code": "NOT_FOUND", "message": "Certificate not found"}, 404)
    return JSONResponse(
        {
            "code": found.code,
            "recipientName": found.recipient_name,
            "courseTitle": found.course_title,
            "score": found.score,
            "issuedAt": found.issued_at,
        },
        headers={"x-content-type-options": "nosniff"},
    )
