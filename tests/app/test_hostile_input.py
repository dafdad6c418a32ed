"""Every public function against forged names, foreign ids, and texts and numbers meant to break it.

The arguments are found in the functions' own signatures, so a new argument is attacked unasked.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, cast

import pytest

from reactor import AppError
from reactor.app import load
from reactor.errors import DeveloperError
from reactor.testing import Harness
from reactor.values.ids import encode_id
from reactor.values.scalars import VId, VNumber, VString
from reactor.values.validators import VArray, VUnion
from server import app as project
from tests.app.doors import DOORS, Door
from tests.app.support import Json, Reimaji
from tests.app.things import Things

DEFINITIONS = load(project).root.functions.by_path
OPEN_DOORS = [door for door in DOORS if door.path in DEFINITIONS]
IDENTITIES = ("clerkUserId", "userId", "adminClerkUserId")
TARGETS = {"users:getByClerkId", "users:updateRole", "subscriptions:adminGrant"}
"""Where `clerkUserId` names whom something is done to, not who does it."""

CODES = {
    "INVALID_ARGUMENT", "INVALID_CURSOR", "NOT_FOUND", "SLUG_TAKEN", "CONFLICT", "USER_NOT_FOUND",
    "IDENTITY_MISMATCH", "MODEL_NOT_ALLOWED", "RATE_LIMITED", "DAILY_LIMIT_REACHED",
    "PRICE_MISMATCH", "FILE_TYPE_NOT_ALLOWED", "LAST_ADMIN", "ACTIVE_SUBSCRIPTION",
    "NO_ACTIVE_SUBSCRIPTION", "ATTEMPTS_EXHAUSTED", "RETAKE_NOT_ALLOWED", "AI_PROVIDER_ERROR",
    "PAYMENT_PROVIDER_ERROR", "PROVIDER_NOT_CONFIGURED",
}  # fmt: skip
TEXTS = {
    "nothing": "",
    "blank": " \u00a0\u3000\n\t",
    "HTML": "<script>alert(1)</script>",
    "a header": "Ayu\r\nBcc: everybody@example.test",
    "right to left": "\u202egnp.exe\u202c \u200f",
    "a zero byte": "a\x00b",
    "a path": "../../../etc/passwd",
    "a template": "{{7*7}} ${x} %s {0} {user}",
    "a query": '{"$gt": ""} \' OR 1=1 --',
    "no character": "\uffff\U0010ffff",
    "combined": "e" + "\u0301" * 300,
    "huge": "x" * 300_000,
    "a number": "-0",
    "a separator": "|:/?#[]@!$&()*+,;=%00",
}
NUMBERS: tuple[Any, ...] = (
    0.0, -0.0, -1.0, 1.5, 2.0**53, 1e300, -1e300,
    *({"$float": it} for it in ("AAAAAAAA+H8=", "AAAAAAAA8H8=", "AAAAAAAA8P8=")),
)  # fmt: skip


def named(door: Door) -> Iterator[str]:
    """The arguments by which a caller could say that they are somebody else."""
    declared = {field.wire for field in DEFINITIONS[door.path].args.fields}
    for name in IDENTITIES:
        if name in declared and not (name == "clerkUserId" and door.path in TARGETS):
            yield name


async def outcome(caller: Harness, path: str, args: Json) -> Any:
    """The result, or the code of the error."""
    try:
        return await caller.call(path, args)
    except AppError as error:
        return cast("Json", error.data)["code"]


# ---------------------------------------------------------------- forged identities


@pytest.mark.parametrize(
    "door", [it for it in OPEN_DOORS if any(named(it))], ids=lambda it: it.name
)
async def test_nobody_becomes_somebody_by_naming_them(app: Reimaji, door: Door) -> None:
    """D01, 4.1: an argument is compared with the connection, and never believed."""
    things = Things(app)
    for name in named(door):
        args = await door.make(things)
        for victim in ("admin-1", "pro-1"):
            forged = {**args, name: victim}
            for caller in (app.free, app.signed_in("stranger-1")):
                with pytest.raises(AppError) as caught:
                    await caller.call(door.path, forged)
                data: Any = caught.value.data
                assert (data["code"], data["field"]) == ("IDENTITY_MISMATCH", name)
            if door.who in ("any", "reader"):  # a signed-out page repeats its old arguments
                plain = await outcome(app.visitor, door.path, args)
                assert await outcome(app.visitor, door.path, forged) == plain
            else:
                assert await outcome(app.visitor, door.path, forged) == "UNAUTHENTICATED"
        unknown = await outcome(app.admin, door.path, {**args, name: "nobody-1"})
        strict = "IDENTITY_MISMATCH" if name == "adminClerkUserId" else "USER_NOT_FOUND"
        assert unknown == strict


@pytest.mark.parametrize(
    "door", [it for it in OPEN_DOORS if any(named(it))], ids=lambda it: it.name
)
async def test_admins_act_for_a_person_with_that_persons_rights(app: Reimaji, door: Door) -> None:
    """4.1: what a learner may not read stays closed to whoever runs a call as that learner."""
    things = Things(app)
    for name in named(door):
        if name == "adminClerkUserId":
            continue
        for caller in (app.admin, app.system):
            answer = await outcome(caller, door.path, {**await door.make(things), name: "free-1"})
            if door.who in ("reader", "subscriber"):
                assert answer == "PREMIUM_REQUIRED"
            else:
                assert answer not in ("IDENTITY_MISMATCH", "FORBIDDEN", "PREMIUM_REQUIRED")


# ---------------------------------------------------------------- ids, texts, numbers


def members(validator: Any) -> Iterator[tuple[Any, bool]]:
    """What a value may be, and whether it stands in an array."""
    if isinstance(validator, VArray):
        yield from ((member, True) for member, _ in members(validator.item))
    elif isinstance(validator, VUnion):
        for member in validator.members:
            yield from members(member)
    else:
        yield validator, False


def slots(door: Door, kind: type[Any]) -> Iterator[tuple[str, Any, bool]]:
    """The arguments that take a kind of value: name, validator, whether in an array."""
    for field in DEFINITIONS[door.path].args.fields:
        for member, in_array in members(field.validator):
            if type(member) is kind:
                yield field.wire, member, in_array


def insider(app: Reimaji, door: Door) -> Harness:
    """Somebody who gets in."""
    return app.free if door.who in ("owner", "owner or admin", "private") else app.admin


async def attack(app: Reimaji, door: Door, args: Json) -> None:
    """Whatever comes in, the answer is a result or a refusal that the client can understand."""
    try:
        await insider(app, door).call(door.path, args)
    except AppError as error:
        refusal = cast("Json", error.data)
        is_understood = refusal["code"] in CODES and bool(refusal["message"])
    except DeveloperError as error:
        refusal = {"code": error.code, "message": str(error)}
        is_understood = str(error).startswith("ArgumentValidationError")
    else:
        return
    assert is_understood, f"{args!r:.200} {refusal}"


async def prepared(app: Reimaji, door: Door) -> AsyncIterator[Json]:
    """Valid arguments again and again."""
    things = Things(app)
    while True:
        yield await door.make(things)


@pytest.mark.parametrize(
    "door", [it for it in OPEN_DOORS if any(slots(it, VString))], ids=lambda it: it.name
)
async def test_texts_break_nothing(app: Reimaji, door: Door) -> None:
    """Issue C, bad input: a text is stored, or refused with a code; it is never a crash."""
    fresh = prepared(app, door)
    for name, _, in_array in slots(door, VString):
        for text in TEXTS.values():
            args = await anext(fresh)
            await attack(app, door, {**args, name: [text] if in_array else text})


@pytest.mark.parametrize(
    "door", [it for it in OPEN_DOORS if any(slots(it, VNumber))], ids=lambda it: it.name
)
async def test_numbers_break_nothing(app: Reimaji, door: Door) -> None:
    """D26, D81, D104: NaN, infinities, and numbers too large or too small."""
    fresh = prepared(app, door)
    for name, _, in_array in slots(door, VNumber):
        for number in NUMBERS:
            args = await anext(fresh)
            await attack(app, door, {**args, name: [number] if in_array else number})


@pytest.mark.parametrize(
    "door", [it for it in OPEN_DOORS if any(slots(it, VId))], ids=lambda it: it.name
)
async def test_foreign_ids_open_nothing(app: Reimaji, door: Door) -> None:
    """D14, D24: another table's id is a wrong argument; one that names nothing is not found."""
    things, numbers = Things(app), app.backend.node.log.numbers
    person = await things.owner()
    for name, validator, in_array in slots(door, VId):
        foreign = person if validator.table != "users" else await things.news()
        for wrong in (foreign, "", "x", "\u202e" + foreign, foreign[:-1], foreign * 2):
            args = {**await door.make(things), name: [wrong] if in_array else wrong}
            with pytest.raises(DeveloperError, match="ArgumentValidationError"):
                await insider(app, door).call(door.path, args)
        nothing = encode_id(numbers[validator.table], bytes(16))
        args = {**await door.make(things), name: [nothing] if in_array else nothing}
        await attack(app, door, args)


