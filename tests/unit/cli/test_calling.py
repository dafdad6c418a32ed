"""`reactor run`, `reactor data`, `reactor function-spec`."""

from __future__ import annotations

import json

import pytest

from tests.unit.cli.deployment import Deployment
from tests.unit.cli.tools import at


def test_run_prints_the_result(deployment: Deployment) -> None:
    result = at(deployment, "run", "counters:add", '{"name": "cli", "by": 3}')
    assert (result.exit_code, json.loads(result.stdout)) == (0, 3.0)
    result = at(deployment, "run", "counters:get", "-", given='{"name": "cli"}')
    assert json.loads(result.stdout) == 3.0
    assert json.loads(at(deployment, "run", "counters:secret").stdout) == "internal"


def test_run_as_somebody(deployment: Deployment) -> None:
    assert json.loads(at(deployment, "run", "notes:who", "--as", "ann").stdout) == "ann"
    bob = '{"tokenIdentifier": "https://i|bob"}'
    assert json.loads(at(deployment, "run", "notes:who", "--as", bob).stdout) == "bob"


def test_run_for_programs(deployment: Deployment) -> None:
    result = at(deployment, "run", "counters:get", '{"name": "never"}', "--json")
    assert json.loads(result.stdout) == {
        "status": "success", "value": 0.0, "errorMessage": None, "errorData": None, "logLines": [],
    }  # fmt: skip
    result = at(deployment, "run", "counters:addAndFail", '{"name": "x"}', "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert (answer["status"], answer["errorData"]) == ("error", {"code": "REFUSED"})


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("counters:gett",), "Did you mean 'counters:get'?"),
        (("counters:get", '{"name": 3}'), "v.string()"),
        (("counters:get", "{"), "no JSON"),
        (("counters:get", "[]"), "JSON object"),
        (("counters:get", "{}", "--component", "nothing"), "nothing"),
        (("counters:get", "{}", "--as", "{"), "no JSON"),
        (("notes:broken",), "it broke"),
    ],
)
def test_run_says_what_is_wrong(deployment: Deployment, args: tuple[str, ...], words: str) -> None:
    result = at(deployment, "run", *args)
    assert result.exit_code == 1
    assert words in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.output


def texts(deployment: Deployment, *args: str) -> list[str]:
    result = at(deployment, "data", "notes", "--json", *args)
    assert result.exit_code == 0, result.output
    return [one["text"] for one in json.loads(result.stdout)]


def test_data(deployment: Deployment) -> None:
    for number in range(3):
        deployment.ask("notes:write", text=f"note {number}", owner="ann" if number else "bob")
    assert sorted(texts(deployment)) == ["note 0", "note 1", "note 2"]
    assert len(texts(deployment, "--limit", "2")) == 2
    assert texts(deployment, "--where", "owner=bob") == ["note 0"]
    assert len(texts(deployment, "--where", "owner!=bob")) == 2
    both = ("--where", 'owner="ann"', "--where", "text>=note 2")
    assert texts(deployment, *both) == ["note 2"]
    assert texts(deployment, "--where", "text<a") == []


def test_data_for_people(deployment: Deployment) -> None:
    deployment.ask("notes:write", text="x" * 100, owner="table")
    result = at(deployment, "data", "notes", "--where", "owner=table")
    header, row = result.output.splitlines()
    assert header.split() == ["_id", "_creationTime", "owner", "text"]
    assert "x…" in row
    assert at(deployment, "data", "notes", "--where", "owner=nobody").stderr == "No documents.\n"


def test_data_lists_the_tables(deployment: Deployment) -> None:
    assert at(deployment, "data").output == "counters\nnotes\n"
    assert json.loads(at(deployment, "data", "--json").output) == ["counters", "notes"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("nots",), "Table 'nots' not found"),
        (("notes", "--where", "owner"), "--where isDraft=true"),
        (("notes", "--component", "nothing"), "nothing"),
    ],
)
def test_data_says_what_is_wrong(deployment: Deployment, args: tuple[str, ...], words: str) -> None:
    result = at(deployment, "data", *args)
    assert result.exit_code == 1
    assert words in result.stderr


def test_function_spec(deployment: Deployment) -> None:
    lines = at(deployment, "function-spec").output.splitlines()
    assert "mutation  public    counters:add(by?, name)" in lines
    assert "query     internal  counters:secret()" in lines
    assert "http      public    POST /hooks/*" in lines
    spec = json.loads(at(deployment, "function-spec", "--json").output)
    assert spec["url"].startswith("http://")
    assert any(one.get("identifier") == "counters.js:add" for one in spec["functions"])
