"""The demo data set as plain values: who uses Reimaji and what they read."""

from __future__ import annotations

from typing import Final

from functions._demo.news_regulation import REGULATION
from functions._demo.news_tools import TOOLS
from functions._demo.news_use_cases import USE_CASES
from functions._demo.people import PEOPLE
from functions._demo.research_models import MODELS
from functions._demo.research_people import PEOPLE_AND_WORK
from functions._demo.shapes import Digest, NewsItem

__all__ = ["NEWS", "PEOPLE", "RESEARCH"]

NEWS: Final[tuple[NewsItem, ...]] = TOOLS + USE_CASES + REGULATION
RESEARCH: Final[tuple[Digest, ...]] = MODELS + PEOPLE_AND_WORK
