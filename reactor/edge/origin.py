"""What is known of whoever sends a request: address and user agent, for `ctx.meta.request`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reactor.runner.executions import Origin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reactor.runner.executions import Sender

_OURSELVES: Final = ("127.0.0.1", "::1")


def origin_of(sender: Sender, peer: tuple[str, int] | None, headers: Mapping[str, str]) -> Origin:
    """The origin of one request.

    Args:
        sender: the part of the node that it came to.
        peer: host and port of the TCP peer; None on a Unix socket.
        headers: by lower-case names.
    """
    ip = None if peer is None else peer[0]
    if ip is None or ip in _OURSELVES:
        # A proxy on this machine says for whom it asks; from elsewhere anybody could say anything.
        forwarded = headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        ip = forwarded or ip
    return Origin(sender, ip, headers.get("user-agent"))
