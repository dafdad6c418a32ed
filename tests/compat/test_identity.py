"""Checks 19 and 20: signing in, changing who one is, running out, signing out."""

from __future__ import annotations

import asyncio

import pytest

from tests.compat.conftest import Connect, OpenSocket
from tests.compat.support.client import RemoteError
from tests.compat.support.proxy import Proxy
from tests.compat.support.server import ADMIN_KEY, Server
from tests.compat.support.tokens import ISSUER, Issuer

LEEWAY_SECONDS = 5.0
"""How long past its `exp` a token is still believed, for clocks that differ."""


async def test_signing_in_is_confirmed_and_refreshed(
    connect: Connect, proxy: Proxy, issuer: Issuer
) -> None:
    """Check 19: setAuth, confirmation by a Transition, then npm's second Authenticate."""
    client = await connect("npm", proxy.url)
    who = client.subscribe("people:whoami")
    await who.until(None)
    client.set_auth([issuer.token("user-1"), issuer.token("user-1", note="fresh")])
    await who.until("user-1")
    assert (await client.until_event("authChange"))["value"] is True
    await client.until_event("fetchToken", 2)
    assert [event["force"] for event in client.events("fetchToken")] == [False, True]
    await proxy.until(lambda: len(proxy.messages("client", "Authenticate")) == 2)

    def confirmed() -> bool:
        newest = proxy.messages("server", "Transition")[-1]
        identity: int = newest["endVersion"]["identity"]
        return identity == 2

    await proxy.until(confirmed)
    assert who.changes == [None, "user-1"]
    assert len(proxy.links) == 1


async def test_another_identity_runs_every_query_again(
    connect: Connect, server: Server, issuer: Issuer
) -> None:
    """Check 19: a guarded query fails, speaks, speaks to another, and fails again."""
    client = await connect("npm", server.url)
    who, greeting = client.subscribe("people:whoami"), client.subscribe("people:greeting")
    assert (await greeting.until_error()).data == {"code": "UNAUTHENTICATED"}
    for subject in ("user-1", "user-2"):
        client.set_auth([issuer.token(subject)])
        await who.until(subject)
        await greeting.until(f"hello {subject}")
    await client.ask("clearAuth")
    await who.until(None)
    assert (await greeting.until_error()).data == {"code": "UNAUTHENTICATED"}
    assert who.changes == [None, "user-1", "user-2", None]


async def test_python_signs_in_and_out(connect: Connect, server: Server, issuer: Issuer) -> None:
    """Check 19: the same with set_auth and clear_auth of PyPI's client."""
    client = await connect("pypi", server.url)
    who = client.subscribe("people:whoami")
    await who.until(None)
    client.set_auth([issuer.token("user-1")])
    await who.until("user-1")
    assert await client.query("people:tokenIdentifier") == f"{ISSUER}|user-1"
    assert await client.mutation("people:countMe") >= 1
    await client.ask("clearAuth")
    await who.until(None)
    with pytest.raises(RemoteError) as refused:
        await client.mutation("people:countMe")
    assert refused.value.data == {"code": "UNAUTHENTICATED"}


async def test_a_mutation_runs_as_who_sent_it(
    connect: Connect, server: Server, issuer: Issuer, name: str
) -> None:
    """Check 19: two identities on one socket leave two counters."""
    client = await connect("npm", server.url)
    who = client.subscribe("people:whoami")
    for subject in (f"{name}-1", f"{name}-2"):
        client.set_auth([issuer.token(subject)])
        await who.until(subject)
        assert await client.mutation("people:countMe") == 1


def bad_tokens(issuer: Issuer) -> dict[str, str]:
    """Tokens that must not be believed."""
    good = issuer.token("user-1")
    head, body, signature = good.split(".")
    return {
        "run out": issuer.token("user-1", seconds=-60, age=3600),
        "another audience": issuer.token("user-1", aud="somebody else"),
        "another issuer": issuer.token("user-1", iss="https://evil.test"),
        "not yet valid": issuer.token("user-1", nbf=4_000_000_000),
        "a stranger's key": Issuer().token("user-1"),
        "no signature": f"{head}.{body}.",
        "a changed signature": f"{head}.{body}.{signature[::-1]}",
        "no token at all": "not.a.token",
    }


