"""The settings: what production must not be started with."""

from __future__ import annotations

import pytest

from functions._env import PROVIDERS, Env
from reactor.errors import ProjectError
from reactor.runner.env import read_env
from tests.app.support import URLS

LIVE = {
    **URLS,
    "REACTOR_ENV": "prod",
    "CLERK_JWT_ISSUER_DOMAIN": "https://clerk.example.com",
}


def test_production_starts_with_the_real_services() -> None:
    """Nothing else has to be said."""
    assert read_env(Env, LIVE).resend_base_url == "https://api.resend.com"


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:3215/x",
        "http://localhost/x",
        "https://app.LOCALHOST",
        "http://[::1]:3215",
        "http://127.9.9.9",
        "127.0.0.1:3215/clerk",
    ],
)
def test_production_refuses_stand_ins(name: str, url: str) -> None:
    """They sign tokens for whoever asks."""
    variables = {**LIVE, name.upper(): url}
    with pytest.raises(ProjectError, match=f"{name.upper()} leads to this machine"):
        read_env(Env, variables)
    for allowed in ({"REACTOR_ALLOW_SANDBOX": "1"}, {"REACTOR_ENV": "dev"}):
        assert getattr(read_env(Env, {**variables, **allowed}), name) == url
