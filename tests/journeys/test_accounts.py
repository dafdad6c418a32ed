"""Journeys 3 and 15: an account begins with a sign-in and ends at the identity provider."""

from __future__ import annotations

from typing import Any

from tests.journeys.stage import Stage, Tab, eventually, new_subject


def clerk_user(subject: str, **changes: Any) -> dict[str, Any]:
    return {"id": subject, "email": f"{subject}@example.test", "first_name": "Wayan", **changes}


async def welcomes(stage: Stage, subject: str) -> int:
    address = f"/resend/_sandbox/emails?to={subject}@example.test&template=welcome"
    return len(await stage.control("GET", address))


async def test_first_sign_in(stage: Stage) -> None:
    """The page and Clerk's webhook both open the account: one row, one letter."""
    subject = new_subject()
    tab = await stage.tab(subject)
    me = tab.live("users:me")
    assert await me.shows(lambda value: value is None) is None

    user = await tab.mutation("users:createOrUpdate", email=f"{subject}@example.test")
    shown = await me.shows(lambda value: value is not None)
    assert (shown["_id"], shown["role"], shown["subscriptionStatus"]) == (user, "free", "trial")
    assert shown["preferences"] == {"language": "id", "notifications": True, "theme": "light"}
    [letter] = await stage.mails(subject, "welcome")
    assert letter["subject"] == "Selamat datang di Reimaji"

    answer = await stage.control("POST", "/clerk/dev/users", clerk_user(subject))
    assert answer["webhook"]["status"] == 200
    assert (await me.shows(lambda value: value.get("name") == "Wayan"))["_id"] == user
    # A letter that was queued after this one would have been delivered before it.
    other = await stage.newcomer()
    assert other.subject is not None
    await stage.mails(other.subject, "welcome")
    assert await welcomes(stage, subject) == 1


async def shared_session(stage: Stage, tab: Tab) -> str:
    """A question that somebody asked and shows to everybody."""
    asked = await tab.action("ai:generatePlaygroundResponse", prompt="Why?", model="gpt-3.5-turbo")
    return str(await tab.mutation("ai:setPublic", sessionId=asked["sessionId"], isPublic=True))


async def test_account_deletion(stage: Stage) -> None:
    """What a person showed vanishes, a late event brings nothing back, the books stay."""
    subject = new_subject()
    await stage.control("POST", "/clerk/dev/users", clerk_user(subject))
    tab, visitor, admin = await stage.tab(subject), await stage.tab(), await stage.admin()
    user = (await tab.live("users:me").shows(lambda value: value is not None))["_id"]
    session = await shared_session(stage, tab)
    bill = await tab.action("transactions:createInvoice", plan="pro_monthly")
    await stage.pay_on_page(bill["paymentUrl"])
    gallery = visitor.live("ai:listPublic")
    await gallery.shows(lambda value: session in [one["_id"] for one in value["sessions"]])

    answer = await stage.control("DELETE", f"/clerk/dev/users/{subject}")
    assert answer["webhook"]["status"] == 200
    await gallery.shows(lambda value: session not in [one["_id"] for one in value["sessions"]])
    refused = await tab.refusal("mutation", "users:updateProfile", name="Still here")
    assert refused["code"] == "USER_NOT_FOUND"

    late: dict[str, Any] = {
        "id": subject,
        "email_addresses": [],
        "first_name": "Back",
        "updated_at": 1e13,
    }
    event: dict[str, Any] = {"type": "user.updated", "data": late}
    assert (await stage.control("POST", "/clerk/dev/webhook", event))["status"] == 200
    assert await stage.system("users:getByClerkId", clerkUserId=subject) is None

    async def is_billed() -> bool:
        books = await admin.query("transactions:adminList", limit=100)
        return (bill["transactionId"], user) in [
            (row["_id"], row["userId"]) for row in books["transactions"]
        ]

    await eventually(is_billed)
