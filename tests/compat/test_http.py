"""Check 23: the HTTP API, and npm's ConvexHttpClient on it."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from tests.compat.conftest import Connect
from tests.compat.support.client import MISSING, RemoteError
from tests.compat.support.server import ADMIN_KEY, Server
from tests.compat.support.tokens import ISSUER, Issuer
from tests.compat.support.wire import Wire, integer, raw, special

MIXED = {"big": integer(5), "nan": special(math.nan), "raw": raw(b"\x01\x02\x03"), "one": 1.0}


@pytest.fixture
async def http(server: Server) -> AsyncIterator[httpx2.AsyncClient]:
    """A plain HTTP client."""
    async with httpx2.AsyncClient(base_url=server.url) as client:
        yield client


async def call(http: httpx2.AsyncClient, kind: str, path: str, args: Wire, **more: Any) -> Any:
    """One call of the HTTP API, answered with 200."""
    response = await http.post(f"/api/{kind}", json={"path": path, "args": args, **more})
    assert response.status_code == 200, response.text
    return response.json()


def value_of(answer: Any) -> Wire:
    """A successful answer's value."""
    assert answer["status"] == "success", answer
    return answer["value"]


def assert_error(response: httpx2.Response, status: int, code: str | None = None) -> None:
    """An infrastructure error has its status, a code and a message, and nothing else."""
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) == {"code", "message"}
    assert isinstance(body["message"], str)
    assert code in (None, body["code"])


async def test_npms_http_client(connect: Connect, server: Server, name: str) -> None:
    """Queries, consistent queries, mutations and errors through ConvexHttpClient."""
    client = await connect("npm", server.url)
    args = {"name": name}
    assert await client.ask("httpQuery", path="counters:get", args=args) == 0
    assert await client.ask("httpMutation", path="counters:increment", args=args) == 1
    assert await client.ask("httpConsistent", path="counters:get", args=args) == 1
    mixed = await client.ask("httpQuery", path="values:echo", args={"value": MIXED})
    assert mixed == MIXED
    with pytest.raises(RemoteError) as refused:
        await client.ask("httpMutation", path="failures:refuseWrite", args={"data": None})
    assert refused.value.data is None
    with pytest.raises(RemoteError) as crashed:
        await client.ask("httpQuery", path="failures:crash", args={"message": "boom"})
    assert crashed.value.data is MISSING


async def test_npms_http_client_signs_in(connect: Connect, server: Server, issuer: Issuer) -> None:
    """A bearer token is the identity; a bad one is an error, not an anonymous call."""
    client = await connect("npm", server.url)
    await client.ask("httpAuth", token=issuer.token("user-1"))
    assert await client.ask("httpQuery", path="people:whoami", args={}) == "user-1"
    await client.ask("httpAuth", token=issuer.token("user-1", seconds=-60, age=600))
    with pytest.raises(RemoteError):
        await client.ask("httpQuery", path="people:whoami", args={})


@pytest.mark.parametrize("wrapped", [False, True], ids=["object", "one-element array"])
async def test_query_and_mutation(http: httpx2.AsyncClient, name: str, wrapped: bool) -> None:
    """`args` is an object or an array of one; the answer has status and value."""
    args: Any = [{"name": name}] if wrapped else {"name": name}
    assert value_of(await call(http, "mutation", "counters:increment", args)) == 1
    assert value_of(await call(http, "query", "counters:get", args)) == 1


async def test_query_by_get(http: httpx2.AsyncClient, name: str) -> None:
    """A query also answers to GET, arguments as JSON in the address."""
    params = {"path": "counters:get", "args": json.dumps({"name": name}), "format": "json"}
    response = await http.get("/api/query", params=params)
    assert value_of(response.json()) == 0


async def test_run_by_path(http: httpx2.AsyncClient, name: str) -> None:
    """`/api/run/module/function` runs any public function, whatever its kind."""
    for path in ("counters/increment", "counters/get"):
        response = await http.post(f"/api/run/{path}", json={"args": {"name": name}})
        assert value_of(response.json()) == 1
    assert_error(await http.post("/api/run/counters", json={"args": {}}), 400, "MissingIdentifier")


