"""Both sides, each run once over every case."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.compat.support.server import ADMIN_KEY, Server
from tests.differential.cases import CASES
from tests.differential.scenario import Outcome

FOLDER = Path(__file__).parent
RUN_SECONDS = 120
Outcomes = dict[str, list[Outcome]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first case waits for all of them to be run."""
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.compat)
            item.add_marker(pytest.mark.timeout(3 * RUN_SECONDS))


def run(side: str, **backend: str) -> Outcomes:
    """What one side gives in every case."""
    steps = [[step.sent() for step in case.steps] for case in CASES.values()]
    done = subprocess.run(
        ["node", str(FOLDER / "node" / "run.mjs")],
        input=json.dumps({"side": side, "cases": steps, **backend}),
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    lines = done.stdout.split("\n")[:-1]  # a value may hold other line ends
    assert len(lines) == len(CASES), f"{side} ended at case {len(lines)}:\n{done.stderr[-4000:]}"
    return dict(zip(CASES, map(json.loads, lines), strict=True))


@pytest.fixture(scope="session")
def mock() -> Outcomes:
    """What Convex's mock gives, with the functions in TypeScript."""
    return run("mock")


@pytest.fixture(scope="session")
def reactor_sides(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Outcomes]:
    """What a reactor server gives, over HTTP and over the socket."""
    server = Server(tmp_path_factory.mktemp("server"), {}, project=FOLDER / "project")
    server.start()
    try:
        where = {"url": server.url, "siteUrl": server.site_url, "adminKey": ADMIN_KEY}
        return {side: run(side, **where) for side in ("http", "socket")}
    finally:
        server.kill()
