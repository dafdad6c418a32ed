"""A project's own HTTP routes, on the client port and on the site's."""

from __future__ import annotations

import pytest
from starlette.types import ASGIApp, Message

from reactor import limits
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
    for method, path in [("GET", "/nowhere"), ("POST", "/count"), ("HEAD", "/size")]:
        answer = await request(world.node.site, method, path)
        assert answer.status_code == 404
        assert method == "HEAD" or answer.text == f"No HttpAction routed for {path}"


async def test_methods_that_nobody_routes(world: World) -> None:
    answer = await request(world.node.site, "TRACE", "/count")
    assert answer.status_code == 405
    assert "PATCH" in answer.headers["allow"]


@pytest.mark.parametrize(
    ("headers", "scheme"),
    [
        ({}, "http"),
        ({"x-forwarded-proto": "https, http"}, "https"),
        ({"forwarded": "for=1.2.3.4;proto=https;by=x"}, "https"),
        ({"forwarded": 'for=1.2.3.4; proto="https"'}, "https"),
        ({"x-forwarded-proto": "gopher"}, "http"),
        ({"forwarded": "for=proto=https"}, "http"),
    ],
)
@pytest.mark.parametrize("prefix", PORTS)
async def test_handlers_see_the_public_url(
    world: World, prefix: str, headers: dict[str, str], scheme: str
) -> None:
    """Webhook signatures and redirects are made of the URL that the sender used."""
    told = {"host": "app.example.com", **headers}
    answer = await request(app(world, prefix), "GET", f"{prefix}/url?a=b%20c", headers=told)
    assert answer.text == f"{scheme}://app.example.com/url?a=b%20c"


async def test_bodies_are_raw(world: World) -> None:
    """A signature is computed over the bytes as they came."""
    body = bytes(range(256))
    assert (await request(world.node.site, "POST", "/size", body=body)).text == "256"
    streamed = await request(world.node.site, "POST", "/stream", body=b"abc")
    assert streamed.content == b"ABC"


async def test_requests_and_responses_are_bounded(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SITE_BODY_BYTES_MAX", 10)
    monkeypatch.setattr(limits, "SITE_RESPONSE_BYTES_MAX", 10)
    large = await request(world.node.site, "POST", "/size", body=b"x" * 11)
    assert (large.status_code, large.json()["code"]) == (413, "HttpRequestTooLarge")
    assert (await request(world.node.site, "POST", "/size", body=b"x" * 10)).text == "10"
    assert (await request(world.node.site, "GET", "/large/10")).content == b"x" * 10
    assert (await request(world.node.site, "GET", "/large/11")).status_code == 500


async def test_a_stream_that_breaks_is_no_whole_answer(world: World) -> None:
    """Nobody may take the first half of an export for all of it: the connection is cut."""
    with pytest.raises(ZeroDivisionError):
        await request(world.node.site, "GET", "/half")


async def test_handlers_that_return_no_response(world: World) -> None:
    answer = await request(world.node.site, "GET", "/nothing")
    assert answer.status_code == 500
    assert "return a starlette Response" in answer.json()["code"]


async def test_handlers_store_files(world: World) -> None:
    """The context of an HTTP action is an action's, storage included."""
    kind = {"content-type": "image/png"}
    answer = await request(world.node.site, "PUT", "/picture", body=b"png", headers=kind)
    path = "/api/storage/" + answer.text.rpartition("/")[2]
    found = await request(world.node.http, "GET", path)
    assert (found.content, found.headers["content-type"]) == (b"png", "image/png")


async def test_cors_is_the_apps_own(world: World) -> None:
    """Only the client API answers browsers of any origin by itself."""
    origin = {"origin": "https://app.test", "access-control-request-method": "GET"}
    assert (await request(world.node.site, "OPTIONS", "/count", headers=origin)).status_code == 404
    answer = await request(world.node.site, "GET", "/me", headers=origin)
    assert "access-control-allow-origin" not in answer.headers


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