@pytest.mark.parametrize(
    ("format", "expected"),
    [
        ("convex_encoded_json", MIXED),
        ("convex_json", MIXED),
        ("json", {"big": "5", "nan": "NaN", "raw": "AQID", "one": 1.0}),
        ("convex_clean_json", {"big": "5", "nan": "NaN", "raw": "AQID", "one": 1.0}),
        (
            "export_json",
            {"big": 5, "nan": special(math.nan), "raw": raw(b"\x01\x02\x03"), "one": 1.0},
        ),
    ],
)
async def test_formats(http: httpx2.AsyncClient, format: str, expected: Wire) -> None:
    """Each format's own writing of int64, NaN and bytes."""
    answer = await call(http, "query", "values:echo", {"value": MIXED}, format=format)
    assert answer["value"] == expected


async def test_floats_keep_their_point(http: httpx2.AsyncClient) -> None:
    """A float is written `1.0` in every format; only export writes an int64 bare."""
    for style in ("json", "convex_encoded_json", "export_json"):
        body: dict[str, Any] = {"path": "values:echo", "args": {"value": 1.0}, "format": style}
        text = (await http.post("/api/query", json=body)).text
        assert '"value":1.0' in text.replace(" ", "")


async def test_plain_is_the_default_format(http: httpx2.AsyncClient) -> None:
    """Without `format` an int64 is a string; an unknown format is refused."""
    answer = await call(http, "query", "values:echo", {"value": integer(7)})
    assert answer["value"] == "7"
    body: dict[str, Any] = {"path": "values:echo", "args": {"value": 1.0}, "format": "xml"}
    assert_error(await http.post("/api/query", json=body), 400, "BadFormat")


async def test_a_read_at_a_timestamp(http: httpx2.AsyncClient, name: str) -> None:
    """`query_ts`, then `query_at_ts`: later writes are not seen."""
    ts = (await http.post("/api/query_ts")).json()["ts"]
    assert len(base64.b64decode(ts)) == 8
    await call(http, "mutation", "counters:increment", {"name": name})
    at = await call(http, "query_at_ts", "counters:get", {"name": name}, ts=ts)
    assert at["value"] == 0
    assert (await call(http, "query", "counters:get", {"name": name}))["value"] == 1


async def test_a_batch_of_queries(http: httpx2.AsyncClient, name: str) -> None:
    """`query_batch` answers each query, at one timestamp."""
    queries = [
        {"path": "counters:get", "args": {"name": name}},
        {"path": "failures:refuse", "args": {"data": "no"}},
    ]
    results = (await http.post("/api/query_batch", json={"queries": queries})).json()["results"]
    assert value_of(results[0]) == 0
    assert (results[1]["status"], results[1]["errorData"]) == ("error", "no")


@pytest.mark.parametrize(
    ("path", "args", "words"),
    [
        ("nowhere:nothing", {}, "Could not find public function for 'nowhere:nothing'"),
        ("counters:secret", {}, "Could not find public function for 'counters:secret'"),
        ("counters:get", {}, "ArgumentValidationError: "),
        ("counters:increment", {"name": "x"}, "is defined as Mutation"),
        ("failures:crash", {"message": "boom"}, "Server Error"),
    ],
)
async def test_function_errors_are_answers(
    http: httpx2.AsyncClient, path: str, args: Wire, words: str
) -> None:
    """What a function or its caller got wrong is 200 with `status: error`, and no data."""
    answer = await call(http, "query", path, args)
    assert answer["status"] == "error"
    assert words in answer["errorMessage"]
    assert "errorData" not in answer


@pytest.mark.parametrize("data", [{"code": "NO"}, "words", None])
async def test_error_data(http: httpx2.AsyncClient, data: Wire) -> None:
    """`errorData` stands in the answer for every ConvexError, null included."""
    answer = await call(http, "mutation", "failures:refuseWrite", {"data": data})
    assert answer["status"] == "error"
    assert answer["errorData"] == data


async def test_log_lines(http: httpx2.AsyncClient) -> None:
    """What a function prints or logs travels with its answer, each line with its level in front.

    An error's answer leaves `logLines` out when there are none.
    """
    answer = await call(http, "query", "logs:speak", {"text": "hello"})
    assert answer["logLines"] == ["[LOG] 'hello'", "[WARN] 'careful with hello'"]
    assert "logLines" not in await call(http, "query", "failures:refuse", {"data": "no"})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b'{"args": {}}',
        b'{"path": 5, "args": {}}',
        b'{"path": "values:echo", "args": {}',
        b"\xff\xfe",
    ],
)
async def test_an_unreadable_body(http: httpx2.AsyncClient, body: bytes) -> None:
    """A body that is no call is a bad request with a code and a message."""
    headers = {"content-type": "application/json"}
    assert_error(await http.post("/api/query", content=body, headers=headers), 400)


