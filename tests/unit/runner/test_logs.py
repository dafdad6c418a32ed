"""What functions print, for the clients of a server in development."""

from __future__ import annotations

import logging
import sys

import pytest

from reactor import limits
from reactor.runner.logs import Capture, LogLines, begin, end


def test_printed_pieces_become_lines() -> None:
    lines = LogLines()
    lines.print("one\ntw")
    lines.print("o\n")
    lines.print("it's \\ three")
    assert lines.taken() == ("[LOG] 'one'", "[LOG] 'two'", "[LOG] 'it\\'s \\\\ three'")
    assert lines.taken() == lines.taken()


def test_lines_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop that prints must not fill every subscriber's memory."""
    monkeypatch.setattr(limits, "LOG_LINES_MAX", 3)
    monkeypatch.setattr(limits, "LOG_LINE_CHARS_MAX", 60)
    lines = LogLines()
    for _ in range(10):
        lines.add("INFO", "x" * 100)
    assert len(lines.lines) == 3
    assert len(lines.lines[0]) == 60
    assert lines.lines[2].startswith("[ERROR]")


def test_prints_and_records_belong_to_the_function_that_runs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Two functions at once must not read each other's lines."""
    lines = LogLines()
    with Capture():
        sys.stdout.write("nobody's\n")
        token = begin(lines)
        sys.stdout.write("mine\n")
        logging.getLogger("app").warning("careful %s", "now")
        sys.stdout.flush()
        end(token)
        sys.stdout.write("nobody's again\n")
    assert lines.taken() == ("[LOG] 'mine'", "[WARN] 'careful now'")
    assert capsys.readouterr().out == "nobody's\nmine\nnobody's again\n"
