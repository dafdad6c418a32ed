"""Sockets first, then the database, then requests."""

from __future__ import annotations

import gc
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from reactor.app import Node
from reactor.auth.identity import Caller
from reactor.cli.project import open_project
from reactor.cli.serving import Beside, Sockets, bind, serve
from reactor.errors import ProjectError, StorageFailed
from reactor.runner.run import Call
from reactor.runtime.settings import Settings, settings_from

HOST = "127.0.0.1"


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    yield settings_from({}, dev=True, data_dir=tmp_path / "data")
    gc.unfreeze()


def sockets() -> Sockets:
    return Sockets(bind(HOST, 0, "--port"), bind(HOST, 0, "--site-port"))


def _call(path: str) -> Call:
    return Call(path, b"{}", Caller.admin(), sees_internal=True)


def test_a_port_that_is_taken_is_told_before_anything_starts() -> None:
    """The flag that helps is named, and the database has not been touched."""
    taken = bind(HOST, 0, "--port")
    with pytest.raises(ProjectError) as caught:
        bind(HOST, taken.getsockname()[1], "--site-port")
    assert "--site-port" in str(caught.value)
    taken.close()


@pytest.mark.parametrize(("host", "port"), [(HOST, 65_536), (HOST, -1), ("192.0.2.1", 0)])
def test_addresses_that_cannot_be_bound(host: str, port: int) -> None:
    with pytest.raises(ProjectError):
        bind(host, port, "--port")


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_ipv6_addresses_are_bound() -> None:
    try:
        bound = bind("::1", 0, "--port")
    except ProjectError:
        pytest.skip("no IPv6 loopback here")
    assert bound.family == socket.AF_INET6
    bound.close()


async def test_a_node_serves_until_it_is_told_to_stop(folder: Path, settings: Settings) -> None:
    bound, ready, answers = sockets(), list[Node](), list[object]()
    url = f"http://{HOST}:{bound.client.getsockname()[1]}/api/query"

    async def opened(node: Node) -> None:
        outcome = await node.hub.runner.mutation(_call("notes:fill"))
        await node.hub.durable(outcome.ts)

    async def watch() -> None:
        async with httpx2.AsyncClient() as client:
            while not ready:
                await client.get(f"http://{HOST}:{bound.site.getsockname()[1]}/")
            answer = await client.post(url, json={"path": "notes:texts", "args": {}})
            answers.append(answer.json()["value"])

    beside = Beside(opened=opened, watch=watch)
    await serve(open_project(folder), settings, bound, beside, ready.append)
    assert answers == [["demo"]]
    assert gc.isenabled()


async def test_a_node_whose_disk_failed_says_so(folder: Path, settings: Settings) -> None:
    """The operator sees why it stopped, and the process's exit code is not 0."""

    async def opened(node: Node) -> None:
        node.failure = StorageFailed("the disk is full")

    async def watch() -> None:
        return None

    beside = Beside(opened=opened, watch=watch)
    with pytest.raises(StorageFailed):
        await serve(open_project(folder), settings, sockets(), beside, lambda node: None)
