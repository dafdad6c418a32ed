"""What the stand-ins are told by the environment, read anew each time it is asked for."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

DEFAULT_PORT: Final = 3215
DEFAULT_ISSUER: Final = f"http://127.0.0.1:{DEFAULT_PORT}/clerk"
DEFAULT_CLERK_WEBHOOK_URL: Final = "http://127.0.0.1:3211/webhooks/clerk"
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
        return self._env.get("SANDBOX_CLERK_WEBHOOK_URL", DEFAULT_CLERK_WEBHOOK_URL)

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
