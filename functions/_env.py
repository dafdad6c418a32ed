"""The settings that Reimaji's functions read."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import reactor

PROVIDERS: Final = ("clerk_jwt_issuer_domain", "openai_base_url", "resend_base_url")
"""The addresses of outside services, as attributes of `Env`."""


class Env(reactor.Env):
    """One attribute per environment variable; the defaults are those of `reactor dev`."""

    reactor_allow_sandbox: bool = False
    reactor_env: str = "dev"
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
    reimaji_pro_daily_limit: int = 200
    resend_api_key: str | None = None
    resend_base_url: str = "https://api.resend.com"

    def problems(self) -> Iterator[str]:
        """Stand-ins believe everybody: a deployment that people use must not be pointed at them."""
        if self.reactor_env == "dev" or self.reactor_allow_sandbox:
            return
        for name in PROVIDERS:
            if _is_loopback(getattr(self, name)):
                yield (
                    f"{name.upper()} leads to this machine; outside of development that needs "
                    "REACTOR_ALLOW_SANDBOX=1"
                )

    @property
    def clerk_secret(self) -> str | None:
        """What Clerk's webhooks are signed with, under the name of Convex's guide or of Clerk's."""
        return self.clerk_webhook_secret or self.clerk_webhook_signing_secret


def _is_loopback(url: str) -> bool:
    """Whether an address can only lead to this machine; one without a scheme is read as https."""
    host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