@pytest.mark.parametrize("args", ["text", 5, [], [{}, {}], [1]])
async def test_arguments_that_are_no_object(http: httpx2.AsyncClient, args: Any) -> None:
    """Refused, as a bad request or as the function's error; never run."""
    response = await http.post("/api/query", json={"path": "values:echo", "args": args})
    assert response.status_code == 400 or response.json()["status"] == "error"


async def test_a_body_that_is_too_large(http: httpx2.AsyncClient) -> None:
    """Past 16 MiB nothing is read into memory as a call."""
    args = {"value": "x" * (16 * 2**20 + 3000)}
    response = await http.post("/api/query", json={"path": "values:echo", "args": args})
    assert_error(response, response.status_code)
    assert response.status_code in (400, 413)


async def test_bad_tokens(http: httpx2.AsyncClient, issuer: Issuer) -> None:
    """A user's bad token is 401, whatever is wrong with it; a good one is the identity."""
    body: dict[str, Any] = {"path": "people:whoami", "args": {}}
    good = {"authorization": f"Bearer {issuer.token('user-1')}"}
    assert (await http.post("/api/query", json=body, headers=good)).json()["value"] == "user-1"
    for token in ("nonsense", issuer.token("u", seconds=-60, age=600), Issuer().token("u")):
        headers = {"authorization": f"Bearer {token}"}
        assert_error(await http.post("/api/query", json=body, headers=headers), 401)


async def test_any_function_needs_the_admin_key(http: httpx2.AsyncClient) -> None:
    """`/api/function` reaches internal functions, and only with the key."""
    body: dict[str, Any] = {"path": "counters:secret", "args": {}}
    for headers in ({}, {"authorization": "Convex wrong|00"}):
        response = await http.post("/api/function", json=body, headers=headers)
        assert_error(response, response.status_code)
        assert response.status_code in (401, 403)
    admin = {"authorization": f"Convex {ADMIN_KEY}"}
    answer = (await http.post("/api/function", json=body, headers=admin)).json()
    assert value_of(answer) == "only for the inside"


async def test_the_admin_acts_as_a_user(http: httpx2.AsyncClient) -> None:
    """The key may carry the identity to speak for."""
    identity = json.dumps({"subject": "user-7", "issuer": ISSUER}).encode()
    key = f"Convex {ADMIN_KEY}:{base64.b64encode(identity).decode()}"
    body: dict[str, Any] = {"path": "people:whoami", "args": {}}
    response = await http.post("/api/query", json=body, headers={"authorization": key})
    assert response.json()["value"] == "user-7"


async def test_checking_the_admin_key(http: httpx2.AsyncClient) -> None:
    """`/api/check_admin_key` says yes, or 403."""
    good = await http.get("/api/check_admin_key", headers={"authorization": f"Convex {ADMIN_KEY}"})
    assert good.json()["success"] is True
    bad = await http.get("/api/check_admin_key", headers={"authorization": "Convex wrong|00"})
    assert_error(bad, 403, "BadDeployKey")


async def test_browsers_may_call(http: httpx2.AsyncClient) -> None:
    """The preflight mirrors origin and headers; answers carry the origin, too."""
    headers = {
        "origin": "https://reimaji.test",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,convex-client",
    }
    preflight = await http.options("/api/query", headers=headers)
    assert preflight.status_code in (200, 204)
    assert preflight.headers["access-control-allow-origin"] == "https://reimaji.test"
    assert preflight.headers["access-control-allow-credentials"] == "true"
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "convex-client" in preflight.headers["access-control-allow-headers"].lower()
    assert preflight.headers["access-control-max-age"] == "86400"
    body: dict[str, Any] = {"path": "values:echo", "args": {"value": 1.0}}
    answer = await http.post("/api/query", json=body, headers={"origin": "https://reimaji.test"})
    assert answer.headers["access-control-allow-origin"] == "https://reimaji.test"


@pytest.mark.parametrize("path", ["/version", "/instance_name", "/instance_version", "/"])
async def test_small_texts(http: httpx2.AsyncClient, path: str) -> None:
    """Each says something, to anybody."""
    response = await http.get(path)
    assert response.status_code == 200
    assert response.text


async def test_the_site_port_is_the_http_prefix(http: httpx2.AsyncClient, server: Server) -> None:
    """A project without HTTP routes says so on the site port and under `/http/`."""
    async with httpx2.AsyncClient() as client:
        site = await client.get(f"{server.site_url}/hook")
    here = await http.get("/http/hook")
    assert (site.status_code, here.status_code) == (404, 404)
    assert site.text == here.text