@pytest.mark.parametrize(
    "door",
    [it for it in OPEN_DOORS if "cursor" in [slot[0] for slot in slots(it, VString)]],
    ids=lambda it: it.name,
)
async def test_bad_cursors_are_called_so(app: Reimaji, door: Door) -> None:
    """D24: in every list, a cursor that the list did not give is an invalid cursor."""
    args = await door.make(Things(app))
    person = await Things(app).owner()
    foreign = person if door.path != "users:list" else await Things(app).news()
    for cursor in ("", "x", "….", foreign, "A" * 3_000, "bnVsbA==", "W10="):
        assert (
            await outcome(insider(app, door), door.path, {**args, "cursor": cursor})
            == "INVALID_CURSOR"
        )


@pytest.mark.parametrize(
    "door",
    [it for it in OPEN_DOORS if "limit" in [slot[0] for slot in slots(it, VNumber)]],
    ids=lambda it: it.name,
)
async def test_bad_limits_are_called_so(app: Reimaji, door: Door) -> None:
    """D26: in every list, a limit is a whole number from 1 on; a huge one is cut."""
    args, caller = await door.make(Things(app)), insider(app, door)
    for limit in (0.0, -1.0, 1.5, *NUMBERS[-3:]):
        with pytest.raises(AppError) as caught:
            await caller.call(door.path, {**args, "limit": limit})
        data: Any = caught.value.data
        assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", "limit")
    await caller.call(door.path, {**args, "limit": 1e9})
