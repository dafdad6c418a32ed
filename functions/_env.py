"""The settings that Reimaji's functions read."""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Callable, Iterator
from email.utils import parseaddr
from typing import Final
from urllib.parse import urlsplit

from pydantic import TypeAdapter

import reactor
from functions.constants import AI_MODELS, DAY_MS, MINUTE_MS
from schema import Plan

_MODEL_MAP: Final = TypeAdapter(dict[str, str])

PROVIDERS: Final = (
    "clerk_jwt_issuer_domain",
    "openai_base_url",
    "resend_base_url",
    "xendit_base_url",
)
"""The addresses of outside services, as attributes of `Env`."""

POSITIVE: Final = (
    "price_pro_monthly_idr",
    "price_pro_yearly_idr",
    "reimaji_ai_stale_ms",
    "reimaji_period_monthly_ms",
    "reimaji_period_yearly_ms",
)
COUNTS: Final = (
    "reimaji_ai_burst_per_minute",
    "reimaji_free_daily_limit",
    "reimaji_keep_deleted_days",
    "reimaji_keep_emails_days",
    "reimaji_keep_views_days",
    "reimaji_keep_webhooks_days",
    "reimaji_pro_daily_limit",
)
"""What may be 0 as well."""

_DAY_MINUTES: Final = DAY_MS // MINUTE_MS


class Env(reactor.Env):
    """One attribute per environment variable; the defaults are those of `reactor dev`."""

    reactor_allow_sandbox: bool = False
    reactor_env: str = "prod"
    clerk_jwt_issuer_domain: str
    clerk_webhook_secret: str | None = None
    clerk_webhook_signing_secret: str | None = None
    admin_clerk_user_ids: str = "admin-1"
    ai_model_map: str = "{}"
    email_from: str = "Reimaji <halo@reimaji.test>"
    next_public_app_url: str = "http://localhost:3000"
    openai_api_key: str | None = None
    openai_base_url: str = "https://api.openai.com/v1"
    reimaji_ai_burst_per_minute: int = 20
    reimaji_ai_stale_ms: float = 120_000
    reimaji_day_utc_offset_minutes: int = 420
    reimaji_free_daily_limit: int = 5
    reimaji_keep_deleted_days: float = 30
    reimaji_keep_emails_days: float = 90
    reimaji_keep_views_days: float = 7
    reimaji_keep_webhooks_days: float = 30
    price_pro_monthly_idr: int = 99_000
    price_pro_yearly_idr: int = 990_000
    reimaji_period_monthly_ms: int = 30 * DAY_MS
    reimaji_period_yearly_ms: int = 365 * DAY_MS
    reimaji_pro_daily_limit: int = 200
    reimaji_reminder_offsets_ms: str = "604800000,259200000,86400000"
    resend_api_key: str | None = None
    resend_base_url: str = "https://api.resend.com"
    xendit_base_url: str = "https://api.xendit.co"
    xendit_secret_key: str | None = None
    xendit_webhook_token: str | None = None

    def problems(self) -> Iterator[str]:
        """What nobody should find out from a user's failed call, or from an open door."""
        yield from self._unreadable()
        yield from self._out_of_range()
        # Stand-ins believe everybody: a deployment that people use must not be pointed at them.
        if self.reactor_env == "dev" or self.reactor_allow_sandbox:
            return
        for name in PROVIDERS:
            if _is_loopback(getattr(self, name)):
                yield (
                    f"{name.upper()} leads to this machine; outside of development that needs "
                    "REACTOR_ALLOW_SANDBOX=1"
                )

    def _unreadable(self) -> Iterator[str]:
        if not _is_read(lambda: self.provider_models):
            yield (
                "AI_MODEL_MAP must be a JSON object from our model names to the provider's, as in "
                '{"gpt-3.5-turbo": "cheap-1"}'
            )
        elif strangers := set(self.provider_models) - set(AI_MODELS):
            yield (
                f"AI_MODEL_MAP names {', '.join(sorted(strangers))}; our models are "
                f"{', '.join(AI_MODELS)}"
            )
        if not _is_read(lambda: self.reminder_offsets):
            yield "REIMAJI_REMINDER_OFFSETS_MS must be numbers of ms above 0 with commas between"
        if not _is_web_address(self.next_public_app_url):
            yield "NEXT_PUBLIC_APP_URL must be an address that begins with http:// or https://"
        if not _is_sender(self.email_from):
            yield "EMAIL_FROM must be an address, as in Reimaji <halo@example.com>"
        if self.clerk_secret and not _is_read(lambda: _key(self.clerk_secret or "")):
            yield "CLERK_WEBHOOK_SECRET must be whsec_ and base64, as Clerk shows it"

    def _out_of_range(self) -> Iterator[str]:
        if not -_DAY_MINUTES < self.reimaji_day_utc_offset_minutes < _DAY_MINUTES:
            yield "REIMAJI_DAY_UTC_OFFSET_MINUTES must be less than a day"
        for name in POSITIVE:
            if not 0 < getattr(self, name) < 2**53:
                yield f"{name.upper()} must be above 0"
        for name in COUNTS:
            if not 0 <= getattr(self, name) < 2**53:
                yield f"{name.upper()} must not be below 0"

    @property
    def provider_models(self) -> dict[str, str]:
        """The provider's names of our models, where they differ.

        Raises:
            ValueError: AI_MODEL_MAP is no JSON object of texts; `problems` tells at the start.
        """
        return _MODEL_MAP.validate_json(self.ai_model_map)

    @property
    def clerk_secret(self) -> str | None:
        """What Clerk's webhooks are signed with, under the name of Convex's guide or of Clerk's."""
        return self.clerk_webhook_secret or self.clerk_webhook_signing_secret

    def price(self, plan: Plan) -> int:
        """What a plan costs, in rupiah."""
        is_yearly = plan == "pro_yearly"
        return self.price_pro_yearly_idr if is_yearly else self.price_pro_monthly_idr

    def period_ms(self, plan: Plan) -> int:
        """How long a payment for a plan lasts."""
        is_yearly = plan == "pro_yearly"
        return self.reimaji_period_yearly_ms if is_yearly else self.reimaji_period_monthly_ms

    @property
    def reminder_offsets(self) -> list[float]:
        """How long before its end a subscription is reminded of it, in ms.

        Raises:
            ValueError: one is no number of ms; `problems` tells at the start.
        """
        texts = self.reimaji_reminder_offsets_ms.split(",")
        offsets = [float(text) for text in texts if text.strip()]
        if not all(0 < offset < 2**53 for offset in offsets):
            raise ValueError("out of range")
        return offsets


def _is_read(read: Callable[[], object]) -> bool:
    try:
        read()
    except ValueError:
        return False
    return True


def _key(secret: str) -> None:
    if not base64.b64decode(secret.removeprefix("whsec_"), validate=True):
        raise ValueError("an empty key signs for everybody")


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_sender(text: str) -> bool:
    local, _, domain = parseaddr(text)[1].rpartition("@")
    return bool(local and domain) and text.isprintable()


def _is_loopback(url: str) -> bool:
    """Whether an address can only lead to this machine; one without a scheme is read as https."""
    host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
