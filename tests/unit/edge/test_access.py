"""Who may use the admin's endpoints."""

from __future__ import annotations

import pytest

from tests.unit.edge.http import ADMIN, request
from tests.unit.sample.world import World

PATH = "/api/list_environment_variables"


async def test_the_key_opens_them(world: World) -> None:
    for url, headers in [(PATH, ADMIN), (f"{PATH}?adminKey=test-admin-key", {})]:
        answer = await request(world.node.http, "GET", url, headers=headers)
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("url", "headers", "status"),
    [
        (PATH, {}, 403),
        (PATH, {"authorization": "Convex wrong"}, 403),
        (f"{PATH}?adminKey=wrong", {}, 403),
        (PATH, {"authorization": 'Bearer {"iss":"https://issuer.test","sub":"ann"}'}, 403),
        (f"{PATH}?adminKey=test-admin-key", {"authorization": "Convex wrong"}, 403),
        (PATH, {"authorization": "Convex"}, 401),
    ],
)
async def test_nothing_else_does(
    world: World, url: str, headers: dict[str, str], status: int
) -> None:
    answer = await request(world.node.http, "GET", url, headers=headers)
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message"}


async def test_a_key_in_the_url_changes_nothing(world: World) -> None:
    """URLs end up in logs and histories; only reads may carry the key there."""
    url = "/api/update_environment_variables?adminKey=test-admin-key"
    answer = await request(world.node.http, "POST", url, body=b'{"changes":[]}')
    assert (answer.status_code, answer.json()["code"]) == (403, "BadDeployKey")
