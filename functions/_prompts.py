"""What the AI is asked to do for editors and learners."""

from __future__ import annotations

from typing import Final

NEWS_SUMMARY: Final = """\
Summarize this news article in one clear and short paragraph for professionals who are not
engineers. Write in the language of the article.

{text}"""

RESEARCH_SUMMARY: Final = """\
Summarize this research paper for business professionals, with what it means for their work.
Write in the language of the paper.

{text}"""

IMPLICATION: Final = """\
Here is the summary of a research paper. Name two or three practical implications for business
professionals, specific enough to act on. Write in the language of the summary.

{text}"""

QUIZ: Final = """\
Write {count} multiple-choice questions about this lesson. {level}
Answer with a JSON object only: {{"questions": [{{"question": "...", "options": ["...", "..."],
"correctIndex": 0, "explanation": "...", "difficulty": "easy" | "medium" | "hard"}}]}}.
Each question has 2 to 6 different options and one right answer, whose place, counted from 0, is
correctIndex. Write in the language of the lesson.

{title}

{text}"""

EXPLANATION: Final = """\
Somebody who learns to work with AI wrote this prompt and got this answer. Explain in a few
sentences what in the prompt led to the answer, and how the prompt could be better. Write in the
language of the prompt.

Prompt:
{prompt}

Answer:
{response}"""
