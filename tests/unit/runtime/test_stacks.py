"""What the log says of an exception."""

from __future__ import annotations

from reactor.runtime.stacks import stack_of


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
