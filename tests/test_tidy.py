"""The house rules that no linter knows: sizes, mirrored tests, words for public names."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import reactor

ROOT = Path(__file__).parent.parent
MODULE_LINES_MAX = 500
FUNCTION_LINES_MAX = 60

SOURCES = [
    path
    for folder in ("reactor", "functions", "examples", "bench", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "node_modules" not in path.parts
] + [path for path in (ROOT / "schema.py", ROOT / "server.py") if path.exists()]
REACTOR = [path for path in SOURCES if path.is_relative_to(ROOT / "reactor")]
ROOMS = {path.name for path in (ROOT / "reactor").iterdir() if path.is_dir()}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.AST) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def is_protocol(node: ast.ClassDef) -> bool:
    return any("Protocol" in ast.unparse(base) for base in node.bases)


def has_code(tree: ast.Module) -> bool:
    """Whether a module does anything: a function with a body, outside of a Protocol."""
    for node in tree.body:
        if isinstance(node, Function):
            return True
        if isinstance(node, ast.ClassDef) and not is_protocol(node) and any(functions(node)):
            return True
    return False


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_sizes(path: Path) -> None:
    """A module fits in a head, and a function on a screen."""
    text = path.read_text()
    lines = text.count("\n")
    assert lines <= MODULE_LINES_MAX
    long = [
        f"{node.name} ({length} lines)"
        for node in functions(ast.parse(text))
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES_MAX
    ]
    assert not long


def test_public_names_are_documented() -> None:
    """Everything that `reactor` exports says what it gives (ruff sees to the modules within)."""
    silent = [name for name in reactor.__all__ if not inspect.getdoc(getattr(reactor, name))]
    assert not silent


def test_unit_tests_mirror_the_house() -> None:
    """`reactor/log/commit.py` has `tests/unit/log/test_commit.py`, and no test is left over."""
    expected = {
        ROOT / "tests" / "unit" / path.relative_to(ROOT / "reactor").parent / f"test_{path.name}"
        for path in REACTOR
        if path.name != "__init__.py" and has_code(ast.parse(path.read_text()))
    }
    mirrored = {ROOT / "tests" / "unit" / path.relative_to(ROOT / "reactor") for path in REACTOR}
    present = set((ROOT / "tests" / "unit").rglob("test_*.py"))
    assert not {name_of(path) for path in expected - present}, "these are missing"
    orphans = {
        name_of(path)
        for path in present
        if path.relative_to(ROOT / "tests" / "unit").parts[0] in ROOMS
        and path.with_name(path.name.removeprefix("test_")) not in mirrored
    }
    assert not orphans, "these test no module"
