"""Who may use the admin's endpoints.

Source: protocol.md 4.3, 4.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reactor.errors import BadRequest

if TYPE_CHECKING:
    from starlette.requests import Request

    from reactor.auth.identity import Caller
    from reactor.session.hub import Hub


async def admin_caller(hub: Hub, request: Request) -> Caller:
    """The holder of the admin key behind a request.

    The key comes in `Authorization: Convex <key>`, or, where a browser cannot send headers, as
    `?adminKey=` of a GET.

    Raises:
        BadRequest: somebody else asks (403).
        AuthFailed: the key is not this deployment's (403), or a token cannot be trusted (401).
    """
    header = request.headers.get("authorization")
    key = request.query_params.get("adminKey") if request.method == "GET" else None
    if header is None and key is not None:
        return hub.authenticator.admin(key)
    caller = await hub.authenticator.from_header(header)
    if caller.kind != "admin":
        raise BadRequest(
            "this endpoint needs the deployment's admin key: Authorization: Convex <admin key>",
            code="BadDeployKey",
            status=403,
        )
    return caller
