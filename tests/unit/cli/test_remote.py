"""How the command line reaches a deployment, and what it says when it cannot."""

from __future__ import annotations

import socket

import httpx2
import pytest

from reactor.cli.remote import Remote
from reactor.errors import ProjectError
from tests.unit.cli.deployment import KEY, Deployment


def test_functions_of_every_kind(deployment: Deployment) -> None:
    with Remote(deployment.url, KEY) as remote:
        assert remote.call("counters:add", {"name": "remote"}).value == 1
        assert remote.call("counters:secret", {}).value == "internal"
        failed = remote.call("counters:addAndFail", {"name": "remote"})
        assert failed.data == {"code": "REFUSED"}
        assert "Server Error" in (failed.error or "")


def test_as_somebody(deployment: Deployment) -> None:
    ann = {"subject": "ann", "issuer": "https://issuer.test"}
    with Remote(deployment.url, KEY, ann) as remote:
        assert remote.call("notes:who", {}).value == "ann"


def test_a_wrong_key(deployment: Deployment) -> None:
    with Remote(deployment.url, "wrong") as remote, pytest.raises(ProjectError) as refused:
        remote.ask("_system/cli/convexUrl:cloudUrl")
    assert "--admin-key" in str(refused.value)


def test_nobody_there() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        with Remote(url, KEY) as remote, pytest.raises(ProjectError, match="reactor dev"):
            remote.ask("_system/cli/convexUrl:cloudUrl")


def test_somebody_else_there(deployment: Deployment) -> None:
    body = {"changes": [{"name": "1", "value": "x"}]}
    with Remote(deployment.url, KEY) as remote:
        with pytest.raises(ProjectError, match="is it a reactor deployment"):
            remote.request("GET", "/no/such/page")
        with pytest.raises(ProjectError, match="EnvVarNameInvalid"):
            remote.request("POST", "/api/update_environment_variables", body)


def test_what_the_engine_refuses_is_said_plainly(deployment: Deployment) -> None:
    with Remote(deployment.url, KEY) as remote, pytest.raises(ProjectError) as refused:
        remote.ask("_system/frontend/tableSize", tableName="x", componentId="nothing")
    assert str(refused.value) == "there is no component 'nothing'"


def test_another_machine_needs_its_key() -> None:
    """The key of `reactor dev` is known to everybody; it must not be tried on strangers."""
    with pytest.raises(ProjectError, match="REACTOR_ADMIN_KEY"):
        Remote("https://api.example.test", None)


def test_bytes_travel_both_ways() -> None:
    """Archives are larger than memory should hold twice, so they come piece by piece."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            return httpx2.Response(200, json=len(request.content))
        if request.url.path == "/api/gone":
            return httpx2.Response(404, json={"code": "ExportNotFound", "message": "gone"})
        return httpx2.Response(200, content=b"abc")

    with Remote("http://127.0.0.1:1", "key", transport=httpx2.MockTransport(answer)) as remote:
        assert remote.upload("/api/part", b"12345") == 5
        assert list(remote.download("/api/zip")) == [(b"abc", 3)]
        with pytest.raises(ProjectError, match="gone"):
            list(remote.download("/api/gone"))
    with Remote("http://127.0.0.1:1", "key") as nowhere:
        with pytest.raises(ProjectError, match="cannot be reached"):
            list(nowhere.download("/api/zip"))
        with pytest.raises(ProjectError, match="cannot be reached"):
            nowhere.upload("/api/part", b"")
