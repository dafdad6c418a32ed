"""What the stand-ins are told by the environment, read anew each time it is asked for."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

DEFAULT_PORT: Final = 3215
DEFAULT_BASE: Final = f"http://127.0.0.1:{DEFAULT_PORT}"
DEFAULT_SITE: Final = "http://127.0.0.1:3211"
DEFAULT_ISSUER: Final = f"{DEFAULT_BASE}/clerk"
DEFAULT_XENDIT_TOKEN: Final = "dev-xendit-token"
DEFAULT_CLERK_WEBHOOK_SECRET: Final = "whsec_cmVpbWFqaS1kZXYtd2ViaG9vay1zZWNyZXQtMzJieXQ="


class Settings:
    """The variables that concern the stand-ins.

    Args:
        env: the environment; a live mapping is followed as it changes.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    @property
    def clerk_issuer(self) -> str:
        """`iss` of every token; it carries the port the stand-ins are served on."""
        return self._env.get("CLERK_JWT_ISSUER_DOMAIN", DEFAULT_ISSUER).removesuffix("/")

    @property
    def clerk_webhook_url(self) -> str:
        """Where user events are sent."""
        return self._env.get("SANDBOX_CLERK_WEBHOOK_URL", f"{self._site}/webhooks/clerk")

    @property
    def xendit_base_url(self) -> str:
        """Where the Xendit stand-in itself is; pay pages lie below."""
        return self._env.get("XENDIT_BASE_URL", f"{DEFAULT_BASE}/xendit").removesuffix("/")

    @property
    def xendit_callback_url(self) -> str:
        """Where payments are told."""
        return self._env.get("SANDBOX_XENDIT_CALLBACK_URL", f"{self._site}/webhooks/xendit")

    @property
    def xendit_webhook_token(self) -> str:
        """What callbacks carry as `x-callback-token`."""
        return self._env.get("XENDIT_WEBHOOK_TOKEN", DEFAULT_XENDIT_TOKEN)

    @property
    def resend_is_limited(self) -> bool:
        """Whether more than two e-mails a second are refused."""
        return self._env.get("SANDBOX_RESEND_RATE_LIMIT") == "1"

    @property
    def _site(self) -> str:
        """The project's own HTTP routes; `reactor dev` tells where they are."""
        return self._env.get("CONVEX_SITE_URL", DEFAULT_SITE).removesuffix("/")

    @property
    def clerk_webhook_secret(self) -> str:
        """The Svix secret, `whsec_` and base64."""
        return (
            self._env.get("CLERK_WEBHOOK_SECRET")
            or self._env.get("CLERK_WEBHOOK_SIGNING_SECRET")
            or DEFAULT_CLERK_WEBHOOK_SECRET
        )


def is_loopback_host(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_loopback_url(url: str) -> bool:
    """Whether a URL is http(s) and leads to this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and is_loopback_host(parts.hostname or "")
