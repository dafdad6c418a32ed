"""Journeys 2 and 9: a teaser becomes a text when it is paid for, and a teaser when time is up."""

from __future__ import annotations

from tests.journeys.stage import Stage, eventually

PERIOD_SECONDS = 8.0


async def test_teaser_to_full_text_and_back(hasty_stage: Stage) -> None:
    """An open page follows payment and expiry, without a call of its own."""
    stage = hasty_stage
    tab = await stage.newcomer()
    assert tab.subject is not None
    other, visitor = await stage.tab(tab.subject), await stage.tab()
    teaser = (await visitor.query("news:list", isPremium=True, limit=1))["news"][0]
    assert (teaser["isLocked"], teaser["content"]) == (True, "")
    page, me = other.live("news:getById", id=teaser["_id"]), other.live("users:me")
    refused = await page.refuses()
    assert (refused["code"], refused["preview"]["title"]) == ("PREMIUM_REQUIRED", teaser["title"])
    assert not refused["preview"].get("content")

    invoice = await tab.action("transactions:createInvoice", amount=99_000, description="Pro")
    await stage.pay_on_page(invoice["paymentUrl"], "BCA")
    assert (await page.shows(lambda value: bool(value["content"])))["isLocked"] is False
    await me.shows(lambda value: value["role"] == "pro")

    refused = await page.refuses(PERIOD_SECONDS + 10)
    assert refused["code"] == "PREMIUM_REQUIRED"
    shown = await me.shows(lambda value: value["role"] == "free")
    assert shown["subscriptionStatus"] == "expired"
    [letter] = await stage.mails(tab.subject, "subscription_expired")
    assert letter["to"] == [f"{tab.subject}@example.test"]
    told = await tab.query("notifications:list", type="subscription_expired")
    assert len(told["notifications"]) == 1

    async def is_swept() -> bool:
        """The demo people's periods may have ended meanwhile; then nothing is left to do."""
        return bool(await stage.system("subscriptions:checkAndExpire") == 0)

    await eventually(is_swept)
    assert await tab.query("notifications:list", type="subscription_expired") == told
