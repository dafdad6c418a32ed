"""Upload URLs: a signed text that lets whoever has it store one file, for an hour.

The text carries everything that is needed to judge it, so that giving one out writes nothing. What
is written is that it was used, beside the file itself (`files/tables.py`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reactor import limits
from reactor.errors import BadRequest

if TYPE_CHECKING:
    from reactor.runtime.clock import Clock
    from reactor.runtime.random import Entropy

_HEAD: Final = struct.Struct(">Q16s")
_MAC_BYTES: Final = 32
_TOKEN_CHARS_MAX: Final = 1_024


@dataclass(frozen=True, slots=True)
class Permit:
    """What an upload URL allows.

    Args:
        number: 16 bytes of chance that no other permit has.
        expires_ms: when it ends, in milliseconds since the epoch.
        table: the table of files that the upload goes to.
    """

    number: bytes
    expires_ms: int
    table: str


class Permits:
    """Signs permits, and reads those that it has signed.

    Args:
        secret: the deployment's own; whoever has it can make permits.
        clock: for their end.
        entropy: for their numbers.
    """

    def __init__(self, secret: bytes, clock: Clock, entropy: Entropy) -> None:
        self._secret = hashlib.blake2b(b"upload permits", key=secret, digest_size=32).digest()
        self._clock = clock
        self._entropy = entropy

    def issue(self, table: str) -> str:
        """A new permit as the text of a URL's `token`."""
        expires_ms = int(self._clock.now_ms()) + limits.UPLOAD_URL_S * 1000
        body = _HEAD.pack(expires_ms, self._entropy.token(16)) + table.encode()
        return base64.urlsafe_b64encode(body + self._mac(body)).rstrip(b"=").decode()

    def read(self, token: str | None) -> Permit:
        """The permit in a token.

        Raises:
            BadRequest: 401: it is missing, was not signed here, or has expired.
        """
        data = _decoded(token or "")
        body, mac = data[:-_MAC_BYTES], data[-_MAC_BYTES:]
        if len(body) < _HEAD.size or not hmac.compare_digest(mac, self._mac(body)):
            raise BadRequest(
                "this is not an upload URL of this deployment; ask "
                "ctx.storage.generate_upload_url() for one",
                code="InvalidUploadToken",
                status=401,
            )
        expires_ms, number = _HEAD.unpack_from(body)
        if self._clock.now_ms() >= expires_ms:
            raise BadRequest(
                f"this upload URL has expired (limit: {limits.UPLOAD_URL_S} seconds); ask for "
                "another when the file is chosen",
                code="UploadUrlExpired",
                status=401,
            )
        return Permit(number, expires_ms, body[_HEAD.size :].decode())

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._secret, body, "sha256")


def _decoded(token: str) -> bytes:
    if len(token) > _TOKEN_CHARS_MAX:
        return b""
    try:
        return base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
