"""Outcomes of both sides in one spelling."""

from __future__ import annotations

import re
from typing import Any, TypeGuard

from tests.differential.scenario import Outcome

IDS = re.compile(r"0{5}\d+[a-z_]+|[0-9a-hjkmnp-tv-z]{31,32}")
"""How the mock writes an id, and how Convex and reactor do."""
CURSORS = ("continueCursor", "splitCursor")


class Spelling:
    """Gives the ids and times of one case their place instead of their text: first seen, earliest.

    Args:
        outcomes: everything that one side gave in the case, in order.
    """

    def __init__(self, outcomes: list[Outcome]) -> None:
        self._ids: dict[str, str] = {}
        times: set[float] = set()
        _collect(outcomes, times)
        self._times = {time: f"<time {place}>" for place, time in enumerate(sorted(times), 1)}

    def outcome(self, outcome: Outcome) -> Outcome:
        """An outcome without what may differ; a failure's text is compared by `words` only."""
        if "error" not in outcome:
            return {"value": self.value(outcome["value"])}
        failed: Outcome = {"failed": True}
        if "data" in outcome:
            failed["data"] = self.value(outcome["data"])
        return failed

    def value(self, value: Any) -> Any:
        """A value without what may differ."""
        if isinstance(value, str):
            return self._text(value)
        if _is_list(value):
            return [self.value(item) for item in value]
        if _is_object(value):
            return {self._text(key): self._member(key, item) for key, item in value.items()}
        return value

    def _text(self, text: str) -> str:
        if not IDS.fullmatch(text):
            return text
        return self._ids.setdefault(text, f"<id {len(self._ids) + 1}>")

    def _member(self, key: str, item: Any) -> Any:
        if key == "_creationTime" and item in self._times:
            return self._times[item]
        if key in CURSORS and isinstance(item, str):
            return "<cursor>"
        return self.value(item)


def _is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _collect(value: Any, times: set[float]) -> None:
    if _is_list(value):
        for item in value:
            _collect(item, times)
    if _is_object(value):
        if isinstance(value.get("_creationTime"), (int, float)):
            times.add(value["_creationTime"])
        for item in value.values():
            _collect(item, times)
