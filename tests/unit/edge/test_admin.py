"""What an operator and `npx convex` do over HTTP."""

from __future__ import annotations

import pytest

from reactor import Clerk, Reactor
from reactor.errors import AuthFailed
from reactor.testing import Harness
from tests.unit.edge.http import ADMIN, post, request
from tests.unit.sample.world import FUNCTIONS, World


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


async def test_whom_the_project_trusts_follows_the_variables() -> None:
    """Convex reads auth settings anew when a variable changes, without a deploy."""
    project = Reactor(functions=FUNCTIONS, auth=[Clerk(issuer="env:ISSUER")])
    async with Harness(project, {"ISSUER": "https://one.test"}, 0) as backend:
        world = World(backend)
        trusted: list[str] = []

        def trust(providers: object) -> None:
            assert isinstance(providers, list)
            trusted.extend(provider.issuer for provider in providers)

        world.hub.authenticator.trust = trust  # type: ignore[method-assign]
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
