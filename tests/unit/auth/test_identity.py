"""Identities: what a token's claims come to, and what tells two callers apart."""

from __future__ import annotations

import copy
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from reactor.auth.identity import ANONYMOUS, CLAIMS_DEPTH_MAX, Caller, UserIdentity
from reactor.errors import AuthFailed

IDS = {"iss": "https://i.test", "sub": "u1"}
STANDARD = {
    "name": "Ayu Lestari",
    "given_name": "Ayu",
    "family_name": "Lestari",
    "nickname": "ayu",
    "preferred_username": "ayul",
    "profile": "https://p.test/ayu",
    "picture": "https://p.test/ayu.png",
    "website": "https://ayu.test",
    "email": "ayu@example.test",
    "email_verified": True,
    "gender": "female",
    "birthdate": "1990-01-02",
    "zoneinfo": "Asia/Jakarta",
    "locale": "id-ID",
    "phone_number": "+62811",
    "phone_number_verified": False,
    "address": {"formatted": "Jl. Merdeka 1"},
    "updated_at": 1_700_000_000,
}


def test_openid_claims_become_the_standard_attributes() -> None:
    """A function reads getUserIdentity() exactly as it does on Convex."""
    identity = UserIdentity.from_claims({**IDS, **STANDARD, "aud": "x", "exp": 1}, custom=False)
    assert identity.attributes() == {
        "tokenIdentifier": "https://i.test|u1",
        "issuer": "https://i.test",
        "subject": "u1",
        "name": "Ayu Lestari",
        "givenName": "Ayu",
        "familyName": "Lestari",
        "nickname": "ayu",
        "preferredUsername": "ayul",
        "profileUrl": "https://p.test/ayu",
        "pictureUrl": "https://p.test/ayu.png",
        "websiteUrl": "https://ayu.test",
        "email": "ayu@example.test",
        "emailVerified": True,
        "gender": "female",
        "birthday": "1990-01-02",
        "timezone": "Asia/Jakarta",
        "language": "id-ID",
        "phoneNumber": "+62811",
        "phoneNumberVerified": False,
        "address": "Jl. Merdeka 1",
        "updatedAt": "2023-11-14T22:13:20+00:00",
    }
    assert identity.claims["exp"] == 1
    assert identity.given_name == "Ayu"


def test_other_openid_claims_keep_their_raw_names() -> None:
    identity = UserIdentity.from_claims({**IDS, "org_role": "admin", "o": {"a": 1}}, custom=False)
    attributes = identity.attributes()
    assert attributes["org_role"] == "admin"
    assert attributes["o"] == {"a": 1}
    assert "o.a" not in attributes


def test_custom_claims_stay_raw_and_nested_ones_are_also_flat() -> None:
    claims = {**IDS, "given_name": "Ayu", "name": "Ayu L", "org": {"role": {"id": 3}}, "exp": 5}
    identity = UserIdentity.from_claims(claims, custom=True)
    assert identity.attributes() == {
        "tokenIdentifier": "https://i.test|u1",
        "issuer": "https://i.test",
        "subject": "u1",
        "given_name": "Ayu",
        "name": "Ayu L",
        "org": {"role": {"id": 3}},
        "org.role": {"id": 3},
        "org.role.id": 3,
    }
    assert identity.name == "Ayu L"
    assert identity.given_name is None


def test_a_raw_claim_wins_over_a_flattened_one_of_its_name() -> None:
    identity = UserIdentity.from_claims({**IDS, "a.b": "raw", "a": {"b": "flat"}}, custom=True)
    assert identity.attributes()["a.b"] == "raw"


def test_flattened_names_longer_than_a_field_name_are_left_out() -> None:
    """Else a token could blow up to megabytes of names nobody can use."""
    identity = UserIdentity.from_claims({**IDS, "x" * 1000: {"y" * 100: {"z": 1}}}, custom=True)
    assert [len(name) for name in identity.attributes() if name.startswith("x")] == [1000]


@pytest.mark.parametrize("custom", [True, False])
def test_claims_cannot_pose_as_identifiers(custom: bool) -> None:
    """A user who may set claims could otherwise become somebody else."""
    posing = {"tokenIdentifier": "evil", "subject": "evil", "issuer": "evil"}
    attributes = UserIdentity.from_claims({**IDS, **posing}, custom=custom).attributes()
    assert attributes["tokenIdentifier"] == "https://i.test|u1"
    assert attributes["subject"] == "u1"
    assert attributes["issuer"] == "https://i.test"


def test_raw_claims_cannot_pose_as_standard_ones() -> None:
    claims = {**IDS, "email_verified": False, "emailVerified": True}
    assert UserIdentity.from_claims(claims, custom=False).attributes()["emailVerified"] is False


@pytest.mark.parametrize(
    ("claim", "value", "field", "expected"),
    [
        ("email_verified", "true", "email_verified", True),
        ("email_verified", "false", "email_verified", False),
        ("email_verified", "yes", "email_verified", None),
        ("email_verified", 1, "email_verified", None),
        ("name", 5, "name", None),
        ("address", "Jl. 1", "address", "Jl. 1"),
        ("address", {"country": "ID"}, "address", None),
        ("updated_at", "2024-01-01T00:00:00Z", "updated_at", "2024-01-01T00:00:00Z"),
        ("updated_at", 1e300, "updated_at", None),
        ("updated_at", True, "updated_at", None),
    ],
)
def test_odd_claims(claim: str, value: object, field: str, expected: object) -> None:
    """A sloppy issuer does not lock its users out, and never sends a wrong type to a function."""
    identity = UserIdentity.from_claims({**IDS, claim: value}, custom=False)
    assert getattr(identity, field) == expected


