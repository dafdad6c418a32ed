"""Words for people: whatever the disk says becomes one sentence that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from reactor.errors import ProjectError, StorageFailed
from reactor.storage.faults import append_fault, start_fault

PATH = Path("/data/reactor.db")


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ("file is not a database", "Move it away"),
        ("database disk image is malformed", "Restore it from a backup"),
        ("attempt to write a readonly database", "Change its permissions"),
        ("unable to open database file", "Check the folder's permissions"),
        ("database is locked", "Close that program"),
        ("database or disk is full", "Free some"),
        ("something else", "cannot be used (something else)"),
    ],
)
def test_each_cause_names_the_file_and_the_next_step(said: str, step: str) -> None:
    fault = start_fault(PATH, said)
    assert isinstance(fault, ProjectError)
    assert step in str(fault)
    assert str(PATH) in str(fault)
    assert "\n" not in str(fault)


def test_a_failed_append_says_what_is_safe() -> None:
    fault = append_fault(PATH, "database or disk is full")
    assert isinstance(fault, StorageFailed)
    assert "Everything acknowledged before is stored." in str(fault)
