"""What the guides show runs: each page's files are written out as they stand, and tested."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
FILE = re.compile(r"```python\n# (\S+\.py)\n(.*?)```", re.DOTALL)
PROJECTS = ["testing.md"]
"""Pages whose snippets are the files of a project: each starts with its path as a comment."""


@pytest.mark.parametrize("page", PROJECTS)
def test_the_project_of_a_page_passes_its_own_tests(page: str, tmp_path: Path) -> None:
    """A reader who copies the page gets what it promises."""
    files = FILE.findall((GUIDE / page).read_text())
    assert files, "the page shows no files"
    for name, body in files:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(body)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function"]
    command += ["-W", "error", "--rootdir", str(tmp_path), "tests"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    tests = sum(body.count("async def test_") for _, body in files)
    assert f"{tests} passed" in done.stdout, done.stdout
