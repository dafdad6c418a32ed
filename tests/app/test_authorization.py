"""Every public function, called by everybody: who gets in, and what the others are told."""

from __future__ import annotations

from typing import Any, cast

import pytest

import schema
from reactor import AppError, Table
from reactor.app import load
from reactor.errors import DeveloperError
from reactor.testing import Harness
from server import app as project
from tests.app.doors import ANSWERS, CALLERS, DOORS, Door
from tests.app.support import Reimaji
from tests.app.things import Things

DEFINITIONS = load(project).root.functions.by_path
PUBLIC = {path for path, it in DEFINITIONS.items() if it.fn.visibility == "public"}
INTERNAL = sorted(set(DEFINITIONS) - PUBLIC)
WORDS = {
    "UNAUTHENTICATED": ("Not signed in", "Unauthorized"),
    "FORBIDDEN": ("Unauthorized",),
    "USER_NOT_FOUND": ("User not found",),
}


async def call_in(app: Reimaji) -> dict[str, Harness]:
    """Everybody who may call, by the names of CALLERS."""
    await app.insert_user("gone-1", deleted_at=1.0)
    await app.join("free-2")
    return {
        "visitor": app.visitor,
        "stranger": app.signed_in("stranger-1"),
        "gone": app.signed_in("gone-1"),
        "owner": app.free,
        "other": app.signed_in("free-2"),
        "pro": app.pro,
        "admin": app.admin,
        "system": app.system,
    }


async def written(app: Reimaji) -> dict[str, list[Any]]:
    """Every row of every table."""
    tables = [it for it in vars(schema).values() if isinstance(it, type) and issubclass(it, Table)]
    return {table.__name__: await app.rows(table) for table in tables if table is not Table}


@pytest.mark.parametrize("door", [it for it in DOORS if it.path in PUBLIC], ids=lambda it: it.name)
async def test_who_gets_in(app: Reimaji, door: Door) -> None:
    """Rights follow the connection; whoever is refused is told why, and nothing is written."""
    things, callers = Things(app), await call_in(app)
    told: dict[str, str | None] = {}
    for name in CALLERS:
        args = await door.make(things)
        await app.backend.drain()
        before = await written(app)
        try:
            await callers[name].call(door.path, args)
        except AppError as error:
            data = cast("dict[str, Any]", error.data)
            if data["code"] in door.inside:
                told[name] = None
                continue
            told[name] = data["code"]
            assert data["message"].startswith(WORDS.get(data["code"], "")), data
            assert await written(app) == before, f"{name} was refused and yet wrote"
        else:
            told[name] = None
    assert told == dict(zip(CALLERS, ANSWERS[door.who], strict=True))


def test_every_public_function_has_a_door() -> None:
    """A new function enters the table of who may call it, or does not enter the product."""
    assert PUBLIC - {door.path for door in DOORS} == set()


@pytest.mark.parametrize("path", INTERNAL)
async def test_internal_functions_do_not_exist_for_clients(app: Reimaji, path: str) -> None:
    """D11 to D13: not even for admins of the product; only for the deployment's key."""
    for caller in (app.visitor, app.free, app.admin):
        with pytest.raises(DeveloperError, match=f"Could not find public function for '{path}'"):
            await caller.call(path, {})


def test_every_door_leads_somewhere() -> None:
    """The table names what the specification names: nothing of it is still missing."""
    assert {door.path for door in DOORS} - PUBLIC == set()
