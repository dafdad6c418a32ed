"""Check 25: `npx convex`, unmodified, against a server: run, data, env, function-spec."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.compat.support.cli import ConvexCli, Said
from tests.compat.support.server import Server

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def convex(server: Server, tmp_path: Path) -> ConvexCli:
    """The CLI, pointed at the shared server."""
    return ConvexCli(tmp_path, server.url)


def value(said: Said) -> Any:
    """The result that a command printed."""
    assert said.code == 0, said.err
    return json.loads(said.out)


# --- run --------------------------------------------------------------------------------------


def test_run_calls_functions_of_every_kind(convex: ConvexCli, name: str) -> None:
    args = json.dumps({"name": name})
    assert value(convex("run", "counters:increment", args)) == 1
    assert value(convex("run", "api.counters.get", args)) == 1
    assert value(convex("run", "actions:bump", args)) == 2
    said = convex("run", "counters:reset", args)
    assert (said.code, said.out) == (0, ""), "internal, and its result is null"
    assert value(convex("run", "counters:secret")) == "only for the inside"


def test_run_prints_values_in_their_wire_form(convex: ConvexCli) -> None:
    sent = {"big": {"$integer": "BQAAAAAAAAA="}, "list": [1.5, None, True], "text": "é"}
    assert value(convex("run", "values:echo", json.dumps({"value": sent}))) == sent


def test_run_suggests_names_when_there_is_no_such_function(convex: ConvexCli) -> None:
    said = convex("run", "counters:gett")
    assert said.code == 1
    assert "Could not find function for 'counters:gett'" in said.err
    assert "Did you mean 'counters:get'?" in said.err
    assert "Available functions:" in said.err
    assert "• counters:incrementSlowly" in said.err


@pytest.mark.parametrize(
    ("function", "args", "words"),
    [
        ("failures:refuse", {"data": {"code": "NO"}}, 'ConvexError: {"code":"NO"}'),
        ("failures:crash", {"message": "it broke"}, "it broke"),
        ("counters:get", {"name": 3}, "Validator: v.string()"),
        ("counters:get", {}, "missing the required field `name`"),
    ],
)
def test_run_shows_why_a_function_failed(
    convex: ConvexCli, function: str, args: dict[str, Any], words: str
) -> None:
    said = convex("run", function, json.dumps(args))
    assert said.code == 1
    assert words in said.err


def test_run_as_somebody(convex: ConvexCli) -> None:
    said = convex("run", "people:whoami", "--identity", '{"subject": "ann", "issuer": "https://i"}')
    assert value(said) == "ann"
    said = convex("run", "people:tokenIdentifier", "--identity", '{"tokenIdentifier": "i|bob"}')
    assert value(said) == "i|bob"
    said = convex("run", "people:whoami")
    assert (said.code, said.out) == (0, ""), "the admin is nobody"


def test_run_watch_prints_each_new_result(convex: ConvexCli, name: str) -> None:
    args = json.dumps({"name": name})
    with convex.running("run", "--watch", "counters:get", args) as watching:
        assert watching.stdout is not None
        assert watching.stdout.readline() == "0\n"
        convex("run", "counters:increment", args)
        assert watching.stdout.readline() == "1\n"


def test_run_in_a_component_that_is_not_mounted(convex: ConvexCli) -> None:
    said = convex("run", "--component", "billing", "counters:get", '{"name": "x"}')
    assert said.code == 1
    assert "in component 'billing'" in said.err


def test_run_of_javascript_says_what_to_do_instead(convex: ConvexCli) -> None:
    said = convex("run", "--inline-query", "return 1")
    assert said.code == 1
    assert "this deployment runs Python functions" in said.err


def test_a_wrong_key_ends_every_command(server: Server, tmp_path: Path) -> None:
    """Also those that ask over the WebSocket, where a failed query would leave them waiting."""
    stranger = ConvexCli(tmp_path, server.url, "compat|ffffffffffffffff")
    for command in (("run", "counters:secret"), ("data",), ("env", "list"), ("function-spec",)):
        said = stranger(*command)
        assert said.code == 1
        assert (
            "admin key is not valid" in said.err or "do not have permission to perform" in said.err
        )


# --- data -------------------------------------------------------------------------------------


def test_data_lists_the_tables(convex: ConvexCli) -> None:
    said = convex("data")
    assert said.code == 0, said.err
    tables = said.out.split()
    assert {"counters", "items", "values"} <= set(tables)
    assert not any(table.startswith("_") for table in tables)


def test_data_shows_documents(own_server: Server, tmp_path: Path) -> None:
    convex = ConvexCli(tmp_path, own_server.url)
    for rank in (1, 2, 3):
        item = {"bucket": "b", "rank": rank, "label": f"item {rank}"}
        convex("run", "items:add", json.dumps(item))
    table = convex("data", "items").out
    header, _, *rows = table.splitlines()
    assert [column.strip() for column in header.split("|")] == [
        "_id", "_creationTime", "bucket", "label", "rank",
    ]  # fmt: skip
    assert [row.split("|")[3].strip() for row in rows] == ['"item 3"', '"item 2"', '"item 1"']
    said = convex("data", "items", "--order", "asc", "--limit", "2", "--format", "jsonLines")
    assert [json.loads(line)["rank"] for line in said.out.splitlines()] == [1, 2]
    documents = json.loads(convex("data", "items", "--format", "jsonArray").out)
    assert [document["label"] for document in documents] == ["item 3", "item 2", "item 1"]
    said = convex("data", "items", "--limit", "1")
    assert "Showing the 1 most recently created document" in said.err


def test_data_of_a_large_table_comes_in_pages(own_server: Server, tmp_path: Path) -> None:
    """More documents than one page holds, so that the CLI must follow the cursor."""
    convex = ConvexCli(tmp_path, own_server.url)
    ranks = json.dumps({"bucket": "large", "ranks": list(range(5_100))})
    for _ in range(2):
        assert convex("run", "items:addMany", ranks).code == 0
    said = convex("data", "items", "--limit", "10150", "--format", "jsonl")
    assert len(said.out.splitlines()) == 10_150, said.err


def test_data_of_no_table(convex: ConvexCli) -> None:
    said = convex("data", "nothingAtAll")
    assert said.code == 0
    assert "There are no documents in this table." in said.err


# --- env --------------------------------------------------------------------------------------


def test_env_sets_lists_gets_and_removes(own_server: Server, tmp_path: Path) -> None:
    convex = ConvexCli(tmp_path, own_server.url)
    assert "No environment variables set" in convex("env", "list").err
    assert "Successfully set A" in convex("env", "set", "A", "1").err
    assert convex("env", "set", "B=two words").code == 0
    said = convex("env", "set", given='C=3\nD="quoted"\n')
    assert "2 new" in said.err
    said = convex("env", "set", "MULTI", given="two\nlines")
    assert said.code == 0
    lines = convex("env", "list").out
    assert lines == "A=1\nB=two words\nC=3\nD=quoted\nMULTI='two\nlines'\n"
    assert convex("env", "get", "B").out == "two words\n"
    assert 'variable "NOPE" not found' in convex("env", "get", "NOPE").err
    assert "Successfully unset A" in convex("env", "remove", "A").err
    assert convex("env", "list", "--names-only").out == "B\nC\nD\nMULTI\n"
    assert own_server.stop() == 0
    own_server.start()
    assert convex("env", "get", "C").out == "3\n", "a restart forgets nothing"


def test_env_refuses_what_cannot_be(convex: ConvexCli) -> None:
    for name in ("1A", "A-B", "CONVEX_SITE_URL"):
        said = convex("env", "set", name, "secret value")
        assert said.code == 1
        assert "EnvVarName" in said.err
        assert "secret value" not in said.err


def test_a_variable_is_seen_by_the_next_call_and_by_live_queries(
    own_server: Server, tmp_path: Path
) -> None:
    convex = ConvexCli(tmp_path, own_server.url)
    with convex.running("run", "--watch", "settings:greeting") as watching:
        assert watching.stdout is not None
        assert watching.stdout.readline() == "null\n"
        convex("env", "set", "COMPAT_GREETING", "hello")
        assert watching.stdout.readline() == '"hello"\n'
        convex("env", "remove", "COMPAT_GREETING")
        assert watching.stdout.readline() == "null\n"


# --- function-spec ----------------------------------------------------------------------------


def test_function_spec(convex: ConvexCli, server: Server) -> None:
    said = convex("function-spec")
    spec = value(said)
    assert spec["url"] == server.url
    by_name = {one.get("identifier"): one for one in spec["functions"]}
    assert by_name["counters.js:increment"] == {
        "identifier": "counters.js:increment",
        "functionType": "Mutation",
        "visibility": {"kind": "public"},
        "args": {
            "type": "object",
            "value": {
                "by": {"fieldType": {"type": "number"}, "optional": True},
                "name": {"fieldType": {"type": "string"}, "optional": False},
            },
        },
        "returns": {"type": "number"},
    }
    assert by_name["counters.js:secret"]["visibility"] == {"kind": "internal"}
    said = convex("function-spec", "--file")
    [file] = convex.folder.glob("function_spec_*.json")
    assert json.loads(file.read_text()) == spec
    assert file.name in said.out
