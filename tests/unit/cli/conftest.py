"""Projects in folders of their own, each with modules of the same names."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.cli.deployment import Deployment, serving

FUNCTIONS = """
from __future__ import annotations
from reactor import MutationCtx, QueryCtx, internal_mutation, query
from schema import Note

@query
async def texts(ctx: QueryCtx) -> list[str]:
    return [note.text for note in await ctx.db.query(Note).collect()]

@internal_mutation
async def fill(ctx: MutationCtx) -> None:
    await ctx.db.insert(Note(text="demo"))

@internal_mutation
async def fail(ctx: MutationCtx) -> None:
    raise ZeroDivisionError
"""
SCHEMA = """
from __future__ import annotations
from reactor import Field, Table

class Note(Table, name="notes"):
    text: Field[str]
"""


def is_projects(name: str) -> bool:
    return name.partition(".")[0] in ("functions", "schema", "server", "standins")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small project; what is imported from it is forgotten afterwards."""
    kept = {name: module for name, module in sys.modules.items() if is_projects(name)}
    for name in kept:
        del sys.modules[name]
    monkeypatch.setattr(sys, "path", [p for p in sys.path if not (Path(p) / "functions").is_dir()])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions" / "__init__.py").write_text("")
    (tmp_path / "functions" / "notes.py").write_text(FUNCTIONS)
    (tmp_path / "schema.py").write_text(SCHEMA)
    importlib.invalidate_caches()
    environment = dict(os.environ)
    yield tmp_path
    # `reactor dev` sets its stand-ins' variables for good.
    os.environ.clear()
    os.environ.update(environment)
    for name in [name for name in sys.modules if is_projects(name)]:
        del sys.modules[name]
    sys.modules.update(kept)
    importlib.invalidate_caches()


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    """The sample behind a real port; tests of a module share it and use names of their own."""
    with serving() as running:
        yield running
