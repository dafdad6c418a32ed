"""The four courses: what they are called, and which chapters they have."""

from __future__ import annotations

from typing import Final

from functions._demo.course_basics_1 import MEETING_AI
from functions._demo.course_basics_2 import USING_AI
from functions._demo.course_data import ASKING_DATA
from functions._demo.course_governance_1 import FOUNDATIONS
from functions._demo.course_governance_2 import CONTROLS
from functions._demo.course_governance_3 import LIVING_SYSTEMS
from functions._demo.course_prompting_1 import PROMPTS
from functions._demo.course_prompting_2 import TECHNIQUES
from functions._demo.course_prompting_3 import DAILY_WORK
from functions._demo.course_prompting_4 import TEAM_HABITS
from functions._demo.shapes import CourseItem

BASICS: Final = CourseItem(
    title="Dasar Literasi AI",
    description=(
        "Apa yang terjadi di balik chatbot, mengapa jawabannya bisa keliru, dan kebiasaan yang "
        "membuat Anda tetap memegang kendali. Gratis untuk semua orang."
    ),
    level="basic",
    language="id",
    days_ago=120.5,
    author="admin-1",
    chapters=(MEETING_AI, USING_AI),
)

PROMPTING: Final = CourseItem(
    title="Prompting untuk Profesional",
    description=(
        "Enam belas pelajaran tentang menyusun permintaan yang jelas, memeriksa hasilnya, dan "
        "menjadikannya kebiasaan tim. Modul pertama gratis."
    ),
    level="intermediate",
    language="id",
    days_ago=75.2,
    author="admin-1",
    chapters=(PROMPTS, TECHNIQUES, DAILY_WORK, TEAM_HABITS),
)

GOVERNANCE: Final = CourseItem(
    title="AI Governance in Practice",
    description=(
        "From an inventory to incident response: twelve lessons for people who must answer for "
        "the AI that their organisation uses. The first lesson is free."
    ),
    level="advanced",
    language="en",
    days_ago=48.6,
    author="admin-2",
    chapters=(FOUNDATIONS, CONTROLS, LIVING_SYSTEMS),
)

DATA: Final = CourseItem(
    title="Bertanya kepada Data",
    description=(
        "Merapikan tabel, meminta rumus alih-alih angka, dan membuat grafik yang jujur. "
        "Kursus ini masih disusun."
    ),
    level="basic",
    language="id",
    days_ago=2.4,
    author="admin-1",
    chapters=(ASKING_DATA,),
    is_draft=True,
)

COURSES: Final = (BASICS, PROMPTING, GOVERNANCE, DATA)
