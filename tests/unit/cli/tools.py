"""Runs commands in this process, against a deployment."""

from __future__ import annotations

from click.testing import CliRunner, Result

from reactor.cli import main
from tests.unit.cli.deployment import KEY, Deployment


def at(deployment: Deployment, *args: str, given: str | None = None) -> Result:
    """A command that is told of the deployment by its environment, as a user's shell would."""
    env = {"REACTOR_URL": deployment.url, "REACTOR_ADMIN_KEY": KEY}
    return CliRunner(env=env).invoke(main, list(args), input=given)
