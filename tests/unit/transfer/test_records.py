"""Records of exports and imports: ordinary documents of the engine's own tables."""

from __future__ import annotations

from reactor.transfer.records import IMPORTS, Records
from tests.unit.transfer.world import Client


async def test_a_record_comes_and_goes(client: Client) -> None:
    hub = client.world.hub
    records = Records(hub, hub.runner.entropy, IMPORTS)
    id, ts = records.insert({"state": {"state": "uploaded"}})
    await hub.durable(ts)
    record = records.get(id)
    assert record is not None
    record["state"] = {"state": "failed"}
    records.put(record)
    assert [one["state"] for one in records.all()] == [{"state": "failed"}]
    records.delete(records.all())
    records.delete([])
    assert records.all() == []
    assert records.get(id) is None
    assert records.get("nonsense") is None


async def test_whoever_watches_is_told(client: Client) -> None:
    """`npx convex import` follows its import over the WebSocket."""
    hub = client.world.hub
    records = Records(hub, hub.runner.entropy, IMPORTS)
    records.insert({"state": {"state": "uploaded"}})
    seen = await client.ask("_system/cli/queryImport:list")
    records.put(records.all()[0] | {"state": {"state": "failed"}})
    again = await client.ask("_system/cli/queryImport:list")
    assert (seen[0]["state"]["state"], again[0]["state"]["state"]) == ("uploaded", "failed")
