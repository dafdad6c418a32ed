"""The guide to scheduling, run as it is written."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "scheduling.md"
SCHEMA = """from reactor import Field, Table
class Subscription(Table, name="subscriptions"):
    user: Field[str]
    status: Field[str]
"""
STUB = """from reactor import MutationCtx, internal_mutation
@internal_mutation
async def {}(ctx: MutationCtx{}) -> None: ...
"""
OWN = ("functions", "schema")


def blocks() -> list[str]:
    """The Python of the guide, in order: two of functions, the crons, the test."""
    return re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The guide's files in a folder that Python imports from."""
    functions = tmp_path / "functions"
    functions.mkdir()
    later, watching, crons, test = blocks()
    expire_due = STUB.format("expire_due", ", batch: int") + STUB.format("invoice", "")
    digests = "".join(STUB.format(name, "") for name in ("refresh", "summary", "report"))
    (tmp_path / "schema.py").write_text(SCHEMA)
    (functions / "__init__.py").touch()
    (functions / "subscriptions.py").write_text(f"{later}\n{watching}\n{expire_due}")
    (functions / "digests.py").write_text(digests)
    (functions / "crons.py").write_text(crons)
    (tmp_path / "guided_test.py").write_text(test)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    hidden = {name: module for name, module in sys.modules.items() if name.split(".")[0] in OWN}
    for name in hidden:
        del sys.modules[name]
    importlib.invalidate_caches()
    yield tmp_path
    for name in [name for name in sys.modules if name.split(".")[0] in (*OWN, "guided_test")]:
        del sys.modules[name]
    sys.modules.update(hidden)


async def test_the_guides_test_passes(project: Path) -> None:
    """What a newcomer pastes must work."""
    guided: Any = importlib.import_module("guided_test")
    await guided.test_a_trial_ends()
    crons: Any = importlib.import_module("functions.crons")
    assert len(crons.crons._declared) == 7
