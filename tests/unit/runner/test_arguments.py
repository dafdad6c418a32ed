"""What a request may send as arguments."""

from __future__ import annotations

import pytest

from reactor import limits
from reactor.errors import ValidationFailed
from reactor.runner.arguments import parse_args


@pytest.mark.parametrize("raw", [b"{", b"3", b"[]", b"[{},{}]", b"[3]", b"null"])
def test_arguments_are_one_object(raw: bytes) -> None:
    with pytest.raises(ValidationFailed) as caught:
        parse_args(raw)
    assert caught.value.code == "ArgumentValidationError"


def test_arguments_have_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse_args(b'{"a":1}') == parse_args(b'[{"a":1}]') == {"a": 1}
    monkeypatch.setattr(limits, "ARGUMENTS_BYTES_MAX", 3)
    with pytest.raises(ValidationFailed) as caught:
        parse_args(b'{"a":1}')
    assert caught.value.code == "FunctionArgumentsTooLarge"
