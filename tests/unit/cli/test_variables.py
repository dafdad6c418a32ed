"""`reactor env`."""

from __future__ import annotations

import json

from tests.unit.cli.deployment import Deployment
from tests.unit.cli.tools import at


def test_set_get_list_remove(deployment: Deployment) -> None:
    assert at(deployment, "env", "set", "A", "1").output == "A is set.\n"
    assert at(deployment, "env", "set", "B=two words").exit_code == 0
    assert at(deployment, "env", "set", "C", given="from\nstdin\n").exit_code == 0
    assert at(deployment, "env", "get", "C").output == "from\nstdin\n"
    assert at(deployment, "env", "list").output == 'A=1\nB="two words"\nC="from\\nstdin"\n'
    assert at(deployment, "env", "list", "--names-only").output == "A\nB\nC\n"
    assert at(deployment, "env", "remove", "B").output == "B is removed.\n"
    listed = at(deployment, "env", "list", "--json")
    assert json.loads(listed.output) == {"A": "1", "C": "from\nstdin"}
    assert json.loads(at(deployment, "env", "get", "A", "--json").output) == "1"
    assert json.loads(at(deployment, "env", "set", "D", "", "--json").output) == {"set": "D"}
    assert json.loads(at(deployment, "env", "remove", "D", "--json").output) == {"removed": "D"}


def test_what_is_not_set_says_how_to_set_it(deployment: Deployment) -> None:
    result = at(deployment, "env", "get", "NOPE")
    assert result.exit_code == 1
    assert "`reactor env set NOPE …`" in result.stderr


def test_refusals_never_repeat_a_value(deployment: Deployment) -> None:
    result = at(deployment, "env", "set", "1A", "a secret")
    assert (result.exit_code, result.stderr[:9]) == (1, "reactor: ")
    assert "a secret" not in result.output


def test_help(deployment: Deployment) -> None:
    for command in ("list", "get", "set", "remove"):
        result = at(deployment, "env", command, "-h")
        assert result.exit_code == 0
        assert "--admin-key" in result.output
