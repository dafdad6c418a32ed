"""Upload URLs: who made them, for how long, and nothing that can be forged."""

from __future__ import annotations

import base64

import pytest

from reactor import limits
from reactor.errors import BadRequest
from reactor.files.tokens import Permits
from reactor.runtime.clock import VirtualClock
from reactor.runtime.random import SeededEntropy

SECRET = bytes(32)


def permits(clock: VirtualClock | None = None, secret: bytes = SECRET) -> Permits:
    return Permits(secret, clock or VirtualClock(), SeededEntropy(1))


def refused(token: str | None, by: Permits) -> BadRequest:
    with pytest.raises(BadRequest) as refusal:
        by.read(token)
    assert refusal.value.status == 401
    return refusal.value


def test_a_permit_is_what_was_signed() -> None:
    clock = VirtualClock()
    signer = permits(clock)
    permit = signer.read(signer.issue("_storage"))
    assert permit.table == "_storage"
    assert permit.expires_ms == clock.now_ms() + limits.UPLOAD_URL_S * 1000
    assert len(permit.number) == 16
    assert signer.read(signer.issue("_storage")).number != permit.number


def test_an_upload_url_ends_after_an_hour() -> None:
    clock = VirtualClock()
    signer = permits(clock)
    token = signer.issue("_storage")
    clock.advance(limits.UPLOAD_URL_S - 1)
    signer.read(token)
    clock.advance(1)
    assert refused(token, signer).code == "UploadUrlExpired"


def test_another_deployment_signs_differently() -> None:
    token = permits(secret=b"x" * 32).issue("_storage")
    assert refused(token, permits()).code == "InvalidUploadToken"


def test_no_bit_of_a_token_can_be_changed() -> None:
    """Neither the table nor the end of a URL is its holder's to choose."""
    signer = permits()
    token = signer.issue("_storage")
    data = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    for at in range(len(data)):
        data[at] ^= 1
        forged = base64.urlsafe_b64encode(data).rstrip(b"=").decode()
        assert refused(forged, signer).code == "InvalidUploadToken"
        data[at] ^= 1
    signer.read(token)


@pytest.mark.parametrize("token", [None, "", "x", "é", "****", "A" * 1000, "A" * 100_000, "=" * 8])
def test_texts_that_are_no_tokens(token: str | None) -> None:
    assert refused(token, permits()).code == "InvalidUploadToken"
