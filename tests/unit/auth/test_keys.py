"""Key sets: which keys are used, and how often a provider is asked for them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import RSAAlgorithm

from reactor.auth.keys import (
    KEYS_AGE_MAX_S,
    KEYS_MAX,
    LOOK_AGAIN_S,
    RETRY_S,
    KeySet,
    VerificationKey,
    parse_key_set,
)
from reactor.auth.oidc import Clerk
from reactor.runtime.clock import VirtualClock
from tests.unit.auth.issuer import (
    ISSUER,
    JWKS_URL,
    Network,
    ec_key,
    ed_key,
    jwk,
    key_set,
    rsa_key,
)

# ---------------------------------------------------------------- reading a key set


def test_every_supported_type_is_tied_to_one_algorithm() -> None:
    body = key_set(jwk(rsa_key(), "r"), jwk(ec_key(), "e"), jwk(ed_key(), None))
    found = [(key.key_id, key.algorithm) for key in parse_key_set(body)]
    assert found == [("r", "RS256"), ("e", "ES256"), (None, "EdDSA")]


@pytest.mark.parametrize(
    "entry",
    [
        jwk(rsa_key(), use="enc"),
        jwk(rsa_key(), use=5),
        jwk(rsa_key(), key_ops=["encrypt"]),
        jwk(rsa_key(), key_ops="verify"),
        jwk(rsa_key(), alg="RS512"),
        jwk(rsa_key(), alg="HS256"),
        jwk(rsa_key(), alg="none"),
        {**jwk(rsa_key()), "kid": 5},
        jwk(rsa_key(), n=5),
        jwk(rsa_key(), n=""),
        jwk(rsa_key(), n="***"),
        jwk(rsa_key(), e="AQ"),
        jwk(rsa_key(), kty="oct", k="c2VjcmV0"),
        jwk(rsa_key(), kty=["RSA"]),
        jwk(rsa_key(), kty="EC"),
        jwk(ec_key(), x="AAAA"),
        jwk(ec_key(), crv="P-384"),
        jwk(ed_key(), crv="Ed448"),
        jwk(ed_key(), x="AAAA"),
        jwk(rsa_key("small", 1024)),
        jwk(ec.generate_private_key(ec.SECP384R1())),
        {"kty": "oct", "k": "c2VjcmV0", "kid": "k1", "alg": "HS256"},
        {},
    ],
)
def test_other_keys_are_left_out(entry: dict[str, Any]) -> None:
    """One odd key in a set must not cost the others, nor ever be used."""
    good = jwk(rsa_key(), "good", alg="RS256", key_ops=["verify"])
    assert [key.key_id for key in parse_key_set(key_set(entry, good))] == ["good"]


def test_private_members_are_never_read() -> None:
    leaked = RSAAlgorithm.to_jwk(rsa_key(), as_dict=True)
    (key,) = parse_key_set(key_set({**leaked, "key_ops": ["verify"]}))
    assert "private" not in type(key._public).__name__.lower()  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"keys": {}}', b'{"keys": null}', b"\xff", b"[" * 100_000],
)
def test_what_is_no_key_set_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the one contract of parsing; no finer class
        parse_key_set(body)


def test_a_key_set_has_a_bound() -> None:
    one = jwk(ec_key())
    assert len(parse_key_set(key_set(*[one] * KEYS_MAX))) == KEYS_MAX
    with pytest.raises(ValueError, match="limit"):
        parse_key_set(key_set(*[one] * (KEYS_MAX + 1)))


def test_entries_that_are_no_objects_are_left_out() -> None:
    assert parse_key_set(json.dumps({"keys": [5, None, "x"]}).encode()) == ()


def test_verify_says_no_to_garbage() -> None:
    for key in (rsa_key(), ec_key(), ed_key()):
        (public,) = parse_key_set(key_set(jwk(key)))
        for signature in (b"", b"x", b"\0" * 64, b"\0" * 256):
            assert not public.verify(b"message", signature)


# ---------------------------------------------------------------- asking the provider


def key_cache(network: Network, clock: VirtualClock) -> KeySet:
    return KeySet(Clerk(issuer=ISSUER).resolve({}).keys, clock=clock, fetch=network.fetch)


async def look(keys: KeySet, key_id: str | None = "k1") -> tuple[VerificationKey, ...]:
    """What the authenticator does: find, refresh if told to, and take what is known."""
    found = keys.find(key_id, "RS256")
    if found is None:
        await keys.refresh()
        found = keys.known(key_id, "RS256")
    return found


async def test_keys_are_fetched_once() -> None:
    network, clock = Network({JWKS_URL: key_set(jwk(rsa_key()))}), VirtualClock()
    keys = key_cache(network, clock)
    for _ in range(5):
        assert len(await look(keys)) == 1
    assert len(network.asked) == 1


async def test_a_key_is_found_by_id_and_algorithm() -> None:
    body = key_set(jwk(rsa_key(), "a"), jwk(rsa_key("other"), "b"), jwk(ec_key(), "a"))
    keys = key_cache(Network({JWKS_URL: body}), VirtualClock())
    assert len(await look(keys, "a")) == 1
    assert len(await look(keys, None)) == 2
    assert [key.algorithm for key in keys.known("a", "ES256")] == ["ES256"]
    assert keys.known("a", "none") == ()


async def test_an_unknown_key_is_looked_for_once_a_minute() -> None:
    """A stranger with made-up tokens must not make us hammer the provider."""
    network, clock = Network({JWKS_URL: key_set(jwk(rsa_key()))}), VirtualClock()
    keys = key_cache(network, clock)
    await look(keys)
    for _ in range(10):
        assert await look(keys, "made-up") == ()
    assert len(network.asked) == 2
    clock.advance(LOOK_AGAIN_S - 0.1)
    await look(keys, "made-up")
    assert len(network.asked) == 2
    clock.advance(0.1)
    await look(keys, "made-up")
    assert len(network.asked) == 3


async def test_a_new_key_works_at_once_and_the_old_one_is_dropped() -> None:
    network, clock = Network({JWKS_URL: key_set(jwk(rsa_key(), "old"))}), VirtualClock()
    keys = key_cache(network, clock)
    await look(keys, "old")
    network.answers[JWKS_URL] = key_set(jwk(rsa_key("new"), "new"))
    assert len(await look(keys, "new")) == 1
    assert keys.known("old", "RS256") == ()


async def test_a_withdrawn_key_is_forgotten_in_time() -> None:
    network, clock = Network({JWKS_URL: key_set(jwk(rsa_key()))}), VirtualClock()
    keys = key_cache(network, clock)
    await look(keys)
    network.answers[JWKS_URL] = key_set()
    clock.advance(KEYS_AGE_MAX_S - 1)
    assert len(await look(keys)) == 1
    clock.advance(1)
    assert await look(keys) == ()


async def test_known_keys_survive_a_provider_that_is_down() -> None:
    """Users stay signed in while their provider restarts."""
    network, clock = Network({JWKS_URL: key_set(jwk(rsa_key()))}), VirtualClock()
    keys = key_cache(network, clock)
    await look(keys)
    for broken in (ConnectionError("down"), b"<html>"):
        network.answers[JWKS_URL] = broken
        clock.advance(KEYS_AGE_MAX_S)
        before = len(network.asked)
        for _ in range(3):
            assert len(await look(keys)) == 1
        assert len(network.asked) == before + 1
        assert keys.failure
    network.answers[JWKS_URL] = key_set(jwk(rsa_key()))
    clock.advance(LOOK_AGAIN_S)
    assert len(await look(keys)) == 1
    assert keys.failure is None


async def test_a_provider_that_was_never_up_is_asked_again_soon() -> None:
    """`reactor dev` starts its token issuer beside itself; either may be up first."""
    network, clock = Network(), VirtualClock()
    keys = key_cache(network, clock)
    for _ in range(3):
        assert await look(keys) == ()
    assert keys.is_unknown
    assert keys.failure == "nobody there"
    assert len(network.asked) == 1
    clock.advance(RETRY_S)
    network.answers[JWKS_URL] = key_set(jwk(rsa_key()))
    assert len(await look(keys)) == 1


class SlowNetwork(Network):
    """Answers only when told to."""

    def __init__(self, answers: dict[str, bytes | OSError]) -> None:
        super().__init__(answers)
        self.gate = asyncio.Event()

    async def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        await self.gate.wait()
        answer = self.answers[url]
        if isinstance(answer, OSError):
            raise answer
        return answer


async def turn(times: int = 5) -> None:
    """Lets every other task run until it waits."""
    for _ in range(times):
        await anyio.lowlevel.checkpoint()


@pytest.mark.parametrize("answer", [key_set(jwk(rsa_key())), ConnectionError("down")])
async def test_concurrent_callers_share_one_fetch(answer: bytes | OSError) -> None:
    """A thousand clients that reconnect at once cost the provider one request."""
    network = SlowNetwork({JWKS_URL: answer})
    keys = key_cache(network, VirtualClock())
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(look(keys)) for _ in range(25)]
        await turn()
        tasks += [group.create_task(look(keys)) for _ in range(25)]
        await turn()
        network.gate.set()
    assert len(network.asked) == 1
    assert {len(task.result()) for task in tasks} == {1 if isinstance(answer, bytes) else 0}


async def test_known_keys_are_not_held_up_by_a_fetch_for_an_unknown_one() -> None:
    network, clock = SlowNetwork({JWKS_URL: key_set(jwk(rsa_key()))}), VirtualClock()
    network.gate.set()
    keys = key_cache(network, clock)
    await look(keys)
    network.gate.clear()
    async with asyncio.TaskGroup() as group:
        unknown = group.create_task(look(keys, "made-up"))
        await turn()
        assert keys.find("k1", "RS256")
        network.gate.set()
    assert unknown.result() == ()


async def test_a_caller_that_is_torn_away_leaves_the_others_served() -> None:
    network = SlowNetwork({JWKS_URL: key_set(jwk(rsa_key()))})
    keys = key_cache(network, VirtualClock())
    async with asyncio.TaskGroup() as group:
        first = group.create_task(look(keys))
        await turn()
        second = group.create_task(look(keys))
        await turn()
        first.cancel()
        await turn()
        network.gate.set()
    assert len(second.result()) == 1
    assert len(network.asked) <= 2


async def test_a_client_that_hangs_up_does_not_waste_the_fetch() -> None:
    """Otherwise connecting and hanging up, over and over, keeps a new key from being learnt."""
    network, clock = SlowNetwork({JWKS_URL: key_set(jwk(rsa_key()))}), VirtualClock()
    keys = key_cache(network, clock)
    async with anyio.create_task_group() as client:
        client.start_soon(look, keys)
        await turn()
        client.cancel_scope.cancel()
        asyncio.get_running_loop().call_soon(network.gate.set)
    assert len(keys.known("k1", "RS256")) == 1
    assert len(network.asked) == 1
