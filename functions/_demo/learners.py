"""Who has learned what: six learners, one of them with a certificate.

`free-1` and `free-4` to `free-7` have learned nothing yet, for whoever tries the journeys.
"""

from __future__ import annotations

from typing import Final

from functions._demo.courses import BASICS, GOVERNANCE, PROMPTING
from functions._demo.shapes import Sitting, Study

STUDIES: Final[tuple[Study, ...]] = (
    Study(
        learner="free-3",
        course=BASICS,
        sittings=(
            Sitting(days_ago=20.3, minutes=12.0, tries="112"),
            Sitting(days_ago=19.4, minutes=14.5, tries="1x1"),
            Sitting(days_ago=17.2, minutes=10.0, tries="111"),
            Sitting(days_ago=16.9, minutes=15.5, tries="1213"),
        ),
        certificate_code="RE1MAJ1DEM0A",
    ),
    Study(
        learner="free-2",
        course=GOVERNANCE,
        sittings=(Sitting(days_ago=25.6, minutes=13.0, tries="121"),),
    ),
    Study(
        learner="expired-1",
        course=BASICS,
        sittings=(
            Sitting(days_ago=44.7, minutes=9.5, tries="111"),
            Sitting(days_ago=43.9, minutes=12.0, tries="2x1"),
            Sitting(days_ago=43.1, minutes=3.0, tries="1--", is_finished=False),
        ),
    ),
    Study(
        learner="expired-1",
        course=PROMPTING,
        sittings=(
            Sitting(days_ago=37.4, minutes=8.0, tries="112"),
            Sitting(days_ago=35.2, minutes=9.0, tries="121"),
            Sitting(days_ago=31.6, minutes=7.5, tries="113"),
            Sitting(days_ago=27.3, minutes=8.5, tries="111"),
            Sitting(days_ago=22.8, minutes=10.0, tries="211"),
        ),
    ),
    Study(
        learner="pro-1",
        course=PROMPTING,
        sittings=(
            Sitting(days_ago=51.2, minutes=9.5, tries="111"),
            Sitting(days_ago=48.4, minutes=8.0, tries="211"),
            Sitting(days_ago=44.3, minutes=7.0, tries="11x"),
            Sitting(days_ago=39.8, minutes=9.0, tries="112"),
            Sitting(days_ago=33.5, minutes=11.0, tries="112"),
            Sitting(days_ago=9.2, minutes=10.5, tries="121"),
            Sitting(days_ago=6.4, minutes=8.0, tries="111"),
            Sitting(days_ago=2.6, minutes=4.0, tries="2--", is_finished=False),
        ),
    ),
    Study(
        learner="pro-2",
        course=GOVERNANCE,
        sittings=(
            Sitting(days_ago=41.1, minutes=10.0, tries="111"),
            Sitting(days_ago=38.3, minutes=9.0, tries="12"),
            Sitting(days_ago=33.2, minutes=8.5, tries="11"),
            Sitting(days_ago=28.4, minutes=12.0, tries="1x1"),
            Sitting(days_ago=21.7, minutes=11.5, tries="211"),
            Sitting(days_ago=13.5, minutes=9.0, tries="112"),
            Sitting(days_ago=4.4, minutes=10.0, tries="112"),
        ),
    ),
    Study(
        learner="pro-3",
        course=PROMPTING,
        sittings=(
            Sitting(days_ago=30.1, minutes=8.5, tries="111"),
            Sitting(days_ago=27.2, minutes=9.0, tries="123"),
            Sitting(days_ago=23.3, minutes=7.0, tries="111"),
            Sitting(days_ago=19.2, minutes=8.0, tries="211"),
            Sitting(days_ago=14.6, minutes=12.0, tries="121"),
        ),
    ),
)
