"""What functions print: lines as a console shows them, each of the function that printed it."""

from __future__ import annotations

import logging
import sys

import pytest

from reactor import MutationCtx, limits
from reactor.runner.logs import Capture, LogLines
from tests.unit.edge.http import post
from tests.unit.sample.functions import talk
from tests.unit.sample.world import World

PACKAGE = "tests.unit.sample.functions"


def new_lines() -> LogLines:
    return LogLines(lambda: 1_500.75)


def texts(lines: LogLines) -> list[str]:
    return [str(line) for line in lines.lines]


def test_written_pieces_become_lines() -> None:
    lines = new_lines()
    lines.write("one\ntw")
    lines.write("o\n")
    lines.write("it's \\ three")
    lines.finish()
    assert texts(lines) == ["[LOG] 'one'", "[LOG] 'two'", "[LOG] 'it\\'s \\\\ three'"]
    lines.finish()
    assert len(lines.lines) == 3


def test_values_look_as_in_a_console() -> None:
    """Texts in quotes, so that "3" and 3 can be told apart; one line stays one line."""
    lines = new_lines()
    lines.add("LOG", "hi", 3, None, ["a"], "two\nlines")
    (line,) = lines.lines
    assert line.messages == ("'hi'", "3", "None", "['a']", "'two\\nlines'")
    assert str(line) == "[LOG] 'hi' 3 None ['a'] 'two\\nlines'"
    assert line.timestamp_ms == 1_500


def test_lines_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop that prints must not fill every subscriber's memory."""
    monkeypatch.setattr(limits, "LOG_LINES_MAX", 3)
    monkeypatch.setattr(limits, "LOG_LINE_CHARS_MAX", 64)
    lines = new_lines()
    for _ in range(10):
        lines.add("INFO", "x" * 100)
    first, _, last = texts(lines)
    assert len(first) == 64
    assert first.endswith("x (truncated due to length)")
    assert lines.lines[0].is_truncated
    assert last == "[ERROR] Log overflow (maximum 3). Remaining log lines omitted."


def test_each_line_is_taken_once() -> None:
    """Somebody who follows a running action sees no line twice; its own client gets them all."""
    lines = new_lines()
    lines.add("LOG", 1)
    assert [line.messages for line in lines.taken()] == [("1",)]
    assert lines.taken() == []
    lines.add("LOG", 2)
    assert [line.messages for line in lines.taken()] == [("2",)]
    assert len(lines.lines) == 2


def test_who_follows_is_told_of_each_line() -> None:
    heard: list[int] = []
    lines = LogLines(lambda: 0.0, lambda: heard.append(1))
    lines.add("LOG", "a")
    lines.write("b")
    assert len(heard) == 1


async def test_prints_and_records_belong_to_the_function_that_runs(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two functions at once must not read each other's lines; the terminal shows them all."""
    with Capture(PACKAGE):
        sys.stdout.write("nobody's\n")
        outcome = await world.mutate("talk:speak", text="hello")
        print("nobody's again")  # noqa: T201  # what is tested
    assert outcome.log_lines == (
        "[LOG] 'hello' 3",
        "[LOG] 'hello-again'",
        "[LOG] 'half whole'",
        "[DEBUG] 'quiet'",
        "[INFO] 'for your information'",
        "[WARN] 'careful with hello'",
        "[ERROR] 'too late'",
        "[ERROR] 'far too late'",
    )
    shown = capsys.readouterr().out
    assert shown == "nobody's\nhello 3\nhello-again\nhalf whole\nnobody's again\n"


async def test_lines_of_nested_calls_say_whose_they_are(world: World) -> None:
    with Capture(PACKAGE):
        await world.mutate("talk:ask", text="hello")
    entries, _ = await world.hub.runner.executions.after(0)
    said = [(line.messages[0], line.path) for line in entries[-1].lines[:2]]
    assert said == [("'asking'", ""), ("'hello'", "talk:speak")]


async def test_production_keeps_lines_for_the_operator(world: World) -> None:
    """They may hold secrets: no client gets them, whichever way it asks."""
    world.hub.redacts = True
    client = world.client(1)
    with Capture(PACKAGE):
        client.mutate(1, "talk:speak", text="hello")
        await world.settle()
        body = {"path": "talk:speak", "args": {"text": "hello"}}
        over_http = await post(world, "mutation", body)
    answer = client.answer(1)
    assert answer is not None
    assert answer["logLines"] == []
    assert "logLines" not in over_http.json()
    entries, _ = await world.hub.runner.executions.after(0)
    assert [str(entry.lines[0]) for entry in entries] == ["[LOG] 'hello' 3"] * 2


def test_printing_elsewhere_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    plain = print
    with Capture(PACKAGE):
        print("to stderr", file=sys.stderr)  # noqa: T201  # what is tested
        sys.stdout.flush()
    assert capsys.readouterr().err == "to stderr\n"
    assert print is plain
    assert not logging.getLogger(PACKAGE).level


async def test_a_level_that_the_project_sets_holds(world: World) -> None:
    logger = logging.getLogger(PACKAGE)
    logger.setLevel(logging.ERROR)
    try:
        with Capture(PACKAGE):
            outcome = await world.mutate("talk:speak", text="hello")
    finally:
        logger.setLevel(logging.NOTSET)
    assert "[WARN] 'careful with hello'" not in outcome.log_lines
    assert "[ERROR] 'too late'" in outcome.log_lines


async def test_warnings_are_still_shown_where_nobody_else_listens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Python prints warnings itself as long as there is no handler; ours must not silence them."""
    shown: list[str] = []

    class Last(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            shown.append(record.getMessage())

    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(logging, "lastResort", Last())
    with Capture(PACKAGE):
        logging.getLogger("somebody").warning("beware")
    assert shown == ["beware"]


async def test_a_run_near_its_limits_warns(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which it fails should not come as a surprise."""
    monkeypatch.setattr(limits, "DOCUMENTS_WRITTEN_MAX", 10)

    async def write(ctx: MutationCtx) -> None:
        await ctx.run_mutation(talk.fill, count=9)

    await world.backend.run(write)
    outcome = await world.mutate("talk:fill", count=9)
    assert outcome.log_lines == (
        "[WARN] 'Many writes in a single function execution (actual: 9, limit: 10)'",
    )
    assert (await world.mutate("talk:fill", count=8)).log_lines == ()
