"""Whatever a client sends, the answer is an identity or AuthFailed, never another error."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reactor.errors import AuthFailed
from tests.unit.auth.issuer import segment, signed
from tests.unit.auth.world import ADMIN_KEY, World

FUZZ = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
FUZZED = World()
TOKEN = signed(FUZZED.claims())
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


async def only_refused(text: str) -> None:
    """Whatever comes, the answer is AuthFailed, or the very token that was signed."""
    for header in (text, f"Bearer {text}", f"Convex {text}", f"Convex {ADMIN_KEY}:{text}"):
        with pytest.raises(AuthFailed):
            await FUZZED.auth.from_header(header)
    with pytest.raises(AuthFailed):
        FUZZED.auth.verify_now(text)


@FUZZ
@given(st.text(st.characters(), max_size=80))
async def test_random_text_is_refused(text: str) -> None:
    await FUZZED.auth.verify(TOKEN)
    await only_refused(text)


@FUZZ
@given(
    st.integers(0, len(TOKEN) - 1),
    st.sampled_from("ABCxyz019-_.=+/ \n\0é"),
    st.sampled_from(["replace", "insert", "cut"]),
)
async def test_mutated_tokens_are_refused(position: int, character: str, how: str) -> None:
    tail = TOKEN[position if how == "insert" else position + 1 :]
    mutant = TOKEN[:position] + ("" if how == "cut" else character) + tail
    try:
        caller = await FUZZED.auth.verify(mutant)
    except AuthFailed:
        return
    # Base64 leaves a few bits of a part's last character unused: the bytes are the same.
    assert caller == await FUZZED.auth.verify(TOKEN)


@FUZZ
@given(
    st.dictionaries(st.sampled_from(["alg", "kid", "crit", "jwk", "x"]), json_values),
    st.dictionaries(st.sampled_from(["iss", "aud", "sub", "exp", "nbf", "x"]), json_values),
    st.binary(max_size=80),
)
async def test_made_up_parts_are_refused(
    header: dict[str, object], claims: dict[str, object], signature: bytes
) -> None:
    whole = {**FUZZED.claims(), **claims}
    await only_refused(
        f"{segment({'alg': 'RS256', 'kid': 'k1', **header})}.{segment(whole)}.{segment(signature)}"
    )


@FUZZ
@given(st.dictionaries(st.sampled_from(["nbf", "name", "updated_at", "o", "email"]), json_values))
async def test_any_claims_of_a_trusted_issuer_are_handled(claims: dict[str, object]) -> None:
    """A provider's odd claims never become a server error, nor attributes that cannot be sent."""
    try:
        text = signed(FUZZED.claims(**claims))
    except (ValueError, TypeError):
        return
    try:
        caller = await FUZZED.auth.verify(text)
    except AuthFailed:
        return
    assert caller.identity is not None
    json.dumps(caller.identity.attributes(), allow_nan=False)
