"""A server is killed in the middle of scheduled work, again and again, until it is done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest

from reactor.runner.jobs import INTERRUPTED
from reactor.runtime.random import SeededEntropy
from reactor.storage.appenders import WriterKind
from tests.simulation import jobs_child

ROOT = Path(__file__).parents[2]
LIVES_MAX = 8


def live(folder: Path, kind: WriterKind, commits: int) -> dict[str, list[Any]] | None:
    """One life of the server: what it found at the end, or None when it was killed before."""
    command = [sys.executable, jobs_child.__file__, str(folder), kind, str(commits)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=False)
    assert ended.returncode in (0, -signal.SIGKILL)
    found: dict[str, list[Any]] | None = orjson.loads(ended.stdout or b"null")
    return found


@pytest.mark.timeout(120)
@pytest.mark.parametrize("kind", ["process", "thread"])
@pytest.mark.parametrize("seed", range(2))
def test_each_mutation_runs_once_and_no_action_twice(
    tmp_path: Path, kind: WriterKind, seed: int
) -> None:
    """Twice would charge a customer twice; never would lose what was promised."""
    chance = SeededEntropy(seed).seeded()
    lives, found = 0, None
    while found is None:
        # The last life may go on to the end: on a slow disk one that is short stores nothing.
        found = live(tmp_path, kind, chance.randint(40, 150) if lives < LIVES_MAX else 10**6)
        lives += 1
    assert lives > 1, "it was killed in the middle"
    notes = Counter(note["text"] for note in found["notes"])
    jobs = found["_scheduled_functions"]
    assert len(jobs) == jobs_child.MUTATIONS + jobs_child.ACTIONS
    for job in jobs:
        text, state = job["args"][0]["text"], job["state"]
        if state == {"kind": "success"}:
            assert notes.pop(text) == 1
        else:
            assert job["name"] == "later.js:writeSlowly"
            assert state == {"kind": "failed", "error": INTERRUPTED}
            assert notes.pop(text, 0) <= 1
    assert not notes
