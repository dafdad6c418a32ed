"""Xendit's stand-in: invoices, the pay page, and callbacks until they are taken."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from tests.unit.examples.world import BASE, World

KEY = ("xnd_development_sandbox", "")
ASKED: dict[str, Any] = {
    "external_id": "INV_1",
    "amount": 99_000,
    "currency": "IDR",
    "description": "Reimaji Pro",
    "payer_email": "free-1@example.test",
    "invoice_duration": 3_600,
    "items": [{"name": "Pro", "price": 99_000, "quantity": 1}],
    "success_redirect_url": "http://localhost:3000/billing/success?invoice_id=INV_1",
}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World({"XENDIT_BASE_URL": f"{BASE}/xendit"})
    yield made
    await made.client.post("/_sandbox/reset")
    await made.client.aclose()


async def create(world: World, **more: Any) -> dict[str, Any]:
    answer = await world.client.post("/xendit/v2/invoices", json={**ASKED, **more}, auth=KEY)
    assert answer.status_code == 200, answer.text
    invoice: dict[str, Any] = answer.json()
    return invoice


async def control(world: World, invoice: dict[str, Any], what: str, **body: Any) -> Any:
    path = f"/xendit/_sandbox/invoices/{invoice['id']}/{what}"
    answer = await world.client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def callbacks(world: World) -> list[dict[str, Any]]:
    return [json.loads(request.content) for request in world.webhooks]


async def settle(world: World) -> None:
    """Lets background work take its turns."""
    for _ in range(5):
        await world.clock.sleep(0)


async def test_an_invoice_is_created_found_and_read(world: World) -> None:
    invoice = await create(world)
    assert invoice["status"] == "PENDING"
    assert invoice["user_id"] != "free-1", "the merchant's id, never the customer's"
    assert invoice["invoice_url"] == f"{BASE}/xendit/web/{invoice['id']}"
    assert invoice["expiry_date"].endswith("Z")
    read = await world.client.get(f"/xendit/v2/invoices/{invoice['id']}", auth=KEY)
    assert read.json() == invoice
    found = await world.client.get("/xendit/v2/invoices?external_id=INV_1", auth=KEY)
    assert found.json() == [invoice]
    none = await world.client.get("/xendit/v2/invoices?external_id=other", auth=KEY)
    assert none.json() == []
    missing = await world.client.get("/xendit/v2/invoices/nothing", auth=KEY)
    assert (missing.status_code, missing.json()["error_code"]) == (404, "INVOICE_NOT_FOUND_ERROR")


@pytest.mark.parametrize("auth", [("", ""), ("sk_live", ""), ("xnd_x", "password")])
async def test_a_key_is_asked_for(world: World, auth: tuple[str, str]) -> None:
    answer = await world.client.post("/xendit/v2/invoices/", json=ASKED, auth=auth)
    assert (answer.status_code, answer.json()["error_code"]) == (401, "INVALID_API_KEY")


@pytest.mark.parametrize("broken", [{"amount": 0}, {"amount": "99000"}, {"external_id": ""}])
async def test_what_xendit_would_refuse_is_refused(world: World, broken: dict[str, Any]) -> None:
    answer = await world.client.post("/xendit/v2/invoices", json={**ASKED, **broken}, auth=KEY)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "API_VALIDATION_ERROR")


async def test_paying_by_hand_calls_back_and_leads_home(world: World) -> None:
    """What a learner clicks on is what the product hears."""
    invoice = await create(world)
    page = await world.client.get(f"/xendit/web/{invoice['id']}")
    assert "IDR 99.000" in page.text
    paid = await world.client.post(f"/xendit/web/{invoice['id']}", data={"choice": "QRIS"})
    assert (paid.status_code, paid.headers["location"]) == (303, ASKED["success_redirect_url"])
    (callback,) = callbacks(world)
    assert callback["status"] == "PAID"
    assert callback["paid_amount"] == callback["amount"] == 99_000
    assert callback["payment_channel"] == "QRIS"
    assert "event" not in callback, "an invoice's callback is flat"
    assert world.webhooks[0].headers["x-callback-token"] == "dev-xendit-token"
    again = await world.client.post(f"/xendit/web/{invoice['id']}", data={"choice": "BCA"})
    assert again.status_code == 303
    assert len(world.webhooks) == 1, "an invoice is paid once"


async def test_a_redirect_leads_to_this_machine_only(world: World) -> None:
    invoice = await create(world, success_redirect_url="https://evil.example/")
    paid = await world.client.post(f"/xendit/web/{invoice['id']}", data={"choice": "BCA"})
    assert paid.headers["location"] == f"/xendit/web/{invoice['id']}"


async def test_a_callback_is_sent_until_it_is_taken(world: World) -> None:
    """A product that was down for a moment still hears of the payment."""
    world.reply = lambda _: httpx2.Response(500)
    invoice = await create(world)
    result = await control(world, invoice, "pay")
    assert [reply["status"] for reply in result["replies"]] == [500]
    for seconds in (1, 2):
        await settle(world)
        world.clock.advance(seconds)
    await settle(world)
    assert len(world.webhooks) == 3
    world.reply = lambda _: httpx2.Response(200, headers={"x-reimaji-outcome": "processed"})
    for _ in range(3):
        world.clock.advance(40)
        await settle(world)
    assert len(world.webhooks) == 4
    listed = (await world.client.get("/xendit/_sandbox/deliveries")).json()
    assert [row["attempt"] for row in listed] == [1, 2, 3, 4]
    assert (listed[-1]["status"], listed[-1]["outcome"]) == (200, "processed")


async def test_a_payment_can_go_unannounced(world: World) -> None:
    """The lost webhook that reconciliation is for."""
    invoice = await create(world)
    await control(world, invoice, "pay", callback=False, paid_amount=1)
    assert world.webhooks == []
    read = await world.client.get(f"/xendit/v2/invoices/{invoice['id']}", auth=KEY)
    assert (read.json()["status"], read.json()["paid_amount"]) == ("PAID", 1)


async def test_redelivery_in_parallel_and_in_disorder(world: World) -> None:
    invoice = await create(world)
    await control(world, invoice, "pay")
    assert await control(world, invoice, "redeliver", times=5, parallel=True) == [200] * 5
    await control(world, invoice, "redeliver", status="EXPIRED")
    await control(world, invoice, "settle")
    statuses = [callback["status"] for callback in callbacks(world)]
    assert statuses == ["PAID"] * 6 + ["EXPIRED", "SETTLED"]


async def test_an_unpaid_invoice_expires_by_itself(world: World) -> None:
    invoice = await create(world)
    await settle(world)
    world.clock.advance(3_600)
    await settle(world)
    assert [callback["status"] for callback in callbacks(world)] == ["EXPIRED"]
    late = await world.client.post(f"/xendit/invoices/{invoice['id']}/expire!", auth=KEY)
    assert late.json()["error_code"] == "INVOICE_STATUS_ERROR"
