"""Stand-ins for the outside services Reimaji talks to, as one local ASGI app.

Serve it with `python -m examples.standins`, or name `examples.standins:app` in `server.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from examples.standins.app import create_app
from examples.standins.settings import DEFAULT_CLERK_WEBHOOK_SECRET, DEFAULT_XENDIT_TOKEN

app = create_app()


def environment(url: str) -> Mapping[str, str]:
    """The variables that point Reimaji at the stand-ins; `reactor dev` asks for them.

    Args:
        url: where the stand-ins are served, without a trailing slash.
    """
    return {
        "CLERK_JWT_ISSUER_DOMAIN": f"{url}/clerk",
        "CLERK_WEBHOOK_SECRET": DEFAULT_CLERK_WEBHOOK_SECRET,
        "XENDIT_BASE_URL": f"{url}/xendit",
        "XENDIT_SECRET_KEY": "xnd_development_sandbox",
        "XENDIT_WEBHOOK_TOKEN": DEFAULT_XENDIT_TOKEN,
        "OPENAI_BASE_URL": f"{url}/openai/v1",
        "OPENAI_API_KEY": "sandbox",
        "RESEND_BASE_URL": f"{url}/resend",
        "RESEND_API_KEY": "re_sandbox",
    }


__all__ = ["app", "create_app", "environment"]
