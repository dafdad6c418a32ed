"""Typed settings from the environment."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import Field, Json

from reactor import Env
from reactor.errors import ProjectError
from reactor.runner.env import read_env

URLS = {"CONVEX_SITE_URL": "http://site", "CONVEX_CLOUD_URL": "http://cloud"}


class Settings(Env):
    api_key: str
    retries: int = 3
    sender: str | None = None


def test_variables_are_read_as_their_types() -> None:
    env = read_env(Settings, {**URLS, "API_KEY": "k", "RETRIES": "7"})
    assert (env.api_key, env.retries, env.sender) == ("k", 7, None)
    assert env.convex_site_url == "http://site"


class Bounded(Env):
    retries: Annotated[int, Field(ge=0)] = 3
    names: Json[dict[str, str]]


def test_what_an_annotation_asks_for_is_checked() -> None:
    """A bound that is written down and not checked would be worse than none."""
    env = read_env(Bounded, {**URLS, "NAMES": '{"a": "b"}'})
    assert (env.retries, env.names) == (3, {"a": "b"})
    with pytest.raises(ProjectError) as caught:
        read_env(Bounded, {**URLS, "RETRIES": "-1", "NAMES": "a=b"})
    assert "RETRIES" in str(caught.value)
    assert "NAMES" in str(caught.value)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    """Else a deployment is mended one missing variable at a time."""
    with pytest.raises(ProjectError) as caught:
        read_env(Settings, {**URLS, "RETRIES": "many"})
    assert "API_KEY" in str(caught.value)
    assert "RETRIES" in str(caught.value)
    assert "many" not in str(caught.value), "values may be secrets"


def test_settings_are_read_only_and_never_printed() -> None:
    env = read_env(Settings, {**URLS, "API_KEY": "secret"})
    with pytest.raises(AttributeError):
        env.retries = 4
    assert "secret" not in repr(env)


def test_values_that_do_not_go_together_are_refused() -> None:
    """The project says which, in the words of its own operators."""

    class Pair(Env):
        lowest: int = 1
        highest: int = 10

        def problems(self) -> list[str]:
            return ["LOWEST is above HIGHEST"] if self.lowest > self.highest else []

    urls = {"CONVEX_SITE_URL": "s", "CONVEX_CLOUD_URL": "c"}
    assert read_env(Pair, {**urls, "LOWEST": "2"}).lowest == 2
    with pytest.raises(ProjectError, match="LOWEST is above HIGHEST"):
        read_env(Pair, {**urls, "LOWEST": "11"})