@pytest.mark.parametrize(
    "claims", [{}, {"iss": "a"}, {"sub": "a"}, {"iss": "", "sub": "a"}, {"iss": 1, "sub": "a"}]
)
def test_an_identity_needs_issuer_and_subject(claims: dict[str, Any]) -> None:
    with pytest.raises(AuthFailed):
        UserIdentity.from_claims(claims, custom=False)


def nested(levels: int) -> dict[str, Any]:
    inner: dict[str, Any] = {}
    for _ in range(levels):
        inner = {"n": inner}
    return inner


def test_claims_may_nest_only_so_deep() -> None:
    UserIdentity.from_claims({**IDS, "c": nested(CLAIMS_DEPTH_MAX - 2)}, custom=True)
    with pytest.raises(AuthFailed):
        UserIdentity.from_claims({**IDS, "c": nested(CLAIMS_DEPTH_MAX)}, custom=True)
    with pytest.raises(AuthFailed):
        UserIdentity.from_attributes({"tokenIdentifier": "a|b", "c": nested(2000)})


def test_attributes_and_claims_are_copies() -> None:
    """One function that scribbles on its identity does not change the next one's."""
    claims = {**IDS, "roles": ["a"]}
    identity = UserIdentity.from_claims(claims, custom=True)
    before = copy.deepcopy(identity.attributes())
    claims["roles"].append("admin")  # type: ignore[attr-defined]  # the dict's values are mixed
    identity.attributes()["roles"].append("admin")
    assert identity.attributes() == before
    assert identity.claims["roles"] == ["a"]


def test_an_identity_is_frozen_and_hashable() -> None:
    identity = UserIdentity.from_claims({**IDS, "o": {"a": 1}}, custom=False)
    with pytest.raises(FrozenInstanceError):
        identity.subject = "other"  # type: ignore[misc]  # that is the test
    assert hash(identity) == hash(UserIdentity.from_claims({**IDS, "o": {"a": 1}}, custom=False))


def test_acting_as_round_trips() -> None:
    """An admin who acts as a user sees what the user sees."""
    attributes = UserIdentity.from_claims({**IDS, **STANDARD, "x": 1}, custom=False).attributes()
    assert UserIdentity.from_attributes(attributes).attributes() == attributes


def test_acting_as_needs_only_a_token_identifier() -> None:
    identity = UserIdentity.from_attributes({"tokenIdentifier": "https://i.test|auth0|7"})
    assert (identity.issuer, identity.subject) == ("https://i.test", "auth0|7")


def test_acting_as_by_issuer_and_subject_ignores_nulls() -> None:
    identity = UserIdentity.from_attributes({"issuer": "i", "subject": "s", "email": None})
    assert identity.token_identifier == "i|s"
    assert identity.email is None
    assert "email" not in identity.attributes()


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"issuer": "i"},
        {"subject": "s"},
        {"tokenIdentifier": ""},
        {"tokenIdentifier": 5},
        {"tokenIdentifier": "a|b", "issuer": []},
        {"tokenIdentifier": "a|b", "x": b"bytes"},
        {"tokenIdentifier": "a|b", "x": "\ud800"},
        {"tokenIdentifier": "a|b", 5: "x"},
    ],
)
def test_acting_as_refuses_what_names_nobody(attributes: dict[Any, Any]) -> None:
    with pytest.raises(AuthFailed) as caught:
        UserIdentity.from_attributes(attributes)
    assert caught.value.code == "InvalidIdentity"


def test_keys_tell_callers_apart() -> None:
    """The key is a cache key: two different callers with one key would see each other's data."""
    one = UserIdentity.from_claims({**IDS, "role": "a"}, custom=False)
    same = UserIdentity.from_claims({"role": "a", **IDS}, custom=False)
    other_role = UserIdentity.from_claims({**IDS, "role": "b"}, custom=False)
    other_user = UserIdentity.from_claims({"iss": "https://i.test", "sub": "u2"}, custom=False)
    assert Caller.user(one, 1.0).key == Caller.user(same, 2.0).key
    callers = [
        ANONYMOUS,
        Caller.admin(),
        Caller.admin(one),
        Caller.user(one, 1.0),
        Caller.user(other_role, 1.0),
        Caller.user(other_user, 1.0),
    ]
    assert len({caller.key for caller in callers}) == len(callers)
    assert ANONYMOUS.key == ""
    assert Caller.admin().key == "admin"


def test_only_users_expire() -> None:
    identity = UserIdentity.from_claims(IDS, custom=False)
    assert not ANONYMOUS.is_expired(1e15)
    assert not Caller.admin(identity).is_expired(1e15)
    assert not Caller.user(identity, 1000.0).is_expired(999.9)
    assert Caller.user(identity, 1000.0).is_expired(1000.0)
