"""The code in the guide, as files: a block whose first line is `# path.py` is that file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

GUIDE = Path(__file__).parent.parent.parent / "docs" / "guide"
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> list[str]:
    """Every block of Python of a page, in order."""
    return _BLOCK.findall((GUIDE / page).read_text())


def write_files(page: str, folder: Path) -> None:
    """Writes the blocks that say which file they are; packages get their `__init__.py`."""
    for block in blocks(page):
        first, _, _ = block.partition("\n")
        if not first.startswith("# ") or not first.endswith(".py"):
            continue
        file = folder / first[2:]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block)
        for parent in file.relative_to(folder).parents[:-1]:
            (folder / parent / "__init__.py").touch()


def run(folder: Path, script: str) -> str:
    """Runs a script in the folder, as a process of its own; what it printed.

    Pages name their modules `schema` and `functions`, as every project does, so no two of them fit
    in one process.
    """
    root = str(GUIDE.parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{root}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
