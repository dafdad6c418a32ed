"""What an operator and `npx convex` do over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx2
import pytest

from reactor import Clerk, Reactor, limits
from reactor.auth.oidc import Provider
from reactor.errors import AuthFailed
from reactor.testing import Harness
from reactor.testing.machine import Machine
from tests.unit.admin.test_jobs import job, states, store
from tests.unit.admin.tools import ask, write
from tests.unit.edge.http import ADMIN, post, request
from tests.unit.sample.world import FUNCTIONS, World, open_board


@pytest.mark.parametrize("prefix", ["", "v1/"])
async def test_environment_variables_are_changed_and_listed(world: World, prefix: str) -> None:
    body = {"changes": [{"name": "A", "value": "1"}, {"name": "B", "value": None}]}
    answer = await post(world, f"{prefix}update_environment_variables", body, **ADMIN)
    assert (answer.status_code, answer.content) == (200, b"")
    url = f"/api/{prefix}list_environment_variables"
    listed = await request(world.node.http, "GET", url, headers=ADMIN)
    assert listed.json() == {"environmentVariables": {"A": "1"}}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "ArgumentValidationError"),
        (b"{}", "ArgumentValidationError"),
        (b'{"changes":[{"name":3}]}', "ArgumentValidationError"),
        (b'{"changes":[{"name":"1","value":"secret"}]}', "EnvVarNameInvalid"),
    ],
)
async def test_a_change_that_is_refused_says_why(world: World, body: bytes, code: str) -> None:
    answer = await post(world, "update_environment_variables", body, **ADMIN)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not answer.json()["message"].startswith("Uncaught")
    assert "secret" not in answer.text


async def test_whom_the_project_trusts_follows_the_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Convex reads auth settings anew when a variable changes, without a deploy."""
    project = Reactor(functions=FUNCTIONS, auth=[Clerk(issuer="env:ISSUER")])
    async with Harness(Machine(project, {"ISSUER": "https://one.test"}, 0)) as backend:
        world = World(backend)
        trusted: list[str] = []

        def trust(providers: Sequence[Provider]) -> None:
            trusted.extend(provider.issuer for provider in providers)

        monkeypatch.setattr(world.hub.authenticator, "trust", trust)
        body = {"changes": [{"name": "ISSUER", "value": "https://two.test"}]}
        await post(world, "update_environment_variables", body, **ADMIN)
        assert trusted == ["https://two.test"]
        broken = {"changes": [{"name": "ISSUER", "value": "http://plain.test"}]}
        answer = await post(world, "update_environment_variables", broken, **ADMIN)
        assert answer.json()["code"] == "EnvVarsRefused"


async def test_the_admin_key_is_checked(world: World) -> None:
    answer = await request(world.node.http, "GET", "/api/check_admin_key", headers=ADMIN)
    assert answer.json() == {"success": True, "allowedOps": ["all"], "isReadOnly": False}
    with pytest.raises(AuthFailed):
        world.hub.authenticator.admin("wrong")


async def send(world: World, path: str, **body: Any) -> httpx2.Response:
    return await post(world, path, body, **ADMIN)


async def get(world: World, path: str) -> Any:
    answer = await request(world.node.http, "GET", f"/api/{path}", headers=ADMIN)
    assert answer.status_code == 200
    return answer.json()


async def test_shapes_and_indexes(world: World) -> None:
    """`npx convex mcp` shows an agent what the tables hold."""
    await write(world, "a")
    shapes = await get(world, "shapes2")
    assert (shapes["counters"]["type"], shapes["notes"]["type"]) == ("Never", "Object")
    indexes = (await get(world, "get_indexes"))["indexes"]
    assert [(one["table"], one["name"]) for one in indexes] == [
        ("counters", "by_name"),
        ("notes", "by_owner"),
    ]
    url = "/api/shapes2?component=nothing"
    answer = await request(world.node.http, "GET", url, headers=ADMIN)
    assert (answer.status_code, answer.json()["code"]) == (400, "ComponentNotFound")


async def test_tables_are_deleted_whole_however_large(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ADMIN_CLEAR_DOCUMENTS_MAX", 2)
    await ask(world, "createTable", table="scratch")
    await ask(world, "addDocument", table="scratch", documents=[{}] * 5)
    answer = await send(world, "delete_tables", tableNames=["scratch"], componentId=None)
    assert (answer.status_code, answer.content) == (200, b"")
    assert await ask(world, "tableSize", tableName="scratch") == 0
    answer = await send(world, "delete_tables", tableNames=["notes"])
    assert (answer.status_code, answer.json()["code"]) == (400, "TableInSchema")


async def test_a_mounted_component_is_not_deleted() -> None:
    async with open_board() as board:
        answer = await send(World(board), "delete_component", componentId="left")
        assert (answer.status_code, answer.json()["code"]) == (400, "ComponentMounted")


async def test_jobs_are_canceled(world: World) -> None:
    [first, _] = await store(world, "_scheduled_functions", job("pending"), job("pending"))
    assert (await send(world, "cancel_job", id=first)).status_code == 200
    assert await states(world) == ["canceled", "pending"]
    assert (await send(world, "cancel_all_jobs")).status_code == 200
    assert await states(world) == ["canceled", "canceled"]
    answer = await send(world, "cancel_job", id="nonsense")
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidId")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("run_test_function", "JavaScriptNotSupported"),
        ("deploy2/start_push", "PushNotSupported"),
        ("get_config_hashes", "PushNotSupported"),
    ],
)
async def test_what_a_python_project_has_no_use_for_says_what_to_do(
    world: World, path: str, code: str
) -> None:
    answer = await send(world, path)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    "path",
    [
        "update_environment_variables", "delete_tables", "delete_component", "cancel_job",
        "cancel_all_jobs", "run_test_function", "deploy2/start_push",
    ],
)  # fmt: skip
async def test_every_endpoint_needs_the_key(world: World, path: str) -> None:
    answer = await post(world, path, {})
    assert (answer.status_code, answer.json()["code"]) == (403, "BadDeployKey")


@pytest.mark.parametrize("path", ["delete_tables", "delete_component", "cancel_job"])
async def test_bodies_that_cannot_be_read(world: World, path: str) -> None:
    for body in (b"", b"{", b"[]", b"{}", b"[" * 100_000):
        answer = await post(world, path, body, **ADMIN)
        assert (answer.status_code, answer.json()["code"]) == (400, "BadJsonBody")
