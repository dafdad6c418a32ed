"""Bad input, from an official client to what other people get to see of it."""

from __future__ import annotations

import pytest

from tests.compat.support.client import RemoteError
from tests.journeys.stage import Stage, new_subject

HALF = "a\ud800b"
EVIL = "<img src=x onerror=alert(1)>\r\nBcc: everybody@example.test \u202egnp"


async def test_half_a_character_is_a_wrong_argument(stage: Stage) -> None:
    """A browser can send a lone surrogate: the call fails, the connection and the data do not."""
    tab, admin = await stage.newcomer(), await stage.admin()
    me = tab.live("users:me")
    before = await me.shows(lambda value: value is not None)
    calls = (
        (tab, "mutation", "users:updateProfile", {"name": HALF}),
        (tab, "action", "ai:generatePlaygroundResponse", {"prompt": HALF, "model": "x"}),
        (tab, "query", "search:searchContent", {"query": HALF}),
        (tab, "query", "news:getBySlug", {"slug": HALF}),
        (admin, "mutation", "notifications:announce", {"title": HALF, "message": HALF}),
        (admin, "mutation", "courses:create", {
            "title": HALF, "description": HALF, "level": "basic", "duration": 1,
        }),
    )  # fmt: skip
    for who, kind, path, args in calls:
        with pytest.raises(RemoteError) as caught:
            await who.client.ask(kind, path=path, args=args)
        assert "ArgumentValidationError" in caught.value.message, path
    assert await tab.query("users:me") == before


async def test_a_hostile_name_stays_a_name(stage: Stage) -> None:
    """It comes back as it was given; in a letter it is neither a tag nor a header."""
    subject = new_subject()
    tab = await stage.tab(subject)
    await tab.mutation("users:createOrUpdate", email=f"{subject}@example.test", name=EVIL)
    assert (await tab.query("users:me"))["name"] == EVIL
    [letter] = await stage.mails(subject, "welcome")
    assert "<img" not in letter["html"]
    assert "&lt;img" in letter["html"]
    assert "\r" not in letter["subject"]
    assert "\n" not in letter["subject"]
    assert letter["to"] == [f"{subject}@example.test"]
