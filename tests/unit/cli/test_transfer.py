"""`reactor export` and `reactor import`: files saved whole, questions only to people."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from rich.console import Console
from rich.progress import Progress

from reactor.cli.remote import Remote
from reactor.cli.transfer import Bar, fraction, import_file
from reactor.errors import ProjectError
from tests.unit.cli.deployment import KEY, Deployment, serving
from tests.unit.cli.tools import at
from tests.unit.transfer.test_imports import counters
from tests.unit.transfer.world import archive, lines, unpacked

SILENT = Bar(None)


@pytest.fixture
def deployment() -> Iterator[Deployment]:
    """An empty one for each test: what an import does is seen by everybody."""
    with serving() as running:
        yield running


def count(deployment: Deployment, name: str) -> float:
    found: float = deployment.ask("counters:get", name=name)
    return found


def test_there_and_back(deployment: Deployment, tmp_path: Path) -> None:
    deployment.ask("counters:add", name="a")
    file = tmp_path / "backup.zip"
    result = at(deployment, "export", str(file))
    assert (result.exit_code, f"Saved {file}" in result.stdout) == (0, True)
    assert [path.name for path in tmp_path.iterdir()] == ["backup.zip"]
    deployment.ask("counters:add", name="a")
    result = at(deployment, "import", str(file), "--replace", "--yes")
    assert (result.exit_code, "Added 1 documents." in result.stdout) == (0, True)
    assert count(deployment, "a") == 1.0


def test_for_programs(deployment: Deployment, tmp_path: Path) -> None:
    saved = json.loads(at(deployment, "export", str(tmp_path), "--json").stdout)
    assert "README.md" in unpacked(Path(saved["file"]).read_bytes())
    (tmp_path / "x.csv").write_text("name,value\na,1\n")
    told = at(deployment, "import", str(tmp_path / "x.csv"), "--table", "counters", "--json")
    assert json.loads(told.stdout) == {"documents": 1}


def test_nothing_is_overwritten(deployment: Deployment, tmp_path: Path) -> None:
    (tmp_path / "kept.zip").write_bytes(b"precious")
    result = at(deployment, "export", str(tmp_path / "kept.zip"))
    assert (result.exit_code, "is there already" in result.stderr) == (1, True)
    assert (tmp_path / "kept.zip").read_bytes() == b"precious"
    result = at(deployment, "export", str(tmp_path / "nowhere" / "x.zip"))
    assert "there is no folder" in result.stderr


def test_a_failed_export_is_told(
    deployment: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failed(self: Any, path: str, **_: Any) -> Any:
        return {"state": "failed", "error_message": "no space"}

    monkeypatch.setattr(Remote, "ask", failed)
    assert "the export failed: no space" in at(deployment, "export", str(tmp_path)).stderr


def test_without_a_terminal_nobody_is_asked(deployment: Deployment, tmp_path: Path) -> None:
    """A script that waits for an answer hangs for ever; one that goes on deletes data."""
    deployment.ask("counters:add", name="old")
    file = tmp_path / "x.zip"
    file.write_bytes(archive(counters("a")))
    result = at(deployment, "import", str(file), "--replace")
    assert result.exit_code == 1
    assert "DELETE all 1 documents" in result.stderr
    assert "Add --yes" in result.stderr
    assert count(deployment, "old") == 1.0
    number = deployment.backend.node.log.numbers["counters"]
    file.write_bytes(archive(counters("a", number=number)))
    result = at(deployment, "import", str(file), "--append")
    assert result.exit_code == 0, "what deletes nothing needs no answer"


@pytest.mark.parametrize("answer", [True, False])
def test_a_person_is_asked(
    deployment: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, answer: bool
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def confirm(*_: object, **__: object) -> bool:
        return answer

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(click, "confirm", confirm)
    deployment.ask("counters:add", name="old")
    file = tmp_path / "x.zip"
    file.write_bytes(archive(counters("a")))
    spec = {"mode": "replace", "format": "zip", "tableName": None, "componentPath": None}
    with Remote(deployment.url, KEY) as remote:
        if answer:
            assert import_file(remote, file, spec, SILENT, yes=False, as_json=False) == 1
        else:
            with pytest.raises(ProjectError, match="canceled"):
                import_file(remote, file, spec, SILENT, yes=False, as_json=False)
    assert count(deployment, "old") == (0.0 if answer else 1.0)


def test_what_is_refused_is_told_in_a_sentence(deployment: Deployment, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(lines({"name": 5}))
    (tmp_path / "data.xml").write_bytes(b"<x/>")
    for args, words in (
        (("x.jsonl", "--table", "counters"), "counters, line 1 does not match"),
        (("nothing.zip",), "there is no file"),
        (("data.xml",), "give --format"),
        (("x.jsonl",), "needs tableName"),
    ):
        result = at(deployment, "import", str(tmp_path / args[0]), *args[1:])
        assert (result.exit_code, words in result.stderr) == (1, True), result.stderr
        assert "Traceback" not in result.output


def test_the_bar_shows_and_steps_aside() -> None:
    console = Console(file=io.StringIO(), force_terminal=True)
    with Progress(console=console) as progress:
        bar = Bar(progress)
        bar.show("Looking")
        bar.show("Importing news", 500, 1_000)
        assert (progress.tasks[0].completed, progress.tasks[0].total) == (500, 1_000)
        bar.says("Read 1,000 documents")
        bar.hide()
        bar.back()
    SILENT.show("x")
    SILENT.says("x")
    SILENT.hide()
    SILENT.back()


def test_how_far_it_is_is_read_from_the_words() -> None:
    assert fraction("Importing a1: 1,500 of 20,000 documents") == (1_500, 20_000)
    assert fraction("Waiting for its turn") == ()
