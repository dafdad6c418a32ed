"""What the provider charges for: tokens, counted or estimated, and what they cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from functions.constants import AI_MODELS

CHARS_PER_TOKEN: Final = 4
"""What tokens are estimated by when a provider does not count them."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Of a prompt and of its answer."""

    prompt: int
    completion: int

    @property
    def total(self) -> int:
        """What is paid for."""
        return self.prompt + self.completion


def estimate(text: str) -> int:
    """About how many tokens a text is."""
    return math.ceil(len(text) / CHARS_PER_TOKEN)


def cost_of(model: str, tokens: int) -> float:
    """US dollars, to eight places."""
    return round(tokens * AI_MODELS[model].usd_per_1k_tokens / 1_000, 8)
