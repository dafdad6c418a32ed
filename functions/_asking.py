"""Asking the AI for a whole text, as actions for editors and learners do."""

from __future__ import annotations

from functions import _errors as errors
from functions._clients.openai import Chat, ChatFailed, Question
from functions._env import Env
from functions.constants import EDITOR_MODEL
from reactor import ActionCtx


async def ask_editor(ctx: ActionCtx, prompt: str, temperature: float, max_tokens: int) -> str:
    """The answer of the model for editors, without the blanks around it.

    Raises:
        AppError: AI_PROVIDER_ERROR, also when there is nothing in the answer.
    """
    question = Question(
        model=EDITOR_MODEL, prompt=prompt, temperature=temperature, max_tokens=max_tokens
    )
    text = (await ask(ctx, question)).strip()
    if not text:
        raise errors.ai_provider_error("The AI provider had no answer", is_retryable=True)
    return text


async def ask(ctx: ActionCtx, question: Question) -> str:
    """The whole answer.

    Raises:
        AppError: AI_PROVIDER_ERROR.
    """
    try:
        return await Chat(ctx.env(Env), question).whole()
    except ChatFailed as failure:
        raise errors.ai_provider_error(
            failure.reason, is_retryable=failure.is_retryable
        ) from failure
