"""How a node is run: flags, then the environment, then defaults."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from reactor import limits
from reactor.errors import ProjectError
from reactor.runtime.clock import OffsetClock, SystemClock
from reactor.runtime.random import SystemEntropy
from reactor.runtime.settings import DEV_ADMIN_KEY, settings_from

KEY = {"REACTOR_ADMIN_KEY": "a long random text"}


def test_flags_win_over_the_environment_and_that_over_defaults() -> None:
    given = {**KEY, "REACTOR_PORT": "1", "REACTOR_HOST": "0.0.0.0", "A": "theirs"}
    settings = settings_from(given, port=2, data_dir=Path("d"), defaults={"A": "ours", "B": "ours"})
    assert (settings.port, settings.host) == (2, "0.0.0.0")
    assert (settings.variables["A"], settings.variables["B"]) == ("theirs", "ours")
    assert settings.database == Path("d/reactor.sqlite3")


def test_functions_are_told_where_they_are_served() -> None:
    settings = settings_from(KEY, port=1, site_port=2)
    assert settings.variables["CONVEX_CLOUD_URL"] == "http://127.0.0.1:1"
    assert settings.variables["CONVEX_SITE_URL"] == "http://127.0.0.1:2"
    told = settings_from({**KEY, "CONVEX_SITE_URL": "https://mine"})
    assert told.variables["CONVEX_SITE_URL"] == "https://mine"


def test_production_needs_a_key_and_hides_errors() -> None:
    with pytest.raises(ProjectError):
        settings_from({})
    assert settings_from(KEY).is_production
    dev = settings_from({}, dev=True)
    assert (dev.admin_key, dev.is_production, dev.writer) == (DEV_ADMIN_KEY, False, "thread")


@pytest.mark.parametrize(
    "wrong",
    [{"REACTOR_PORT": "many"}, {"REACTOR_CLOCK_OFFSET_MS": "x"}, {"REACTOR_WRITER": "pigeon"}],
)
def test_settings_that_cannot_be_read_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ProjectError):
        settings_from({**KEY, **wrong})


def test_the_process_environment_is_read_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REACTOR_ADMIN_KEY", "k")
    monkeypatch.setenv("REACTOR_NAME", "mine")
    monkeypatch.setenv("REACTOR_WRITER", "process")
    settings = settings_from()
    assert (settings.admin_key, settings.name, settings.writer) == ("k", "mine", "process")


def test_the_process_environment_sets_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not one that a test or an embedding program hands over: limits belong to the process."""
    settings_from({**KEY, "REACTOR_LIMIT_CALL_DEPTH_MAX": "0"})
    monkeypatch.setenv("REACTOR_LIMIT_CALL_DEPTH_MAX", "9")
    monkeypatch.setenv("REACTOR_ADMIN_KEY", "k")
    monkeypatch.setattr(limits, "CALL_DEPTH_MAX", limits.CALL_DEPTH_MAX)
    settings_from()
    assert limits.CALL_DEPTH_MAX == 9
    monkeypatch.setenv("REACTOR_LIMIT_CALL_DEPTH_MAX", "0")
    with pytest.raises(ProjectError):
        settings_from()


def test_files_are_kept_beside_the_database_unless_told_otherwise() -> None:
    assert settings_from(KEY, data_dir=Path("d")).files == "d/files"
    assert settings_from({**KEY, "REACTOR_FILES": "s3://b/p"}).files == "s3://b/p"


def test_files_have_the_public_address_in_their_urls() -> None:
    assert settings_from(KEY, port=1).cloud_url == "http://127.0.0.1:1"
    told = settings_from({**KEY, "CONVEX_CLOUD_URL": "https://mine"})
    assert told.cloud_url == "https://mine"


def test_a_node_has_the_machines_clock_unless_it_is_shifted() -> None:
    plain = settings_from(KEY)
    assert type(plain.clock()) is SystemClock
    assert isinstance(plain.entropy(), SystemEntropy)
    shifted = settings_from({**KEY, "REACTOR_CLOCK_OFFSET_MS": "-5"})
    assert isinstance(shifted.clock(), OffsetClock)


def test_crons_are_spread_over_a_minute_unless_told_otherwise() -> None:
    """By the variable's name in Convex."""
    assert settings_from(KEY).cron_splay_s == 60
    for text, seconds in (("0", 0), ("5", 5), ("-5", 0)):
        assert settings_from({**KEY, "CRON_SPLAY_SECONDS": text}).cron_splay_s == seconds


def test_a_node_stops_as_an_operator_would_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[int, int]] = []

    def kill(pid: int, number: int) -> None:
        sent.append((pid, number))

    monkeypatch.setattr(os, "kill", kill)
    settings_from(KEY).stop()
    assert sent == [(os.getpid(), signal.SIGTERM)]
