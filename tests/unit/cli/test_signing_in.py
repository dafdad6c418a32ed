"""`reactor check auth`."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from reactor.cli import main
from tests.unit.auth.issuer import ec_key, jwk, key_set

SERVER = """
from reactor import CustomJwt, Reactor
app = Reactor(functions="functions", auth=[
    CustomJwt(issuer="https://a.test", jwks="env:KEYS", algorithm="ES256")])
"""


def check(folder: Path, *args: str, **env: str) -> Result:
    return CliRunner(env=env).invoke(main, ["check", "auth", str(folder), *args])


def test_keys_that_can_be_had(folder: Path) -> None:
    (folder / "server.py").write_text(SERVER)
    keys = "data:application/json," + key_set(jwk(ec_key(), "ec")).decode()
    result = check(folder, KEYS=keys)
    assert result.exit_code == 0, result.output
    assert "ok  find a key for ES256: ec" in result.output
    told = json.loads(check(folder, "--json", KEYS=keys).output)
    assert told[0]["isFine"] is True


def test_a_setting_that_is_missing(folder: Path) -> None:
    (folder / "server.py").write_text(SERVER)
    result = check(folder)
    assert result.exit_code == 1
    assert "NOT read its settings" in result.output
    assert "KEYS, which is not set" in result.output


def test_a_provider_that_cannot_be_reached(folder: Path) -> None:
    (folder / "server.py").write_text(SERVER)
    result = check(folder, KEYS="http://127.0.0.1:9/keys")
    assert result.exit_code == 1
    assert "do: fetch that URL" in result.output


def test_a_project_without_providers(folder: Path) -> None:
    result = check(folder)
    assert result.exit_code == 1
    assert "auth=[Clerk(" in result.stderr
