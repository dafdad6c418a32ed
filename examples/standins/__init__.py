"""Stand-ins for the outside services Reimaji talks to, as one local ASGI app.

Serve it with `python -m examples.standins`, or name `examples.standins:app` in `server.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from examples.standins.app import create_app

app = create_app()


def environment(url: str) -> Mapping[str, str]:
    """The variables that point Reimaji at the stand-ins; `reactor dev` asks for them.

    Args:
        url: where the stand-ins are served, without a trailing slash.
    """
    return {"CLERK_JWT_ISSUER_DOMAIN": f"{url}/clerk"}


__all__ = ["app", "create_app", "environment"]
