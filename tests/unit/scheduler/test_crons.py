"""The module `crons` of a project: names, functions, arguments, and the written form."""

from __future__ import annotations

import importlib
import sys
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reactor import Cron, Crons, MutationFn, QueryFn
from reactor.errors import ProjectError, ScheduleRefused
from reactor.runner.mounting import Mounting
from reactor.runner.space import ROOT, Space
from reactor.scheduler.crons import Timetable, timetable_of
from reactor.schema.places import TableNumbers
from tests.unit.sample.functions import counters, later
from tests.unit.sample.world import FUNCTIONS

HOUR = timedelta(hours=1)


@pytest.fixture
def space() -> Space:
    return space_of(FUNCTIONS)


def space_of(package: str) -> Space:
    """A project of functions only."""
    mounting = Mounting(TableNumbers(), package, [])
    mounting.mount(None)
    return mounting.spaces[ROOT]


def test_the_written_form_is_npms(space: Space) -> None:
    crons = Crons()
    crons.interval("a", timedelta(minutes=15), counters.add, name="x", by=2)
    crons.hourly("b", 5, counters.add, "x")
    crons.daily("c", time(7, tzinfo=ZoneInfo("Asia/Jakarta")), counters.add, "x")
    crons.weekly("d", "friday", time(7), later.act, name="x")
    crons.monthly("e", 1, time(7), counters.add, "x")
    crons.cron("f", "0 17 * * *", MutationFn.ref("counters:add"), name="x")
    crons.cron("g", Cron("0 7 * * 1", tz="Asia/Jakarta"), counters.add, "x")
    spec = crons.timetable(space).spec()
    assert spec["a"] == {
        "name": "counters:add",
        "args": [{"name": "x", "by": 2.0}],
        "schedule": {"type": "interval", "minutes": 15},
    }
    assert spec["b"]["args"] == [{"name": "x"}]
    assert spec["d"]["name"] == "later:act"
    assert {name: job["schedule"]["type"] for name, job in spec.items()} == {
        "a": "interval", "b": "hourly", "c": "daily", "d": "weekly", "e": "monthly",
        "f": "cron", "g": "cron",
    }  # fmt: skip
    assert spec["g"]["schedule"]["tz"] == "Asia/Jakarta"


def test_a_name_is_there_once() -> None:
    crons = Crons()
    crons.interval("x", HOUR, counters.add, "a")
    with pytest.raises(ScheduleRefused, match=r"^Cron identifier registered twice: x$"):
        crons.interval("x", HOUR, counters.add, "b")


@pytest.mark.parametrize("name", ["", "é", "a\nb", "\x7f", "x" * 257])
def test_names_are_printable_ascii(name: str) -> None:
    with pytest.raises(ScheduleRefused, match="Invalid cron identifier"):
        Crons().interval(name, HOUR, counters.add, "a")


def test_a_wrong_expression_fails_where_it_is_written() -> None:
    with pytest.raises(ScheduleRefused, match="Sunday is 0"):
        Crons().cron("x", "0 7 * * 7", counters.add, "a")


@pytest.mark.parametrize(
    ("fn", "kwargs", "words"),
    [
        (counters.get, {"name": "x"}, "which is a query"),
        (QueryFn.ref("counters:get"), {"name": "x"}, "which is a query"),
        (MutationFn.ref("counters:ad"), {"name": "x"}, "nonexistent path"),
        (counters.add, {}, "ArgumentValidationError"),
        (counters.add, {"name": "x", "at": 5}, "ArgumentValidationError"),
    ],
)
def test_what_cannot_run_fails_the_start_by_name(
    space: Space, fn: Any, kwargs: dict[str, Any], words: str
) -> None:
    """A job that fails every night would be found by somebody else, later."""
    crons = Crons()
    crons.interval("nightly", HOUR, fn, **kwargs)
    with pytest.raises(ProjectError) as caught:
        crons.timetable(space)
    assert "cron 'nightly'" in str(caught.value)
    assert words in str(caught.value)


class Package:
    """A project's package, written for one test."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder / name, name
        self.folder.mkdir()
        self.write("__init__", "")
        self.write("work", WORK)

    def write(self, module: str, text: str) -> None:
        (self.folder / f"{module}.py").write_text(text)

    def crons(self, text: str) -> Timetable:
        self.write("crons", HEAD.format(self.name) + text)
        return timetable_of(space_of(self.name))


HEAD = """from datetime import timedelta
from reactor import Crons
from {} import work
"""
WORK = """from reactor import MutationCtx, internal_mutation
@internal_mutation
async def go(ctx: MutationCtx) -> None: ...
"""


@pytest.fixture
def package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Package:
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    importlib.invalidate_caches()
    return Package(tmp_path, f"timed_{abs(hash(request.node.name))}")


def test_the_crons_of_a_project_are_found_whatever_they_are_called(package: Package) -> None:
    text = "jobs = Crons()\njobs.interval('a', timedelta(hours=1), work.go)\n"
    [entry] = package.crons(text).entries.values()
    assert (entry.name, entry.path, entry.args) == ("a", "work.js:go", b"{}")


def test_a_module_without_crons_has_none(package: Package) -> None:
    assert package.crons("").entries == {}


def test_a_project_without_the_module_has_none(space: Space) -> None:
    assert timetable_of(space).spec() == {}


def test_two_crons_are_one_too_many(package: Package) -> None:
    """One of them would silently not run."""
    with pytest.raises(ProjectError, match="put every job into one"):
        package.crons("a = Crons()\nb = Crons()\n")


def test_a_mistake_is_shown_with_its_line(package: Package) -> None:
    with pytest.raises(ProjectError) as caught:
        package.crons("a = Crons()\na.cron('x', '0 7 * * 7', work.go)\n")
    assert "Sunday is 0" in str(caught.value)
    assert "crons.py, line 5" in str(caught.value)
