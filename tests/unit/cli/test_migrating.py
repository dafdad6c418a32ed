"""`reactor migrate`: a list, a run that is followed, and clear refusals."""

from __future__ import annotations

import json

from reactor.testing import Harness
from tests.unit.cli.deployment import Deployment
from tests.unit.cli.tools import at
from tests.unit.sample.schema import Note


async def fill(backend: Harness) -> None:
    for text in "abcdefgh":
        backend.clock.advance(0.001)
        await backend.insert(Note(text=text))


async def spoil(backend: Harness) -> None:
    await backend.insert(Note(text="no"))


def test_migrations_are_listed(deployment: Deployment) -> None:
    result = at(deployment, "migrate")
    assert (result.exit_code, result.stdout) == (0, "moves:shout  not run yet\n")
    assert json.loads(at(deployment, "migrate", "--json").stdout) == [{"name": "moves:shout"}]


def test_one_is_run_to_its_end(deployment: Deployment) -> None:
    deployment.do(fill)
    tried = at(deployment, "migrate", "moves:shout", "--dry-run")
    assert tried.stdout == "moves:shout: the next batch would write 3 documents\n"
    result = at(deployment, "migrate", "moves:shout", "--batch", "2")
    assert (result.exit_code, result.stdout) == (0, "moves:shout: done, 8 of 8 documents\n")
    assert "done, 8 of 8" in at(deployment, "migrate").stdout
    assert at(deployment, "migrate", "--all", "--json").stdout == "[]\n"
    again = at(deployment, "migrate", "moves:shout", "--reset", "--json")
    assert json.loads(again.stdout)["state"] == "done"


def test_one_that_fails_ends_with_1_and_names_the_document(deployment: Deployment) -> None:
    deployment.do(spoil)
    result = at(deployment, "migrate", "moves:shout", "--reset")
    assert result.exit_code == 1
    assert "this one cannot be shouted" in result.stdout


def test_one_that_is_not_there(deployment: Deployment) -> None:
    result = at(deployment, "migrate", "moves:whisper")
    assert result.exit_code == 1
    assert "moves:shout" in result.stderr
    assert "Traceback" not in result.output
