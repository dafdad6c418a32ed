"""What the log says of an exception."""

from __future__ import annotations

import pytest

from reactor.runtime.stacks import stack_of
from tests.unit.sample.world import World, open_world


def failing() -> Exception:
    try:
        try:
            raise KeyError("inner")
        except KeyError as error:
            raise ValueError("outer") from error
    except ValueError as error:
        return error


def test_a_stack_names_the_line_and_the_cause() -> None:
    """Whoever reads the log finds the place without running anything again."""
    text = stack_of(failing())
    assert text.endswith("ValueError: outer")
    assert "KeyError: 'inner'" in text
    assert "in failing" in text


async def test_no_log_of_an_error_holds_an_environment_variable(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """structlog's own console prints every frame's variables, and the settings are among them."""

    def broken(key: str, world: World) -> None:
        raise ZeroDivisionError(len(key))

    async with open_world(env={"API_KEY": "a-very-secret-value"}) as world:
        try:
            broken(world.node.settings.variables["API_KEY"], world)
        except ZeroDivisionError as error:
            world.hub.note_error(error)
        assert "a-very-secret-value" not in repr(world.node.settings)
        assert "test-admin-key" not in repr(world.node.settings)
        assert "a-very-secret-value" not in repr(world.node.deployment)
    told = capsys.readouterr()
    assert "ZeroDivisionError" in told.out + told.err
    assert "a-very-secret-value" not in told.out + told.err
