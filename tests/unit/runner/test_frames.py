"""Whose code asks: the project's, the engine's, or Python's import system."""

from __future__ import annotations

import functools

import pytest

from reactor.errors import ProjectError
from reactor.runner.frames import asker, frame_at
from reactor.runner.loader import import_module


def ask() -> str:
    return asker(frame_at(0))


def test_a_projects_function_asks_for_itself() -> None:
    assert ask() == "project"


def test_a_library_asks_for_whoever_called_it() -> None:
    """`json.load`, an SDK, `functools.reduce`: the project wanted it."""
    assert functools.reduce(lambda _, __: asker(frame_at(0)), [1, 2], "") == "project"
    frame = frame_at(0)
    assert eval("asker(frame)", {"asker": asker, "frame": frame}) == "project"


def test_the_engine_asks_for_itself() -> None:
    with pytest.raises(ProjectError) as refused:
        import_module("no.such.module")
    inside = refused.tb.tb_next
    assert inside is not None
    assert asker(inside.tb_frame) == "engine"


def test_an_import_asks_for_python() -> None:
    """What a module reads while it is imported is read once, whoever imports it first."""
    code = compile("seen.append(asker(frame()))", "/project/module.py", "exec")
    seen: list[str] = []
    spoken = {"seen": seen, "asker": asker, "frame": lambda: frame_at(1), "__name__": "module"}
    loader = compile("run(code, names)", "<frozen importlib._bootstrap>", "exec")
    names = {"run": exec, "code": code, "names": spoken, "__name__": "importlib._bootstrap"}
    exec(loader, names)
    assert seen == ["loader"]


def test_nobody_asks_for_the_engine() -> None:
    assert asker(None) == "engine"
