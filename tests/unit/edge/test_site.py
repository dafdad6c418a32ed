"""A project's own HTTP routes, on the client port and on the site's."""

from __future__ import annotations

import pytest
from starlette.types import ASGIApp, Message

from tests.unit.edge.http import request
from tests.unit.sample.world import World, open_board

PORTS = ["/http", ""]


def app(world: World, prefix: str) -> ASGIApp:
    return world.node.http if prefix else world.node.site


@pytest.mark.parametrize("prefix", PORTS)
async def test_handlers_answer_under_both_ports(world: World, prefix: str) -> None:
    await world.add()
    answer = await request(app(world, prefix), "GET", f"{prefix}/count?name=x")
    assert (answer.status_code, answer.json()) == (200, 1)
    posted = await request(app(world, prefix), "POST", f"{prefix}/hooks/a/b", body=b"x")
    assert posted.text == "/hooks/a/b 1 x", "handlers see the public path"
    assert (await request(app(world, prefix), "HEAD", f"{prefix}/me")).status_code == 200


async def test_paths_without_a_handler(world: World) -> None:
    assert (await request(world.node.site, "GET", "/nothing")).status_code == 404
    assert (await request(world.node.site, "POST", "/count")).status_code == 404


async def test_the_client_api_is_not_on_the_site_port(world: World) -> None:
    assert (await request(world.node.site, "POST", "/api/query")).status_code == 404


async def test_who_is_calling(world: World) -> None:
    """A webhook's own Authorization header is no reason to refuse it."""
    token = '{"iss":"https://issuer.test","sub":"ada"}'
    for header, name in [(f"Bearer {token}", "ada"), ("Bearer x", "nobody"), ("Basic x", "nobody")]:
        answer = await request(world.node.site, "GET", "/me", headers={"authorization": header})
        assert answer.text == name


async def test_handlers_that_fail(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = await request(world.node.site, "GET", "/broken")
    assert broken.status_code == 500
    assert "it broke" in broken.json()["code"]
    assert "trace" in broken.json()
    refused = await request(world.node.site, "GET", "/refused")
    assert (refused.status_code, refused.json()["data"]) == (500, {"code": "REFUSED"})
    monkeypatch.setattr(world.hub, "redacts", True)
    hidden = await request(world.node.site, "GET", "/broken")
    assert "it broke" not in hidden.text
    assert set(hidden.json()) == {"code"}


async def test_components_serve_under_their_prefix() -> None:
    """Isolated there as well: a route of a component never learns who is signed in."""
    async with open_board() as backend:
        board = World(backend)
        counted = [
            (await request(app(board, ""), "POST", f"{path}/add/x")).text
            for path in ("/left", "/nest/inner", "/left")
        ]
        assert counted == ["1", "1", "2"]
        token = {"authorization": 'Bearer {"iss":"https://issuer.test","sub":"ada"}'}
        who = await request(app(board, ""), "GET", "/left/who", headers=token)
        assert who.text == "None /left /left/who function://left;tallies:get"
        assert (await request(app(board, ""), "GET", "/left/mine")).text == "the app's"
        for nowhere in ("/right/who", "/who", "/leftwho", "/nest/who", "/inner/who"):
            assert (await request(app(board, ""), "GET", nowhere)).status_code == 404


async def test_a_project_without_routes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.hub.runner.root.functions, "http", None)
    assert (await request(world.node.site, "GET", "/count")).status_code == 404


async def test_the_site_port_serves_no_sockets(world: World) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await world.node.site({"type": "websocket", "path": "/api/sync"}, receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"]
