"""The developers' API as types: what must be accepted, and each mistake that must be reported."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOOD, BAD = "tests/typing/good.py", "tests/typing/bad.py"
Reports = dict[str, dict[int, str]]


def run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


@cache
def mypy() -> Reports:
    """Errors by file and line."""
    output = run(sys.executable, "-m", "mypy", "--strict", "--no-error-summary", GOOD, BAD)
    found: Reports = {}
    for line in output.splitlines():
        match = re.match(r"(?P<file>[^:]+):(?P<line>\d+):(?:\d+:)? error: (?P<text>.*)", line)
        if match is not None:
            found.setdefault(match["file"], {})[int(match["line"])] = match["text"]
    return found


@cache
def pyright() -> Reports:
    """Errors by file and line."""
    config = ROOT / "tests" / "typing" / "pyrightconfig.json"
    report = json.loads(run(sys.executable, "-m", "pyright", "--outputjson", "-p", str(config)))
    assert report["summary"]["filesAnalyzed"] >= 2
    found: Reports = {}
    for error in report["generalDiagnostics"]:
        if error["severity"] == "error":
            file = str(Path(error["file"]).relative_to(ROOT))
            at = error["range"]["start"]["line"] + 1
            found.setdefault(file, {})[at] = error["message"]
    return found


def expected() -> set[int]:
    lines = (ROOT / BAD).read_text().splitlines()
    return {number for number, line in enumerate(lines, 1) if "# expect-error" in line}


@pytest.mark.timeout(180)
@pytest.mark.parametrize("check", [mypy, pyright])
def test_what_developers_write_is_accepted(check: Callable[[], Reports]) -> None:
    """A false alarm teaches people to silence their checker."""
    assert check().get(GOOD, {}) == {}


@pytest.mark.timeout(180)
@pytest.mark.parametrize("check", [mypy, pyright])
def test_every_mistake_is_reported(check: Callable[[], Reports]) -> None:
    """These are found in the editor, not by a user."""
    reported = check().get(BAD, {})
    assert len(expected()) == 29
    assert {line: reported.get(line) for line in sorted(expected() - reported.keys())} == {}
    assert {line: reported[line] for line in sorted(reported.keys() - expected())} == {}
