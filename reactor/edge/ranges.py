"""The `Range` header, for one range of bytes.

Source: protocol.md 4.5; RFC 9110, section 14.
"""

from __future__ import annotations

import re
from typing import Final

_RANGE: Final = re.compile(r"\s*(\d*)\s*-\s*(\d*)\s*")


class Unsatisfiable(Exception):
    """The range lies outside of the file, or there are several."""


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """The part that is asked for, as its first byte and its length; None for the whole.

    Args:
        header: the value of `Range`; what it is not valid is ignored, as the RFC says.
        size: bytes of the file.

    Raises:
        Unsatisfiable: the answer is 416.
    """
    unit, _, asked = (header or "").partition("=")
    if unit.strip().lower() != "bytes":
        return None
    if "," in asked:
        raise Unsatisfiable
    found = _RANGE.fullmatch(asked)
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= end:
        raise Unsatisfiable
    return start, end - start
