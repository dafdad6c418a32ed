"""Who a client is, through a proxy or not."""

from __future__ import annotations

import pytest

from reactor.edge.origin import origin_of

Peer = tuple[str, int] | None


@pytest.mark.parametrize(
    ("peer", "forwarded", "ip"),
    [
        (("203.0.113.9", 5), None, "203.0.113.9"),
        (("203.0.113.9", 5), "198.51.100.1", "203.0.113.9"),
        (("127.0.0.1", 5), "198.51.100.1", "198.51.100.1"),
        (("::1", 5), "made up, 198.51.100.1", "198.51.100.1"),
        (None, "198.51.100.1", "198.51.100.1"),
        (("127.0.0.1", 5), None, "127.0.0.1"),
        (("127.0.0.1", 5), "", "127.0.0.1"),
        (None, None, None),
    ],
)
def test_only_a_proxy_beside_us_is_believed(peer: Peer, forwarded: str | None, ip: str) -> None:
    """Otherwise anybody could pass for anybody, and walk around a rate limit."""
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    assert origin_of("HttpApi", peer, headers).ip == ip


def test_a_client_may_leave_its_name_out() -> None:
    assert origin_of("SyncWorker", None, {}).user_agent is None
    assert origin_of("SyncWorker", None, {"user-agent": "npm"}).user_agent == "npm"