@pytest.mark.parametrize("flaw", sorted(bad_tokens(Issuer())))
async def test_a_bad_token_is_refused_and_a_good_one_heals(
    connect: Connect, proxy: Proxy, issuer: Issuer, flaw: str
) -> None:
    """Check 20: AuthError, `fetchToken(force)`, reconnect with the fresh token, and on it goes."""
    client = await connect("npm", proxy.url)
    who = client.subscribe("people:whoami")
    await who.until(None)
    bad = bad_tokens(issuer)[flaw]
    client.set_auth([bad, issuer.token("user-2")])
    await who.until("user-2")
    error = proxy.messages("server", "AuthError")[0]
    assert error["authUpdateAttempted"] is True
    assert error["baseVersion"] == 0
    assert isinstance(error["error"], str)
    assert [event["force"] for event in client.events("fetchToken")][:2] == [False, True]
    assert client.events("authChange")[-1]["value"] is True
    assert "user-1" not in who.values


async def test_only_bad_tokens_end_signed_out(
    connect: Connect, server: Server, issuer: Issuer, name: str
) -> None:
    """Check 20: npm gives up after fresh tokens fail, reports false, and works unauthenticated."""
    client = await connect("npm", server.url)
    who = client.subscribe("people:whoami")
    await who.until(None)
    expired = [issuer.token("user-1", seconds=-60 - n, age=3600) for n in range(4)]
    client.set_auth(expired)
    assert (await client.until_event("authChange", seconds=30))["value"] is False
    assert await client.mutation("counters:increment", name=name) == 1
    assert who.changes == [None]


async def test_a_token_that_runs_out_is_renewed(
    connect: Connect, proxy: Proxy, issuer: Issuer, name: str
) -> None:
    """Check 20: AuthError without an attempt, a fresh token, and the live views go on.

    The first token says that it was issued an hour ago: npm plans its own refresh from the
    lifetime, an hour from now, so it is the server that notices.
    """
    client = await connect("npm", proxy.url)
    short = issuer.token("user-1", seconds=3, age=3600)
    client.set_auth([short, short, issuer.token("user-1", note="fresh")])
    who, view = client.subscribe("people:whoami"), client.subscribe("counters:get", name=name)
    await who.until("user-1")
    await view.until(0)
    await asyncio.sleep(LEEWAY_SECONDS + 3.5)
    number = client.post("mutation", path="counters:increment", args={"name": name})
    await proxy.until(lambda: bool(proxy.messages("server", "AuthError")))
    assert proxy.messages("server", "AuthError")[0]["authUpdateAttempted"] is False
    assert await client.reply(number) == 1
    assert len(proxy.links) == 2
    await view.until(1)
    assert who.values[-1] == "user-1"
    assert None not in who.values


async def test_an_expired_token_does_nothing(
    raw_socket: OpenSocket, server: Server, issuer: Issuer
) -> None:
    """Check 20: a mutation after the expiry is not run as anybody."""
    socket = await raw_socket(server.url)
    await socket.connect()
    token = issuer.token("user-1", seconds=-30, age=3600)
    await socket.send(
        {"type": "Authenticate", "baseVersion": 0, "tokenType": "User", "value": token}
    )
    await socket.mutate("people:countMe", {})
    messages, code, _ = await socket.closed()
    assert [message["type"] for message in messages] == ["AuthError"]
    assert messages[0]["authUpdateAttempted"] is True
    assert code is None


async def test_the_admin_key_acts_as_anybody(raw_socket: OpenSocket, server: Server) -> None:
    """Issue A 5: the admin key opens internal functions, and can speak for a user."""
    socket = await raw_socket(server.url)
    await socket.connect()
    identity = {"subject": "user-9", "issuer": ISSUER}
    await socket.send(
        {
            "type": "Authenticate",
            "baseVersion": 0,
            "tokenType": "Admin",
            "value": ADMIN_KEY,
            "impersonating": identity,
        }
    )
    await socket.add(0, "people:whoami", {})
    assert (await socket.result_of(0))["value"] == "user-9"
    await socket.add(1, "counters:secret", {})
    assert (await socket.result_of(1))["value"] == "only for the inside"


async def test_a_wrong_admin_key_is_an_auth_error(raw_socket: OpenSocket, server: Server) -> None:
    """Issue A 5: a bad key is refused as a bad token is."""
    socket = await raw_socket(server.url)
    await socket.connect()
    await socket.send(
        {"type": "Authenticate", "baseVersion": 0, "tokenType": "Admin", "value": "wrong|00"}
    )
    messages, _, _ = await socket.closed()
    assert [message["type"] for message in messages] == ["AuthError"]
