"""The deployment itself: where it lives, what it trusts, what was done to it."""

from __future__ import annotations

import pytest

from reactor import Clerk, CustomJwt, Reactor
from reactor.testing import Harness
from reactor.testing.machine import Machine
from tests.unit.admin.tools import admin_client, ask, opts
from tests.unit.auth.issuer import ec_key, jwk, key_set
from tests.unit.sample.world import FUNCTIONS, World, add, open_board, open_world

URLS = {"CONVEX_CLOUD_URL": "https://api.test", "CONVEX_SITE_URL": "https://site.test"}


async def test_where_it_lives() -> None:
    """`npx convex function-spec` prints the address that clients are to use."""
    async with open_world(env=URLS) as world:
        assert await ask(world, "convexCloudUrl") == "https://api.test"
        assert await ask(world, "convexSiteUrl", componentId=None) == "https://site.test"
        admin = world.backend.as_admin()
        assert await admin.call("_system/cli/convexUrl:cloudUrl") == "https://api.test"
        assert await admin.call("_system/cli/convexUrl:siteUrl") == "https://site.test"


async def test_facts_that_a_dashboard_asks_for(world: World) -> None:
    assert await ask(world, "getVersion") == "1.48.0"
    assert await ask(world, "listConfiguredSinks") == []
    assert await ask(world, "components:list") == []
    assert await ask(world, "deploymentEvents:lastPushEvent") is None
    for path in ("deploymentState:deploymentState", "backendState"):
        assert await ask(world, path) == {"state": "running"}


async def test_components_are_listed_by_their_paths() -> None:
    """`npx convex run --component` looks a component up here by its path."""
    async with open_board() as board:
        listed = await board.as_admin().call("_system/frontend/components:list")
        assert [(one["id"], one["name"], one["path"]) for one in listed] == [
            ("left", "left", "left"),
            ("nest", "nest", "nest"),
            ("nest/inner", "inner", "nest/inner"),
            ("right", "right", "right"),
        ]


async def test_whose_tokens_are_trusted() -> None:
    keys = "data:application/json," + key_set(jwk(ec_key(), "ec")).decode()
    project = Reactor(
        functions=FUNCTIONS,
        auth=[
            Clerk(issuer="env:ISSUER"),
            CustomJwt(issuer="https://a.test", jwks=keys, algorithm="ES256"),
            CustomJwt(
                issuer="https://b.test",
                jwks="https://b.test/keys",
                algorithm="RS256",
                application_id="app",
            ),
        ],
    )
    async with Harness(Machine(project, {"ISSUER": "clerk.test"}, 0)) as backend:
        listed = await backend.as_admin().call("_system/frontend/listAuthProviders")
        assert listed == [
            {"type": "oidc", "domain": "https://clerk.test", "applicationID": "convex"},
            {"type": "customJwt", "issuer": "https://a.test", "jwks": keys, "algorithm": "ES256"},
            {
                "type": "customJwt", "issuer": "https://b.test", "jwks": "https://b.test/keys",
                "algorithm": "RS256", "applicationID": "app",
            },
        ]  # fmt: skip


async def change(world: World, *changes: tuple[str, str | None]) -> None:
    body = {"changes": [{"name": name, "value": value} for name, value in changes]}
    await world.backend.as_admin().call("_system/reactor/updateEnvironmentVariables", body)
    world.backend.clock.advance(1)


async def test_what_was_done_by_hand_is_live_and_can_be_narrowed(world: World) -> None:
    client = admin_client(world)
    client.modify(add(1, "_system/frontend/paginatedDeploymentEvents", paginationOpts=opts()))
    await change(world, ("A", "1"))
    after = world.backend.clock.now_ms()
    await change(world, ("A", "2"))
    await change(world, ("A", None))
    await world.settle()
    actions = [event["action"] for event in client.results[1]["page"]]
    assert actions == [f"{verb}_environment_variable" for verb in ("delete", "update", "create")]
    for filters, count in [
        ({"actions": ["update_environment_variable"]}, 1),
        ({"minDate": after}, 2),
        ({"maxDate": after - 1}, 1),
        (None, 3),
    ]:
        args = {"paginationOpts": opts(), "filters": filters}
        page = await ask(world, "paginatedDeploymentEvents", **args)
        assert len(page["page"]) == count


@pytest.mark.parametrize("path", ["getVersion", "components:list", "listAuthProviders"])
async def test_nobody_but_the_admin_is_told(world: World, path: str) -> None:
    client = world.client()
    client.modify(add(1, f"_system/frontend/{path}"))
    await world.settle()
    assert client.results[1] == "failed"
