"""Numbers that providers would have given: the same at every first start, and never twice."""

from __future__ import annotations

import base64
import hashlib


def hex_code(seed: str, length: int) -> str:
    """Lower-case hexadecimal digits, at most 64."""
    return hashlib.sha256(seed.encode()).hexdigest()[:length]


def base32_code(seed: str, length: int) -> str:
    """Capital letters and digits, at most 52."""
    return base64.b32encode(hashlib.sha256(seed.encode()).digest()).decode()[:length]
